#include "commands/version.h"

#include <stdio.h>
#include <string.h>

int version_print(const char *program)
{
    if (strncmp(program, "ansible", strlen("ansible")) == 0)
        printf("%s [core %s]\n  playlet version = %s\n", program, REFERENCE_VERSION, PLAYLET_VERSION);
    else
        printf("%s %s (the language of ansible-core %s)\n", program, PLAYLET_VERSION, REFERENCE_VERSION);
    return 0;
}
