/* Facts in a folder: see local.h. */
#include "stdlib/modules/facts/local.h"

#include <string.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/json.h"
#include "parser/ini_file.h"

#define SUFFIX ".fact"

struct list *local_files(const char *folder)
{
    OWNED_ERROR ignored = {0};
    struct list *files = list_new(0), *names = file_list_folder(folder, &ignored);
    OWNED owner = value_list_take(names ? names : list_new(0));
    for (size_t i = 0; i < owner.as.list->count; i++) {
        const char *name = value_bytes(owner.as.list->items[i]);
        size_t length = strlen(name);
        CLEANUP(memory_cleanup) char *path = path_join(folder, name);
        if (*name != '.' && length > strlen(SUFFIX) && strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0)
            list_push_take(files, value_string(path));
    }
    return files;
}

struct value local_name(const char *path)
{
    const char *name = path_name(path);
    return value_string_length(name, strlen(name) - strlen(SUFFIX));
}

bool local_is_program(const char *path)
{
    return file_is_regular(path) && access(path, X_OK) == 0;
}

/** The sections of an INI text, names of options in lower case. */
static bool parse_ini(const struct text *text, struct value *result, struct error *error)
{
    static const struct ini_style style = {0};
    struct dict *sections;
    const struct dict_entry *section, *option;
    if (!ini_parse(text, &style, &sections, error))
        return false;
    OWNED owner = value_dict_take(sections);
    OWNED facts = value_dict_new();
    for (size_t i = 0; dict_next(sections, &i, &section);) {
        struct dict *options = dict_new();
        if (value_equals_string(section->key, "DEFAULT")) {
            dict_drop(options);
            continue;
        }
        dict_set_take(facts.as.dict, value_copy(section->key), value_dict_take(options));
        for (size_t at = 0; dict_next(section->value.as.dict, &at, &option);) {
            OWNED value = value_null();
            if (!ini_interpolate(sections, section->key, option->key, option->value, &style, &value, error))
                return false;
            dict_set_take(options, value_copy(option->key), value_steal(&value));
        }
    }
    *result = value_steal(&facts);
    return true;
}

struct value local_parse(const char *path, const char *bytes, size_t length, struct list *warnings)
{
    OWNED_ERROR no_json = {0};
    OWNED_ERROR no_ini = {0};
    OWNED result = value_null();
    OWNED text = value_string_length(bytes, length);
    if (json_parse(bytes, length, &result, &no_json) || parse_ini(text.as.text, &result, &no_ini))
        return value_steal(&result);
    struct value message = value_string_format("error loading facts as JSON or ini - please check content: %s", path);
    list_push_take(warnings, value_copy(message));
    return message;
}

struct value local_outcome(const char *path, const struct process_result *outcome, struct list *warnings)
{
    int status = outcome->signal ? -outcome->signal : outcome->exit_status;
    if (status == 0)
        return local_parse(path, outcome->output->bytes, outcome->output->length, warnings);
    struct value message = value_string_format("Failure executing fact script (%s), rc: %d, err: %s", path, status,
                                               outcome->errors->bytes);
    list_push_take(warnings, value_copy(message));
    return message;
}
