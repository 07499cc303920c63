/* Lookups of community.general: cartesian, flattened, random_string. */
#include <string.h>

#include "runtime/limits.h"
#include "runtime/value/random.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"

/** The items of nested lists; the words None and null end the list that they stand in. */
static void push_deep(struct list *out, const struct list *items, int depth)
{
    for (size_t i = 0; i < items->count && depth < LIMIT_VALUE_DEPTH; i++) {
        struct value item = items->items[i];
        if (value_equals_string(item, "None") || value_equals_string(item, "null"))
            return;
        if (value_is_sequence(item))
            push_deep(out, item.as.list, depth + 1);
        else
            list_push_take(out, value_copy(item));
    }
}

static bool lookup_flattened(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    (void)evaluation;
    (void)error;
    struct list *flat = list_new(0);
    push_deep(flat, arguments[0].as.list, 0);
    *result = value_list_take(flat);
    return true;
}

static bool lookup_cartesian(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                             struct error *error)
{
    OWNED nested = value_string("nested"), keywords = value_dict_new();
    if (arguments[0].as.list->count == 0)
        return error_set(error, ERROR_LOOKUP, "with_cartesian requires at least one element in each list");
    dict_set_string_take(keywords.as.dict, "wantlist", value_bool(true));
    return evaluation_call_lookup(evaluation, nested, arguments[0], keywords.as.dict, result, error);
}

/* ---- random_string ---- */

/** The classes of characters, in the order of their parameters. */
static const struct {
    const char *name;
    const char *characters;
} classes[] = {
    {"upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {"lower", "abcdefghijklmnopqrstuvwxyz"},
    {"numbers", "0123456789"},
    {"special", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
};

/** random_string's parameters by their places. */
enum {
    RANDOM_LENGTH = 1,
    RANDOM_CLASSES,                                     /* upper, lower, numbers, special */
    RANDOM_MINIMA = RANDOM_CLASSES + COUNT_OF(classes), /* min_upper ... */
    RANDOM_OVERRIDE_SPECIAL = RANDOM_MINIMA + COUNT_OF(classes),
    RANDOM_OVERRIDE_ALL,
    RANDOM_SIMILAR_CHARS,
    RANDOM_IGNORE_SIMILAR,
    RANDOM_BASE64,
    RANDOM_SEED,
};

static void remove_characters(struct text_buffer *set, const char *unwanted)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->length; i++)
        if (!strchr(unwanted, set->text->bytes[i]))
            set->text->bytes[kept++] = set->text->bytes[i];
    if (set->length)
        text_buffer_truncate(set, kept);
}

/** The characters of one class, as the options have them. */
static void class_characters(const struct value *arguments, size_t class, struct text_buffer *set)
{
    struct value special = arguments[RANDOM_OVERRIDE_SPECIAL];
    bool is_special = class + 1 == COUNT_OF(classes);
    text_buffer_append_string(set, is_special && value_is_string(special) && special.as.text->length
                                       ? value_bytes(special)
                                       : classes[class].characters);
    if (option_truth(arguments[RANDOM_IGNORE_SIMILAR]) && value_is_string(arguments[RANDOM_SIMILAR_CHARS]))
        remove_characters(set, value_bytes(arguments[RANDOM_SIMILAR_CHARS]));
}

static bool push_random(struct random *random, const struct text_buffer *set, int64_t count, struct list *out,
                        struct error *error)
{
    if (count > 0 && set->length == 0)
        return error_set(error, ERROR_LOOKUP, "Available characters cannot be None, please change constraints");
    for (int64_t i = 0; i < count; i++)
        list_push_take(out, value_string_length(set->text->bytes + random_below(random, set->length), 1));
    return true;
}

/** First what each class has at least, then what is missing out of all classes. */
static bool draw(const struct value *arguments, struct random *random, struct list *out, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer all = {0};
    int64_t length;
    const struct option_place place = {"random_string", "length", "integer"};
    if (!option_int(&place, arguments[RANDOM_LENGTH], &length, error))
        return false;
    struct value override = arguments[RANDOM_OVERRIDE_ALL];
    bool is_overridden = value_is_string(override) && override.as.text->length;
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        CLEANUP(text_buffer_done) struct text_buffer set = {0};
        int64_t least;
        class_characters(arguments, i, &set);
        if (!option_int(&(struct option_place){"random_string", classes[i].name, "integer"},
                        arguments[RANDOM_MINIMA + i], &least, error))
            return false;
        if (is_overridden)
            continue;
        if (option_truth(arguments[RANDOM_CLASSES + i]))
            text_buffer_append(&all, text_buffer_bytes(&set), set.length);
        if (!push_random(random, &set, least, out, error))
            return false;
    }
    if (is_overridden)
        text_buffer_append_text(&all, override.as.text);
    return push_random(random, &all, length - (int64_t)out->count, out, error);
}

static struct value joined(const struct list *characters)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    for (size_t i = 0; i < characters->count; i++)
        text_buffer_append_text(&out, characters->items[i].as.text);
    return value_string_take(text_buffer_take(&out));
}

static bool lookup_random_string(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                                 struct error *error)
{
    struct random random;
    OWNED characters = value_list_new();
    random_init_system(&random);
    if (!value_is_null(arguments[RANDOM_SEED]) && !random_init_seed(&random, arguments[RANDOM_SEED], error))
        return false;
    if (!draw(arguments, &random, characters.as.list, error))
        return false;
    random_shuffle(&random, characters.as.list);
    struct list *list = list_new(1);
    OWNED owner = value_list_take(list);
    list_push_take(list, joined(characters.as.list));
    if (option_truth(arguments[RANDOM_BASE64])) {
        OWNED filter = value_string("b64encode");
        struct value encoded;
        if (!evaluation_call_filter(evaluation, filter, &list->items[0], 1, NULL, &encoded, error))
            return false;
        list_set_take(list, 0, encoded);
    }
    *result = value_steal(&owner);
    return true;
}

static const struct function rows[] = {
    {"cartesian", "terms" LOOKUP_UNKNOWN, lookup_cartesian, LOOKUP_FLAGS,
     "Each item of a list with each of the others."},
    {"flattened", "terms" LOOKUP_UNKNOWN, lookup_flattened, LOOKUP_FLAGS, "The items of nested lists as one list."},
    {"random_string",
     "terms, length=8, upper=True, lower=True, numbers=True, special=True, min_upper=0, min_lower=0, min_numeric=0, "
     "min_special=0, override_special=None, override_all=None, similar_chars='il1LoO0', "
     "ignore_similar_chars=False, base64=False, seed=None" LOOKUP_UNKNOWN,
     lookup_random_string, LOOKUP_FLAGS, "A random text of classes of characters."},
};

const struct function_table lookups_general = {FUNCTION_LOOKUP, "community.general", rows, COUNT_OF(rows)};
