/* password: a random password that is kept in a file, and made only once. */
#include <string.h>
#include <unistd.h>

#include "parser/arguments.h"
#include "runtime/limits.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/digest.h"
#include "runtime/value/random.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/lookups/found_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** The options by their parameters' places. */
enum { PASSWORD_LENGTH = 1, PASSWORD_CHARS, PASSWORD_ENCRYPT, PASSWORD_IDENT, PASSWORD_SEED, PASSWORD_OPTIONS };

static const char *const option_names[PASSWORD_OPTIONS] = {
    [PASSWORD_LENGTH] = "length", [PASSWORD_CHARS] = "chars", [PASSWORD_ENCRYPT] = "encrypt",
    [PASSWORD_IDENT] = "ident",   [PASSWORD_SEED] = "seed",
};

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define PUNCTUATION "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
#define SPACES " \t\n\r\v\f"

/** Names of sets of characters: those of Python's module string. */
static const struct {
    const char *name;
    const char *characters;
} sets[] = {
    {"ascii_letters", LOWER UPPER},
    {"ascii_lowercase", LOWER},
    {"ascii_uppercase", UPPER},
    {"digits", DIGITS},
    {"hexdigits", DIGITS "abcdefABCDEF"},
    {"octdigits", "01234567"},
    {"printable", DIGITS LOWER UPPER PUNCTUATION SPACES},
    {"punctuation", PUNCTUATION},
    {"whitespace", SPACES},
};

/* ---- terms ---- */

/** chars=ascii_letters,digits,.: in a term: two commas stand for a comma among the characters. */
static struct value chars_of_term(const struct text *text)
{
    struct list *parts = list_new(0);
    if (strstr(text->bytes, ",,"))
        list_push_take(parts, value_string(","));
    for (const char *at = text->bytes; *at; at += *at != '\0') {
        size_t length = strcspn(at, ",");
        if (length)
            list_push_take(parts, value_string_length(at, length));
        at += length;
    }
    return value_list_take(parts);
}

/** Takes the options out of a term's pairs; whatever is left is unknown. */
static bool take_options(struct dict *pairs, struct value *options, struct error *error)
{
    for (size_t i = PASSWORD_LENGTH; i < PASSWORD_OPTIONS; i++) {
        OWNED key = value_string(option_names[i]);
        struct value value;
        if (!dict_remove(pairs, key, &value))
            continue;
        OWNED raw = value;
        value_replace_take(&options[i], i == PASSWORD_CHARS ? chars_of_term(raw.as.text) : value_untrusted(raw));
    }
    if (pairs->live == 0)
        return true;
    CLEANUP(text_buffer_done) struct text_buffer names = {0};
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(pairs, &i, &entry);) {
        text_buffer_append_string(&names, names.length ? ", " : "");
        value_append_str(&names, entry->key);
    }
    return error_set(error, ERROR_LOOKUP, "Unrecognized parameter(s) given to password lookup: %s",
                     text_buffer_bytes(&names));
}

/** "path key=value ...": the path, which may hold spaces, and the options behind it. */
static bool read_term(struct value term, struct value *options, char **path, struct error *error)
{
    const char *text = value_bytes(term), *space = strchr(text, ' ');
    if (!space) {
        *path = memory_copy_string(text, term.as.text->length);
        return true;
    }
    OWNED rest = value_string(space + 1), name = value_string("_raw_params"), more = value_null();
    struct dict *pairs;
    if (!arguments_parse(rest, false, NULL, &pairs, error))
        return false;
    OWNED owner = value_dict_take(pairs);
    CLEANUP(text_buffer_done) struct text_buffer whole = {0};
    text_buffer_append(&whole, text, (size_t)(space - text));
    if (dict_remove(pairs, name, &more)) {
        text_buffer_append_char(&whole, ' ');
        text_buffer_append_text(&whole, more.as.text);
    }
    if (strncmp(text, text_buffer_bytes(&whole), whole.length) != 0)
        return error_set(error, ERROR_LOOKUP, "Unrecognized value after key=value parameters given to password lookup");
    if (!take_options(pairs, options, error))
        return false;
    *path = memory_copy_string(text_buffer_bytes(&whole), whole.length);
    return true;
}

/* ---- passwords ---- */

/** All characters to choose from; quotes are none, since passwords are so often quoted. */
static bool gather_characters(struct value chars, struct text_buffer *out, struct error *error)
{
    const struct option_place place = {"password", "chars", "list"};
    struct list *specs = option_strings(&place, chars, error);
    if (!specs)
        return false;
    for (size_t i = 0; i < specs->count; i++) {
        const char *characters = value_bytes(specs->items[i]);
        for (size_t j = 0; j < COUNT_OF(sets); j++)
            if (strcmp(sets[j].name, characters) == 0)
                characters = sets[j].characters;
        for (; *characters; characters++)
            if (*characters != '"' && *characters != '\'')
                text_buffer_append_char(out, *characters);
    }
    list_drop(specs);
    return true;
}

/** `length` characters chosen out of a text. */
static void choose(struct random *random, struct text *from, int64_t length, struct text_buffer *out)
{
    uint32_t points = text_points(from);
    for (int64_t i = 0; i < length; i++) {
        uint32_t start = text_offset(from, (uint32_t)random_below(random, points));
        const char *at = from->bytes + start;
        text_buffer_append_point(out, text_decode(&at, from->bytes + from->length));
    }
}

static bool make_password(const struct value *options, struct text_buffer *out, struct error *error)
{
    const struct option_place place = {"password", "length", "integer"};
    CLEANUP(text_buffer_done) struct text_buffer characters = {0};
    struct random random;
    int64_t length;
    random_init_system(&random);
    if (!option_int(&place, options[PASSWORD_LENGTH], &length, error) ||
        !gather_characters(options[PASSWORD_CHARS], &characters, error))
        return false;
    if (!value_is_null(options[PASSWORD_SEED])) {
        OWNED seed = argument_text(options[PASSWORD_SEED]);
        if (!random_init_seed(&random, seed, error))
            return false;
    }
    if (length > LIMIT_TEXT_BYTES / 4)
        return error_set(error, ERROR_LIMIT, "a password of %lld characters is too long", (long long)length);
    if (length > 0 && characters.length == 0)
        return error_set(error, ERROR_LOOKUP, "Cannot choose from an empty sequence");
    OWNED from = value_string_take(text_buffer_take(&characters));
    choose(&random, from.as.text, length, out);
    return true;
}

/** A salt for a scheme: as long as it has them, and of its alphabet. */
static void make_salt(const char *scheme, struct text_buffer *out)
{
    static const char alphabet[] = "./" DIGITS UPPER LOWER;
    static const char last_of_bcrypt[] = ".Oeu"; /* its last character has two bits */
    bool is_bcrypt = strcmp(scheme, "bcrypt") == 0 || strcmp(scheme, "blowfish") == 0;
    int length = is_bcrypt ? 22 : strncmp(scheme, "md5", 3) == 0 ? 8 : 16;
    struct random random;
    random_init_system(&random);
    for (int i = 1; i <= length; i++) {
        const char *from = is_bcrypt && i == length ? last_of_bcrypt : alphabet;
        text_buffer_append_char(out, from[random_below(&random, strlen(from))]);
    }
}

/* ---- the file ---- */

/** What the file holds: "password salt=... ident=...", the two at the end being optional.  Null where there is none. */
struct kept {
    struct value password, salt, ident; /* owned */
};

static void kept_done(struct kept *kept)
{
    value_drop(kept->password);
    value_drop(kept->salt);
    value_drop(kept->ident);
}

/** Cuts off what stands behind the last of a mark; null when it is not there. */
static struct value cut_behind(struct value *text, const char *mark)
{
    const char *bytes = value_bytes(*text), *last = NULL;
    for (const char *at = bytes; (at = strstr(at, mark)) != NULL; at++)
        last = at;
    if (!last)
        return value_null();
    struct value part = value_string(last + strlen(mark));
    value_replace_take(text, value_string_length(bytes, (size_t)(last - bytes)));
    return part;
}

static bool read_kept(struct evaluation *evaluation, const char *path, struct kept *kept, struct error *error)
{
    OWNED content = value_null();
    if (strcmp(path, "/dev/null") == 0 || !file_exists(path))
        return true;
    if (file_is_directory(path))
        return error_set(error, ERROR_LOOKUP, "[Errno 21] Is a directory: b'%s'", path);
    if (!found_file_read(evaluation, path, &content, error))
        return false;
    kept->password = value_string_take(text_strip(content.as.text, NULL, TEXT_RIGHT));
    kept->ident = cut_behind(&kept->password, " ident=");
    kept->salt = cut_behind(&kept->password, " salt=");
    return true;
}

static bool write_kept(const char *path, const struct kept *kept, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    CLEANUP(memory_cleanup) char *directory = path_directory(path);
    if (strcmp(path, "/dev/null") == 0)
        return true;
    text_buffer_append_text(&out, kept->password.as.text);
    if (value_is_string(kept->salt))
        text_buffer_append_format(&out, " salt=%s", value_bytes(kept->salt));
    if (value_is_string(kept->ident))
        text_buffer_append_format(&out, " ident=%s", value_bytes(kept->ident));
    text_buffer_append_char(&out, '\n');
    return (!*directory || file_make_directories(directory, 0700, error)) &&
           file_write_atomic(path, text_buffer_bytes(&out), out.length, 0600, error);
}

/** Adds the salt and the ident that hashing needs; true in *is_changed when the file must be written. */
static void complete_kept(const struct value *options, struct kept *kept, bool *is_changed)
{
    const char *scheme = value_bytes(options[PASSWORD_ENCRYPT]);
    if (!value_is_string(kept->salt)) {
        CLEANUP(text_buffer_done) struct text_buffer salt = {0};
        make_salt(scheme, &salt);
        kept->salt = value_string_take(text_buffer_take(&salt));
        *is_changed = true;
    }
    if (!value_is_string(kept->ident) && (value_is_string(options[PASSWORD_IDENT]) || strcmp(scheme, "bcrypt") == 0)) {
        kept->ident =
            value_is_string(options[PASSWORD_IDENT]) ? value_copy(options[PASSWORD_IDENT]) : value_string("2b");
        *is_changed = true;
    }
}

/** The password itself, or its hash. */
static bool password_value(const struct value *options, const struct kept *kept, struct value *result,
                           struct error *error)
{
    if (!value_is_string(options[PASSWORD_ENCRYPT])) {
        *result = value_copy(kept->password);
        return true;
    }
    const struct password_spec spec = {
        .scheme = value_bytes(options[PASSWORD_ENCRYPT]),
        .password = value_bytes(kept->password),
        .salt = value_bytes(kept->salt),
        .ident = value_is_string(kept->ident) ? value_bytes(kept->ident) : NULL,
    };
    return password_hash(&spec, result, error);
}

/** Where the playbook's own relative paths start. */
static char *file_path(struct evaluation *evaluation, const char *name)
{
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(name);
    CLEANUP(memory_cleanup) char *base = path_is_absolute(expanded) ? NULL : found_file_path(evaluation, NULL, ".");
    CLEANUP(memory_cleanup) char *joined = path_join(base ? base : "", expanded);
    return path_absolute(joined);
}

static bool push_term(struct evaluation *evaluation, struct value term, struct value *options, struct list *out,
                      struct error *error)
{
    CLEANUP(memory_cleanup) char *name = NULL;
    CLEANUP(kept_done) struct kept kept = {0};
    OWNED password = value_null();
    if (!term_is_string(term, "split", error) || !read_term(term, options, &name, error))
        return false;
    CLEANUP(memory_cleanup) char *path = file_path(evaluation, name);
    if (!read_kept(evaluation, path, &kept, error))
        return false;
    bool is_changed = value_is_null(kept.password);
    if (is_changed) {
        CLEANUP(text_buffer_done) struct text_buffer made = {0};
        if (!make_password(options, &made, error))
            return false;
        kept.password = value_string_take(text_buffer_take(&made));
    }
    if (value_is_string(options[PASSWORD_ENCRYPT]))
        complete_kept(options, &kept, &is_changed);
    if (!password_value(options, &kept, &password, error) || (is_changed && !write_kept(path, &kept, error)))
        return false;
    list_push_take(out, value_steal(&password));
    return true;
}

static bool lookup_password(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED passwords = value_list_new();
    bool is_done = true;
    for (size_t i = 0; is_done && i < terms->count; i++) {
        struct value options[PASSWORD_OPTIONS];
        for (size_t j = 0; j < PASSWORD_OPTIONS; j++)
            options[j] = value_copy(arguments[j]);
        is_done = push_term(evaluation, terms->items[i], options, passwords.as.list, error);
        for (size_t j = 0; j < PASSWORD_OPTIONS; j++)
            value_drop(options[j]);
    }
    if (is_done)
        *result = value_steal(&passwords);
    return is_done;
}

static const struct function rows[] = {
    {"password",
     "terms, length=20, chars=['ascii_letters', 'digits', '.,:-_'], encrypt=None, ident=None, seed=None" LOOKUP_UNKNOWN,
     lookup_password, LOOKUP_FLAGS, "A random password that is kept in a file."},
};

const struct function_table lookups_password = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
