#include "parser/yaml_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "parser/yaml.h"
#include "runtime/limits.h"
#include "runtime/value/compare.h"
#include "runtime/value/datetime.h"
#include "runtime/value/dict.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"

/** A list or dict that stands in the value more than once. */
struct shared_body {
    const void *body; /* NULL: an empty slot */
    unsigned anchor;  /* its number, from 1; 0: it was met once only */
    bool is_written;
};

struct writer {
    yaml_emitter_t emitter;
    const struct yaml_style *style;
    struct text_buffer *out;
    struct error *error;
    struct shared_body *bodies; /* open addressing; a power of two of them */
    size_t body_capacity, body_count;
    unsigned last_anchor;
    unsigned depth;
};

/* ---- shared bodies ---- */

static struct shared_body *body_slot(struct writer *writer, const void *body)
{
    size_t slot = ((uintptr_t)body >> 4) * 0x9E3779B97F4A7C15u & (writer->body_capacity - 1);
    while (writer->bodies[slot].body && writer->bodies[slot].body != body)
        slot = (slot + 1) & (writer->body_capacity - 1);
    return &writer->bodies[slot];
}

static void bodies_grow(struct writer *writer)
{
    struct shared_body *old = writer->bodies;
    size_t capacity = writer->body_capacity;
    writer->body_capacity = capacity ? 2 * capacity : 64;
    writer->bodies = memory_new_array(writer->body_capacity, sizeof *old);
    for (size_t i = 0; i < capacity; i++)
        if (old[i].body)
            *body_slot(writer, old[i].body) = old[i];
    free(old);
}

/** Notes the list or dict; false when it was met before, which gives it an anchor. */
static bool body_meet(struct writer *writer, const void *body)
{
    if (2 * writer->body_count >= writer->body_capacity)
        bodies_grow(writer);
    struct shared_body *slot = body_slot(writer, body);
    if (slot->body) {
        if (!slot->anchor)
            slot->anchor = ++writer->last_anchor;
        return false;
    }
    slot->body = body;
    ++writer->body_count;
    return true;
}

/** Finds what stands in the value more than once. */
static void find_shared(struct writer *writer, struct value value)
{
    const struct dict_entry *entry;
    if (value_is_sequence(value) && body_meet(writer, value.as.list))
        for (size_t i = 0; i < value.as.list->count; i++)
            find_shared(writer, value.as.list->items[i]);
    if (value_is_dict(value) && body_meet(writer, value.as.dict))
        for (size_t i = 0; dict_next(value.as.dict, &i, &entry);) {
            find_shared(writer, entry->key);
            find_shared(writer, entry->value);
        }
}

/* ---- scalars ---- */

#define TAG(name) ("tag:yaml.org,2002:" name)

/** Text, and the tag that says what it is. */
struct scalar {
    struct value text; /* owned */
    const char *tag;
};

/** repr, with the fraction that YAML wants in front of an exponent. */
static struct value float_text(double number)
{
    if (isnan(number))
        return value_string(".nan");
    if (isinf(number))
        return value_string(number > 0 ? ".inf" : "-.inf");
    CLEANUP(text_buffer_done) struct text_buffer shown = {0};
    float_append_repr(&shown, number);
    const char *bytes = text_buffer_bytes(&shown), *exponent = strchr(bytes, 'e');
    if (!exponent || strchr(bytes, '.'))
        return value_string_take(text_buffer_take(&shown));
    return value_string_format("%.*s.0%s", (int)(exponent - bytes), bytes, exponent);
}

/** A date or a datetime in ISO 8601 with a space. */
static bool object_scalar(struct writer *writer, struct value value, struct scalar *scalar)
{
    const struct datetime *datetime = value_datetime(value);
    if (!datetime || datetime_is_time(datetime)) {
        CLEANUP(text_buffer_done) struct text_buffer shown = {0};
        value_append_repr(&shown, value);
        return error_set(writer->error, ERROR_TYPE, "cannot represent an object: %s", text_buffer_bytes(&shown));
    }
    *scalar = (struct scalar){value_str(value), TAG("timestamp")};
    return true;
}

/** A value that is no collection as text with a tag. */
static bool scalar_of(struct writer *writer, struct value value, struct scalar *scalar)
{
    switch ((enum value_kind)value.kind) {
    case VALUE_NULL:
        *scalar = (struct scalar){value_string("null"), TAG("null")};
        return true;
    case VALUE_BOOL:
        *scalar = (struct scalar){value_string(value.as.boolean ? "true" : "false"), TAG("bool")};
        return true;
    case VALUE_INT:
    case VALUE_BIGINT:
        *scalar = (struct scalar){value_str(value), TAG("int")};
        return true;
    case VALUE_FLOAT:
        *scalar = (struct scalar){float_text(value.as.floating), TAG("float")};
        return true;
    case VALUE_STRING:
        *scalar = (struct scalar){value_copy(value), TAG("str")};
        return true;
    case VALUE_OBJECT:
        return object_scalar(writer, value, scalar);
    case VALUE_UNDEFINED:
        return value_undefined_error(value, writer->error);
    case VALUE_OMIT:
    case VALUE_LIST:
    case VALUE_TUPLE:
    case VALUE_DICT:
        break;
    }
    return error_set(writer->error, ERROR_TYPE, "cannot represent an object of type '%s'", value_type_name(value));
}

/* ---- events ---- */

/** Hands an event to the emitter. */
static bool emit(struct writer *writer, yaml_event_t *event)
{
    if (yaml_emitter_emit(&writer->emitter, event))
        return true;
    return error_set(writer->error, ERROR_VALUE, "%s", writer->emitter.problem);
}

static yaml_scalar_style_t scalar_style(char style)
{
    switch (style) {
    case '\'':
        return YAML_SINGLE_QUOTED_SCALAR_STYLE;
    case '"':
        return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    case '|':
        return YAML_LITERAL_SCALAR_STYLE;
    case '>':
        return YAML_FOLDED_SCALAR_STYLE;
    default:
        return YAML_ANY_SCALAR_STYLE;
    }
}

static bool write_scalar(struct writer *writer, struct value value)
{
    struct scalar scalar;
    yaml_event_t event;
    if (!scalar_of(writer, value, &scalar))
        return false;
    OWNED text = scalar.text;
    const struct text *body = text.as.text;
    bool is_string = value_is_string(value);
    bool is_plain = !is_string || yaml_is_plain_string(body->bytes, body->length);
    if (!yaml_scalar_event_initialize(&event, NULL, (yaml_char_t *)scalar.tag, (yaml_char_t *)body->bytes,
                                      (int)body->length, is_plain, is_string,
                                      scalar_style(writer->style->scalar_style)))
        return error_set(writer->error, ERROR_VALUE, "a text that is not UTF-8 has no form in YAML");
    return emit(writer, &event);
}

static bool is_collection(struct value value)
{
    return value_is_sequence(value) || value_is_dict(value);
}

/** Does the collection stand in one line? */
static bool is_flow(const struct writer *writer, struct value value)
{
    const struct dict_entry *entry;
    bool is_plain = !writer->style->scalar_style;
    if (writer->style->flow != YAML_FLOW_AUTO)
        return writer->style->flow == YAML_FLOW_ALWAYS;
    for (size_t i = 0; value_is_sequence(value) && i < value.as.list->count; i++)
        is_plain &= !is_collection(value.as.list->items[i]);
    for (size_t i = 0; value_is_dict(value) && dict_next(value.as.dict, &i, &entry);)
        is_plain &= !is_collection(entry->key) && !is_collection(entry->value);
    return is_plain;
}

static bool write_value(struct writer *writer, struct value value);

static bool write_list(struct writer *writer, struct value value, yaml_char_t *anchor)
{
    yaml_event_t event;
    yaml_sequence_style_t style = is_flow(writer, value) ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE;
    if (!yaml_sequence_start_event_initialize(&event, anchor, (yaml_char_t *)TAG("seq"), 1, style))
        memory_exhausted();
    if (!emit(writer, &event))
        return false;
    for (size_t i = 0; i < value.as.list->count; i++)
        if (!write_value(writer, value.as.list->items[i]))
            return false;
    yaml_sequence_end_event_initialize(&event);
    return emit(writer, &event);
}

/** The entries as a list of tuples, sorted by key where that is wanted and possible. */
static struct list *entries_of(const struct writer *writer, const struct dict *dict)
{
    struct list *keys = list_new(dict->live), *entries = list_new(dict->live);
    const struct dict_entry *entry;
    OWNED_ERROR ignored = {0};
    for (size_t i = 0; dict_next(dict, &i, &entry);)
        list_push_take(keys, value_copy(entry->key));
    OWNED sorted = value_list_take(list_clone(keys));
    bool is_sorted = writer->style->sort_keys && value_sort(sorted.as.list->items, keys->count, NULL, NULL, &ignored);
    const struct list *order = is_sorted ? sorted.as.list : keys;
    for (size_t i = 0; i < order->count; i++) {
        list_push_take(entries, value_copy(order->items[i]));
        list_push_take(entries, value_copy(*dict_find(dict, order->items[i])));
    }
    list_drop(keys);
    return entries;
}

static bool write_dict(struct writer *writer, struct value value, yaml_char_t *anchor)
{
    yaml_event_t event;
    yaml_mapping_style_t style = is_flow(writer, value) ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
    if (!yaml_mapping_start_event_initialize(&event, anchor, (yaml_char_t *)TAG("map"), 1, style))
        memory_exhausted();
    if (!emit(writer, &event))
        return false;
    OWNED entries = value_list_take(entries_of(writer, value.as.dict));
    for (size_t i = 0; i < entries.as.list->count; i++)
        if (!write_value(writer, entries.as.list->items[i]))
            return false;
    yaml_mapping_end_event_initialize(&event);
    return emit(writer, &event);
}

/** A collection; where it was written before, a reference to it. */
static bool write_collection(struct writer *writer, struct value value)
{
    struct shared_body *body = body_slot(writer, value_is_dict(value) ? (void *)value.as.dict : (void *)value.as.list);
    yaml_event_t event;
    char anchor[16];
    snprintf(anchor, sizeof anchor, "id%03u", body->anchor);
    if (body->is_written) {
        if (!yaml_alias_event_initialize(&event, (yaml_char_t *)anchor))
            memory_exhausted();
        return emit(writer, &event);
    }
    body->is_written = body->anchor > 0;
    yaml_char_t *name = body->anchor ? (yaml_char_t *)anchor : NULL;
    return value_is_dict(value) ? write_dict(writer, value, name) : write_list(writer, value, name);
}

static bool write_value(struct writer *writer, struct value value)
{
    if (!is_collection(value))
        return write_scalar(writer, value);
    if (++writer->depth > LIMIT_VALUE_DEPTH)
        return error_set(writer->error, ERROR_LIMIT, "the value is nested too deeply");
    bool ok = write_collection(writer, value);
    --writer->depth;
    return ok;
}

/* ---- documents ---- */

static int append_bytes(void *context, unsigned char *bytes, size_t length)
{
    struct writer *writer = context;
    text_buffer_append(writer->out, (const char *)bytes, length);
    return 1;
}

static void writer_init(struct writer *writer)
{
    const struct yaml_style *style = writer->style;
    if (!yaml_emitter_initialize(&writer->emitter))
        memory_exhausted();
    yaml_emitter_set_output(&writer->emitter, append_bytes, writer);
    yaml_emitter_set_canonical(&writer->emitter, style->canonical);
    yaml_emitter_set_indent(&writer->emitter, style->indent);
    yaml_emitter_set_width(&writer->emitter, style->width ? style->width : 80);
    yaml_emitter_set_unicode(&writer->emitter, style->allow_unicode);
    bodies_grow(writer);
}

static bool write_document(struct writer *writer, struct value value)
{
    yaml_event_t event;
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    if (!emit(writer, &event))
        return false;
    yaml_document_start_event_initialize(&event, NULL, NULL, NULL, !writer->style->explicit_start);
    if (!emit(writer, &event) || !write_value(writer, value))
        return false;
    yaml_document_end_event_initialize(&event, !writer->style->explicit_end);
    if (!emit(writer, &event))
        return false;
    yaml_stream_end_event_initialize(&event);
    return emit(writer, &event);
}

bool yaml_append(struct text_buffer *out, struct value value, const struct yaml_style *style, struct error *error)
{
    struct writer writer = {.style = style, .out = out, .error = error};
    writer_init(&writer);
    find_shared(&writer, value);
    bool ok = write_document(&writer, value);
    yaml_emitter_delete(&writer.emitter);
    free(writer.bodies);
    return ok;
}
