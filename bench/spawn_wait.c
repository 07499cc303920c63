/* usage: spawn_wait COUNT PROGRAM: starts PROGRAM COUNT times and waits for each; what bench/run holds `command` against. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    for (long left = strtol(argv[1], NULL, 10); left > 0; left--) {
        char *arguments[] = {argv[2], NULL};
        pid_t child;
        int status;
        int failure = posix_spawn(&child, argv[2], NULL, NULL, arguments, environ);
        if (failure || waitpid(child, &status, 0) < 0) {
            fprintf(stderr, "spawn_wait: %s: %s\n", argv[2], strerror(failure ? failure : errno));
            return 1;
        }
    }
    return 0;
}
