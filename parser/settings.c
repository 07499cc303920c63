#include "parser/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parser/ini_file.h"
#include "parser/yaml.h"
#include "runtime/os/environment.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/arithmetic.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"

#define FILE_NAME "ansible.cfg"

static const struct setting_row rows[] = {
#define SETTING(name, type, fallback, section, key, environment, documentation)                                        \
    {#name, SETTING_TYPE_##type, fallback, section, key, environment, documentation},
#include "grammar/settings.def"
#undef SETTING
};

struct settings {
    char *file, *directory; /* NULL: no file */
    char *warning;
    struct value values[SETTING_COUNT];
    char *origins[SETTING_COUNT]; /* NULL: the default */
};

const struct setting_row *setting_row(enum setting setting)
{
    return &rows[setting];
}

enum setting setting_find(const char *name)
{
    int setting = 0;
    while (setting < SETTING_COUNT && strcmp(rows[setting].name, name) != 0)
        setting++;
    return (enum setting)setting;
}

/* ---- the file ---- */

/** The path when it can be read; a folder stands for the file in it.  Frees what it does not return. */
static char *readable_take(char *path)
{
    if (file_is_directory(path)) {
        char *inner = path_join(path, FILE_NAME);
        free(path);
        path = inner;
    }
    if (file_is_regular(path) && access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/** The one in the working directory, unless others could have put it there. */
static char *find_here(struct settings *settings)
{
    struct stat status;
    CLEANUP(memory_cleanup) char *directory = path_absolute(".");
    char *path = readable_take(path_join(directory, FILE_NAME));
    if (!path || stat(directory, &status) != 0 || !(status.st_mode & S_IWOTH))
        return path;
    free(path);
    OWNED text =
        value_string_format("Ansible is being run in a world writable directory (%s), ignoring it as an ansible.cfg "
                            "source. For more information see https://docs.ansible.com/ansible/devel/"
                            "reference_appendices/config.html#cfg-in-world-writable-dir",
                            directory);
    settings->warning = memory_copy_string(value_bytes(text), text.as.text->length);
    return NULL;
}

/** The first that is there; the caller's, or NULL. */
static char *find_file(struct settings *settings)
{
    const char *named = getenv("ANSIBLE_CONFIG");
    char *path = NULL;
    if (named && *named) {
        CLEANUP(memory_cleanup) char *expanded = path_expand_user(named);
        path = readable_take(path_absolute(expanded));
    }
    path = path ? path : find_here(settings);
    path = path ? path : readable_take(path_expand_user("~/.ansible.cfg"));
    return path ? path
                : readable_take(memory_copy_string("/etc/ansible/" FILE_NAME, strlen("/etc/ansible/" FILE_NAME)));
}

/** The file's sections, an empty dict without a file. */
static bool read_file(struct settings *settings, struct value *sections, struct error *error)
{
    *sections = value_dict_new();
    if (!settings->file)
        return true;
    struct source *source = file_read_source(settings->file, error);
    if (!source)
        return false;
    OWNED content = value_string_length(source->bytes, source->length);
    source_drop(source);
    struct dict *read;
    if (!ini_parse(content.as.text, &(struct ini_style){.allows_no_value = true}, &read, error))
        return error_wrap(error, "Error reading config file (%s)", settings->file);
    value_replace_take(sections, value_dict_take(read));
    return true;
}

/* ---- texts to values ---- */

/** Where a text stands: for paths, and for messages. */
struct reading {
    const struct setting_row *row;
    const char *directory; /* of relative paths */
    const char *origin;
};

/** ~ and $NAME replaced, absolute. */
static struct value read_path(const struct reading *reading, const char *text)
{
    CLEANUP(memory_cleanup) char *filled = environment_expand(environ, text);
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(filled);
    CLEANUP(memory_cleanup) char *joined = path_join(reading->directory, expanded);
    CLEANUP(memory_cleanup) char *path = path_absolute(joined);
    return value_string(path);
}

/** The words between separators, without the white space around them; as paths, or as they are. */
static struct value read_words(const struct reading *reading, const char *text, char separator, bool are_paths)
{
    const char separators[] = {separator, '\0'};
    struct list *words = list_new(2);
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, separators);
        OWNED untrimmed = value_string_length(at, length);
        OWNED word = value_string_take(text_strip(untrimmed.as.text, NULL, TEXT_BOTH));
        if (word.as.text->length > 0)
            list_push_take(words, are_paths ? read_path(reading, value_bytes(word)) : value_steal(&word));
        at += length + (at[length] != '\0');
    }
    return value_list_take(words);
}

static bool is_true(const char *text)
{
    static const char *const words[] = {"1", "yes", "true", "on", "y", "t"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool read_number(const struct reading *reading, const char *text, struct value *value, struct error *error)
{
    bool is_integer = reading->row->type == SETTING_TYPE_INT;
    char *end;
    *value = is_integer ? value_int(strtoll(text, &end, 10)) : value_float(strtod(text, &end));
    if (*text && *end == '\0')
        return true;
    OWNED shown = value_string(text);
    CLEANUP(text_buffer_done) struct text_buffer repr = {0};
    value_append_repr(&repr, shown);
    error_set(error, ERROR_USAGE, "Config '%s' from '%s' has an invalid value: Invalid value provided for '%s': %s",
              reading->row->name, reading->origin, is_integer ? "integer" : "float", text_buffer_bytes(&repr));
    return error_help(error, "It is %s.", reading->row->documentation);
}

/** A text as its setting's type says. */
static bool read_text(const struct reading *reading, const char *text, struct value *value, struct error *error)
{
    switch (reading->row->type) {
    case SETTING_TYPE_BOOL:
        *value = value_bool(is_true(text));
        return true;
    case SETTING_TYPE_INT:
    case SETTING_TYPE_FLOAT:
        return read_number(reading, text, value, error);
    case SETTING_TYPE_TEXT:
        *value = value_string(text);
        return true;
    case SETTING_TYPE_LIST:
        *value = read_words(reading, text, ',', false);
        return true;
    case SETTING_TYPE_PATH:
        *value = *text ? read_path(reading, text) : value_null();
        return true;
    case SETTING_TYPE_PATHS:
        *value = read_words(reading, text, ':', true);
        return true;
    case SETTING_TYPE_SOURCES:
        *value = read_words(reading, text, ',', true);
        return true;
    }
    bug("no such type of setting: %d", reading->row->type);
}

/** The default's value with ~ as the home. */
static struct value with_home(struct value value)
{
    if (value_is_string(value)) {
        CLEANUP(memory_cleanup) char *path = path_expand_user(value_bytes(value));
        return value_string(path);
    }
    if (!value_is_list(value))
        return value_copy(value);
    struct list *items = list_new(value.as.list->count);
    for (size_t i = 0; i < value.as.list->count; i++)
        list_push_take(items, with_home(value.as.list->items[i]));
    return value_list_take(items);
}

struct value setting_default(enum setting setting)
{
    OWNED_ERROR error = {0};
    struct list *documents;
    const char *text = rows[setting].fallback;
    if (!yaml_parse_values(text, strlen(text), &documents, &error))
        bug("the default of %s is no YAML: %s", rows[setting].name, error.message);
    OWNED owner = value_list_take(documents);
    return with_home(documents->items[0]);
}

/* ---- one setting ---- */

/** The first variable of the environment that is set; `*name` is what it is called, the caller's. */
static const char *find_environment(const struct setting_row *row, char **name)
{
    for (const char *at = row->environment; *at;) {
        size_t length = strcspn(at, " ");
        const char *value = environment_find(environ, at, length);
        if (value) {
            *name = memory_copy_string(at, length);
            return value;
        }
        at += length + (at[length] == ' ');
    }
    return NULL;
}

/** The file's text without a comment behind it and the quotes around it. */
static struct value clean_text(struct value raw)
{
    const char *bytes = value_bytes(raw), *comment = strstr(bytes, " ;");
    OWNED cut = value_string_length(bytes, comment ? (size_t)(comment - bytes) : raw.as.text->length);
    OWNED trimmed = value_string_take(text_strip(cut.as.text, NULL, TEXT_BOTH));
    size_t length = trimmed.as.text->length;
    bytes = value_bytes(trimmed);
    bool is_quoted = length > 1 && (*bytes == '"' || *bytes == '\'') && bytes[length - 1] == *bytes;
    return is_quoted ? value_string_length(bytes + 1, length - 2) : value_steal(&trimmed);
}

static bool read_setting(struct settings *settings, enum setting setting, const struct dict *sections,
                         struct error *error)
{
    const struct setting_row *row = &rows[setting];
    CLEANUP(memory_cleanup) char *name = NULL;
    const char *text = find_environment(row, &name);
    if (text) {
        OWNED origin = value_string_format("env: %s", name);
        settings->origins[setting] = memory_copy_string(value_bytes(origin), origin.as.text->length);
        struct reading reading = {row, ".", settings->origins[setting]};
        return read_text(&reading, text, &settings->values[setting], error);
    }
    OWNED section = value_string(row->section), key = value_string(row->key);
    const struct value *raw = ini_find(sections, section, key);
    if (!raw || !value_is_string(*raw)) {
        settings->values[setting] = setting_default(setting);
        return true;
    }
    OWNED clean = clean_text(*raw);
    settings->origins[setting] = memory_copy_string(settings->file, strlen(settings->file));
    struct reading reading = {row, settings->directory, settings->file};
    return read_text(&reading, value_bytes(clean), &settings->values[setting], error);
}

/* ---- all of them ---- */

struct settings *settings_load(const char *file, struct error *error)
{
    struct settings *settings = memory_new_array(1, sizeof *settings);
    OWNED sections = value_null();
    settings->file = file ? path_absolute(file) : find_file(settings);
    settings->directory = settings->file ? path_directory(settings->file) : NULL;
    bool good = read_file(settings, &sections, error);
    for (int i = 0; i < SETTING_COUNT && good; i++)
        good = read_setting(settings, (enum setting)i, sections.as.dict, error);
    if (good)
        return settings;
    settings_free(settings);
    return NULL;
}

void settings_free(struct settings *settings)
{
    if (!settings)
        return;
    for (int i = 0; i < SETTING_COUNT; i++) {
        value_drop(settings->values[i]);
        free(settings->origins[i]);
    }
    free(settings->file);
    free(settings->directory);
    free(settings->warning);
    free(settings);
}

const char *settings_file(const struct settings *settings)
{
    return settings->file;
}

const char *settings_warning(const struct settings *settings)
{
    return settings->warning;
}

struct value settings_value(const struct settings *settings, enum setting setting)
{
    return settings->values[setting];
}

const char *settings_origin(const struct settings *settings, enum setting setting)
{
    return settings->origins[setting] ? settings->origins[setting] : "default";
}

bool settings_is_default(const struct settings *settings, enum setting setting)
{
    return !settings->origins[setting];
}

bool settings_flag(const struct settings *settings, enum setting setting)
{
    return value_truth(settings->values[setting]);
}

int64_t settings_number(const struct settings *settings, enum setting setting)
{
    int64_t number = 0;
    return value_to_int64(settings->values[setting], &number) ? number : 0;
}

const char *settings_text(const struct settings *settings, enum setting setting)
{
    struct value value = settings->values[setting];
    return value_is_string(value) && value.as.text->length > 0 ? value_bytes(value) : NULL;
}
