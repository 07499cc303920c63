#include "parser/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "parser/yaml_diagnosis.h"
#include "parser/yaml_mapping.h"
#include "parser/yaml_schema.h"
#include "runtime/limits.h"
#include "runtime/os/vault_keyring.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"

/** Strings of a document, let go of together. */
struct string_pool {
    struct value *values;
    size_t count, capacity;
};

struct anchor {
    struct yaml_node *node; /* NULL: still being read */
    uint64_t size;          /* nodes that an alias stands for */
    unsigned height;
};

struct reader {
    yaml_parser_t parser;
    struct source *source;
    struct arena *arena;
    struct string_pool *pool;
    struct yaml_warning **last_warning;
    struct error *error;
    bool is_trusted; /* strings may be templates, and know where they came from */
    bool is_ascii;
    uint32_t *checkpoints; /* byte offset of every 64th character; NULL where is_ascii */
    uint32_t checkpoint_count;
    struct dict *anchor_names; /* name: index into anchors */
    struct anchor *anchors;
    size_t anchor_count, anchor_capacity;
    struct node_stack stack;
    uint64_t size;       /* nodes so far, aliases counted as what they stand for */
    uint64_t alias_size; /* ... those that came from aliases */
    unsigned depth;
    unsigned height;       /* of the node just read */
    unsigned unsafe_depth; /* collections tagged !unsafe around */
};

enum { CHECKPOINT_CHARACTERS = 64 };

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/** Prepares the way from libyaml's marks, which count characters, to bytes. */
static void index_characters(struct reader *reader)
{
    const char *bytes = reader->source->bytes;
    size_t length = reader->source->length, characters = 0;
    reader->is_ascii = true;
    for (size_t i = 0; i < length && reader->is_ascii; i++)
        reader->is_ascii = (unsigned char)bytes[i] < 0x80;
    if (reader->is_ascii)
        return;
    reader->checkpoints = memory_new_array(length / CHECKPOINT_CHARACTERS + 1, sizeof *reader->checkpoints);
    for (size_t i = 0; i < length; i++)
        if (!is_continuation(bytes[i]) && characters++ % CHECKPOINT_CHARACTERS == 0)
            reader->checkpoints[reader->checkpoint_count++] = (uint32_t)i;
}

static uint32_t byte_offset(const struct reader *reader, size_t character)
{
    size_t length = reader->source->length;
    if (reader->is_ascii)
        return (uint32_t)(character < length ? character : length);
    if (character / CHECKPOINT_CHARACTERS >= reader->checkpoint_count)
        return (uint32_t)length;
    size_t at = reader->checkpoints[character / CHECKPOINT_CHARACTERS];
    for (size_t left = character % CHECKPOINT_CHARACTERS; left > 0 && at < length; left--)
        do
            at++;
        while (at < length && is_continuation(reader->source->bytes[at]));
    return (uint32_t)at;
}

static struct span mark_span(const struct reader *reader, const yaml_mark_t *start, const yaml_mark_t *end)
{
    uint32_t from = byte_offset(reader, start->index), to = byte_offset(reader, end->index);
    return (struct span){reader->source, from, to > from ? to - from : 0};
}

/** Reports what libyaml stopped at. */
static bool report_parser(struct reader *reader)
{
    yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        memory_exhausted();
    if (parser->error == YAML_READER_ERROR) {
        struct span span = {reader->source, (uint32_t)parser->problem_offset, 1};
        error_set(reader->error, ERROR_PARSE, "YAML parsing failed: %s (#x%04x).", parser->problem,
                  parser->problem_value == -1 ? 0 : (unsigned)parser->problem_value);
        return error_at(reader->error, span);
    }
    struct yaml_problem problem = {
        .context = parser->context,
        .context_offset = byte_offset(reader, parser->context_mark.index),
        .problem = parser->problem,
        .offset = byte_offset(reader, parser->problem_mark.index),
    };
    return yaml_diagnose(reader->source, &problem, reader->error);
}

static bool report(struct reader *reader, struct span span, const char *context, const char *problem)
{
    struct yaml_problem details = {.context = context, .problem = problem, .offset = span.start};
    return yaml_diagnose(reader->source, &details, reader->error);
}

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    return yaml_parser_parse(&reader->parser, event) || report_parser(reader);
}

static struct yaml_node *node_new(struct reader *reader, enum yaml_kind kind, enum yaml_tag tag, struct span span)
{
    struct yaml_node *node = arena_new(reader->arena, sizeof *node);
    node->kind = kind;
    node->tag = tag;
    node->span = span;
    reader->size++;
    return node;
}

/* ---- scalars ---- */

/** Past a node's tag and anchor: where its own characters begin. */
static uint32_t skip_properties(const struct source *source, uint32_t at, uint32_t end)
{
    while (at < end && (source->bytes[at] == '!' || source->bytes[at] == '&')) {
        at += (uint32_t)strcspn(source->bytes + at, " \t\r\n");
        at += (uint32_t)strspn(source->bytes + at, " \t\r\n");
    }
    return at < end ? at : end;
}

/** Where a scalar's characters stand: inside the quotes, if what is there is the value. */
static struct span scalar_span(const struct reader *reader, const yaml_event_t *event)
{
    struct span span = mark_span(reader, &event->start_mark, &event->end_mark);
    uint32_t end = span.start + span.length;
    if (event->data.scalar.tag || event->data.scalar.anchor) {
        span.start = skip_properties(reader->source, span.start, end);
        span.length = end - span.start;
    }
    yaml_scalar_style_t style = event->data.scalar.style;
    bool is_quoted = style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    if (is_quoted && span.length == event->data.scalar.length + 2 &&
        memcmp(reader->source->bytes + span.start + 1, event->data.scalar.value, event->data.scalar.length) == 0) {
        span.start++;
        span.length -= 2;
    }
    return span;
}

/** Keeps a string until the document goes. */
static struct value pool_take(struct string_pool *pool, struct value value)
{
    if (pool->count == pool->capacity) {
        pool->capacity = memory_grown(pool->capacity);
        pool->values = memory_resize(pool->values, pool->capacity, sizeof *pool->values);
    }
    pool->values[pool->count++] = value;
    return value;
}

static void pool_release(void *object)
{
    struct string_pool *pool = object;
    for (size_t i = 0; i < pool->count; i++)
        value_drop(pool->values[i]);
    free(pool->values);
}

/** What a `!vault` scalar hides; where it cannot be decrypted, a value whose use is the error. */
static struct value vault_value(const struct source *source, struct text *text)
{
    CLEANUP(vault_wipe_buffer) struct text_buffer plain = {0};
    OWNED_ERROR error = {0};
    struct value value;
    if (vault_keyring_keeps_values(source->keyring)) {
        value = value_string_take(text_copy(text));
    } else if (vault_keyring_decrypt(source->keyring, &plain, text->bytes, text->length, &error)) {
        value = value_string_length(text_buffer_bytes(&plain), plain.length);
    } else {
        error_wrap(&error, "Attempt to use undecryptable variable");
        error_at(&error, text->span);
        error_wrap(&error, "Error rendering template");
        return value_undefined_take(&error);
    }
    value.flags |= VALUE_SECRET;
    return value;
}

static struct value string_value(struct reader *reader, const yaml_event_t *event, const struct yaml_node *node)
{
    struct text *text = text_new((const char *)event->data.scalar.value, event->data.scalar.length);
    if (reader->is_trusted)
        text = text_with_span_take(text, node->span);
    OWNED value = value_string_take(text);
    if (reader->is_trusted && reader->unsafe_depth == 0 && node->tag != YAML_TAG_UNSAFE && node->tag != YAML_TAG_VAULT)
        return pool_take(reader->pool, value_trusted(value));
    if (node->tag == YAML_TAG_VAULT)
        value_replace_take(&value, vault_value(reader->source, value.as.text));
    return pool_take(reader->pool, value_steal(&value));
}

#define STANDARD_TAG "tag:yaml.org,2002:"

/** The schema's class that a standard tag asks for; STRING for one that is none of these. */
static enum yaml_class tag_class(const char *tag)
{
    static const struct {
        const char *name;
        enum yaml_class class;
    } classes[] = {
        {STANDARD_TAG "int", YAML_CLASS_INT},
        {STANDARD_TAG "float", YAML_CLASS_FLOAT},
        {STANDARD_TAG "bool", YAML_CLASS_BOOL},
        {STANDARD_TAG "null", YAML_CLASS_NULL},
        {STANDARD_TAG "timestamp", YAML_CLASS_TIMESTAMP},
    };
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        if (strcmp(tag, classes[i].name) == 0)
            return classes[i].class;
    return YAML_CLASS_STRING;
}

/** What a tag says; Ansible's own count only in what may be trusted. */
static enum yaml_tag tag_of(const struct reader *reader, const char *tag)
{
    if (!tag || strcmp(tag, "!") == 0)
        return YAML_TAG_NONE;
    if (strcmp(tag, STANDARD_TAG "str") == 0)
        return YAML_TAG_STRING;
    if (reader->is_trusted && strcmp(tag, "!unsafe") == 0)
        return YAML_TAG_UNSAFE;
    if (reader->is_trusted && (strcmp(tag, "!vault") == 0 || strcmp(tag, "!vault-encrypted") == 0))
        return YAML_TAG_VAULT;
    return YAML_TAG_OTHER;
}

static bool report_tag(struct reader *reader, const char *tag, const yaml_event_t *event)
{
    error_set(reader->error, ERROR_PARSE, "YAML parsing failed: Could not determine a constructor for the tag '%s'.",
              tag);
    return error_at(reader->error, mark_span(reader, &event->start_mark, &event->end_mark));
}

/** A scalar of a class other than a string. */
static bool resolve(struct reader *reader, enum yaml_class class, const yaml_event_t *event, struct yaml_node *node)
{
    const char *bytes = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    struct value value;
    OWNED_ERROR error = {0};
    if (class != YAML_CLASS_TIMESTAMP) {
        value = yaml_resolve(class, bytes, length);
    } else if (!yaml_resolve_timestamp(bytes, length, &value, &error)) {
        error_set(reader->error, ERROR_PARSE, "YAML parsing failed: %s", error.message);
        return error_at(reader->error, node->span);
    }
    node->scalar = pool_take(reader->pool, value);
    return true;
}

/** A scalar with a standard tag other than !!str. */
static bool read_tagged(struct reader *reader, const yaml_event_t *event, struct yaml_node *node)
{
    const char *tag = (const char *)event->data.scalar.tag, *bytes = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    enum yaml_class wanted = tag_class(tag), found = yaml_classify(bytes, length);
    if (wanted == YAML_CLASS_STRING)
        return report_tag(reader, tag, event);
    if (wanted == YAML_CLASS_FLOAT && found == YAML_CLASS_INT)
        found = YAML_CLASS_FLOAT;
    if (wanted == YAML_CLASS_NULL)
        found = YAML_CLASS_NULL;
    if (found != wanted) {
        error_set(reader->error, ERROR_PARSE, "YAML parsing failed: '%s' is not of the type that its tag !!%s says.",
                  bytes, tag + strlen(STANDARD_TAG));
        return error_at(reader->error, node->span);
    }
    return resolve(reader, wanted, event, node);
}

/** A plain scalar: what the schema makes of it. */
static bool read_plain(struct reader *reader, const yaml_event_t *event, struct yaml_node *node)
{
    const char *bytes = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    enum yaml_class class = yaml_classify(bytes, length);
    if (class != YAML_CLASS_STRING && class != YAML_CLASS_MERGE && class != YAML_CLASS_VALUE)
        return resolve(reader, class, event, node);
    node->scalar = string_value(reader, event, node);
    return true;
}

static struct yaml_node *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    enum yaml_tag tag = tag_of(reader, (const char *)event->data.scalar.tag);
    struct yaml_node *node = node_new(reader, YAML_SCALAR, tag, scalar_span(reader, event));
    reader->height = 0;
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    bool is_read = true;
    if (tag == YAML_TAG_OTHER)
        is_read = read_tagged(reader, event, node);
    else if (is_plain && tag != YAML_TAG_STRING && tag != YAML_TAG_VAULT)
        is_read = read_plain(reader, event, node);
    else
        node->scalar = string_value(reader, event, node);
    return is_read ? node : NULL;
}

/* ---- anchors and aliases ---- */

/** Registers the anchor of a node that begins; -1 without one, -2 after an error. */
static int64_t anchor_open(struct reader *reader, const yaml_char_t *name, struct span span)
{
    if (!name)
        return -1;
    if (!reader->anchor_names)
        reader->anchor_names = dict_new();
    if (dict_find_string(reader->anchor_names, (const char *)name)) {
        report(reader, span, NULL, "found duplicate anchor; first occurrence second occurrence");
        return -2;
    }
    if (reader->anchor_count == reader->anchor_capacity) {
        reader->anchor_capacity = memory_grown(reader->anchor_capacity);
        reader->anchors = memory_resize(reader->anchors, reader->anchor_capacity, sizeof *reader->anchors);
    }
    reader->anchors[reader->anchor_count] = (struct anchor){.size = reader->size};
    dict_set_string_take(reader->anchor_names, (const char *)name, value_int((int64_t)reader->anchor_count));
    return (int64_t)reader->anchor_count++;
}

static void anchor_close(struct reader *reader, int64_t index, struct yaml_node *node)
{
    if (index < 0 || !node)
        return;
    struct anchor *anchor = &reader->anchors[index];
    *anchor = (struct anchor){node, reader->size - anchor->size, reader->height};
}

static bool report_limit(struct reader *reader, struct span span, const char *what, int limit)
{
    error_set(reader->error, ERROR_LIMIT, "YAML parsing failed: %s (the limit is %d).", what, limit);
    return error_at(reader->error, span);
}

static struct yaml_node *read_alias(struct reader *reader, const yaml_event_t *event)
{
    struct span span = mark_span(reader, &event->start_mark, &event->end_mark);
    const char *name = (const char *)event->data.alias.anchor;
    const struct value *index = reader->anchor_names ? dict_find_string(reader->anchor_names, name) : NULL;
    if (!index) {
        report(reader, span, NULL, "found undefined alias");
        return NULL;
    }
    const struct anchor *anchor = &reader->anchors[index->as.integer];
    if (!anchor->node) {
        error_set(reader->error, ERROR_PARSE, "YAML parsing failed: The alias '%s' stands inside what it refers to.",
                  name);
        error_at(reader->error, span);
        return NULL;
    }
    reader->size += anchor->size;
    reader->alias_size += anchor->size;
    reader->height = anchor->height;
    if (reader->alias_size > LIMIT_YAML_NODES_FROM_ALIASES) {
        report_limit(reader, span, "Aliases stand for too many nodes", LIMIT_YAML_NODES_FROM_ALIASES);
        return NULL;
    }
    if (reader->depth + anchor->height > LIMIT_YAML_DEPTH) {
        report_limit(reader, span, "The nesting is too deep", LIMIT_YAML_DEPTH);
        return NULL;
    }
    return anchor->node;
}

/* ---- collections ---- */

/** The children from `base` on, moved into the arena. */
static struct yaml_node **children_pop(struct reader *reader, size_t base)
{
    size_t size = (reader->stack.count - base) * sizeof *reader->stack.nodes;
    struct yaml_node **items = arena_new(reader->arena, size ? size : 1);
    if (size > 0)
        memcpy(items, reader->stack.nodes + base, size);
    reader->stack.count = base;
    return items;
}

static struct yaml_node *read_node(struct reader *reader, yaml_event_t *event);

/** Reads the children up to the collection's end event; they are on the stack from `base` on. */
static bool read_children(struct reader *reader, struct yaml_node *node, yaml_event_type_t end_type, bool is_flow)
{
    unsigned height = 0;
    if (++reader->depth > LIMIT_YAML_DEPTH)
        return report_limit(reader, node->span, "The nesting is too deep", LIMIT_YAML_DEPTH);
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        if (event.type == end_type) {
            uint32_t end = byte_offset(reader, event.end_mark.index);
            if (is_flow)
                node->span.length = end - node->span.start;
            yaml_event_delete(&event);
            break;
        }
        struct yaml_node *child = read_node(reader, &event);
        if (!child)
            return false;
        node_stack_push(&reader->stack, child);
        height = reader->height > height ? reader->height : height;
        uint32_t child_end = child->span.start + child->span.length;
        if (child_end > node->span.start + node->span.length)
            node->span.length = child_end - node->span.start;
    }
    reader->depth--;
    reader->height = height + 1;
    return true;
}

static struct yaml_node *read_sequence(struct reader *reader, struct yaml_node *node, bool is_flow)
{
    size_t base = reader->stack.count;
    if (!read_children(reader, node, YAML_SEQUENCE_END_EVENT, is_flow))
        return NULL;
    node->count = (uint32_t)(reader->stack.count - base);
    node->items = children_pop(reader, base);
    return node;
}

static struct yaml_node *read_mapping(struct reader *reader, struct yaml_node *node, bool is_flow)
{
    size_t base = reader->stack.count;
    if (!read_children(reader, node, YAML_MAPPING_END_EVENT, is_flow))
        return NULL;
    struct mapping_reader mapping = {reader->source, reader->arena, &reader->stack, reader->last_warning,
                                     reader->error};
    if (!yaml_mapping_resolve(&mapping, base))
        return NULL;
    reader->last_warning = mapping.last_warning;
    node->count = (uint32_t)((reader->stack.count - base) / 2);
    node->items = children_pop(reader, base);
    return node;
}

/** Is a tag one that this kind of collection may have? */
static bool check_collection_tag(struct reader *reader, const yaml_event_t *event, const char *tag, bool is_mapping)
{
    static const char *const for_mappings[] = {STANDARD_TAG "map", STANDARD_TAG "set"};
    static const char *const for_sequences[] = {STANDARD_TAG "seq", STANDARD_TAG "omap", STANDARD_TAG "pairs"};
    if (tag_of(reader, tag) == YAML_TAG_NONE || tag_of(reader, tag) == YAML_TAG_UNSAFE)
        return true;
    const char *const *names = is_mapping ? for_mappings : for_sequences;
    for (size_t i = 0; i < (is_mapping ? COUNT_OF(for_mappings) : COUNT_OF(for_sequences)); i++)
        if (strcmp(tag, names[i]) == 0)
            return true;
    return report_tag(reader, tag, event);
}

static struct yaml_node *read_collection(struct reader *reader, const yaml_event_t *event, bool is_mapping)
{
    const char *tag = (const char *)(is_mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag);
    if (!check_collection_tag(reader, event, tag, is_mapping))
        return NULL;
    bool is_flow = is_mapping ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                              : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    bool is_unsafe = tag_of(reader, tag) == YAML_TAG_UNSAFE;
    struct span span = mark_span(reader, &event->start_mark, &event->end_mark);
    struct yaml_node *node = node_new(reader, is_mapping ? YAML_MAPPING : YAML_SEQUENCE, tag_of(reader, tag), span);
    reader->unsafe_depth += is_unsafe;
    node = is_mapping ? read_mapping(reader, node, is_flow) : read_sequence(reader, node, is_flow);
    reader->unsafe_depth -= is_unsafe;
    return node;
}

/** The node that `event` begins; the event is deleted.  NULL after an error. */
static struct yaml_node *read_node(struct reader *reader, yaml_event_t *event)
{
    CLEANUP(yaml_event_delete) yaml_event_t owned = *event;
    if (owned.type == YAML_ALIAS_EVENT)
        return read_alias(reader, &owned);
    bool is_mapping = owned.type == YAML_MAPPING_START_EVENT;
    const yaml_char_t *name = owned.type == YAML_SCALAR_EVENT ? owned.data.scalar.anchor
                              : is_mapping                    ? owned.data.mapping_start.anchor
                                                              : owned.data.sequence_start.anchor;
    int64_t anchor = anchor_open(reader, name, mark_span(reader, &owned.start_mark, &owned.end_mark));
    if (anchor == -2)
        return NULL;
    struct yaml_node *node =
        owned.type == YAML_SCALAR_EVENT ? read_scalar(reader, &owned) : read_collection(reader, &owned, is_mapping);
    anchor_close(reader, anchor, node);
    return node;
}

/* ---- documents ---- */

static void reader_init(struct reader *reader, struct source *source, struct arena *arena, struct error *error)
{
    *reader = (struct reader){.source = source, .arena = arena, .error = error};
    if (!yaml_parser_initialize(&reader->parser))
        memory_exhausted();
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)source->bytes, source->length);
    reader->pool = arena_new(arena, sizeof *reader->pool);
    arena_defer(arena, pool_release, reader->pool);
    index_characters(reader);
}

static void reader_done(struct reader *reader)
{
    yaml_parser_delete(&reader->parser);
    dict_drop(reader->anchor_names);
    free(reader->anchors);
    free(reader->stack.nodes);
    free(reader->checkpoints);
}

/** Goes on to the next document's root; NULL there at the end of the stream.  `*start`: where the document begins. */
static bool read_document(struct reader *reader, struct yaml_node **root, struct span *start)
{
    *root = NULL;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        yaml_event_type_t type = event.type;
        if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT || type == YAML_DOCUMENT_END_EVENT ||
            type == YAML_STREAM_END_EVENT) {
            if (type == YAML_DOCUMENT_START_EVENT)
                *start = mark_span(reader, &event.start_mark, &event.end_mark);
            yaml_event_delete(&event);
            if (type == YAML_STREAM_END_EVENT)
                return true;
            continue;
        }
        dict_drop(reader->anchor_names);
        reader->anchor_names = NULL;
        *root = read_node(reader, &event);
        return *root;
    }
}

static bool read_single_document(struct reader *reader, struct yaml_document *document)
{
    struct yaml_node *second;
    struct span start = {0};
    if (!read_document(reader, &document->root, &start))
        return false;
    if (!document->root || (read_document(reader, &second, &start) && !second))
        return true;
    if (reader->error->kind != ERROR_NONE)
        return false;
    error_set(reader->error, ERROR_PARSE,
              "YAML parsing failed: Expected a single document in the stream but found another document.");
    error_help(reader->error, "Only one '---' line may stand in this file, above everything else.");
    return error_at(reader->error, start);
}

struct yaml_document *yaml_parse(struct source *source, struct error *error)
{
    struct yaml_document *document = memory_new_array(1, sizeof *document);
    document->source = source_copy(source);
    arena_init(&document->arena);
    CLEANUP(reader_done) struct reader reader;
    reader_init(&reader, source, &document->arena, error);
    reader.is_trusted = true;
    reader.last_warning = &document->warnings;
    if (read_single_document(&reader, document))
        return document;
    yaml_document_free(document);
    return NULL;
}

void yaml_document_free(struct yaml_document *document)
{
    if (!document)
        return;
    arena_done(&document->arena);
    source_drop(document->source);
    free(document);
}

struct value yaml_value(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_SCALAR:
        return value_copy(node->scalar);
    case YAML_SEQUENCE: {
        struct list *list = list_new(node->count);
        for (uint32_t i = 0; i < node->count; i++)
            list_push_take(list, yaml_value(node->items[i]));
        return value_list_take(list);
    }
    case YAML_MAPPING: {
        struct dict *dict = dict_new();
        for (uint32_t i = 0; i < node->count; i++)
            dict_set_take(dict, value_copy(node->items[2 * i]->scalar), yaml_value(node->items[2 * i + 1]));
        return value_dict_take(dict);
    }
    }
    bug("a node of kind %d", (int)node->kind);
}

/** What reads values out of text says itself what failed. */
static void drop_prefix(struct error *error)
{
    static const char prefix[] = "YAML parsing failed: ";
    size_t length = strlen(prefix);
    if (error->message && strncmp(error->message, prefix, length) == 0)
        memmove(error->message, error->message + length, strlen(error->message + length) + 1);
}

bool yaml_parse_values(const char *bytes, size_t length, struct list **documents, struct error *error)
{
    struct source *source = source_new("<unicode string>", bytes, length);
    struct arena arena;
    arena_init(&arena);
    struct list *values = list_new(1);
    struct yaml_node *root = NULL;
    struct span start;
    bool is_read;
    {
        CLEANUP(reader_done) struct reader reader;
        reader_init(&reader, source, &arena, error);
        while ((is_read = read_document(&reader, &root, &start)) && root)
            list_push_take(values, yaml_value(root));
    }
    arena_done(&arena);
    source_drop(source);
    if (!is_read) {
        drop_prefix(error);
        list_drop(values);
        return false;
    }
    *documents = values;
    return true;
}

const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key)
{
    if (mapping->kind != YAML_MAPPING)
        return NULL;
    for (uint32_t i = 0; i < mapping->count; i++)
        if (value_equals_string(mapping->items[2 * i]->scalar, key))
            return mapping->items[2 * i + 1];
    return NULL;
}
