#include "eval/play/host.h"

#include <stdlib.h>

#include "runtime/value/text.h"

struct host *host_new(const char *name, size_t length)
{
    struct host *host = memory_new_array(1, sizeof *host);
    host->name = text_new(name, length);
    host->variables = dict_new();
    return host;
}

void host_free(struct host *host)
{
    if (!host)
        return;
    text_drop(host->name);
    dict_drop(host->variables);
    for (size_t i = 0; i < VARIABLES_PLACE_COUNT; i++)
        dict_drop(host->folder_variables[i]);
    dict_drop(host->facts);
    dict_drop(host->set_facts);
    dict_drop(host->included_variables);
    free(host->groups);
    free(host);
}
