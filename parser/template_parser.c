/* The parser's state: the token at hand, messages, interned names, lists under construction; see template_parser.h. */
#include <string.h>

#include "parser/template_parser.h"
#include "runtime/value/dict.h"

bool parser_init(struct parser *parser, struct template *template, const struct template_syntax *syntax,
                 enum lexer_mode mode, struct error *error)
{
    memset(parser, 0, offsetof(struct parser, inline_items)); /* the items need no clearing */
    lexer_init(&parser->lexer, template->text, syntax, error);
    parser->lexer.mode = mode;
    parser->lexer.position = template->start;
    parser->newline = syntax->newline_sequence ? syntax->newline_sequence : "\n";
    parser->raw_literals = syntax->raw_literals;
    parser->has_extensions = syntax->has_extensions;
    parser->template = template;
    parser->arena = &template->arena;
    parser->error = error;
    parser->names = parser->inline_names;
    parser->name_capacity = PARSER_INLINE_NAMES;
    parser->items = parser->inline_items;
    parser->item_capacity = PARSER_INLINE_ITEMS;
    return lexer_next(&parser->lexer, &parser->current);
}

void parser_done(struct parser *parser)
{
    if (parser->names != parser->inline_names)
        memory_cleanup(&parser->names);
    if (parser->items != parser->inline_items)
        memory_cleanup(&parser->items);
    memory_cleanup(&parser->blocks);
    dict_drop(parser->block_names);
}

bool parser_advance(struct parser *parser)
{
    parser->last_end = parser->current.extent.start + parser->current.extent.length;
    if (parser->has_peeked) {
        parser->current = parser->peeked;
        parser->has_peeked = false;
        return true;
    }
    return lexer_next(&parser->lexer, &parser->current);
}

bool parser_peek(struct parser *parser, struct token *token)
{
    if (!parser->has_peeked) {
        if (!lexer_next(&parser->lexer, &parser->peeked))
            return false;
        parser->has_peeked = true;
    }
    *token = parser->peeked;
    return true;
}

bool parser_take_operator(struct parser *parser, enum operator symbol, bool *taken)
{
    *taken = parser_at(parser, symbol);
    return !*taken || parser_advance(parser);
}

bool parser_take_word(struct parser *parser, const char *word, bool *taken)
{
    *taken = parser_at_word(parser, word);
    return !*taken || parser_advance(parser);
}

/** What a token is called in messages: its bytes when they are what matters. */
static void token_describe(const struct parser *parser, struct token token, const char **bytes, int *length)
{
    if (token.kind == TOKEN_NAME || token.kind == TOKEN_OPERATOR) {
        *bytes = parser_bytes(parser, token.extent);
        *length = (int)token.extent.length;
    } else {
        *bytes = token_kind_name(token.kind);
        *length = (int)strlen(*bytes);
    }
}

bool parser_fail_token(struct parser *parser, const char *before)
{
    const char *bytes;
    int length;
    token_describe(parser, parser->current, &bytes, &length);
    return parser_fail(parser, "%s'%.*s'", before, length, bytes);
}

static bool parser_fail_expected(struct parser *parser, const char *expected)
{
    const char *bytes;
    int length;
    if (parser->current.kind == TOKEN_END)
        return parser_fail(parser, "unexpected end of template, expected '%s'.", expected);
    token_describe(parser, parser->current, &bytes, &length);
    return parser_fail(parser, "expected token '%s', got '%.*s'", expected, length, bytes);
}

bool parser_fail_limit(struct parser *parser, const char *what, int limit)
{
    struct extent extent = parser->current.extent;
    error_set(parser->error, ERROR_LIMIT, "%s more than %d deep", what, limit);
    return error_at(parser->error, text_span(parser->template->text, extent.start, extent.length));
}

bool parser_expect_operator(struct parser *parser, enum operator symbol)
{
    if (!parser_at(parser, symbol))
        return parser_fail_expected(parser, operator_spelling(symbol));
    return parser_advance(parser);
}

bool parser_expect_word(struct parser *parser, const char *word)
{
    if (!parser_at_word(parser, word))
        return parser_fail_expected(parser, word);
    return parser_advance(parser);
}

bool parser_expect_kind(struct parser *parser, enum token_kind kind)
{
    if (parser->current.kind != kind)
        return parser_fail_expected(parser, token_kind_name(kind));
    return parser_advance(parser);
}

struct text *parser_expect_name(struct parser *parser, struct extent *extent)
{
    struct extent name = parser->current.extent;
    if (!parser_expect_kind(parser, TOKEN_NAME))
        return NULL;
    if (extent)
        *extent = name;
    return parser_intern(parser, parser_bytes(parser, name), name.length);
}

static void release_text(void *text)
{
    text_drop(text);
}

struct text *parser_keep_text_take(struct parser *parser, struct text *text)
{
    arena_defer(parser->arena, release_text, text);
    return text;
}

static void release_value(void *value)
{
    value_drop(*(struct value *)value);
}

struct value parser_keep_take(struct parser *parser, struct value value)
{
    if (value.kind == VALUE_STRING) {
        parser_keep_text_take(parser, value.as.text);
    } else if (value_has_body(value)) {
        struct value *kept = arena_new(parser->arena, sizeof *kept);
        *kept = value;
        arena_defer(parser->arena, release_value, kept);
    }
    return value;
}

static void parser_grow_names(struct parser *parser)
{
    uint32_t capacity = parser->name_capacity * 2;
    struct text **names = memory_new_array(capacity, sizeof *names);
    for (uint32_t i = 0; i < parser->name_capacity; i++) {
        if (!parser->names[i])
            continue;
        uint32_t slot = parser->names[i]->hash & (capacity - 1);
        while (names[slot])
            slot = (slot + 1) & (capacity - 1);
        names[slot] = parser->names[i];
    }
    if (parser->names != parser->inline_names)
        memory_cleanup(&parser->names);
    parser->names = names;
    parser->name_capacity = capacity;
}

struct text *parser_intern(struct parser *parser, const char *bytes, uint32_t length)
{
    uint32_t hash = text_hash_bytes(bytes, length), mask = parser->name_capacity - 1, slot = hash & mask;
    for (struct text *name; (name = parser->names[slot]); slot = (slot + 1) & mask)
        if (name->hash == hash && name->length == length && memcmp(name->bytes, bytes, length) == 0)
            return name;
    struct text *name = parser_keep_text_take(parser, text_new(bytes, length));
    name->hash = hash;
    parser->names[slot] = name;
    if (++parser->name_count * 2 > parser->name_capacity)
        parser_grow_names(parser);
    return name;
}

void parser_push(struct parser *parser, void *item)
{
    if (parser->item_count == parser->item_capacity) {
        uint32_t capacity = parser->item_capacity * 2;
        bool is_inline = parser->items == parser->inline_items;
        void **items = memory_resize(is_inline ? NULL : parser->items, capacity, sizeof *items);
        if (is_inline)
            memcpy(items, parser->inline_items, sizeof parser->inline_items);
        parser->items = items;
        parser->item_capacity = capacity;
    }
    parser->items[parser->item_count++] = item;
}

void **parser_take_items(struct parser *parser, uint32_t first, uint32_t *count)
{
    *count = parser->item_count - first;
    parser->item_count = first;
    if (!*count)
        return NULL;
    void **items = arena_new(parser->arena, *count * sizeof *items);
    memcpy(items, parser->items + first, *count * sizeof *items);
    return items;
}
