#include "commands/commands.h"

#include <stddef.h>
#include <string.h>

#include "runtime/memory.h"

static const struct command *const commands[] = {
    &command_run,
    &command_eval,
    &command_doc,
    &command_vault,
    &command_supervise,
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i]->name, name) == 0 || (commands[i]->program && strcmp(commands[i]->program, name) == 0))
            return commands[i];
    return NULL;
}
