#include "stdlib/filters/key_match.h"

#include <string.h>

#include "runtime/value/repr.h"
#include "stdlib/argument.h"

static const char *const matching_names[] = {
    [KEY_STARTS_WITH] = "starts_with", [KEY_ENDS_WITH] = "ends_with", [KEY_REGEX] = "regex"};

bool key_match_init(struct key_match *match, struct value targets, struct value matching, const char *equality,
                    struct error *error)
{
    int found = value_equals_string(matching, equality) ? KEY_EQUAL : -1;
    for (int i = KEY_STARTS_WITH; i <= KEY_REGEX; i++)
        if (value_equals_string(matching, matching_names[i]))
            found = i;
    if (found < 0) {
        OWNED shown = value_str(matching);
        return error_set(error, ERROR_VALUE,
                         "['value of matching_parameter must be one of: starts_with, ends_with, regex, got: %s']",
                         value_bytes(shown));
    }
    *match = (struct key_match){(enum key_matching)found, list_new(1)};
    if (!value_is_sequence(targets))
        list_push_take(match->targets, argument_text(targets));
    for (size_t i = 0; value_is_sequence(targets) && i < targets.as.list->count; i++)
        list_push_take(match->targets, argument_text(targets.as.list->items[i]));
    return true;
}

void key_match_done(struct key_match *match)
{
    list_drop(match->targets);
}

static bool answers_to(struct evaluation *evaluation, enum key_matching matching, const struct text *key,
                       const struct text *target, bool *answers, struct error *error)
{
    bool is_shorter = target->length <= key->length;
    switch (matching) {
    case KEY_EQUAL:
        *answers = text_equal(key, target);
        return true;
    case KEY_STARTS_WITH:
        *answers = is_shorter && memcmp(key->bytes, target->bytes, target->length) == 0;
        return true;
    case KEY_ENDS_WITH:
        *answers = is_shorter && memcmp(key->bytes + key->length - target->length, target->bytes, target->length) == 0;
        return true;
    case KEY_REGEX:
        break;
    }
    struct regex *regex = regex_cache_get(evaluation_regexes(evaluation), target, 0, error);
    return regex && regex_find(regex, key->bytes, key->length, REGEX_MATCH, answers, error);
}

bool key_match_find(struct evaluation *evaluation, const struct key_match *match, struct value key, int64_t *target,
                    struct error *error)
{
    OWNED text = argument_text(key);
    *target = -1;
    for (size_t i = 0; *target < 0 && i < match->targets->count; i++) {
        bool answers;
        if (!answers_to(evaluation, match->matching, text.as.text, match->targets->items[i].as.text, &answers, error))
            return false;
        if (answers)
            *target = (int64_t)i;
    }
    return true;
}

bool key_replacements_read(struct value targets, struct value *before, struct value *after, struct error *error)
{
    OWNED old = value_list_new(), new = value_list_new();
    if (!value_is_sequence(targets))
        return error_set(error, ERROR_TYPE, "target must be a list of {before, after}, got '%s'",
                         value_type_name(targets));
    for (size_t i = 0; i < targets.as.list->count; i++) {
        struct value target = targets.as.list->items[i];
        const struct value *from = value_is_dict(target) ? dict_find_string(target.as.dict, "before") : NULL;
        const struct value *to = value_is_dict(target) ? dict_find_string(target.as.dict, "after") : NULL;
        if (!from || !to || !dict_key_check(*to, error))
            return error->message ? false : error_set(error, ERROR_VALUE, "target #%zu has no 'before' and 'after'", i);
        list_push_take(old.as.list, value_copy(*from));
        list_push_take(new.as.list, value_copy(*to));
    }
    *before = value_steal(&old);
    *after = value_steal(&new);
    return true;
}
