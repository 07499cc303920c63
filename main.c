/*
 * playlet: an interpreter for the playbook language that Ansible users write.
 *
 *     main.c          this file: which command was asked for, and the library that it is given
 *     commands/       one file a command: run, eval, doc, vault
 *     stdlib/         all that a playbook can name: filters, tests, lookups, modules, callbacks
 *     eval/           trees to results: expression/ (synchronous), play/ (plays, blocks, tasks, jobs)
 *     parser/         text to trees: templates, YAML, playbooks, the command line; grammar/ has its tables
 *     runtime/        values, errors with places, files, the event loop; knows no syntax
 *
 * A folder may include those below it in this list, never those above (make check-layers).
 */
#include <string.h>

#include "commands/commands.h"
#include "runtime/os/path.h"

int main(int argc, char **argv)
{
    const struct command *command = argc > 0 ? command_find(path_name(argv[0])) : NULL;
    if (command)
        return command->run(argc, argv);
    command = argc > 1 ? command_find(argv[1]) : NULL;
    if (command)
        return command->run(argc - 1, argv + 1);
    return command_default.run(argc, argv);
}
