#include "commands/documentation.h"

#include <stdlib.h>
#include <string.h>

#include "parser/playbook.h"
#include "stdlib/library.h"

#define OWN_COLLECTION "ansible.builtin"

static const char *const type_names[DOCUMENTATION_TYPE_COUNT] = {"filter", "test", "lookup", "module", "keyword"};

static const enum function_kind function_kinds[] = {
    [DOCUMENTATION_FILTER] = FUNCTION_FILTER,
    [DOCUMENTATION_TEST] = FUNCTION_TEST,
    [DOCUMENTATION_LOOKUP] = FUNCTION_LOOKUP,
};

const char *documentation_type_name(enum documentation_type type)
{
    return type_names[type];
}

enum documentation_type documentation_type_find(const char *name)
{
    enum documentation_type type = DOCUMENTATION_FILTER;
    while (type < DOCUMENTATION_TYPE_COUNT && strcmp(type_names[type], name) != 0)
        type++;
    return type;
}

/* ---- lists ---- */

struct line {
    char *name;       /* owned */
    const char *text; /* borrowed */
};

struct lines {
    struct line *lines;
    size_t count, capacity;
};

static void lines_add(struct lines *lines, const char *collection, const char *name, const char *text)
{
    CLEANUP(text_buffer_done) struct text_buffer full = {0};
    if (collection && strcmp(collection, OWN_COLLECTION) != 0)
        text_buffer_append_format(&full, "%s.", collection);
    text_buffer_append_string(&full, name);
    if (lines->count == lines->capacity) {
        lines->capacity = memory_grown(lines->capacity);
        lines->lines = memory_resize(lines->lines, lines->capacity, sizeof *lines->lines);
    }
    lines->lines[lines->count++] = (struct line){memory_copy_string(text_buffer_bytes(&full), full.length), text};
}

static void lines_add_functions(struct lines *lines, enum function_kind kind)
{
    for (const struct function_table *const *table = stdlib_library.functions; *table; table++)
        for (size_t i = 0; (*table)->kind == kind && i < (*table)->count; i++)
            lines_add(lines, (*table)->collection, (*table)->rows[i].name, (*table)->rows[i].documentation);
}

static void lines_add_modules(struct lines *lines)
{
    for (const struct module_table *const *table = stdlib_library.modules; *table; table++)
        for (size_t i = 0; i < (*table)->count; i++)
            lines_add(lines, (*table)->collection, (*table)->modules[i]->name, (*table)->modules[i]->documentation);
}

static void lines_add_keywords(struct lines *lines)
{
    for (enum keyword keyword = KEYWORD_NONE + 1; keyword < KEYWORD_COUNT; keyword++)
        lines_add(lines, NULL, keyword_row(keyword)->spelling, keyword_row(keyword)->documentation);
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(((const struct line *)left)->name, ((const struct line *)right)->name);
}

void documentation_visit(enum documentation_type type, void (*visit)(void *context, const char *name, const char *line),
                         void *context)
{
    struct lines lines = {0};
    if (type == DOCUMENTATION_MODULE)
        lines_add_modules(&lines);
    else if (type == DOCUMENTATION_KEYWORD)
        lines_add_keywords(&lines);
    else
        lines_add_functions(&lines, function_kinds[type]);
    qsort(lines.lines, lines.count, sizeof *lines.lines, compare_lines);
    for (size_t i = 0; i < lines.count; i++) {
        visit(context, lines.lines[i].name, lines.lines[i].text);
        free(lines.lines[i].name);
    }
    free(lines.lines);
}

/* ---- functions ---- */

static bool append_function(struct text_buffer *out, struct registry *registry, enum documentation_type type,
                            const char *name)
{
    const struct plugin *plugin = registry_find(registry, function_kinds[type], name, strlen(name));
    if (!plugin)
        return false;
    text_buffer_append_format(out, "%s %s.%s\n\n  %s\n\n", type_names[type], plugin->collection, plugin->function->name,
                              plugin->function->documentation);
    text_buffer_append_format(out, "  %s(%s)\n", plugin->function->name, plugin->function->signature);
    return true;
}

/* ---- modules ---- */

static const char *option_type_name(enum option_type type)
{
    switch (type) {
    case OPTION_STRING:
        return "string";
    case OPTION_BOOL:
        return "boolean";
    case OPTION_INT:
        return "integer";
    case OPTION_FLOAT:
        return "float";
    case OPTION_LIST:
        return "list";
    case OPTION_DICT:
        return "dict";
    case OPTION_PATH:
        return "path";
    case OPTION_RAW:
        return "any";
    case OPTION_JSON:
        return "json";
    }
    bug("no such type of options: %d", type);
}

/** "a|b" as "a, b". */
static void append_words(struct text_buffer *out, const char *label, const char *words)
{
    if (!words)
        return;
    text_buffer_append_string(out, label);
    for (; *words; words++)
        text_buffer_append_string(out, *words == '|' ? ", " : (char[]){*words, '\0'});
}

static void append_option(struct text_buffer *out, const struct module_option *option)
{
    text_buffer_append_format(out, "    %s: %s", option->name, option_type_name(option->type));
    if (option->type == OPTION_LIST)
        text_buffer_append_format(out, " of %s", option_type_name(option->elements));
    if (option->required)
        text_buffer_append_string(out, ", required");
    if (option->fallback)
        text_buffer_append_format(out, ", default %s", option->fallback);
    append_words(out, "; one of ", option->choices);
    append_words(out, "; also ", option->aliases);
    text_buffer_append_format(out, "\n        %s\n", option->documentation ? option->documentation : "");
}

/** "Not together: a, b." and so on. */
static void append_groups(struct text_buffer *out, const char *label, const char *const *groups)
{
    for (; groups && *groups; groups++) {
        append_words(out, label, *groups);
        text_buffer_append_char(out, '\n');
    }
}

static bool append_module(struct text_buffer *out, struct registry *registry, const char *name)
{
    const struct module *module = registry_find_module(registry, name, strlen(name));
    if (!module)
        return false;
    text_buffer_append_format(out, "module %s\n\n  %s\n", registry_module_full_name(registry, module),
                              module->documentation);
    if (module->option_count > 0)
        text_buffer_append_string(out, "\n  Options:\n");
    for (size_t i = 0; i < module->option_count; i++)
        append_option(out, &module->options[i]);
    if (module->rules) {
        append_groups(out, "  Not together: ", module->rules->mutually_exclusive);
        append_groups(out, "  At least one of: ", module->rules->required_one_of);
        append_groups(out, "  Only together: ", module->rules->required_together);
    }
    if (module->flags & MODULE_RAW)
        text_buffer_append_string(out, "  Takes free-form text.\n");
    if (module->flags & MODULE_ANY_ARGUMENTS)
        text_buffer_append_string(out, "  Takes names that are no option.\n");
    text_buffer_append_format(out, "  In check mode: %s.\n",
                              module->flags & (MODULE_CHECK_MODE | MODULE_ACTION | MODULE_CONTROL) ? "runs"
                                                                                                   : "skipped");
    return true;
}

/* ---- keywords ---- */

static const char *keyword_type_name(enum keyword_type type)
{
    switch (type) {
    case TYPE_ANY:
        return "any value";
    case TYPE_STRING:
        return "string";
    case TYPE_BOOL:
        return "boolean";
    case TYPE_INT:
        return "integer";
    case TYPE_FLOAT:
        return "number";
    case TYPE_PERCENT:
        return "percentage";
    case TYPE_LIST:
        return "list";
    case TYPE_STRINGS:
        return "list of strings, or one with commas";
    case TYPE_DICT:
        return "dict";
    case TYPE_CONDITION:
        return "condition, or a list of them";
    case TYPE_TASKS:
        return "list of tasks";
    }
    bug("no such type of keywords: %d", type);
}

static bool append_keyword(struct text_buffer *out, const char *name)
{
    static const struct {
        enum keyword_level level;
        const char *name;
    } levels[] = {
        {LEVEL_PLAY, "play"}, {LEVEL_ROLE, "role"},       {LEVEL_BLOCK, "block"},
        {LEVEL_TASK, "task"}, {LEVEL_HANDLER, "handler"}, {LEVEL_LOOP_CONTROL, "loop_control"},
    };
    enum keyword keyword = keyword_find(name, strlen(name));
    const struct keyword_row *row = keyword_row(keyword);
    const char *separator = " ";
    if (keyword == KEYWORD_NONE)
        return false;
    text_buffer_append_format(out, "keyword %s\n\n  %s\n\n  Of:", row->spelling, row->documentation);
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (row->levels & levels[i].level) {
            text_buffer_append_format(out, "%s%s", separator, levels[i].name);
            separator = ", ";
        }
    text_buffer_append_format(out, "\n  Type: %s\n  Templated: %s\n", keyword_type_name(row->type),
                              row->templating == NOT_TEMPLATED    ? "no"
                              : row->templating == TEMPLATED_LATE ? "by what uses it"
                                                                  : "yes");
    return true;
}

/* ---- one ---- */

/** Keeps the nearest name so far; names live only while they are visited. */
struct nearest {
    struct suggestion suggestion;
    char *name; /* owned, or NULL */
};

static void offer(void *context, const char *name, const char *line)
{
    (void)line;
    struct nearest *nearest = context;
    const char *dot = strrchr(name, '.'), *last = dot ? dot + 1 : name;
    unsigned before = nearest->suggestion.best_distance;
    bool is_first = !nearest->suggestion.best;
    suggestion_offer(&nearest->suggestion, last, strlen(last));
    if (!nearest->suggestion.best || (!is_first && nearest->suggestion.best_distance == before))
        return;
    free(nearest->name);
    nearest->name = memory_copy_string(name, strlen(name));
}

bool documentation_append(struct text_buffer *out, struct registry *registry, enum documentation_type type,
                          const char *name, struct error *error)
{
    bool found = type == DOCUMENTATION_MODULE    ? append_module(out, registry, name)
                 : type == DOCUMENTATION_KEYWORD ? append_keyword(out, name)
                                                 : append_function(out, registry, type, name);
    if (found)
        return true;
    struct nearest nearest = {0};
    suggestion_init(&nearest.suggestion, name, strlen(name));
    documentation_visit(type, offer, &nearest);
    error_set(error, ERROR_NO_PLUGIN, "There is no %s named '%s'.", type_names[type], name);
    if (nearest.name)
        error_help(error, "Did you mean '%s'?", nearest.name);
    free(nearest.name);
    return false;
}
