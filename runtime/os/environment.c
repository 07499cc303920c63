/* Environments: see environment.h.  Python's os.path.expandvars is the model of the expansion. */
#include "runtime/os/environment.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "runtime/value/text.h"

const char *environment_find(char *const *environment, const char *name, size_t length)
{
    for (char *const *at = environment ?: environ; *at; at++)
        if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
            return *at + length + 1;
    return NULL;
}

/** The name after a '$' and where the reference ends; false when none is there. */
static bool read_reference(const char *dollar, const char **name, size_t *length, const char **end)
{
    bool is_braced = dollar[1] == '{';
    *name = dollar + 1 + is_braced;
    *length = is_braced ? strcspn(*name, "}") : 0;
    while (!is_braced && (isalnum((unsigned char)(*name)[*length]) || (*name)[*length] == '_'))
        ++*length;
    if (is_braced && !(*name)[*length])
        return false;
    *end = *name + *length + is_braced;
    return *length > 0;
}

char *environment_expand(char *const *environment, const char *text)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    while (*text) {
        size_t plain = strcspn(text, "$");
        text_buffer_append(&out, text, plain);
        text += plain;
        if (!*text)
            break;
        const char *name, *end;
        size_t length;
        const char *value =
            read_reference(text, &name, &length, &end) ? environment_find(environment, name, length) : NULL;
        if (value)
            text_buffer_append_string(&out, value);
        else
            text_buffer_append_char(&out, '$');
        text = value ? end : text + 1;
    }
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}
