/* find: the files below folders that are as described. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "runtime/value/digest.h"
#include "runtime/value/regex.h"
#include "stdlib/modules/file_mode.h"
#include "stdlib/modules/file_stat.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "paths",
     .type = OPTION_LIST,
     .elements = OPTION_PATH,
     .required = true,
     .aliases = "name|path",
     .documentation = "The folders to look in"},
    {.name = "patterns",
     .type = OPTION_LIST,
     .elements = OPTION_STRING,
     .fallback = "[]",
     .aliases = "pattern",
     .documentation = "Names that are meant"},
    {.name = "excludes",
     .type = OPTION_LIST,
     .elements = OPTION_STRING,
     .aliases = "exclude",
     .documentation = "Names that are not"},
    {.name = "contains", .type = OPTION_STRING, .documentation = "What a line must match from its beginning"},
    {.name = "read_whole_file",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "Match the whole content, not lines"},
    {.name = "file_type",
     .type = OPTION_STRING,
     .fallback = "file",
     .choices = "any|directory|file|link",
     .documentation = "The kind that is meant"},
    {.name = "age", .type = OPTION_STRING, .documentation = "At least this old (2d), or at most (-2d)"},
    {.name = "age_stamp",
     .type = OPTION_STRING,
     .fallback = "mtime",
     .choices = "atime|ctime|mtime",
     .documentation = "Which time tells the age"},
    {.name = "size", .type = OPTION_STRING, .documentation = "At least this large (1k), or at most (-1k)"},
    {.name = "mode", .type = OPTION_RAW, .documentation = "Permissions it must have"},
    {.name = "exact_mode", .type = OPTION_BOOL, .fallback = "true", .documentation = "All of them and no others"},
    {.name = "recurse", .type = OPTION_BOOL, .fallback = "false", .documentation = "Look in folders below too"},
    {.name = "depth", .type = OPTION_INT, .documentation = "How many levels down"},
    {.name = "limit", .type = OPTION_INT, .documentation = "End when so many are found"},
    {.name = "hidden", .type = OPTION_BOOL, .fallback = "false", .documentation = "Names that begin with a dot too"},
    {.name = "follow", .type = OPTION_BOOL, .fallback = "false", .documentation = "Follow links to folders"},
    {.name = "use_regex",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "Patterns are regular expressions"},
    {.name = "get_checksum", .type = OPTION_BOOL, .fallback = "false", .documentation = "Give checksums of files"},
    {.name = "checksum_algorithm",
     .type = OPTION_STRING,
     .fallback = "sha1",
     .choices = "md5|sha1|sha224|sha256|sha384|sha512",
     .aliases = "checksum|checksum_algo",
     .documentation = "Which checksum"},
    {.name = "encoding", .type = OPTION_STRING, .documentation = "Nothing: contents are matched as they are"},
};

static void start(struct module_call *call);

const struct module module_find = {
    .name = "find",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Find files on the host",
};

/** Names that are meant, as patterns of a shell or compiled. */
struct names {
    const struct list *patterns; /* NULL: none were given */
    struct regex **regexes;      /* one a pattern; NULL: they are a shell's */
};

/** A search under way. */
struct search {
    struct module_call *call;
    struct names wanted, unwanted;
    struct regex *contains;
    bool has_age, has_size;
    int64_t age, size; /* seconds, bytes; negative: at most */
    time_t now;
    struct list *files;
    struct dict *skipped; /* path -> reason */
    struct list *warnings;
    int64_t examined, limit, depth;
    bool is_full;
    struct error *error;
};

/* ---------------------------------------------------------------- what is asked */

static bool names_init(struct names *names, const struct module_call *call, const char *option, struct error *error)
{
    struct value patterns = module_argument(call, option);
    if (!value_is_list(patterns) || patterns.as.list->count == 0)
        return true;
    names->patterns = patterns.as.list;
    if (!module_flag(call, "use_regex"))
        return true;
    names->regexes = memory_new_array(names->patterns->count, sizeof *names->regexes);
    for (size_t i = 0; i < names->patterns->count; i++) {
        const struct text *text = names->patterns->items[i].as.text;
        names->regexes[i] = regex_compile(text->bytes, text->length, 0, error);
        if (!names->regexes[i])
            return false;
    }
    return true;
}

static void names_done(struct names *names)
{
    for (size_t i = 0; names->regexes && i < names->patterns->count; i++)
        regex_free(names->regexes[i]);
    free(names->regexes);
}

static bool names_have(const struct names *names, const char *name)
{
    OWNED_ERROR ignored = {0};
    for (size_t i = 0; names->patterns && i < names->patterns->count; i++) {
        bool found = false;
        if (!names->regexes)
            found = fnmatch(value_bytes(names->patterns->items[i]), name, 0) == 0;
        else if (!regex_find(names->regexes[i], name, strlen(name), REGEX_MATCH, &found, &ignored))
            found = false;
        if (found)
            return true;
    }
    return false;
}

/** A number with a unit, one of `units` (none: 1); the answer is false for what is no such number. */
static bool read_amount(const char *text, const char *units, const int64_t *factors, int64_t *amount)
{
    char *end;
    int64_t number = strtoll(text, &end, 10);
    char unit = *end >= 'A' && *end <= 'Z' ? (char)(*end + 'a' - 'A') : *end;
    const char *place = unit ? strchr(units, unit) : NULL;
    if (end == text || (unit && (!place || end[1])))
        return false;
    *amount = number * (place ? factors[place - units] : 1);
    return true;
}

static bool fail_amount(struct search *search, const char *option)
{
    dict_set_string_take(search->call->result, option, value_copy(module_argument(search->call, option)));
    return error_set(search->error, ERROR_MODULE, "failed to process %s", option);
}

static bool read_arguments(struct search *search)
{
    static const int64_t seconds[] = {1, 60, 3600, 86400, 604800};
    static const int64_t bytes[] = {1, 1 << 10, 1 << 20, 1 << 30, INT64_C(1) << 40};
    const struct module_call *call = search->call;
    const char *age = module_string(call, "age"), *size = module_string(call, "size");
    struct value contains = module_argument(call, "contains");
    search->has_age = age != NULL;
    search->has_size = size != NULL;
    if (age && !read_amount(age, "smhdw", seconds, &search->age))
        return fail_amount(search, "age");
    if (size && !read_amount(size, "bkmgt", bytes, &search->size))
        return fail_amount(search, "size");
    search->limit = module_has(call, "limit") ? module_int(call, "limit") : INT64_MAX;
    search->depth = module_has(call, "depth") ? module_int(call, "depth") : INT64_MAX;
    if (!value_is_null(contains)) {
        search->contains = regex_compile(value_bytes(contains), contains.as.text->length, 0, search->error);
        if (!search->contains)
            return false;
    }
    return names_init(&search->wanted, call, "patterns", search->error) &&
           names_init(&search->unwanted, call, "excludes", search->error);
}

/* ---------------------------------------------------------------- what fits */

static bool fits_age(const struct search *search, const struct stat *status)
{
    const char *stamp = module_string(search->call, "age_stamp");
    time_t time = *stamp == 'a' ? status->st_atime : *stamp == 'c' ? status->st_ctime : status->st_mtime;
    int64_t age = (int64_t)(search->now - time);
    return !search->has_age || (search->age >= 0 ? age >= search->age : age <= -search->age);
}

static bool fits_size(const struct search *search, const struct stat *status)
{
    return !search->has_size ||
           (search->size >= 0 ? status->st_size >= search->size : status->st_size <= -search->size);
}

static bool fits_mode(struct search *search, const struct stat *status)
{
    struct value wanted = module_argument(search->call, "mode");
    OWNED_ERROR ignored = {0};
    mode_t mode;
    if (value_is_null(wanted))
        return true;
    if (!file_mode_resolve(wanted, status->st_mode & S_IFMT, &mode, &ignored))
        return false;
    mode_t present = status->st_mode & FILE_MODE_BITS;
    mode &= FILE_MODE_BITS;
    return module_flag(search->call, "exact_mode") ? present == mode : (present & mode) != 0;
}

/** Does the file's content match, or one of its lines? */
static bool fits_content(struct search *search, const char *path)
{
    OWNED_ERROR ignored = {0};
    char *bytes;
    size_t length;
    bool found = false;
    if (!search->contains)
        return true;
    if (!file_read(path, &bytes, &length, &ignored))
        return false;
    if (module_flag(search->call, "read_whole_file"))
        found = regex_is_found(search->contains, bytes, length);
    for (char *at = bytes; !found && !module_flag(search->call, "read_whole_file") && at < bytes + length;) {
        char *newline = memchr(at, '\n', length - (size_t)(at - bytes));
        size_t size = newline ? (size_t)(newline - at) + 1 : length - (size_t)(at - bytes);
        if (!regex_find(search->contains, at, size, REGEX_MATCH, &found, &ignored))
            found = false;
        at += size;
    }
    free(bytes);
    return found;
}

static bool fits_kind(struct search *search, const char *path, const struct stat *status)
{
    const char *kind = module_string(search->call, "file_type");
    if (strcmp(kind, "directory") == 0)
        return S_ISDIR(status->st_mode);
    if (strcmp(kind, "link") == 0)
        return S_ISLNK(status->st_mode);
    if (strcmp(kind, "any") == 0)
        return !S_ISREG(status->st_mode) || fits_size(search, status);
    return S_ISREG(status->st_mode) && fits_size(search, status) && fits_content(search, path);
}

static bool fits(struct search *search, const char *path, const struct stat *status)
{
    const char *name = path_name(path);
    bool is_named = !search->wanted.patterns || names_have(&search->wanted, name);
    return is_named && !names_have(&search->unwanted, name) && fits_age(search, status) && fits_mode(search, status) &&
           fits_kind(search, path, status);
}

/* ---------------------------------------------------------------- looking */

static void add_file(struct search *search, const char *path, const struct stat *status)
{
    struct dict *file = dict_new();
    CLEANUP(text_buffer_done) struct text_buffer hex = {0};
    OWNED_ERROR ignored = {0};
    dict_set_string_take(file, "path", value_string(path));
    file_stat_describe(file, status);
    bool is_wished = module_flag(search->call, "get_checksum") && S_ISREG(status->st_mode);
    if (is_wished && digest_append_file(&hex, module_string(search->call, "checksum_algorithm"), path, &ignored))
        dict_set_string_take(file, "checksum", value_string_take(text_buffer_take(&hex)));
    list_push_take(search->files, value_dict_take(file));
    search->is_full = (int64_t)search->files->count >= search->limit;
}

static void note_skipped(struct search *search, const char *path, const char *format)
{
    struct value reason = value_string_format("'%s' %s", path, format);
    list_push_take(search->warnings,
                   value_string_format("Skipped '%s' path due to this access issue: %s", path, value_bytes(reason)));
    dict_set_string_take(search->skipped, path, reason);
}

/** Looks at one name; what is hidden counts only where that is wished. */
static void examine(struct search *search, const char *path)
{
    struct stat status;
    bool is_hidden = path_name(path)[0] == '.' && !module_flag(search->call, "hidden");
    if (search->is_full || is_hidden)
        return;
    bool is_known = (module_flag(search->call, "follow") && stat(path, &status) == 0) || lstat(path, &status) == 0;
    if (is_known && fits(search, path, &status))
        add_file(search, path, &status);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_link(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

/** Looks at all that is in a folder: files, then folders, then what is in these. */
static void walk(struct search *search, const char *folder, int64_t level)
{
    OWNED_ERROR ignored = {0};
    struct list *names = file_list_folder(folder, &ignored);
    OWNED owner = value_list_take(names ? names : list_new(0));
    OWNED folders = value_list_new();
    if (!names && level > 1)
        return;
    search->examined += (int64_t)owner.as.list->count;
    for (size_t i = 0; i < owner.as.list->count; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(folder, value_bytes(owner.as.list->items[i]));
        if (is_folder(path))
            list_push_take(folders.as.list, value_string(path));
        else
            examine(search, path);
    }
    for (size_t i = 0; i < folders.as.list->count; i++)
        examine(search, value_bytes(folders.as.list->items[i]));
    bool is_deep = module_flag(search->call, "recurse") && level < search->depth;
    for (size_t i = 0; is_deep && !search->is_full && i < folders.as.list->count; i++) {
        const char *path = value_bytes(folders.as.list->items[i]);
        if (module_flag(search->call, "follow") || !is_link(path))
            walk(search, path, level + 1);
    }
}

static void look_in(struct search *search, const char *written)
{
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(written);
    CLEANUP(memory_cleanup) char *path = host_path(search->call->host, expanded);
    if (!is_folder(path))
        note_skipped(search, path, "is not a directory");
    else
        walk(search, path, 1);
}

static void report(struct search *search)
{
    struct dict *result = search->call->result;
    bool has_skipped = search->skipped->live > 0;
    dict_set_string_take(result, "changed", value_bool(false));
    dict_set_string_take(result, "msg",
                         value_string(has_skipped       ? "Not all paths examined, check warnings for details"
                                      : search->is_full ? "Limit of matches reached"
                                                        : "All paths examined"));
    dict_set_string_take(result, "matched", value_int((int64_t)search->files->count));
    dict_set_string_take(result, "examined", value_int(search->examined));
    dict_set_string_take(result, "files", value_list_take(list_copy(search->files)));
    dict_set_string_take(result, "skipped_paths", value_dict_take(dict_copy(search->skipped)));
    if (search->warnings->count > 0)
        dict_set_string_take(result, "warnings", value_list_take(list_copy(search->warnings)));
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    struct search search = {
        .call = call,
        .now = time(NULL),
        .files = list_new(8),
        .skipped = dict_new(),
        .warnings = list_new(0),
        .error = &error,
    };
    const struct list *paths = module_argument(call, "paths").as.list;
    bool is_good = read_arguments(&search);
    for (size_t i = 0; is_good && !search.is_full && i < paths->count; i++)
        look_in(&search, value_bytes(paths->items[i]));
    if (is_good)
        report(&search);
    names_done(&search.wanted);
    names_done(&search.unwanted);
    regex_free(search.contains);
    list_drop(search.files);
    dict_drop(search.skipped);
    list_drop(search.warnings);
    if (is_good)
        module_done(call);
    else
        module_fail_error(call, &error);
}
