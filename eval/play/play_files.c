/* vars_files of a play: those without a template are read once, the others for each host (play.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/play/play.h"
#include "eval/play/variables.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/repr.h"

/** Where a file of variables is: beside the playbook or in its `vars`; NULL: nowhere. */
static char *find_file(const struct run *run, const char *name)
{
    CLEANUP(memory_cleanup) char *folder = path_join(run->directory, "vars");
    const char *const places[] = {folder, run->directory};
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(name);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        char *path = path_join(places[i], expanded);
        if (file_is_regular(path))
            return path;
        free(path);
    }
    return NULL;
}

/** The names that an entry stands for, evaluated; of a list the first that is there counts.  False: nothing is there. */
static bool read_entry(struct play_state *play, struct scope *scope, struct value entry, struct dict *variables,
                       struct error *error)
{
    OWNED value = value_null();
    OWNED_ERROR undefined = {0};
    if (value_is_sequence(entry)) {
        for (size_t i = 0; i < entry.as.list->count; i++)
            if (read_entry(play, scope, entry.as.list->items[i], variables, error) || error->kind != ERROR_NONE)
                return error->kind == ERROR_NONE;
        return false;
    }
    if (!engine_evaluate(play->run->engine, scope, entry, &value, &undefined))
        return false;
    CLEANUP(text_buffer_done) struct text_buffer name = {0};
    value_append_str(&name, value);
    CLEANUP(memory_cleanup) char *path = find_file(play->run, text_buffer_bytes(&name));
    if (!path)
        return false;
    const struct dict *loaded = load_variables(play->run, path, error);
    if (loaded)
        dict_update(variables, loaded);
    return loaded;
}

/** All entries for a host, or for the play alone (NULL). */
static bool read_entries(struct play_state *play, struct host *host, struct dict *variables, struct error *error)
{
    const struct attribute *attribute = attributes_find(&play->play->attributes, KEYWORD_VARS_FILES);
    if (!attribute)
        return true;
    struct task_scope scope;
    play->is_reading_files = true;
    task_scope_init(&scope, play->run, host, (struct task_instance){0});
    task_scope_enter(&scope);
    if (value_is_sequence(attribute->value))
        for (size_t i = 0; i < attribute->value.as.list->count && error->kind == ERROR_NONE; i++)
            read_entry(play, &scope.scope, attribute->value.as.list->items[i], variables, error);
    else if (!value_is_null(attribute->value))
        read_entry(play, &scope.scope, attribute->value, variables, error);
    task_scope_done(&scope);
    play->is_reading_files = false;
    return error->kind == ERROR_NONE;
}

bool play_load_files(struct play_state *play, struct error *error)
{
    const struct attribute *attribute = attributes_find(&play->play->attributes, KEYWORD_VARS_FILES);
    if (!attribute)
        return true;
    struct dict *variables = dict_new();
    bool good = read_entries(play, NULL, variables, error);
    play->file_variables = variables;
    play->has_file_templates = value_is_lazy(attribute->value);
    return good;
}

const struct dict *play_file_variables(const struct run *run, const struct host *host)
{
    struct play_state *play = run->play;
    if (!play || play->is_reading_files)
        return NULL;
    if (!play->has_file_templates || !host || !host->play)
        return play->file_variables;
    struct host_play *state = host->play;
    OWNED_ERROR error = {0};
    struct dict *variables = dict_new();
    if (!read_entries(play, state->host, variables, &error))
        play_abort(play, &error);
    dict_drop(state->file_variables);
    state->file_variables = variables;
    return variables;
}
