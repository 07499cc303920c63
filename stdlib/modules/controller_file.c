/* Files of the controller: see controller_file.h. */
#include "stdlib/modules/controller_file.h"

#include <string.h>

#include "runtime/os/path.h"

/** Appends the places below which was looked, one in a line of `places`, each followed by the one that it is below. */
static void append_places(struct text_buffer *out, const char *places, const char *folder, const char *name)
{
    for (const char *at = places; *at;) {
        at += *at == '\n';
        int length = (int)strcspn(at, "\n"), base = length - (int)strlen(folder) - 1;
        text_buffer_append_format(out, "\n\t%.*s/%s", length, at, name);
        if (base > 0)
            text_buffer_append_format(out, "\n\t%.*s/%s", base, at, name);
        at += length;
    }
}

char *controller_file_find(const struct module_call *call, const char *folder, const char *name, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    OWNED_ERROR plain = {0};
    char *path = evaluation_find_file(call->evaluation, folder, name, &plain);
    if (path)
        return path;
    const char *places = strchr(plain.message, '\n');
    text_buffer_append_format(&message, "Could not find or access '%s'", name);
    if (places && !path_is_absolute(name)) {
        text_buffer_append_string(&message, "\nSearched in:");
        append_places(&message, places, folder, name);
    }
    text_buffer_append_string(&message,
                              " on the Ansible Controller.\nIf you are using a module and expect the file to exist on "
                              "the remote, see the remote_src option");
    error_set(error, ERROR_FILE, "%s", text_buffer_bytes(&message));
    return NULL;
}
