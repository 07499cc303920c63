#include "parser/playbook.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser/playbook_parser.h"
#include "runtime/value/text.h"

/* ---- errors and warnings ---- */

static bool fail(struct playbook_parser *parser, enum error_kind kind, struct span span, const char *format,
                 va_list words)
{
    char *message;
    if (vasprintf(&message, format, words) < 0)
        memory_exhausted();
    error_set(parser->error, kind, "%s", message);
    free(message);
    return error_at(parser->error, span);
}

bool parser_fail(struct playbook_parser *parser, struct span span, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    fail(parser, ERROR_PARSE, span, format, words);
    va_end(words);
    return false;
}

bool parser_refuse(struct playbook_parser *parser, struct span span, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    fail(parser, ERROR_OTHER, span, format, words);
    va_end(words);
    return false;
}

void parser_warn(struct playbook_parser *parser, struct span span, const char *message)
{
    struct yaml_warning *warning = arena_new(parser->arena, sizeof *warning);
    warning->span = span;
    warning->message = arena_copy_string(parser->arena, message, strlen(message));
    *parser->last_warning = warning;
    parser->last_warning = &warning->next;
}

void parser_suggest(struct playbook_parser *parser, const struct yaml_node *key, unsigned levels, bool modules)
{
    if (!node_is_string(key))
        return;
    struct suggestion suggestion;
    suggestion_init(&suggestion, key->scalar.as.text->bytes, key->scalar.as.text->length);
    for (enum keyword keyword = (enum keyword)1; keyword < KEYWORD_COUNT; keyword++)
        if (keyword_row(keyword)->levels & levels)
            suggestion_offer(&suggestion, keyword_row(keyword)->spelling, strlen(keyword_row(keyword)->spelling));
    if (modules)
        parser->dialect->offer_modules(parser->dialect->context, &suggestion);
    if (suggestion.best)
        error_help(parser->error, "Did you mean '%.*s'?", (int)suggestion.best_length, suggestion.best);
}

/* ---- playbooks ---- */

static void entry_release(void *object)
{
    value_drop(((struct playbook_entry *)object)->import_path);
}

static const struct yaml_node *find_import(const struct yaml_node *mapping)
{
    const struct yaml_node *found = yaml_find(mapping, "import_playbook");
    return found ? found : yaml_find(mapping, "ansible.builtin.import_playbook");
}

static bool read_import_key(struct playbook_parser *parser, struct playbook_entry *entry, const struct yaml_node *key,
                            const struct yaml_node *value)
{
    enum keyword keyword = node_keyword(key);
    unsigned levels = keyword_row(keyword)->levels;
    if (keyword == KEYWORD_WHEN || (levels & LEVEL_PLAY && levels & LEVEL_TASK))
        return attributes_read(parser, &entry->attributes, keyword, key, value, "PlaybookInclude");
    CLEANUP(memory_cleanup) char *repr = node_repr(key);
    parser_fail(parser, key->span, "%s is not a valid attribute for a PlaybookInclude", repr);
    return error_help(parser->error, "An imported playbook takes name, tags, vars and when.");
}

/** production: playbook_import */
static bool read_import(struct playbook_parser *parser, struct playbook_entry *entry, const struct yaml_node *mapping)
{
    const struct yaml_node *path = find_import(mapping);
    attributes_init(parser, &entry->attributes, mapping);
    arena_defer(parser->arena, entry_release, entry);
    if (node_is_null(path))
        return parser_fail(parser, mapping->span, "The field 'import_playbook' is required but was not set.");
    if (path->kind != YAML_SCALAR)
        return parser_fail(
            parser, path->span,
            "The field 'import_playbook' is supposed to be a string type, however the incoming data structure "
            "is a <class '%s'>",
            node_type_name(path));
    entry->import_path = yaml_value(path);
    for (uint32_t i = 0; i < mapping->count; i++)
        if (mapping->items[2 * i + 1] != path &&
            !read_import_key(parser, entry, mapping->items[2 * i], mapping->items[2 * i + 1]))
            return false;
    return true;
}

static bool read_entry(struct playbook_parser *parser, struct playbook_entry *entry, const struct yaml_node *node)
{
    entry->span = node->span;
    if (node->kind != YAML_MAPPING)
        return parser_fail(parser, node->span,
                           "playbook entries must be either valid plays or 'import_playbook' statements");
    return find_import(node) ? read_import(parser, entry, node) : play_parse(parser, node, &entry->play);
}

/** Has an entry of a playbook's list a key that only plays have (or that is no name at all)? */
static bool looks_like_play(const struct yaml_node *node)
{
    for (uint32_t i = 0; i < node->count && node->kind == YAML_MAPPING; i++) {
        const struct yaml_node *key = node->items[2 * i];
        if (keyword_row(node_keyword(key))->levels == LEVEL_PLAY || !node_is_string(key) ||
            value_equals_string(key->scalar, "import_playbook"))
            return true;
    }
    return node->kind != YAML_MAPPING;
}

/** Has it a key that only tasks and blocks have? */
static bool looks_like_task(struct playbook_parser *parser, const struct yaml_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *key = node->items[2 * i];
        unsigned levels = keyword_row(node_keyword(key))->levels;
        if ((levels && !(levels & LEVEL_PLAY)) || value_equals_string(key->scalar, "include") ||
            (action_is_candidate(key) && action_is_module(parser, key)))
            return true;
    }
    return false;
}

/** A bare list of tasks: it begins with one, and nothing in it is a play. */
static bool is_task_list(struct playbook_parser *parser, const struct yaml_node *root)
{
    for (uint32_t i = 0; i < root->count; i++)
        if (looks_like_play(root->items[i]))
            return false;
    return looks_like_task(parser, root->items[0]);
}

static bool read_entries(struct playbook_parser *parser, struct playbook *playbook, const struct yaml_node *root)
{
    bool is_implicit = is_task_list(parser, root);
    uint32_t count = is_implicit ? 1 : root->count;
    playbook->entries = arena_new(parser->arena, count * sizeof *playbook->entries);
    playbook->count = count;
    if (is_implicit) {
        playbook->entries[0].span = root->span;
        return play_parse_implicit(parser, root, &playbook->entries[0].play);
    }
    for (uint32_t i = 0; i < count; i++)
        if (!read_entry(parser, &playbook->entries[i], root->items[i]))
            return false;
    return true;
}

/** production: playbook */
static bool read_playbook(struct playbook_parser *parser, struct playbook *playbook)
{
    const struct yaml_node *root = playbook->document->root;
    const char *name = parser->source->name;
    if (!root || node_is_null(root))
        return error_set(parser->error, ERROR_PARSE, "Empty playbook, nothing to do: %s", name);
    if (root->kind != YAML_SEQUENCE) {
        parser_fail(parser, root->span, "A playbook must be a list of plays, got a <class '%s'> instead: %s",
                    node_type_name(root), name);
        return error_help(parser->error, "A playbook is a list: its plays begin with '- hosts: ...'.");
    }
    if (root->count == 0)
        return error_set(parser->error, ERROR_PARSE, "A playbook must contain at least one play: %s", name);
    return read_entries(parser, playbook, root);
}

/** The parser for a document; what warnings its YAML has become the first of `warnings`. */
static struct playbook_parser parser_make(struct source *source, const struct dialect *dialect, struct arena *arena,
                                          struct yaml_document *document, struct yaml_warning **warnings,
                                          struct error *error)
{
    *warnings = document->warnings;
    while (*warnings)
        warnings = &(*warnings)->next;
    return (struct playbook_parser){dialect, source, arena, warnings, error};
}

struct playbook *playbook_parse(struct source *source, const struct dialect *dialect, struct error *error)
{
    struct yaml_document *document = yaml_parse(source, error);
    if (!document)
        return NULL;
    struct playbook *playbook = memory_new_array(1, sizeof *playbook);
    playbook->document = document;
    arena_init(&playbook->arena);
    struct playbook_parser parser =
        parser_make(source, dialect, &playbook->arena, document, &playbook->warnings, error);
    if (read_playbook(&parser, playbook))
        return playbook;
    playbook_free(playbook);
    return NULL;
}

void playbook_free(struct playbook *playbook)
{
    if (!playbook)
        return;
    arena_done(&playbook->arena);
    yaml_document_free(playbook->document);
    free(playbook);
}

/* ---- files of tasks ---- */

/** production: task_file */
static bool read_task_file(struct playbook_parser *parser, const struct yaml_node *root, struct task *parent,
                           bool handlers, struct task_list *tasks)
{
    if (!root || node_is_null(root))
        return true;
    if (root->kind == YAML_SEQUENCE)
        return task_list_parse(parser, root, parent, handlers, tasks);
    parser_fail(parser, root->span, "included task files must contain a list of tasks");
    return error_help(parser->error, "Each task begins with a dash.");
}

struct task_file *task_file_parse(struct source *source, const struct dialect *dialect, struct task *parent,
                                  bool handlers, struct error *error)
{
    struct yaml_document *document = yaml_parse(source, error);
    if (!document)
        return NULL;
    struct task_file *file = memory_new_array(1, sizeof *file);
    file->document = document;
    arena_init(&file->arena);
    struct playbook_parser parser = parser_make(source, dialect, &file->arena, document, &file->warnings, error);
    if (read_task_file(&parser, document->root, parent, handlers, &file->tasks))
        return file;
    task_file_free(file);
    return NULL;
}

void task_file_free(struct task_file *file)
{
    if (!file)
        return;
    arena_done(&file->arena);
    yaml_document_free(file->document);
    free(file);
}

/* ---- roles ---- */

/** production: role_meta */
static bool read_role_meta(struct playbook_parser *parser, const struct yaml_node *root, struct role_meta *meta)
{
    if (!root || node_is_null(root))
        return true;
    if (root->kind != YAML_MAPPING)
        return parser_refuse(parser, root->span, "the 'meta/main.yml' for role is not a dictionary");
    const struct yaml_node *dependencies = yaml_find(root, "dependencies");
    const struct yaml_node *allow = yaml_find(root, "allow_duplicates");
    if (allow)
        meta->allow_duplicates = yaml_value(allow);
    return !dependencies || role_list_parse(parser, dependencies, &meta->dependencies, &meta->dependency_count);
}

struct role_meta *role_meta_parse(struct source *source, const struct dialect *dialect, struct error *error)
{
    struct yaml_document *document = yaml_parse(source, error);
    if (!document)
        return NULL;
    struct role_meta *meta = memory_new_array(1, sizeof *meta);
    meta->document = document;
    arena_init(&meta->arena);
    struct playbook_parser parser = parser_make(source, dialect, &meta->arena, document, &meta->warnings, error);
    if (read_role_meta(&parser, document->root, meta))
        return meta;
    role_meta_free(meta);
    return NULL;
}

void role_meta_free(struct role_meta *meta)
{
    if (!meta)
        return;
    value_drop(meta->allow_duplicates);
    arena_done(&meta->arena);
    yaml_document_free(meta->document);
    free(meta);
}
