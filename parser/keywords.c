#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parser/playbook_parser.h"
#include "runtime/value/compare.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"

static const struct keyword_row rows[] = {
    [KEYWORD_NONE] = {"", 0, TYPE_ANY, NOT_TEMPLATED, ""},
#define KEYWORD(token, spelling, levels, type, templated, documentation)                                               \
    [KEYWORD_##token] = {spelling, levels, type, templated, documentation},
#include "grammar/keywords.def"
#undef KEYWORD
};

/** Bytes of each spelling: looked at first, since every key of a playbook is looked for. */
static const unsigned char lengths[KEYWORD_COUNT] = {
#define KEYWORD(token, spelling, levels, type, templated, documentation) [KEYWORD_##token] = sizeof(spelling) - 1,
#include "grammar/keywords.def"
#undef KEYWORD
};

const struct keyword_row *keyword_row(enum keyword keyword)
{
    return &rows[keyword];
}

enum keyword keyword_find(const char *spelling, size_t length)
{
    for (size_t i = 1; i < COUNT_OF(rows); i++)
        if (lengths[i] == length && memcmp(rows[i].spelling, spelling, length) == 0)
            return (enum keyword)i;
    return KEYWORD_NONE;
}

enum keyword node_keyword(const struct yaml_node *key)
{
    if (!node_is_string(key))
        return KEYWORD_NONE;
    return keyword_find(key->scalar.as.text->bytes, key->scalar.as.text->length);
}

/* ---- attributes ---- */

const struct attribute *attributes_find(const struct attributes *attributes, enum keyword keyword)
{
    if (!(attributes->present[keyword / 64] >> keyword % 64 & 1))
        return NULL;
    for (uint32_t i = 0; i < attributes->count; i++)
        if (attributes->items[i].keyword == keyword)
            return &attributes->items[i];
    bug("attribute %s is marked and not there", rows[keyword].spelling);
}

static void attributes_release(void *object)
{
    struct attributes *attributes = object;
    for (uint32_t i = 0; i < attributes->count; i++)
        value_drop(attributes->items[i].value);
}

void attributes_init(struct playbook_parser *parser, struct attributes *attributes, const struct yaml_node *mapping)
{
    attributes->items = arena_new(parser->arena, (mapping->count + 1) * sizeof *attributes->items);
    arena_defer(parser->arena, attributes_release, attributes);
}

void attributes_add(struct attributes *attributes, enum keyword keyword, const struct yaml_node *key,
                    const struct yaml_node *value)
{
    attributes->items[attributes->count++] = (struct attribute){
        .keyword = keyword,
        .value = yaml_value(value),
        .key_span = key->span,
        .value_span = value->span,
    };
    attributes->present[keyword / 64] |= UINT64_C(1) << keyword % 64;
}

/* ---- what a keyword takes ---- */

const char *node_type_name(const struct yaml_node *node)
{
    switch (node->kind) {
    case YAML_SCALAR:
        return value_type_name(node->scalar);
    case YAML_SEQUENCE:
        return "list";
    case YAML_MAPPING:
        return "dict";
    }
    bug("a node of kind %d", (int)node->kind);
}

char *node_repr(const struct yaml_node *node)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    OWNED value = yaml_value(node);
    value_append_repr(&out, value);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

static bool is_identifier(struct value value)
{
    if (!value_is_string(value))
        return false;
    const struct text *text = value.as.text;
    for (uint32_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return text->length > 0;
}

bool variable_name_check(struct playbook_parser *parser, const struct yaml_node *name)
{
    if (name->kind == YAML_SCALAR && is_identifier(name->scalar))
        return true;
    CLEANUP(memory_cleanup) char *repr = node_repr(name);
    if (node_is_string(name))
        parser_refuse(parser, name->span, "Invalid variable name %s.", repr);
    else
        parser_refuse(parser, name->span, "Invalid variable name '%s' of type '%s'.", repr, node_type_name(name));
    return error_help(parser->error,
                      "Variable names must be strings starting with a letter or underscore character, and "
                      "contain only letters, numbers and underscores.");
}

static bool check_variables(struct playbook_parser *parser, const struct yaml_node *value, const char *owner)
{
    if (node_is_null(value))
        return true;
    if (value->kind != YAML_MAPPING)
        return parser_fail(parser, value->span, "Vars in a %s must be specified as a dictionary.", owner);
    for (uint32_t i = 0; i < value->count; i++)
        if (!variable_name_check(parser, value->items[2 * i]))
            return false;
    return true;
}

static bool check_register(struct playbook_parser *parser, const struct yaml_node *value)
{
    if (variable_name_check(parser, value))
        return true;
    parser->error->kind = ERROR_PARSE;
    error_wrap(parser->error, "Invalid 'register' specified");
    return error_at(parser->error, value->span);
}

/** One text, or a list of texts and numbers. */
static bool check_tags(struct playbook_parser *parser, const struct yaml_node *value)
{
    if (value->kind == YAML_SEQUENCE || node_is_string(value) || node_is_null(value))
        return true;
    return parser_refuse(parser, value->span, "tags must be specified as a list");
}

static bool check_module_defaults(struct playbook_parser *parser, const struct yaml_node *value)
{
    const struct yaml_node *wrong = value->kind == YAML_SCALAR && !node_is_null(value) ? value : NULL;
    if (value->kind == YAML_SEQUENCE)
        for (uint32_t i = 0; i < value->count && !wrong; i++)
            if (value->items[i]->kind != YAML_MAPPING)
                wrong = value->items[i];
    if (!wrong)
        return true;
    return parser_fail(
        parser, wrong->span,
        "The field 'module_defaults' is supposed to be a dictionary or list of dictionaries, the keys of "
        "which must be static action, module, or group names. Only the values may contain templates. For "
        "example: {'ping': \"{{ ping_defaults }}\"}");
}

static bool check_loop_control(struct playbook_parser *parser, const struct yaml_node *value)
{
    if (value->kind != YAML_MAPPING)
        return parser_fail(parser, value->span,
                           "the `loop_control` value must be specified as a dictionary and cannot be a variable itself "
                           "(though it can contain variables)");
    for (uint32_t i = 0; i < value->count; i++) {
        const struct yaml_node *key = value->items[2 * i];
        if (keyword_row(node_keyword(key))->levels & LEVEL_LOOP_CONTROL)
            continue;
        CLEANUP(memory_cleanup) char *repr = node_repr(key);
        parser_fail(parser, key->span, "%s is not a valid attribute for a LoopControl", repr);
        parser_suggest(parser, key, LEVEL_LOOP_CONTROL, false);
        return false;
    }
    return true;
}

/** The items must be texts (or templates, or one text). */
static bool check_strings(struct playbook_parser *parser, const struct yaml_node *value, const char *spelling)
{
    uint32_t count = value->kind == YAML_SEQUENCE ? value->count : 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct yaml_node *item = value->kind == YAML_SEQUENCE ? value->items[i] : value;
        if (!node_is_string(item) && !node_is_null(value))
            return parser_fail(parser, item->span, "Keyword '%s' items must be of type 'str', not '%s'.", spelling,
                               node_type_name(item));
    }
    return true;
}

/** Has a play keyword of this type that value, which holds no template, as Python would convert it? */
static bool is_convertible(enum keyword_type type, struct value value)
{
    static const char *const truths[] = {"y", "yes", "on",  "1", "true",  "t", "1.0",
                                         "n", "no",  "off", "0", "false", "f", "0.0"};
    if (value_is_number(value))
        return type != TYPE_BOOL || value.kind == VALUE_BOOL || value_equal(value, value_bool(value_truth(value)));
    if (!value_is_string(value))
        return value_is_null(value);
    const char *bytes = value_bytes(value);
    if (type == TYPE_BOOL) {
        for (size_t i = 0; i < COUNT_OF(truths); i++)
            if (strcasecmp(bytes, truths[i]) == 0)
                return true;
        return false;
    }
    char *end;
    strtod(bytes, &end);
    if (type == TYPE_PERCENT && *end == '%')
        end++;
    return end > bytes && *end == '\0';
}

static bool check_convertible(struct playbook_parser *parser, const struct keyword_row *row,
                              const struct yaml_node *value)
{
    static const char *const names[] = {[TYPE_BOOL] = "bool", [TYPE_INT] = "int", [TYPE_PERCENT] = "percent"};
    if (value->kind == YAML_SCALAR && (value->scalar.flags & VALUE_LAZY || is_convertible(row->type, value->scalar)))
        return true;
    CLEANUP(memory_cleanup) char *repr = node_repr(value);
    const char *quote = node_is_string(value) ? "" : "'";
    return parser_fail(parser, value->span,
                       "Error processing keyword '%s': The value %s%s%s could not be converted to '%s'.", row->spelling,
                       quote, repr, quote, names[row->type]);
}

static bool check_string(struct playbook_parser *parser, const struct keyword_row *row, const struct yaml_node *value)
{
    if (value->kind == YAML_SCALAR)
        return true;
    return parser_fail(parser, value->span,
                       "The field '%s' is supposed to be a string type, however the incoming data structure is a "
                       "<class '%s'>",
                       row->spelling, node_type_name(value));
}

/** Keywords that plays alone have are converted when they are read; the others when they are used. */
static bool check_by_type(struct playbook_parser *parser, enum keyword keyword, const struct yaml_node *value)
{
    const struct keyword_row *row = keyword_row(keyword);
    bool is_play_only = row->levels == LEVEL_PLAY;
    switch (row->type) {
    case TYPE_STRING:
        return check_string(parser, row, value);
    case TYPE_BOOL:
    case TYPE_INT:
    case TYPE_PERCENT:
        return !is_play_only || check_convertible(parser, row, value);
    case TYPE_ANY:
    case TYPE_FLOAT:
    case TYPE_LIST:
    case TYPE_STRINGS:
    case TYPE_DICT:
    case TYPE_CONDITION:
    case TYPE_TASKS:
        return true;
    }
    bug("a keyword of type %d", (int)row->type);
}

/** Is the value one that the keyword may have, as far as the text alone tells? */
static bool check_value(struct playbook_parser *parser, enum keyword keyword, const struct yaml_node *value,
                        const char *owner)
{
    if (keyword == KEYWORD_VARS)
        return check_variables(parser, value, owner);
    if (keyword == KEYWORD_TAGS)
        return check_tags(parser, value);
    if (keyword == KEYWORD_REGISTER)
        return check_register(parser, value);
    if (keyword == KEYWORD_LOOP_CONTROL)
        return check_loop_control(parser, value);
    if (keyword == KEYWORD_MODULE_DEFAULTS)
        return check_module_defaults(parser, value);
    if (keyword == KEYWORD_LISTEN || keyword == KEYWORD_COLLECTIONS || keyword == KEYWORD_GATHER_SUBSET)
        return check_strings(parser, value, keyword_row(keyword)->spelling);
    return check_by_type(parser, keyword, value);
}

bool attributes_read(struct playbook_parser *parser, struct attributes *attributes, enum keyword keyword,
                     const struct yaml_node *key, const struct yaml_node *value, const char *owner)
{
    if (!check_value(parser, keyword, value, owner))
        return false;
    attributes_add(attributes, keyword, key, value);
    return true;
}
