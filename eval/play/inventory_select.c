/*
 * Hosts by pattern.  A term's hosts come in the order of the groups that it names, each host once, however many terms name it.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "eval/play/inventory_state.h"
#include "parser/host_pattern.h"
#include "runtime/os/file.h"
#include "runtime/value/regex.h"
#include "runtime/value/text.h"

/** Hosts in order, and which are among them. */
struct selection {
    struct host **hosts;
    size_t count, capacity;
    struct dict *names;
};

static void selection_init(struct selection *selection)
{
    *selection = (struct selection){.names = dict_new()};
}

static void selection_done(struct selection *selection)
{
    free(selection->hosts);
    dict_drop(selection->names);
}

static bool selection_has(const struct selection *selection, const struct host *host)
{
    return dict_find_bytes(selection->names, host->name->bytes, host->name->length) != NULL;
}

static void selection_add(struct selection *selection, struct host *host)
{
    if (selection_has(selection, host))
        return;
    if (selection->count == selection->capacity) {
        selection->capacity = memory_grown(selection->capacity);
        selection->hosts = memory_resize(selection->hosts, selection->capacity, sizeof *selection->hosts);
    }
    selection->hosts[selection->count++] = host;
    dict_set_take(selection->names, value_string_take(text_copy(host->name)), value_bool(true));
}

/** Keeps the hosts that are (or are not) in another selection. */
static void selection_filter(struct selection *selection, const struct selection *other, bool keep_common)
{
    struct selection kept;
    selection_init(&kept);
    for (size_t i = 0; i < selection->count; i++)
        if (selection_has(other, selection->hosts[i]) == keep_common)
            selection_add(&kept, selection->hosts[i]);
    selection_done(selection);
    *selection = kept;
}

/* ---- one term ---- */

struct select {
    struct inventory *inventory;
    void (*warn)(void *context, const char *message);
    void *context;
    struct error *error;
};

/** The hosts of a group, its own first, then level by level those of the groups below. */
static void add_group_hosts(struct selection *selection, struct group *group)
{
    struct group **queue = memory_new_array(1, sizeof *queue);
    struct dict *seen = dict_new();
    size_t count = 1;
    queue[0] = group;
    for (size_t at = 0; at < count; at++) {
        struct group *next = queue[at];
        for (size_t i = 0; i < next->host_count; i++)
            selection_add(selection, next->hosts[i]);
        for (size_t i = 0; i < next->child_count; i++) {
            struct group *child = next->children[i];
            if (dict_find_bytes(seen, child->name->bytes, child->name->length))
                continue;
            dict_set_take(seen, value_string_take(text_copy(child->name)), value_bool(true));
            queue = memory_resize(queue, count + 1, sizeof *queue);
            queue[count++] = child;
        }
    }
    dict_drop(seen);
    free(queue);
}

/** Tells whether a name matches a term; `regex` is compiled where it is one. */
static bool term_matches(const struct pattern_term *term, struct regex *regex, const struct text *name)
{
    OWNED_ERROR ignored = {0};
    bool found;
    if (regex)
        return regex_find(regex, name->bytes, name->length, REGEX_MATCH, &found, &ignored) && found;
    return fnmatch(term->text, name->bytes, 0) == 0;
}

/** Wildcards and regular expressions: groups that match, and single hosts. */
static bool add_matching(const struct select *select, const struct pattern_term *term, struct selection *found)
{
    struct regex *regex = NULL;
    if (term->is_regex && !(regex = regex_compile(term->text, strlen(term->text), 0, select->error)))
        return error_wrap(select->error, "Invalid host list pattern '~%s'", term->text);
    const struct inventory *inventory = select->inventory;
    for (size_t i = 0; i < inventory->group_count; i++)
        if (term_matches(term, regex, inventory->groups[i]->name))
            add_group_hosts(found, inventory->groups[i]);
    for (size_t i = 0; i < inventory->host_count; i++)
        if (term_matches(term, regex, inventory->hosts[i]->name))
            selection_add(found, inventory->hosts[i]);
    regex_free(regex);
    return true;
}

static bool is_localhost(const char *name)
{
    return strcmp(name, "localhost") == 0 || strcmp(name, "127.0.0.1") == 0 || strcmp(name, "::1") == 0;
}

/** Keeps what [first:last] says, with Python's counting from the end. */
static void selection_slice(struct selection *selection, const struct pattern_term *term)
{
    int64_t count = (int64_t)selection->count;
    int64_t first = term->first < 0 ? term->first + count : term->first;
    int64_t last = !term->is_slice   ? first
                   : !term->has_last ? count - 1
                   : term->last < 0  ? term->last + count
                                     : term->last;
    struct selection kept;
    selection_init(&kept);
    for (int64_t i = first < 0 ? 0 : first; i <= last && i < count; i++)
        selection_add(&kept, selection->hosts[i]);
    selection_done(selection);
    *selection = kept;
}

/** All hosts of one term, in a selection that is empty at the start. */
static bool select_term(const struct select *select, const struct pattern_term *term, struct selection *found)
{
    struct group *group = term->is_regex ? NULL : inventory_find_group(select->inventory, term->text);
    struct host *host = term->is_regex ? NULL : inventory_find_host(select->inventory, term->text);
    if (strcmp(term->text, "*") == 0 && !term->is_regex)
        group = select->inventory->all;
    if (group)
        add_group_hosts(found, group);
    if (host)
        selection_add(found, host);
    if (!group && !host && term->has_wildcard && !add_matching(select, term, found))
        return false;
    if (!group && found->count == 0 && !term->has_wildcard && is_localhost(term->text)) {
        selection_add(found, inventory_localhost(select->inventory));
    } else if (!group && found->count == 0) {
        CLEANUP(text_buffer_done) struct text_buffer message = {0};
        text_buffer_append_format(&message, "Could not match supplied host pattern, ignoring: %s", term->text);
        select->warn(select->context, text_buffer_bytes(&message));
    }
    if (term->has_subscript)
        selection_slice(found, term);
    return true;
}

/* ---- patterns ---- */

/** Takes one term's hosts into the selection by the term's role. */
static bool apply_term(const struct select *select, const struct pattern_term *term, struct selection *selection)
{
    struct selection found;
    selection_init(&found);
    bool ok = select_term(select, term, &found);
    if (ok && term->role == PATTERN_ADD)
        for (size_t i = 0; i < found.count; i++)
            selection_add(selection, found.hosts[i]);
    else if (ok)
        selection_filter(selection, &found, term->role == PATTERN_INTERSECT);
    selection_done(&found);
    return ok;
}

static bool select_pattern(const struct select *select, const char *text, struct selection *selection)
{
    struct host_pattern pattern;
    host_pattern_parse(&pattern, text);
    bool ok = true;
    for (size_t i = 0; ok && i < pattern.count; i++)
        ok = apply_term(select, &pattern.terms[i], selection);
    host_pattern_done(&pattern);
    return ok;
}

/** The pattern that --limit gives: itself, with the lines of a file in place of each @file. */
static char *limit_expand(const char *limit, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    while (*limit) {
        size_t length = strcspn(limit, ",");
        CLEANUP(memory_cleanup) char *word = memory_copy_string(limit, length);
        if (out.length > 0)
            text_buffer_append_char(&out, ',');
        if (*word == '@') {
            char *read;
            size_t size;
            if (!file_read(word + 1, &read, &size, error)) {
                error_wrap(error, "Unable to find limit file %s", word + 1);
                return NULL;
            }
            for (char *at = read; *at; at++)
                text_buffer_append_char(&out, *at == '\n' ? ',' : *at);
            free(read);
        } else {
            text_buffer_append_string(&out, word);
        }
        limit += length + (limit[length] == ',');
    }
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** Drops the hosts that --limit leaves out. */
static bool apply_limit(const struct select *select, const char *limit, struct selection *selection)
{
    CLEANUP(memory_cleanup) char *expanded = limit_expand(limit, select->error);
    struct selection allowed;
    if (!expanded)
        return false;
    selection_init(&allowed);
    bool ok = select_pattern(select, expanded, &allowed);
    if (ok)
        selection_filter(selection, &allowed, true);
    selection_done(&allowed);
    return ok;
}

bool inventory_select(struct inventory *inventory, const char *pattern, const char *limit, struct host_list *hosts,
                      void (*warn)(void *context, const char *message), void *context, struct error *error)
{
    struct select select = {inventory, warn, context, error};
    struct selection selection;
    selection_init(&selection);
    bool ok = select_pattern(&select, pattern, &selection) && (!limit || apply_limit(&select, limit, &selection));
    if (ok) {
        *hosts = (struct host_list){selection.hosts, selection.count};
        selection.hosts = NULL;
    }
    selection_done(&selection);
    return ok;
}
