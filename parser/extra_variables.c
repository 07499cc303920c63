#include "parser/extra_variables.h"

#include <string.h>

#include "parser/arguments.h"
#include "parser/yaml.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/vault_keyring.h"

#define SOURCE_NAME "<command line>"

/** A document's value, null when it is empty. */
static bool read_yaml(struct source *source, struct value *result, struct error *error)
{
    struct yaml_document *document = source ? yaml_parse(source, error) : NULL;
    source_drop(source);
    if (!document)
        return false;
    *result = document->root ? yaml_value(document->root) : value_null();
    yaml_document_free(document);
    return true;
}

/** `@FILE`. */
static bool read_file(const char *name, const struct vault_keyring *keyring, struct value *result, struct error *error)
{
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(name);
    CLEANUP(memory_cleanup) char *path = path_absolute(expanded);
    if (read_yaml(vault_read_source(keyring, path, error), result, error))
        return true;
    if (error->kind == ERROR_FILE && !file_exists(path)) {
        error_done(error);
        error_set(error, ERROR_FILE, "Unable to retrieve file contents. Could not find or access '%s'", path);
        error_help(error, "The file is looked for from the working directory; check the name after the '@'.");
    }
    return false;
}

/** `key=value key='a b'`. */
static bool read_words(const char *word, struct value *result, struct error *error)
{
    struct dict *pairs = NULL;
    OWNED text = value_null();
    OWNED untrusted = value_string(word);
    text = value_trusted(untrusted);
    if (!arguments_parse(text, false, NULL, &pairs, error))
        return false;
    *result = value_dict_take(pairs);
    return true;
}

bool extra_variables_add(struct dict *variables, const char *word, const struct vault_keyring *keyring,
                         struct error *error)
{
    OWNED read = value_null();
    bool ok;
    if (*word == '@')
        ok = read_file(word + 1, keyring, &read, error);
    else if (*word == '/' || *word == '.') {
        error_set(error, ERROR_USAGE, "Please prepend extra_vars filename '%s' with '@'", word);
        return error_help(error, "A file of variables is given as -e @%s", word);
    } else if (*word == '{' || *word == '[')
        ok = read_yaml(source_new(SOURCE_NAME, word, strlen(word)), &read, error);
    else
        ok = read_words(word, &read, error);
    if (!ok)
        return false;
    if (value_is_null(read))
        return true;
    if (!value_is_dict(read) || dict_find_string(read.as.dict, "_raw_params")) {
        error_set(error, ERROR_USAGE, "Invalid extra vars data supplied. '%s' could not be made into a dictionary",
                  word);
        return error_help(error, "Write -e key=value, -e '{\"key\": \"value\"}' or -e @FILE.");
    }
    dict_update(variables, read.as.dict);
    return true;
}
