/*
 * The filter urlize: addresses in a text become links.
 *
 * The text is escaped and divided at white space.  Brackets and punctuation around a word are no part of its
 * address, unless a bracket inside of it would stay open.
 */
#include <string.h>

#include "runtime/value/compare.h"
#include "runtime/value/markup.h"
#include "runtime/value/regex.h"
#include "runtime/value/repr.h"
#include "stdlib/argument.h"
#include "stdlib/filters/filters.h"
#include "stdlib/items.h"

#define DOMAIN_NAMED "(https?://|www\\.)(([\\w%-]+\\.)+)?([a-z]{2,63}|xn--[\\w%]{2,59})"
#define DOMAIN_BARE "([\\w%-]{2,63}\\.)+(com|net|int|edu|gov|org|info|mil)"
#define DOMAIN_NUMERIC "https?://(\\d{1,3}(\\.\\d{1,3}){3}|\\[([\\da-f]{0,4}:){2}([\\da-f]{0,4}:?){1,6}\\])"

static const char web_pattern[] = "^(" DOMAIN_NAMED "|" DOMAIN_BARE "|" DOMAIN_NUMERIC ")(?::\\d{1,5})?(?:[/?#]\\S*)?$";
static const char mail_pattern[] = "^\\S+@\\w[\\w.-]*\\.\\w+$";
static const char scheme_pattern[] = "^[\\w.+-]{2,}:/{0,2}$";

/** What links look like. */
struct linker {
    struct evaluation *evaluation;
    struct value trim_limit;    /* characters of an address that are shown, or null */
    struct value rel, target;   /* escaped; null: none */
    const struct list *schemes; /* that are linked besides http and https */
    struct error *error;
};

static bool is_matching(struct evaluation *evaluation, const char *pattern, unsigned flags, const char *bytes,
                        size_t length)
{
    OWNED text = value_string(pattern);
    OWNED_ERROR ignored = {0};
    struct regex *regex = regex_cache_get(evaluation_regexes(evaluation), text.as.text, flags, &ignored);
    return regex && regex_is_found(regex, bytes, length);
}

static bool begins_with(const struct text *text, const char *prefix)
{
    return strncmp(text->bytes, prefix, strlen(prefix)) == 0;
}

/* ---- links ---- */

/** The shown form of an address: its first characters and "..." when there are more than the limit. */
static bool append_trimmed(struct text_buffer *out, const struct linker *linker, struct text *address)
{
    int order;
    int64_t limit, length = text_points(address);
    if (value_is_null(linker->trim_limit)) {
        text_buffer_append_text(out, address);
        return true;
    }
    if (!value_order(value_int(length), linker->trim_limit, ">", &order, linker->error) ||
        !argument_int(linker->trim_limit, &limit, linker->error))
        return false;
    if (order == 1) {
        int64_t end = limit < 0 ? length + limit : limit;
        text_buffer_append(out, address->bytes, text_offset(address, end > 0 ? (uint32_t)end : 0));
        text_buffer_append_string(out, "...");
    } else {
        text_buffer_append_text(out, address);
    }
    return true;
}

static void append_attribute(struct text_buffer *out, const char *name, struct value value)
{
    if (value_is_string(value) && value.as.text->length > 0)
        text_buffer_append_format(out, " %s=\"%s\"", name, value_bytes(value));
}

/** <a href="PREFIX ADDRESS" ...>, without what it shows. */
static void open_link(struct text_buffer *out, const struct linker *linker, const char *prefix,
                      const struct text *address)
{
    text_buffer_append_string(out, "<a href=\"");
    text_buffer_append_string(out, prefix);
    text_buffer_append_text(out, address);
    text_buffer_append_char(out, '"');
    append_attribute(out, "rel", linker->rel);
    append_attribute(out, "target", linker->target);
    text_buffer_append_char(out, '>');
}

static bool append_web_link(struct text_buffer *out, const struct linker *linker, struct text *address)
{
    bool has_scheme = begins_with(address, "https://") || begins_with(address, "http://");
    open_link(out, linker, has_scheme ? "" : "https://", address);
    if (!append_trimmed(out, linker, address))
        return false;
    text_buffer_append_string(out, "</a>");
    return true;
}

static bool is_mail_address(const struct linker *linker, const struct text *word, size_t skip)
{
    return is_matching(linker->evaluation, mail_pattern, 0, word->bytes + skip, word->length - skip);
}

/** Of any other scheme that was asked for; the link is then shown whole. */
static void append_other(struct text_buffer *out, const struct linker *linker, const struct text *word)
{
    for (size_t i = 0; i < linker->schemes->count; i++) {
        const char *scheme = value_bytes(linker->schemes->items[i]);
        if (strcmp(word->bytes, scheme) != 0 && begins_with(word, scheme)) {
            open_link(out, linker, "", word);
            text_buffer_append_text(out, word);
            text_buffer_append_string(out, "</a>");
            return;
        }
    }
    text_buffer_append_text(out, word);
}

static bool append_word(struct text_buffer *out, const struct linker *linker, struct text *word)
{
    static const char mailto[] = "mailto:";
    if (is_matching(linker->evaluation, web_pattern, REGEX_IGNORECASE, word->bytes, word->length))
        return append_web_link(out, linker, word);
    if (begins_with(word, mailto) && is_mail_address(linker, word, sizeof mailto - 1))
        text_buffer_append_format(out, "<a href=\"%s\">%s</a>", word->bytes, word->bytes + sizeof mailto - 1);
    else if (strchr(word->bytes, '@') && !begins_with(word, "www.") && !strchr(word->bytes, ':') &&
             is_mail_address(linker, word, 0))
        text_buffer_append_format(out, "<a href=\"mailto:%s\">%s</a>", word->bytes, word->bytes);
    else
        append_other(out, linker, word);
    return true;
}

/* ---- words ---- */

/** The length of the first of the marks that `bytes` begins with, or 0. */
static size_t mark_at(const char *bytes, const char *end, const char *const *marks)
{
    for (; *marks; marks++)
        if ((size_t)(end - bytes) >= strlen(*marks) && memcmp(bytes, *marks, strlen(*marks)) == 0)
            return strlen(*marks);
    return 0;
}

static const char *skip_opening(const char *start, const char *end)
{
    static const char *const marks[] = {"(", "<", "&lt;", NULL};
    for (size_t length; (length = mark_at(start, end, marks)) > 0;)
        start += length;
    return start;
}

static const char *skip_closing(const char *start, const char *end)
{
    static const char *const marks[] = {")", ">", ".", ",", NULL}, *const entity[] = {"&gt;", NULL};
    for (;;) {
        if (end > start && mark_at(end - 1, end, marks))
            end--;
        else if (end - start >= 4 && mark_at(end - 4, end, entity))
            end -= 4;
        else
            return end;
    }
}

static size_t count_mark(const char *start, const char *end, const char *mark)
{
    size_t count = 0, length = strlen(mark);
    for (const char *found; (found = memmem(start, (size_t)(end - start), mark, length)); start = found + length)
        count++;
    return count;
}

/** Where the address ends once closing brackets that it has opened are taken back from what follows it. */
static const char *balance(const char *start, const char *tail, const char *end)
{
    static const char *const brackets[][2] = {{"(", ")"}, {"<", ">"}, {"&lt;", "&gt;"}};
    for (size_t i = 0; i < COUNT_OF(brackets); i++) {
        const char *close = brackets[i][1];
        size_t open = count_mark(start, tail, brackets[i][0]);
        if (open <= count_mark(start, tail, close))
            continue;
        for (const char *found; open > 0 && (found = memmem(tail, (size_t)(end - tail), close, strlen(close))); open--)
            tail = found + strlen(close);
    }
    return tail;
}

static bool append_linked(struct text_buffer *out, const struct linker *linker, const char *start, const char *end)
{
    const char *address = skip_opening(start, end), *tail = balance(address, skip_closing(address, end), end);
    OWNED word = value_string_length(address, (size_t)(tail - address));
    text_buffer_append(out, start, (size_t)(address - start));
    if (!append_word(out, linker, word.as.text))
        return false;
    text_buffer_append(out, tail, (size_t)(end - tail));
    return true;
}

static bool append_words(struct text_buffer *out, const struct linker *linker, const struct text *text)
{
    const char *cursor = text->bytes, *end = cursor + text->length, *word = cursor;
    while (cursor < end) {
        const char *point = cursor;
        if (!text_point_is_space(text_decode(&cursor, end)))
            continue;
        if (point > word && !append_linked(out, linker, word, point))
            return false;
        text_buffer_append(out, point, (size_t)(cursor - point));
        word = cursor;
    }
    return word == end || append_linked(out, linker, word, end);
}

/* ---- arguments ---- */

/** The words of `rel` and those that go without saying, sorted, each once. */
static struct value rel_of(struct value rel, bool no_follow)
{
    OWNED words = value_dict_new();
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    dict_set_string_take(words.as.dict, "noopener", value_null());
    if (no_follow)
        dict_set_string_take(words.as.dict, "nofollow", value_null());
    const char *cursor = value_is_string(rel) ? value_bytes(rel) : "";
    for (size_t length; *(cursor += strspn(cursor, " \t\r\n")); cursor += length) {
        length = strcspn(cursor, " \t\r\n");
        dict_set_take(words.as.dict, value_string_length(cursor, length), value_null());
    }
    OWNED sorted = value_list_new();
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(words.as.dict, &i, &entry);)
        list_push_take(sorted.as.list, value_copy(entry->key));
    OWNED_ERROR ignored = {0};
    if (!value_sort(sorted.as.list->items, sorted.as.list->count, NULL, NULL, &ignored))
        bug("texts cannot be sorted");
    for (size_t i = 0; i < sorted.as.list->count; i++)
        text_buffer_append_format(&out, "%s%s", i > 0 ? " " : "", value_bytes(sorted.as.list->items[i]));
    OWNED joined = value_string_take(text_buffer_take(&out));
    return markup_escape(joined);
}

/** Reads the schemes ("ftp:", "irc://"), each of which must look like one. */
static bool read_schemes(struct evaluation *evaluation, struct value argument, struct value *schemes,
                         struct error *error)
{
    struct list *list =
        value_is_null(argument) ? list_new(0) : items_read(evaluation, argument, ITEMS_REFUSE_UNDEFINED, error);
    if (!list)
        return false;
    OWNED owner = value_list_take(list);
    for (size_t i = 0; i < list->count; i++) {
        struct value scheme = list->items[i];
        OWNED shown = value_repr(scheme);
        if (!value_is_string(scheme) ||
            !is_matching(evaluation, scheme_pattern, 0, value_bytes(scheme), scheme.as.text->length))
            return error_set(error, ERROR_FILTER, "%s is not a valid URI scheme prefix.", value_bytes(shown));
    }
    *schemes = value_steal(&owner);
    return true;
}

static bool filter_urlize(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    OWNED schemes = value_null(), text = markup_escape(arguments[0]);
    OWNED rel = rel_of(arguments[4], value_truth(arguments[2]));
    OWNED target = value_is_null(arguments[3]) ? value_null() : markup_escape(arguments[3]);
    if (!read_schemes(evaluation, arguments[5], &schemes, error))
        return false;
    struct linker linker = {.evaluation = evaluation,
                            .trim_limit = arguments[1],
                            .rel = rel,
                            .target = target,
                            .schemes = schemes.as.list,
                            .error = error};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!append_words(&out, &linker, text.as.text))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    return true;
}

static const struct function rows[] = {
    {"urlize", "value, trim_url_limit=None, nofollow=False, target=None, rel=None, extra_schemes=None", filter_urlize,
     0, "The text with its web and mail addresses as HTML links"},
};

const struct function_table filters_urlize = {FUNCTION_FILTER, "ansible.builtin", rows, COUNT_OF(rows)};
