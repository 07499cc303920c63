/* What stands outside of delimiters: text, comments, raw blocks, white space control; see lexer.h. */
#include "parser/lexer.h"

#include <string.h>

static struct delimiter delimiter_of(const char *bytes, const char *fallback)
{
    const char *chosen = bytes ? bytes : fallback;
    return (struct delimiter){chosen, chosen ? strlen(chosen) : 0};
}

static bool is_newline(char byte)
{
    return byte == '\n' || byte == '\r';
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f';
}

/** Collects the distinct first bytes of the openings, which the search for one looks for. */
static void lexer_collect_first_bytes(struct lexer *lexer)
{
    size_t count = 0;
    for (size_t kind = OPENING_OUTPUT; kind < OPENING_COUNT; kind++) {
        char first = lexer->openings[kind].length ? lexer->openings[kind].bytes[0] : '\0';
        if (first && !memchr(lexer->first_bytes, first, count))
            lexer->first_bytes[count++] = first;
    }
    lexer->first_bytes[count] = '\0';
}

/** The length of a text without the one newline at its very end. */
static uint32_t length_without_newline(const struct text *text)
{
    uint32_t length = text->length;
    if (length && text->bytes[length - 1] == '\n')
        length--;
    else if (!length || text->bytes[length - 1] != '\r')
        return length;
    return length && text->bytes[length - 1] == '\r' ? length - 1 : length;
}

void lexer_init(struct lexer *lexer, const struct text *text, const struct template_syntax *syntax, struct error *error)
{
    lexer->bytes = text->bytes;
    lexer->position = 0;
    lexer->end = syntax->keep_trailing_newline ? text->length : length_without_newline(text);
    lexer->mode = LEXER_TEXT;
    lexer->openings[OPENING_NONE] = (struct delimiter){0};
    lexer->openings[OPENING_OUTPUT] = delimiter_of(syntax->variable_start, "{{");
    lexer->openings[OPENING_LINE_STATEMENT] = delimiter_of(syntax->line_statement_prefix, NULL);
    lexer->openings[OPENING_LINE_COMMENT] = delimiter_of(syntax->line_comment_prefix, NULL);
    lexer->openings[OPENING_COMMENT] = delimiter_of(syntax->comment_start, "{#");
    lexer->openings[OPENING_BLOCK] = delimiter_of(syntax->block_start, "{%");
    lexer->block_end = delimiter_of(syntax->block_end, "%}");
    lexer->output_end = delimiter_of(syntax->variable_end, "}}");
    lexer->comment_end = delimiter_of(syntax->comment_end, "#}");
    lexer->trim_blocks = syntax->trim_blocks;
    lexer->lstrip_blocks = syntax->lstrip_blocks;
    lexer->pending = OPENING_NONE;
    lexer->bracket_count = 0;
    lexer->error = error;
    lexer->text = text;
    lexer_collect_first_bytes(lexer);
}

/** Does nothing but blanks stand between the start of the line and `position`? */
static bool lexer_begins_line(const struct lexer *lexer, uint32_t position)
{
    while (position > 0 && is_blank(lexer->bytes[position - 1]))
        position--;
    return position == 0 || is_newline(lexer->bytes[position - 1]);
}

/** The longest opening that stands at `position`; of equal ones the first of its enum. */
static enum opening_kind lexer_opening_at(const struct lexer *lexer, uint32_t position)
{
    enum opening_kind best = OPENING_NONE;
    for (enum opening_kind kind = OPENING_OUTPUT; kind < OPENING_COUNT; kind++)
        if (lexer->openings[kind].length > lexer->openings[best].length &&
            lexer_sees(lexer, position, lexer->openings[kind]) &&
            (kind != OPENING_LINE_STATEMENT || lexer_begins_line(lexer, position)))
            best = kind;
    return best;
}

/** The next place from `position` where an opening's first byte stands, or the end. */
static uint32_t lexer_find_first_byte(const struct lexer *lexer, uint32_t position)
{
    const char *bytes = lexer->bytes, *first = lexer->first_bytes;
    if (!first[1]) {
        const char *found = memchr(bytes + position, first[0], lexer->end - position);
        return found ? (uint32_t)(found - bytes) : lexer->end;
    }
    while (position < lexer->end && (!bytes[position] || !strchr(first, bytes[position])))
        position++;
    return position;
}

/** Finds the next opening and where it stands; OPENING_NONE at the end. */
static enum opening_kind lexer_find_opening(const struct lexer *lexer, uint32_t *where)
{
    for (*where = lexer->position; (*where = lexer_find_first_byte(lexer, *where)) < lexer->end; ++*where) {
        enum opening_kind kind = lexer_opening_at(lexer, *where);
        if (kind != OPENING_NONE)
            return kind;
    }
    return OPENING_NONE;
}

/** The end of start..end without the white space at its end. */
static uint32_t lexer_strip_end(const struct lexer *lexer, uint32_t start, uint32_t end)
{
    uint32_t stripped = start;
    for (uint32_t position = start; position < end;) {
        uint32_t after = lexer_space_end(lexer, position);
        if (after >= end)
            break;
        const char *cursor = lexer->bytes + after;
        text_decode(&cursor, lexer->bytes + end);
        position = stripped = cursor - lexer->bytes;
    }
    return stripped;
}

/** The end of start..end without the blanks of its last line, when there is nothing else on that line. */
static uint32_t lexer_strip_line(const struct lexer *lexer, uint32_t start, uint32_t end)
{
    uint32_t line = end;
    while (line > start && !is_newline(lexer->bytes[line - 1]))
        line--;
    bool begins_line = line > 0 ? is_newline(lexer->bytes[line - 1]) : true;
    return begins_line && lexer_space_end(lexer, line) >= end ? line : end;
}

/** Where text that begins at `start` ends before an opening at `where`, by the sign after the opening (or NUL). */
static uint32_t lexer_text_end(const struct lexer *lexer, uint32_t start, uint32_t where, enum opening_kind kind,
                               char sign)
{
    if (sign == '-')
        return lexer_strip_end(lexer, start, where);
    if (kind == OPENING_LINE_STATEMENT || kind == OPENING_LINE_COMMENT) {
        while (where > start && is_blank(lexer->bytes[where - 1]))
            where--;
        return where;
    }
    if (lexer->lstrip_blocks && sign != '+' && (kind == OPENING_BLOCK || kind == OPENING_COMMENT))
        return lexer_strip_line(lexer, start, where);
    return where;
}

/** The sign that follows an opening of `length` bytes at `where`: '-', '+' or NUL. */
static char lexer_sign_after(const struct lexer *lexer, uint32_t where, uint32_t length)
{
    char sign = where + length < lexer->end ? lexer->bytes[where + length] : '\0';
    return sign == '-' || sign == '+' ? sign : '\0';
}

/** Skips a comment.
 *  production: comment */
static bool lexer_skip_comment(struct lexer *lexer, uint32_t where)
{
    uint32_t start = where + lexer->openings[OPENING_COMMENT].length;
    if (lexer_sign_after(lexer, where, start - where))
        start++;
    lexer->position = start;
    if (start >= lexer->end)
        return true; /* nothing follows: then Jinja does not miss the end */
    for (uint32_t i = start; i < lexer->end; i++) {
        if (!lexer_sees(lexer, i, lexer->comment_end))
            continue;
        char sign = i > start ? lexer->bytes[i - 1] : '\0';
        lexer->position = i + lexer->comment_end.length;
        if (sign == '-')
            lexer_skip_space(lexer);
        else if (sign != '+')
            lexer_trim_newline(lexer);
        return true;
    }
    return lexer_fail(lexer, (struct extent){where, start - where}, "Missing end of comment tag");
}

/** Skips to the end of the line.
 *  production: line_comment */
static bool lexer_skip_line_comment(struct lexer *lexer, uint32_t where)
{
    while (where < lexer->end && !is_newline(lexer->bytes[where]))
        where++;
    lexer->position = where;
    return true;
}

struct raw_tag {
    char start_sign, end_sign; /* '-', '+' or NUL */
    uint32_t after;
};

/** Is the tag at `where` {% word %} and nothing else? */
static bool lexer_match_raw_tag(const struct lexer *lexer, uint32_t where, const char *word, struct raw_tag *tag)
{
    if (!lexer_sees(lexer, where, lexer->openings[OPENING_BLOCK]))
        return false;
    uint32_t length = lexer->openings[OPENING_BLOCK].length;
    char start_sign = lexer_sign_after(lexer, where, length);
    uint32_t position = lexer_space_end(lexer, where + length + (start_sign != '\0'));
    if (!lexer_sees(lexer, position, (struct delimiter){word, strlen(word)}))
        return false;
    position = lexer_space_end(lexer, position + strlen(word));
    char end_sign = position < lexer->end ? lexer->bytes[position] : '\0';
    if ((end_sign != '-' && end_sign != '+') || !lexer_sees(lexer, position + 1, lexer->block_end))
        end_sign = '\0';
    position += end_sign != '\0';
    if (!lexer_sees(lexer, position, lexer->block_end))
        return false;
    *tag = (struct raw_tag){start_sign, end_sign, position + lexer->block_end.length};
    return true;
}

/** The text of a raw block whose start tag is `opening`; goes on after its end tag.
 *  production: raw */
static bool lexer_next_raw(struct lexer *lexer, uint32_t where, struct raw_tag opening, struct token *token)
{
    lexer->position = opening.after;
    if (opening.end_sign == '-')
        lexer_skip_space(lexer);
    uint32_t start = lexer->position;
    struct raw_tag closing;
    if (start >= lexer->end)
        return true; /* nothing follows: then Jinja does not miss the end */
    for (uint32_t i = start; i < lexer->end; i++) {
        if (!lexer_match_raw_tag(lexer, i, "endraw", &closing))
            continue;
        uint32_t end = lexer_text_end(lexer, start, i, OPENING_BLOCK, closing.start_sign);
        *token = (struct token){.kind = TOKEN_TEXT, .extent = {start, end - start}};
        lexer->position = closing.after;
        if (closing.end_sign == '-')
            lexer_skip_space(lexer);
        else if (closing.end_sign != '+')
            lexer_trim_newline(lexer);
        return true;
    }
    return lexer_fail(lexer, (struct extent){where, opening.after - where}, "Missing end of raw directive");
}

/** Enters {{ }}, {% %} or a line statement. */
static bool lexer_enter(struct lexer *lexer, enum opening_kind kind, struct token *token)
{
    uint32_t start = lexer->position, length = lexer->openings[kind].length;
    lexer->position = start + length + (lexer_sign_after(lexer, start, length) != '\0');
    lexer->mode = kind == OPENING_OUTPUT ? LEXER_OUTPUT : kind == OPENING_BLOCK ? LEXER_BLOCK : LEXER_LINE_STATEMENT;
    *token = (struct token){.kind = kind == OPENING_OUTPUT ? TOKEN_OUTPUT_START : TOKEN_BLOCK_START,
                            .extent = {start, lexer->position - start}};
    return true;
}

/** Acts on the opening at `position`: a token, or nothing (comments, an empty raw block: the kind stays END). */
static bool lexer_open(struct lexer *lexer, enum opening_kind kind, struct token *token)
{
    struct raw_tag raw;
    switch (kind) {
    case OPENING_COMMENT:
        return lexer_skip_comment(lexer, lexer->position);
    case OPENING_LINE_COMMENT:
        return lexer_skip_line_comment(lexer, lexer->position);
    case OPENING_BLOCK:
        if (lexer_match_raw_tag(lexer, lexer->position, "raw", &raw) && raw.end_sign != '+')
            return lexer_next_raw(lexer, lexer->position, raw, token);
        return lexer_enter(lexer, kind, token);
    case OPENING_OUTPUT:
    case OPENING_LINE_STATEMENT:
        return lexer_enter(lexer, kind, token);
    case OPENING_NONE:
    case OPENING_COUNT:
        break;
    }
    bug("opening %d", kind);
}

/** Reads text up to the next opening, which it leaves pending.
 *  production: text */
static void lexer_next_text(struct lexer *lexer, struct token *token)
{
    uint32_t start = lexer->position, where;
    enum opening_kind kind = lexer_find_opening(lexer, &where);
    char sign = kind == OPENING_NONE ? '\0' : lexer_sign_after(lexer, where, lexer->openings[kind].length);
    uint32_t end = lexer_text_end(lexer, start, where, kind, sign);
    *token = (struct token){.kind = TOKEN_TEXT, .extent = {start, end - start}};
    lexer->position = where;
    lexer->pending = kind;
}

bool lexer_next_outside(struct lexer *lexer, struct token *token)
{
    for (;;) {
        enum opening_kind kind = lexer->pending;
        if (kind != OPENING_NONE) {
            lexer->pending = OPENING_NONE;
            *token = (struct token){0};
            if (!lexer_open(lexer, kind, token))
                return false;
            if (token->kind != TOKEN_END && (token->kind != TOKEN_TEXT || token->extent.length))
                return true;
        } else if (lexer->position >= lexer->end) {
            *token = (struct token){.kind = TOKEN_END, .extent = {lexer->end, 0}};
            return true;
        } else {
            lexer_next_text(lexer, token);
            if (token->extent.length)
                return true;
        }
    }
}
