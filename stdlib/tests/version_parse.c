/*
 * Parsing of version numbers into keys (version.h).
 */
#include <ctype.h>
#include <string.h>

#include "runtime/value/arithmetic.h"
#include "runtime/value/list.h"
#include "runtime/value/repr.h"
#include "stdlib/tests/version.h"

static bool refuse(const struct text *text, const char *what, struct error *error)
{
    OWNED shown = value_null(), version = value_string_length(text->bytes, text->length);
    shown = value_repr(version);
    return error_set(error, ERROR_VALUE, "%s %s", what, value_bytes(shown));
}

/** The number that `length` digits write. */
static struct value number_of(const char *digits, size_t length)
{
    struct value number;
    return value_parse_int(digits, length, 10, &number) ? number : value_int(0);
}

static size_t digits_at(const char *cursor)
{
    return strspn(cursor, "0123456789");
}

static void push_int(struct value *list, int64_t integer)
{
    list_push_take(list->as.list, value_int(integer));
}

/* ---- loose ---- */

static bool is_loose_digit(uint32_t point)
{
    return text_point_is_digit(point);
}

static bool is_loose_word(uint32_t point)
{
    return point >= 'a' && point <= 'z';
}

static bool is_loose_other(uint32_t point)
{
    return point != '.' && !is_loose_digit(point) && !is_loose_word(point);
}

/** The end of the run of code points that are all of the class. */
static const char *run_end(const char *cursor, const char *end, bool (*is_member)(uint32_t))
{
    while (cursor < end) {
        const char *next = cursor;
        if (!is_member(text_decode(&next, end)))
            break;
        cursor = next;
    }
    return cursor;
}

bool version_parse_loose(const struct text *text, struct value *key, struct error *error)
{
    (void)error;
    OWNED parts = value_list_new();
    const char *cursor = text->bytes, *end = cursor + text->length;
    while (cursor < end) {
        const char *part = cursor;
        if (*cursor == '.') {
            cursor++;
            continue;
        }
        cursor = run_end(part, end, is_loose_digit);
        struct value number;
        bool is_number = cursor > part && value_parse_int(part, (size_t)(cursor - part), 10, &number);
        if (cursor == part)
            cursor = run_end(part, end, is_loose_word);
        if (cursor == part)
            cursor = run_end(part, end, is_loose_other);
        list_push_take(parts.as.list, is_number ? number : value_string_length(part, (size_t)(cursor - part)));
    }
    *key = value_steal(&parts);
    return true;
}

/* ---- strict ---- */

bool version_parse_strict(const struct text *text, struct value *key, struct error *error)
{
    OWNED numbers = value_list_new();
    const char *cursor = text->bytes;
    size_t parts = 0;
    for (; parts < 3; parts++) {
        const char *digits = parts == 0 ? cursor : *cursor == '.' ? cursor + 1 : cursor;
        size_t length = digits_at(digits);
        if (length == 0 || (parts > 0 && digits == cursor))
            break;
        list_push_take(numbers.as.list, number_of(digits, length));
        cursor = digits + length;
    }
    if (parts == 2)
        push_int(&numbers, 0);
    /* What is final comes behind all that is not: 'b' < 'final'. */
    bool is_early = *cursor == 'a' || *cursor == 'b';
    list_push_take(numbers.as.list, is_early ? value_string_length(cursor, 1) : value_string("final"));
    size_t early = is_early ? digits_at(cursor + 1) : 0;
    list_push_take(numbers.as.list, is_early ? number_of(cursor + 1, early) : value_int(0));
    cursor += is_early ? early + 1 : 0;
    cursor += *cursor == '\n';
    if (parts < 2 || (is_early && early == 0) || cursor != text->bytes + text->length)
        return refuse(text, "invalid version number", error);
    *key = value_steal(&numbers);
    return true;
}

/* ---- semantic ---- */

static bool is_identifier_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '-';
}

/** A number without leading zeros. */
static size_t plain_number_at(const char *cursor)
{
    size_t length = digits_at(cursor);
    return length > 1 && cursor[0] == '0' ? 0 : length;
}

/** Reads identifiers with dots between them; `key` (or NULL) gets one of rank and value each.  NULL when they are none. */
static const char *read_identifiers(const char *cursor, struct value *key)
{
    for (;; cursor++) {
        size_t length = 0;
        while (is_identifier_byte(cursor[length]))
            length++;
        bool is_number = digits_at(cursor) == length;
        if (length == 0 || (key && is_number && plain_number_at(cursor) != length))
            return NULL;
        if (key) {
            /* Numbers come before words. */
            push_int(key, is_number ? 0 : 1);
            list_push_take(key->as.list, is_number ? number_of(cursor, length) : value_string_length(cursor, length));
        }
        cursor += length;
        if (*cursor != '.')
            return cursor;
    }
}

bool version_parse_semantic(const struct text *text, struct value *key, struct error *error)
{
    OWNED parts = value_list_new(), early = value_list_new();
    const char *cursor = text->bytes;
    for (size_t i = 0; cursor && i < 3; i++) {
        size_t length = plain_number_at(cursor);
        list_push_take(parts.as.list, number_of(cursor, length));
        bool is_wrong = length == 0 || (i < 2 && cursor[length] != '.');
        cursor = is_wrong ? NULL : cursor + length + (i < 2 ? 1 : 0);
    }
    bool is_early = cursor && *cursor == '-';
    if (is_early)
        cursor = read_identifiers(cursor + 1, &early);
    if (cursor && *cursor == '+')
        cursor = read_identifiers(cursor + 1, NULL);
    if (!cursor || cursor != text->bytes + text->length)
        return refuse(text, "invalid semantic version", error);
    push_int(&parts, is_early ? 0 : 1);
    list_push_take(parts.as.list, value_steal(&early));
    *key = value_steal(&parts);
    return true;
}

/* ---- PEP 440 ---- */

/** A version while it is read; letters are in lower case. */
struct pep440 {
    const char *cursor;
    struct value epoch;
    struct value release;   /* without zeros at its end */
    struct value early;     /* [rank, number] of a, b, rc, or null */
    struct value post, dev; /* numbers, or null */
    struct value local;     /* [rank, value ...], or null */
};

static void pep440_done(struct pep440 *version)
{
    value_drop(version->epoch);
    value_drop(version->release);
    value_drop(version->early);
    value_drop(version->post);
    value_drop(version->dev);
    value_drop(version->local);
}

static bool is_separator(char byte)
{
    return byte == '.' || byte == '-' || byte == '_';
}

/** Reads [sep] word [sep] [number] with one of the words (the longest first); the word's index, or -1 and nothing is read. */
static int read_marked(struct pep440 *version, const char *const *words, struct value *number)
{
    const char *cursor = version->cursor + (is_separator(*version->cursor) ? 1 : 0);
    for (int i = 0; words[i]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(cursor, words[i], length) != 0)
            continue;
        cursor += length;
        const char *digits = cursor + (is_separator(*cursor) && digits_at(cursor + 1) ? 1 : 0);
        value_replace_take(number, number_of(digits, digits_at(digits)));
        version->cursor = digits + digits_at(digits);
        return i;
    }
    return -1;
}

static bool read_release(struct pep440 *version)
{
    version->cursor += *version->cursor == 'v';
    size_t length = digits_at(version->cursor);
    if (length > 0 && version->cursor[length] == '!') {
        version->epoch = number_of(version->cursor, length);
        version->cursor += length + 1;
    }
    size_t significant = 0;
    version->release = value_list_new();
    struct list *release = version->release.as.list;
    for (;; version->cursor++) {
        length = digits_at(version->cursor);
        if (length == 0)
            return false;
        list_push_take(release, number_of(version->cursor, length));
        if (value_truth(release->items[release->count - 1]))
            significant = release->count;
        version->cursor += length;
        if (*version->cursor != '.' || digits_at(version->cursor + 1) == 0)
            break;
    }
    while (release->count > significant)
        value_drop(list_remove(release, release->count - 1));
    return true;
}

static void read_marks(struct pep440 *version)
{
    static const char *const early_words[] = {"alpha", "a", "beta", "b", "preview", "pre", "c", "rc", NULL};
    static const char early_ranks[] = {0, 0, 1, 1, 2, 2, 2, 2};
    static const char *const post_words[] = {"post", "rev", "r", NULL};
    static const char *const dev_words[] = {"dev", NULL};
    OWNED number = value_null();
    int word = read_marked(version, early_words, &number);
    if (word >= 0) {
        version->early = value_list_new();
        push_int(&version->early, early_ranks[word]);
        list_push_take(version->early.as.list, value_steal(&number));
    }
    size_t implicit = *version->cursor == '-' ? digits_at(version->cursor + 1) : 0;
    if (implicit > 0) {
        version->post = number_of(version->cursor + 1, implicit);
        version->cursor += implicit + 1;
    } else {
        read_marked(version, post_words, &version->post);
    }
    read_marked(version, dev_words, &version->dev);
}

/** "+ubuntu.1": numbers come behind words. */
static bool read_local(struct pep440 *version)
{
    if (*version->cursor != '+')
        return true;
    version->local = value_list_new();
    do {
        const char *start = ++version->cursor;
        while (isalnum((unsigned char)*version->cursor))
            version->cursor++;
        size_t length = (size_t)(version->cursor - start);
        if (length == 0)
            return false;
        bool is_number = digits_at(start) == length;
        push_int(&version->local, is_number ? 1 : 0);
        list_push_take(version->local.as.list,
                       is_number ? number_of(start, length) : value_string_length(start, length));
    } while (is_separator(*version->cursor));
    return true;
}

/** Pushes what ranks before (-1) or behind (1) all that is there, or [0, part]. */
static void push_ranked(struct value *key, struct value part, int rank_without)
{
    struct value ranked = value_list_new();
    push_int(&ranked, value_is_null(part) ? rank_without : 0);
    list_push_take(ranked.as.list, value_is_null(part) ? value_list_new() : value_copy(part));
    list_push_take(key->as.list, ranked);
}

/** The order of PEP 440: 1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0+local < 1.0.post1. */
static struct value pep440_key(const struct pep440 *version)
{
    OWNED key = value_list_new();
    bool is_only_dev = value_is_null(version->early) && value_is_null(version->post) && !value_is_null(version->dev);
    list_push_take(key.as.list, value_is_null(version->epoch) ? value_int(0) : value_copy(version->epoch));
    list_push_take(key.as.list, value_copy(version->release));
    push_ranked(&key, version->early, is_only_dev ? -1 : 1);
    push_ranked(&key, version->post, -1);
    push_ranked(&key, version->dev, 1);
    push_ranked(&key, version->local, -1);
    return value_steal(&key);
}

bool version_parse_pep440(const struct text *text, struct value *key, struct error *error)
{
    struct text *stripped = text_strip((struct text *)text, NULL, TEXT_BOTH), *lower = text_lower(stripped);
    CLEANUP(pep440_done) struct pep440 version = {.cursor = lower->bytes};
    bool is_version = read_release(&version);
    if (is_version)
        read_marks(&version);
    is_version = is_version && read_local(&version) && version.cursor == lower->bytes + lower->length;
    text_drop(stripped);
    text_drop(lower);
    if (!is_version)
        return refuse(text, "Invalid version:", error);
    *key = pep440_key(&version);
    return true;
}
