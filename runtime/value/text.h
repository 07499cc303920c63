/*
 * Texts: the immutable, reference-counted bodies of strings, and the buffer that builds them.
 *
 * A text is UTF-8; its length, index, slice and case work on code points.  Bytes that are not UTF-8 (a program's
 * output, a file name) are kept as they are; each stray byte counts as one code point and is written to JSON as
 * Python's surrogateescape would (\udc80 ... \udcff).
 * A text that came from a source keeps its span (where its first character stands).
 * Case, width and normalisation come from utf8proc, which is used in text_case.c alone.
 */
#ifndef PLAYLET_RUNTIME_VALUE_TEXT_H
#define PLAYLET_RUNTIME_VALUE_TEXT_H

#include "runtime/memory.h"
#include "runtime/source/source.h"

struct text {
    uint32_t references;
    uint32_t hash;          /* 0: not computed yet; see text_hash */
    uint32_t length;        /* bytes, without the NUL */
    uint32_t points;        /* code points; UINT32_MAX: not counted yet; see text_points */
    struct span span;       /* where it came from (owned reference), or {0} */
    char bytes[];           /* NUL-terminated */
};

struct text *text_new(const char *bytes, size_t length) NODISCARD;
struct text *text_copy(struct text *text) NODISCARD;
void text_drop(struct text *text);      /* NULL is allowed */

/** A text with the same bytes that came from `span`; the given one when nobody else holds it. */
struct text *text_with_span_take(struct text *text, struct span span) NODISCARD;

/**
 * Where the bytes `start` .. `start + length` of a text stand in its source.  A block or folded scalar is followed through
 * its indentation; where that is not possible (escapes in the source) the text's whole span is the answer, {0} without one.
 */
struct span text_span(const struct text *text, uint32_t start, uint32_t length);

/** Never 0; equal texts have equal hashes.  The seed is fixed: order never depends on it. */
uint32_t text_hash(struct text *text);
uint32_t text_hash_bytes(const char *bytes, size_t length);

bool text_equal(const struct text *left, const struct text *right);

/** By code point, as Python compares strings: -1, 0 or 1. */
int text_compare(const struct text *left, const struct text *right);

/** Number of code points. */
uint32_t text_points(struct text *text);

/** True when each code point is one byte, so that positions need no counting. */
static inline bool text_is_single_byte(struct text *text) { return text_points(text) == text->length; }

/** The byte offset of code point `index` (0 <= index <= text_points). */
uint32_t text_offset(struct text *text, uint32_t index);

/** The code points from `start` to before `end` (both within 0..text_points, start <= end). */
struct text *text_slice(struct text *text, uint32_t start, uint32_t end) NODISCARD;

/** Decodes the code point at `*cursor` (< end) and moves past it.  A stray byte B gives 0xDC00 + B. */
uint32_t text_decode(const char **cursor, const char *end);

struct text *text_lower(struct text *text) NODISCARD;
struct text *text_upper(struct text *text) NODISCARD;
struct text *text_casefold(struct text *text) NODISCARD;
struct text *text_capitalize(struct text *text) NODISCARD;  /* the first in title case, the rest in lower case */

/** The normal forms of Unicode (UAX #15): NFC, NFD, NFKC, NFKD. */
enum text_form { TEXT_COMPOSED, TEXT_DECOMPOSED, TEXT_COMPATIBLE_COMPOSED, TEXT_COMPATIBLE_DECOMPOSED };

/** The text in a normal form; one that is not UTF-8 is as it was. */
struct text *text_normalize(struct text *text, enum text_form form) NODISCARD;

/** Simple case mapping and classes of one code point, as Python's str methods see them. */
uint32_t text_point_lower(uint32_t point);
uint32_t text_point_upper(uint32_t point);
bool text_point_is_space(uint32_t point);
bool text_point_is_alpha(uint32_t point);
bool text_point_is_digit(uint32_t point);
int text_point_decimal(uint32_t point);     /* the value of a decimal digit of any script, or -1 */
bool text_point_is_numeric(uint32_t point);
bool text_point_begins_name(uint32_t point);    /* of Python's identifiers */
bool text_point_continues_name(uint32_t point);
bool text_point_is_alnum(uint32_t point);
bool text_point_is_upper(uint32_t point);
bool text_point_is_lower(uint32_t point);
bool text_point_is_printable(uint32_t point);

/** `old` replaced by `new`, from the left and at most `limit` times (negative: all); an empty `old` stands between all code points. */
struct text *text_replace(struct text *text, const struct text *old, const struct text *new, int64_t limit) NODISCARD;

/** Which ends text_strip looks at. */
enum text_side { TEXT_LEFT = 1, TEXT_RIGHT = 2, TEXT_BOTH = 3 };

/** Without the code points at its ends that are in `characters` (NULL: white space). */
struct text *text_strip(struct text *text, const struct text *characters, enum text_side sides) NODISCARD;

/** In the middle of `width` code points filled with `fill`, as Python's str.center divides an odd rest. */
struct text *text_center(struct text *text, int64_t width, uint32_t fill) NODISCARD;

/**
 * One line of str.splitlines: sets `*line_end` to where the line that begins at `*cursor` ends and moves `*cursor` behind
 * its line break.  False at the end of the text.
 */
bool text_next_line(const char **cursor, const char *end, const char **line_end);

/** Columns on a terminal (East Asian wide counts 2, combining marks 0). */
unsigned text_width(const char *bytes, size_t length);

/** How a template begins that says in its first line how it is to be read. */
#define TEXT_TEMPLATE_HEADER "#jinja2:"

/** Has it a template's opening ({{, {% or {#), or does it begin with a header? */
bool text_has_template(const char *bytes, size_t length);

/*
 * The buffer: text under construction.  `bytes` is always NUL-terminated once anything was appended.
 *
 *     CLEANUP(text_buffer_done) struct text_buffer out = {0};
 *     text_buffer_append(&out, "x", 1);
 *     return text_buffer_take(&out);
 */
struct text_buffer {
    struct text *text;      /* the body being built, or NULL while empty */
    size_t length;
    size_t capacity;
};

void text_buffer_done(struct text_buffer *buffer);
void text_buffer_append(struct text_buffer *buffer, const char *bytes, size_t length);
void text_buffer_append_string(struct text_buffer *buffer, const char *string);
void text_buffer_append_text(struct text_buffer *buffer, const struct text *text);
void text_buffer_append_char(struct text_buffer *buffer, char byte);
void text_buffer_append_repeated(struct text_buffer *buffer, char byte, size_t count);
/** As UTF-8; 0xDC80..0xDCFF gives back the stray byte. */
void text_buffer_append_point(struct text_buffer *buffer, uint32_t point);
void text_buffer_append_format(struct text_buffer *buffer, const char *format, ...) PRINTF_FORMAT(2, 3);
/** Room for `count` more bytes, to be written by the caller at the returned place and counted by text_buffer_added. */
char *text_buffer_reserve(struct text_buffer *buffer, size_t count);
void text_buffer_added(struct text_buffer *buffer, size_t count);
/** Cuts to `length` (at most what it has). */
void text_buffer_truncate(struct text_buffer *buffer, size_t length);
const char *text_buffer_bytes(const struct text_buffer *buffer);     /* "" while empty; valid until the next append */
/** The finished text; the buffer is empty again. */
struct text *text_buffer_take(struct text_buffer *buffer) NODISCARD;

#endif
