/* `playlet doc`: the documentation of filters, tests, lookups, modules and keywords. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/documentation.h"
#include "commands/report.h"
#include "stdlib/library.h"

enum { STATUS_USAGE = 2, NAME_COLUMNS = 28 };

static const struct option long_options[] = {
    {"type", required_argument, NULL, 't'},
    {"list", no_argument, NULL, 'l'},
    {"help", no_argument, NULL, 'h'},
    {0},
};

static int usage(FILE *stream)
{
    fputs("usage: playlet doc [-t TYPE] [NAME ...]\n\n"
          "Tells what a name means; without a name lists all there are.\n\n"
          "options:\n"
          "  -t, --type TYPE   ",
          stream);
    for (enum documentation_type type = 0; type < DOCUMENTATION_TYPE_COUNT; type++)
        fprintf(stream, "%s%s", type == 0 ? "" : ", ", documentation_type_name(type));
    fputs(" (module)\n"
          "  -l, --list        list, also where names are given\n"
          "  -h, --help        show this help and exit\n",
          stream);
    return stream == stdout ? 0 : STATUS_USAGE;
}

static void print_line(void *context, const char *name, const char *line)
{
    (void)context;
    printf("%-*s %s\n", NAME_COLUMNS, name, line);
}

/** Prints each name; 1 when one is not known. */
static int print_names(enum documentation_type type, char **names)
{
    struct registry *registry = registry_new(&stdlib_library);
    int status = 0;
    for (; *names; names++) {
        CLEANUP(text_buffer_done) struct text_buffer out = {0};
        OWNED_ERROR error = {0};
        if (documentation_append(&out, registry, type, *names, &error)) {
            fputs(text_buffer_bytes(&out), stdout);
        } else {
            report_error(&error);
            status = 1;
        }
    }
    registry_free(registry);
    return status;
}

static int doc_run(int argc, char **argv)
{
    enum documentation_type type = DOCUMENTATION_MODULE;
    bool is_list = false;
    int option;
    optind = 0;
    while ((option = getopt_long(argc, argv, "t:lh", long_options, NULL)) != -1) {
        if (option == 'h' || option == '?')
            return usage(option == 'h' ? stdout : stderr);
        if (option == 't')
            type = documentation_type_find(optarg);
        else
            is_list = true;
    }
    if (type == DOCUMENTATION_TYPE_COUNT)
        return usage(stderr);
    if (!is_list && optind < argc)
        return print_names(type, argv + optind);
    documentation_visit(type, print_line, NULL);
    return 0;
}

const struct command command_doc = {
    .name = "doc",
    .program = "ansible-doc",
    .run = doc_run,
    .documentation = "tell what a filter, test, lookup, module or keyword means",
};
