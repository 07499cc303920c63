#include "parser/yaml_mapping.h"

#include <stdio.h>
#include <string.h>

#include "parser/yaml_diagnosis.h"
#include "runtime/value/compare.h"
#include "runtime/value/dict.h"

void node_stack_push(struct node_stack *stack, struct yaml_node *node)
{
    if (stack->count == stack->capacity) {
        stack->capacity = memory_grown(stack->capacity);
        stack->nodes = memory_resize(stack->nodes, stack->capacity, sizeof *stack->nodes);
    }
    stack->nodes[stack->count++] = node;
}

static bool report(struct mapping_reader *reader, struct span span, const char *problem)
{
    struct yaml_problem details = {
        .context = "while constructing a mapping",
        .problem = problem,
        .offset = span.start,
    };
    return yaml_diagnose(reader->source, &details, reader->error);
}

static bool key_equal(const struct yaml_node *left, const struct yaml_node *right)
{
    if (value_is_string(left->scalar) && value_is_string(right->scalar))
        return text_equal(left->scalar.as.text, right->scalar.as.text);
    return value_equal(left->scalar, right->scalar);
}

static bool is_merge(const struct source *source, const struct yaml_node *key)
{
    return key->kind == YAML_SCALAR && key->tag == YAML_TAG_NONE && value_equals_string(key->scalar, "<<") &&
           source->bytes[key->span.start] == '<' &&
           (key->span.start == 0 || !strchr("'\"", source->bytes[key->span.start - 1]));
}

static void warn_duplicate(struct mapping_reader *reader, const struct yaml_node *key)
{
    if (!reader->last_warning)
        return;
    CLEANUP(text_buffer_done) struct text_buffer message = {0};
    const char *quote = value_is_string(key->scalar) ? "'" : "";
    text_buffer_append_format(&message, "Found duplicate mapping key %s", quote);
    if (value_is_string(key->scalar))
        text_buffer_append_text(&message, key->scalar.as.text);
    else
        text_buffer_append(&message, reader->source->bytes + key->span.start, key->span.length);
    text_buffer_append_format(&message, "%s. Using last defined value only.", quote);
    struct yaml_warning *warning = arena_new(reader->arena, sizeof *warning);
    warning->span = key->span;
    warning->message = arena_copy_string(reader->arena, text_buffer_bytes(&message), message.length);
    *reader->last_warning = warning;
    reader->last_warning = &warning->next;
}

/** Where among the first `count` pairs the key stands, or `count`; `index` may be NULL while there are few. */
static size_t find_pair(struct yaml_node **pairs, size_t count, const struct yaml_node *key, const struct dict *index)
{
    if (index) {
        const struct value *found = dict_find(index, key->scalar);
        return found ? (size_t)found->as.integer : count;
    }
    size_t i = 0;
    while (i < count && !key_equal(pairs[2 * i], key))
        i++;
    return i;
}

enum { PAIRS_WITHOUT_INDEX = 12 };

/** Removes duplicates among the pending pairs from `base` on: the first keeps its place, the last its value. */
static void unite_duplicates(struct mapping_reader *reader, size_t base)
{
    if (reader->stack->count == base)
        return;
    struct yaml_node **pairs = reader->stack->nodes + base;
    size_t total = (reader->stack->count - base) / 2, count = 0;
    struct dict *index = total > PAIRS_WITHOUT_INDEX ? dict_new() : NULL;
    for (size_t i = 0; i < total; i++) {
        struct yaml_node *key = pairs[2 * i], *value = pairs[2 * i + 1];
        size_t place = find_pair(pairs, count, key, index);
        if (place < count) {
            warn_duplicate(reader, key);
        } else {
            pairs[2 * count++] = key;
            if (index)
                dict_set_take(index, value_copy(key->scalar), value_int((int64_t)place));
        }
        pairs[2 * place + 1] = value;
    }
    dict_drop(index);
    reader->stack->count = base + 2 * count;
}

static void push_pairs(struct mapping_reader *reader, const struct yaml_node *mapping)
{
    for (uint32_t i = 0; i < 2 * mapping->count; i++)
        node_stack_push(reader->stack, mapping->items[i]);
}

/** Pushes the pairs that a merge key brings; of a list of mappings the earlier win, so they come last. */
static bool push_merged(struct mapping_reader *reader, const struct yaml_node *value)
{
    if (value->kind == YAML_MAPPING) {
        push_pairs(reader, value);
        return true;
    }
    static const char *const kinds[] = {"scalar", "sequence", "mapping"};
    char problem[96];
    const struct yaml_node *wrong = value->kind == YAML_SCALAR ? value : NULL;
    snprintf(problem, sizeof problem, "expected a mapping%s for merging, but found %s",
             wrong ? " or list of mappings" : "", kinds[value->kind]);
    for (uint32_t i = value->count; !wrong && i-- > 0;) {
        if (value->items[i]->kind == YAML_MAPPING)
            push_pairs(reader, value->items[i]);
        else
            wrong = value->items[i];
    }
    return !wrong || report(reader, wrong->span, problem);
}

/** Puts the pairs that merge keys bring in front of the mapping's own. */
static bool resolve_merges(struct mapping_reader *reader, size_t base)
{
    size_t own = reader->stack->count;
    for (size_t i = base; i < own; i += 2)
        if (is_merge(reader->source, reader->stack->nodes[i]) && !push_merged(reader, reader->stack->nodes[i + 1]))
            return false;
    for (size_t i = base; i < own; i += 2) {
        struct yaml_node *key = reader->stack->nodes[i], *value = reader->stack->nodes[i + 1];
        if (is_merge(reader->source, key))
            continue;
        node_stack_push(reader->stack, key);
        node_stack_push(reader->stack, value);
    }
    size_t count = reader->stack->count - own;
    memmove(reader->stack->nodes + base, reader->stack->nodes + own, count * sizeof *reader->stack->nodes);
    reader->stack->count = base + count;
    return true;
}

bool yaml_mapping_resolve(struct mapping_reader *reader, size_t base)
{
    bool has_merge = false;
    for (size_t i = base; i < reader->stack->count; i += 2) {
        const struct yaml_node *key = reader->stack->nodes[i];
        if (key->kind != YAML_SCALAR)
            return report(reader, key->span, "found unhashable key");
        has_merge |= is_merge(reader->source, key);
    }
    if (has_merge && !resolve_merges(reader, base))
        return false;
    unite_duplicates(reader, base);
    return true;
}
