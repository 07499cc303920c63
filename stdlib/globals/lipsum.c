/* lipsum(): paragraphs of filler text. */
#include <string.h>
#include <sys/random.h>

#include "runtime/limits.h"
#include "runtime/value/arithmetic.h"
#include "stdlib/globals/globals.h"

static const char *const words[] = {
    "a",         "ac",      "accumsan",  "ad",         "adipiscing", "aenean",   "aliquam",   "aliquet",
    "amet",      "ante",    "aptent",    "arcu",       "at",         "auctor",   "augue",     "bibendum",
    "blandit",   "class",   "commodo",   "congue",     "consequat",  "conubia",  "convallis", "cras",
    "cubilia",   "cum",     "curabitur", "curae",      "cursus",     "dapibus",  "diam",      "dictum",
    "dignissim", "dis",     "dolor",     "donec",      "dui",        "duis",     "egestas",   "eget",
    "eleifend",  "elit",    "enim",      "erat",       "eros",       "est",      "et",        "etiam",
    "eu",        "euismod", "facilisis", "fames",      "faucibus",   "felis",    "fermentum", "feugiat",
    "fringilla", "fusce",   "gravida",   "habitant",   "hendrerit",  "iaculis",  "id",        "imperdiet",
    "in",        "integer", "interdum",  "ipsum",      "justo",      "lacinia",  "lacus",     "laoreet",
    "lectus",    "leo",     "libero",    "ligula",     "litora",     "lobortis", "lorem",     "luctus",
    "maecenas",  "magna",   "malesuada", "massa",      "mattis",     "mauris",   "metus",     "mi",
    "mollis",    "montes",  "morbi",     "nam",        "nascetur",   "natoque",  "nec",       "neque",
    "netus",     "nibh",    "nisi",      "nisl",       "non",        "nostra",   "nulla",     "nullam",
    "nunc",      "odio",    "orci",      "ornare",     "parturient", "pede",     "pharetra",  "phasellus",
    "placerat",  "platea",  "porta",     "porttitor",  "posuere",    "potenti",  "praesent",  "pretium",
    "primis",    "proin",   "pulvinar",  "purus",      "quam",       "quis",     "quisque",   "rhoncus",
    "risus",     "rutrum",  "sagittis",  "sapien",     "sed",        "sem",      "semper",    "sit",
    "sociis",    "sodales", "suscipit",  "taciti",     "tellus",     "tempor",   "tempus",    "tincidunt",
    "torquent",  "tortor",  "tristique", "turpis",     "ultrices",   "urna",     "ut",        "varius",
    "vehicula",  "vel",     "velit",     "vestibulum", "vitae",      "vivamus",  "viverra",   "volutpat",
};

/** Randomness by George Marsaglia's xorshift ("Xorshift RNGs", 2003): good enough for words. */
struct dice {
    uint64_t state; /* not 0 */
};

static void dice_init(struct dice *dice)
{
    if (getrandom(&dice->state, sizeof dice->state, 0) != sizeof dice->state || dice->state == 0)
        dice->state = 1;
}

/** A number from `low` to below `high`. */
static uint64_t dice_throw(struct dice *dice, uint64_t low, uint64_t high)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return low + dice->state % (high - low);
}

/** What lipsum() was asked for. */
struct filler {
    int64_t paragraphs, least, most; /* least <= number of words < most */
    bool is_html;
};

static void append_word(struct text_buffer *out, const char *word, bool is_first)
{
    text_buffer_append_char(out, is_first ? (char)(word[0] - 'a' + 'A') : word[0]);
    text_buffer_append_string(out, word + 1);
}

/** Sentences of some ten to twenty words, a comma every few. */
static void append_paragraph(struct text_buffer *out, struct dice *dice, uint64_t count)
{
    size_t word = COUNT_OF(words);
    uint64_t until_comma = 0, until_stop = 0;
    for (uint64_t i = 0; i < count; i++) {
        bool is_first = until_stop == 0;
        size_t next = (size_t)dice_throw(dice, 0, COUNT_OF(words) - 1);
        word = next + (next >= word); /* another than the last one */
        if (is_first)
            until_stop = dice_throw(dice, 10, 20);
        if (until_comma == 0)
            until_comma = dice_throw(dice, 3, 8);
        append_word(out, words[word], is_first);
        --until_stop;
        --until_comma;
        bool is_last = i + 1 == count;
        if (until_stop == 0 || is_last)
            text_buffer_append_char(out, '.');
        else if (until_comma == 0)
            text_buffer_append_char(out, ',');
        if (!is_last)
            text_buffer_append_char(out, ' ');
    }
}

static bool append_filler(struct text_buffer *out, const struct filler *filler, struct error *error)
{
    struct dice dice;
    dice_init(&dice);
    for (int64_t i = 0; i < filler->paragraphs; i++) {
        if (i > 0)
            text_buffer_append_string(out, filler->is_html ? "\n" : "\n\n");
        if (filler->is_html)
            text_buffer_append_string(out, "<p>");
        append_paragraph(out, &dice, dice_throw(&dice, (uint64_t)filler->least, (uint64_t)filler->most));
        if (filler->is_html)
            text_buffer_append_string(out, "</p>");
        if (out->length > LIMIT_TEXT_BYTES)
            return error_set(error, ERROR_LIMIT, "lipsum() made more than %d bytes", LIMIT_TEXT_BYTES);
    }
    return true;
}

static bool read_count(struct value value, int64_t *result, struct error *error)
{
    if (!value_to_int64(value, result))
        return error_set(error, ERROR_TYPE, "'%s' object cannot be interpreted as an integer", value_type_name(value));
    return *result <= LIMIT_RANGE_ITEMS ||
           error_set(error, ERROR_LIMIT, "lipsum() counts to %d only", LIMIT_RANGE_ITEMS);
}

static bool global_lipsum(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                          struct error *error)
{
    struct filler filler = {.is_html = value_truth(arguments[1])};
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    (void)evaluation;
    if (!read_count(arguments[0], &filler.paragraphs, error) || !read_count(arguments[2], &filler.least, error) ||
        !read_count(arguments[3], &filler.most, error))
        return false;
    if (filler.paragraphs > 0 && (filler.least < 0 || filler.least >= filler.most))
        return error_set(error, ERROR_VALUE, "empty range for randrange() (%lld, %lld, %lld)", (long long)filler.least,
                         (long long)filler.most, (long long)(filler.most - filler.least));
    if (!append_filler(&out, &filler, error))
        return false;
    *result = value_string_take(text_buffer_take(&out));
    if (filler.is_html)
        result->flags |= VALUE_MARKUP;
    return true;
}

static const struct function lipsum_rows[] = {
    {"lipsum", "n=5, html=True, min=20, max=100", global_lipsum, FUNCTION_IMPURE, "Paragraphs of filler text"},
};

const struct function_table globals_lipsum = {FUNCTION_GLOBAL, NULL, lipsum_rows, COUNT_OF(lipsum_rows)};
