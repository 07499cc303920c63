/*
 * Case, classes, width and normal forms of code points: the only file that includes utf8proc.h.
 * Full case mappings follow Unicode's SpecialCasing.txt and CaseFolding.txt, as Python's str methods do.
 */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "runtime/value/text.h"

/** Code points `first` to `last`, both included. */
struct point_range {
    uint32_t first, last;
};

/** A code point whose upper case is several (unused places are 0). */
struct upper_expansion {
    uint32_t point;
    uint32_t upper[3];
};

// clang-format off
/** Sorted by point. */
static const struct upper_expansion upper_expansions[] = {
    {0x00DF, {0x0053, 0x0053}}, {0x0149, {0x02BC, 0x004E}}, {0x01F0, {0x004A, 0x030C}},
    {0x0390, {0x0399, 0x0308, 0x0301}}, {0x03B0, {0x03A5, 0x0308, 0x0301}}, {0x0587, {0x0535, 0x0552}},
    {0x1E96, {0x0048, 0x0331}}, {0x1E97, {0x0054, 0x0308}}, {0x1E98, {0x0057, 0x030A}}, {0x1E99, {0x0059, 0x030A}},
    {0x1E9A, {0x0041, 0x02BE}}, {0x1F50, {0x03A5, 0x0313}}, {0x1F52, {0x03A5, 0x0313, 0x0300}},
    {0x1F54, {0x03A5, 0x0313, 0x0301}}, {0x1F56, {0x03A5, 0x0313, 0x0342}}, {0x1F80, {0x1F08, 0x0399}},
    {0x1F81, {0x1F09, 0x0399}}, {0x1F82, {0x1F0A, 0x0399}}, {0x1F83, {0x1F0B, 0x0399}}, {0x1F84, {0x1F0C, 0x0399}},
    {0x1F85, {0x1F0D, 0x0399}}, {0x1F86, {0x1F0E, 0x0399}}, {0x1F87, {0x1F0F, 0x0399}}, {0x1F88, {0x1F08, 0x0399}},
    {0x1F89, {0x1F09, 0x0399}}, {0x1F8A, {0x1F0A, 0x0399}}, {0x1F8B, {0x1F0B, 0x0399}}, {0x1F8C, {0x1F0C, 0x0399}},
    {0x1F8D, {0x1F0D, 0x0399}}, {0x1F8E, {0x1F0E, 0x0399}}, {0x1F8F, {0x1F0F, 0x0399}}, {0x1F90, {0x1F28, 0x0399}},
    {0x1F91, {0x1F29, 0x0399}}, {0x1F92, {0x1F2A, 0x0399}}, {0x1F93, {0x1F2B, 0x0399}}, {0x1F94, {0x1F2C, 0x0399}},
    {0x1F95, {0x1F2D, 0x0399}}, {0x1F96, {0x1F2E, 0x0399}}, {0x1F97, {0x1F2F, 0x0399}}, {0x1F98, {0x1F28, 0x0399}},
    {0x1F99, {0x1F29, 0x0399}}, {0x1F9A, {0x1F2A, 0x0399}}, {0x1F9B, {0x1F2B, 0x0399}}, {0x1F9C, {0x1F2C, 0x0399}},
    {0x1F9D, {0x1F2D, 0x0399}}, {0x1F9E, {0x1F2E, 0x0399}}, {0x1F9F, {0x1F2F, 0x0399}}, {0x1FA0, {0x1F68, 0x0399}},
    {0x1FA1, {0x1F69, 0x0399}}, {0x1FA2, {0x1F6A, 0x0399}}, {0x1FA3, {0x1F6B, 0x0399}}, {0x1FA4, {0x1F6C, 0x0399}},
    {0x1FA5, {0x1F6D, 0x0399}}, {0x1FA6, {0x1F6E, 0x0399}}, {0x1FA7, {0x1F6F, 0x0399}}, {0x1FA8, {0x1F68, 0x0399}},
    {0x1FA9, {0x1F69, 0x0399}}, {0x1FAA, {0x1F6A, 0x0399}}, {0x1FAB, {0x1F6B, 0x0399}}, {0x1FAC, {0x1F6C, 0x0399}},
    {0x1FAD, {0x1F6D, 0x0399}}, {0x1FAE, {0x1F6E, 0x0399}}, {0x1FAF, {0x1F6F, 0x0399}}, {0x1FB2, {0x1FBA, 0x0399}},
    {0x1FB3, {0x0391, 0x0399}}, {0x1FB4, {0x0386, 0x0399}}, {0x1FB6, {0x0391, 0x0342}},
    {0x1FB7, {0x0391, 0x0342, 0x0399}}, {0x1FBC, {0x0391, 0x0399}}, {0x1FC2, {0x1FCA, 0x0399}},
    {0x1FC3, {0x0397, 0x0399}}, {0x1FC4, {0x0389, 0x0399}}, {0x1FC6, {0x0397, 0x0342}},
    {0x1FC7, {0x0397, 0x0342, 0x0399}}, {0x1FCC, {0x0397, 0x0399}}, {0x1FD2, {0x0399, 0x0308, 0x0300}},
    {0x1FD3, {0x0399, 0x0308, 0x0301}}, {0x1FD6, {0x0399, 0x0342}}, {0x1FD7, {0x0399, 0x0308, 0x0342}},
    {0x1FE2, {0x03A5, 0x0308, 0x0300}}, {0x1FE3, {0x03A5, 0x0308, 0x0301}}, {0x1FE4, {0x03A1, 0x0313}},
    {0x1FE6, {0x03A5, 0x0342}}, {0x1FE7, {0x03A5, 0x0308, 0x0342}}, {0x1FF2, {0x1FFA, 0x0399}},
    {0x1FF3, {0x03A9, 0x0399}}, {0x1FF4, {0x038F, 0x0399}}, {0x1FF6, {0x03A9, 0x0342}},
    {0x1FF7, {0x03A9, 0x0342, 0x0399}}, {0x1FFC, {0x03A9, 0x0399}}, {0xFB00, {0x0046, 0x0046}},
    {0xFB01, {0x0046, 0x0049}}, {0xFB02, {0x0046, 0x004C}}, {0xFB03, {0x0046, 0x0046, 0x0049}},
    {0xFB04, {0x0046, 0x0046, 0x004C}}, {0xFB05, {0x0053, 0x0054}}, {0xFB06, {0x0053, 0x0054}},
    {0xFB13, {0x0544, 0x0546}}, {0xFB14, {0x0544, 0x0535}}, {0xFB15, {0x0544, 0x053B}}, {0xFB16, {0x054E, 0x0546}},
    {0xFB17, {0x0544, 0x053D}},
};

/** Digits that are no decimal digits: superscripts, circled ones and the like (Numeric_Type=Digit). */
static const struct point_range special_digits[] = {
    {0xB2, 0xB3}, {0xB9, 0xB9}, {0x1369, 0x1371}, {0x19DA, 0x19DA}, {0x2070, 0x2070}, {0x2074, 0x2079},
    {0x2080, 0x2089}, {0x2460, 0x2468}, {0x2474, 0x247C}, {0x2488, 0x2490}, {0x24EA, 0x24EA}, {0x24F5, 0x24FD},
    {0x24FF, 0x24FF}, {0x2776, 0x277E}, {0x2780, 0x2788}, {0x278A, 0x2792}, {0x10A40, 0x10A43}, {0x10E60, 0x10E68},
    {0x11052, 0x1105A}, {0x1F100, 0x1F10A},
};

/** Upper and lower case by property and not by category (Other_Uppercase, Other_Lowercase). */
static const struct point_range other_upper[] = {
    {0x2160, 0x216F}, {0x24B6, 0x24CF}, {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189},
};
static const struct point_range other_lower[] = {
    {0xAA, 0xAA}, {0xBA, 0xBA}, {0x2B0, 0x2B8}, {0x2C0, 0x2C1}, {0x2E0, 0x2E4}, {0x345, 0x345}, {0x37A, 0x37A},
    {0x1D2C, 0x1D6A}, {0x1D78, 0x1D78}, {0x1D9B, 0x1DBF}, {0x2071, 0x2071}, {0x207F, 0x207F}, {0x2090, 0x209C},
    {0x2170, 0x217F}, {0x24D0, 0x24E9}, {0x2C7C, 0x2C7D}, {0xA69C, 0xA69D}, {0xA770, 0xA770}, {0xA7F8, 0xA7F9},
    {0xAB5C, 0xAB5F}, {0x10780, 0x10780}, {0x10783, 0x10785}, {0x10787, 0x107B0}, {0x107B2, 0x107BA},
};
// clang-format on

enum {
    POINT_SIGMA = 0x3A3,
    POINT_FINAL_SIGMA = 0x3C2,
    POINT_DOTTED_I = 0x130,
    POINT_DOT_ABOVE = 0x307,
    POINT_SHARP_S = 0xDF
};

static bool is_in_ranges(uint32_t point, const struct point_range *ranges, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && point >= ranges[low].first;
}

/* ---- classes ---- */

static utf8proc_category_t point_category(uint32_t point)
{
    return utf8proc_category((utf8proc_int32_t)point);
}

static inline bool is_ascii_lower(uint32_t point)
{
    return point >= 'a' && point <= 'z';
}
static inline bool is_ascii_upper(uint32_t point)
{
    return point >= 'A' && point <= 'Z';
}

uint32_t text_point_lower(uint32_t point)
{
    if (point < 0x80)
        return is_ascii_upper(point) ? point + 32 : point;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
}

uint32_t text_point_upper(uint32_t point)
{
    if (point < 0x80)
        return is_ascii_lower(point) ? point - 32 : point;
    /* utf8proc knows the capital sharp s, which Unicode's default mappings do not use. */
    return point == POINT_SHARP_S ? point : (uint32_t)utf8proc_toupper((utf8proc_int32_t)point);
}

bool text_point_is_space(uint32_t point)
{
    if (point < 0x80)
        return point == ' ' || (point >= '\t' && point <= '\r') || (point >= 0x1C && point <= 0x1F);
    return point == 0x85 || point == 0x2028 || point == 0x2029 || point_category(point) == UTF8PROC_CATEGORY_ZS;
}

bool text_point_is_alpha(uint32_t point)
{
    if (point < 0x80)
        return is_ascii_lower(point) || is_ascii_upper(point);
    utf8proc_category_t category = point_category(point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool text_point_is_digit(uint32_t point)
{
    if (point < 0x80)
        return point >= '0' && point <= '9';
    return point_category(point) == UTF8PROC_CATEGORY_ND ||
           is_in_ranges(point, special_digits, COUNT_OF(special_digits));
}

int text_point_decimal(uint32_t point)
{
    if (point < 0x80)
        return point >= '0' && point <= '9' ? (int)point - '0' : -1;
    if (point_category(point) != UTF8PROC_CATEGORY_ND)
        return -1;
    /* Decimal digits stand in runs of ten from zero to nine; several runs may follow each other. */
    uint32_t first = point;
    while (point_category(first - 1) == UTF8PROC_CATEGORY_ND)
        first--;
    return (int)((point - first) % 10);
}

bool text_point_is_numeric(uint32_t point)
{
    if (point < 0x80)
        return text_point_is_digit(point);
    utf8proc_category_t category = point_category(point);
    return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

bool text_point_begins_name(uint32_t point)
{
    return point == '_' || text_point_is_alpha(point) || point_category(point) == UTF8PROC_CATEGORY_NL;
}

bool text_point_continues_name(uint32_t point)
{
    if (text_point_begins_name(point))
        return true;
    utf8proc_category_t category = point_category(point);
    return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
           category == UTF8PROC_CATEGORY_PC;
}

bool text_point_is_alnum(uint32_t point)
{
    if (point < 0x80)
        return text_point_is_alpha(point) || (point >= '0' && point <= '9');
    utf8proc_category_t category = point_category(point);
    return text_point_is_alpha(point) || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool text_point_is_upper(uint32_t point)
{
    if (point < 0x80)
        return is_ascii_upper(point);
    return point_category(point) == UTF8PROC_CATEGORY_LU || is_in_ranges(point, other_upper, COUNT_OF(other_upper));
}

bool text_point_is_lower(uint32_t point)
{
    if (point < 0x80)
        return is_ascii_lower(point);
    return point_category(point) == UTF8PROC_CATEGORY_LL || is_in_ranges(point, other_lower, COUNT_OF(other_lower));
}

bool text_point_is_printable(uint32_t point)
{
    if (point < 0x80)
        return point >= ' ' && point < 0x7F;
    utf8proc_category_t category = point_category(point);
    return category != UTF8PROC_CATEGORY_CN && category < UTF8PROC_CATEGORY_ZS;
}

/* ---- texts ---- */

/** The same text with each letter's case bit set or cleared, when all of it is ASCII; else NULL. */
static struct text *ascii_mapped(struct text *text, uint32_t (*map)(uint32_t point))
{
    if (!text_is_single_byte(text))
        return NULL;
    uint32_t changed = 0;
    for (uint32_t i = 0; i < text->length; i++) {
        unsigned char byte = (unsigned char)text->bytes[i];
        if (byte >= 0x80)
            return NULL;
        changed |= map(byte) ^ byte;
    }
    if (!changed)
        return text_copy(text);
    struct text *mapped = text_new(text->bytes, text->length);
    mapped->points = text->length;
    for (uint32_t i = 0; i < text->length; i++)
        mapped->bytes[i] = (char)map((unsigned char)text->bytes[i]);
    return mapped;
}

static bool is_cased(uint32_t point)
{
    return text_point_is_upper(point) || text_point_is_lower(point);
}

/** Unicode's Final_Sigma: after a letter and before none, marks and apostrophes in between not counting. */
static bool is_final_sigma(bool after_cased, const char *cursor, const char *end)
{
    while (after_cased && cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        utf8proc_category_t category = point_category(point);
        if (category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_CF && point != '\'' && point != '.')
            return !is_cased(point);
    }
    return after_cased;
}

struct text *text_lower(struct text *text)
{
    struct text *ascii = ascii_mapped(text, text_point_lower);
    if (ascii)
        return ascii;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    bool after_cased = false;
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        if (point == POINT_SIGMA && is_final_sigma(after_cased, cursor, end)) {
            text_buffer_append_point(&out, POINT_FINAL_SIGMA);
        } else if (point == POINT_DOTTED_I) {
            text_buffer_append_point(&out, 'i');
            text_buffer_append_point(&out, POINT_DOT_ABOVE);
        } else {
            text_buffer_append_point(&out, text_point_lower(point));
        }
        after_cased = is_cased(point) || (after_cased && point_category(point) == UTF8PROC_CATEGORY_MN);
    }
    return text_buffer_take(&out);
}

static const struct upper_expansion *find_expansion(uint32_t point)
{
    for (size_t i = 0; i < COUNT_OF(upper_expansions) && upper_expansions[i].point <= point; i++)
        if (upper_expansions[i].point == point)
            return &upper_expansions[i];
    return NULL;
}

struct text *text_upper(struct text *text)
{
    struct text *ascii = ascii_mapped(text, text_point_upper);
    if (ascii)
        return ascii;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        const struct upper_expansion *expansion = find_expansion(point);
        if (!expansion)
            text_buffer_append_point(&out, text_point_upper(point));
        for (size_t i = 0; expansion && i < COUNT_OF(expansion->upper) && expansion->upper[i]; i++)
            text_buffer_append_point(&out, expansion->upper[i]);
    }
    return text_buffer_take(&out);
}

/** The title case of a first letter: the digraphs have one of their own, an expansion keeps only its first part's case. */
static void append_title(struct text_buffer *out, uint32_t point)
{
    const struct upper_expansion *expansion = find_expansion(point);
    uint32_t title = (uint32_t)utf8proc_totitle((utf8proc_int32_t)point);
    if (!expansion || (title != point && point != POINT_SHARP_S)) {
        text_buffer_append_point(out, title);
        return;
    }
    text_buffer_append_point(out, expansion->upper[0]);
    bool is_letter = is_cased(expansion->upper[0]);
    for (size_t i = 1; i < COUNT_OF(expansion->upper) && expansion->upper[i]; i++)
        text_buffer_append_point(out, is_letter ? text_point_lower(expansion->upper[i]) : expansion->upper[i]);
}

struct text *text_capitalize(struct text *text)
{
    if (text->length == 0)
        return text_copy(text);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    append_title(&out, text_decode(&cursor, end));
    /* The whole is lowered, for a sigma at its end sees what is before it; only a capital I with a dot gives two points. */
    uint32_t first_points = text->bytes[0] == '\xC4' && text->bytes[1] == '\xB0' ? 2 : 1;
    struct text *lowered = text_lower(text);
    uint32_t rest = text_offset(lowered, first_points);
    text_buffer_append(&out, lowered->bytes + rest, lowered->length - rest);
    text_drop(lowered);
    return text_buffer_take(&out);
}

struct text *text_casefold(struct text *text)
{
    struct text *ascii = ascii_mapped(text, text_point_lower);
    if (ascii)
        return ascii;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *cursor = text->bytes, *end = text->bytes + text->length;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        utf8proc_int32_t folded[4];
        int boundary = 0;
        utf8proc_ssize_t count =
            utf8proc_decompose_char((utf8proc_int32_t)point, folded, COUNT_OF(folded), UTF8PROC_CASEFOLD, &boundary);
        if (count < 0 || count > (utf8proc_ssize_t)COUNT_OF(folded))
            text_buffer_append_point(&out, point);
        else
            for (utf8proc_ssize_t i = 0; i < count; i++)
                text_buffer_append_point(&out, (uint32_t)folded[i]);
    }
    return text_buffer_take(&out);
}

unsigned text_width(const char *bytes, size_t length)
{
    unsigned width = 0;
    const char *cursor = bytes, *end = bytes + length;
    while (cursor < end) {
        uint32_t point = text_decode(&cursor, end);
        width += point < 0x80 ? 1 : (unsigned)utf8proc_charwidth((utf8proc_int32_t)point);
    }
    return width;
}

struct text *text_normalize(struct text *text, enum text_form form)
{
    static const unsigned form_options[] = {
        [TEXT_COMPOSED] = UTF8PROC_COMPOSE,
        [TEXT_DECOMPOSED] = UTF8PROC_DECOMPOSE,
        [TEXT_COMPATIBLE_COMPOSED] = UTF8PROC_COMPOSE | UTF8PROC_COMPAT,
        [TEXT_COMPATIBLE_DECOMPOSED] = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
    };
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text->bytes, (utf8proc_ssize_t)text->length, &mapped,
                                           (utf8proc_option_t)(form_options[form] | UTF8PROC_STABLE));
    if (length == UTF8PROC_ERROR_NOMEM)
        memory_exhausted();
    if (length < 0)
        return text_copy(text);
    struct text *normal = text_new((const char *)mapped, (size_t)length);
    free(mapped); /* utf8proc_map took it from malloc */
    return normal;
}
