#include "eval/play/tags.h"

#include <string.h>

#include "eval/play/variables.h"
#include "runtime/value/repr.h"

/** Adds the words of a tag: text with commas holds several. */
static void add_words(struct list *tags, struct dict *seen, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, ",");
        const char *start = text, *end = text + length;
        while (start < end && *start == ' ')
            start++;
        while (end > start && end[-1] == ' ')
            end--;
        struct value word = value_string_length(start, (size_t)(end - start));
        if (!dict_find(seen, word)) {
            dict_set_take(seen, value_copy(word), value_null());
            list_push_take(tags, value_copy(word));
        }
        value_drop(word);
        text += length + (text[length] == ',');
    }
}

static void add_value(struct list *tags, struct dict *seen, struct value value)
{
    if (value_is_sequence(value)) {
        for (size_t i = 0; i < value.as.list->count; i++)
            add_value(tags, seen, value.as.list->items[i]);
    } else if (value_is_string(value)) {
        add_words(tags, seen, value_bytes(value));
    } else if (!value_is_null(value)) {
        CLEANUP(text_buffer_done) struct text_buffer text = {0};
        value_append_str(&text, value);
        add_words(tags, seen, text_buffer_bytes(&text));
    }
}

/** A `tags` keyword's value, evaluated where it holds a template; what cannot be evaluated stays as written. */
static void add_attribute(struct play_state *play, struct task_instance instance, const struct attribute *attribute,
                          struct list *tags, struct dict *seen)
{
    if (!attribute)
        return;
    if (!value_is_lazy(attribute->value)) {
        add_value(tags, seen, attribute->value);
        return;
    }
    OWNED_ERROR error = {0};
    OWNED value = value_null();
    struct task_scope scope;
    task_scope_init(&scope, play->run, NULL, instance);
    task_scope_enter(&scope);
    bool good = engine_evaluate(play->run->engine, &scope.scope, attribute->value, &value, &error);
    task_scope_done(&scope);
    add_value(tags, seen, good ? value : attribute->value);
}

struct list *tags_of(struct play_state *play, struct task_instance instance)
{
    struct list *tags = list_new(0);
    struct dict *seen = dict_new();
    add_attribute(play, (struct task_instance){0}, attributes_find(&play->play->attributes, KEYWORD_TAGS), tags, seen);
    if (instance.task)
        do
            add_attribute(play, instance, attributes_find(&instance.task->attributes, KEYWORD_TAGS), tags, seen);
        while (instance_outer_with(instance, KEYWORD_TAGS, &instance));
    dict_drop(seen);
    return tags;
}

/** Has the task no tag at all?  Asked of every task on every host: nothing is made. */
static bool is_untagged(const struct play_state *play, struct task_instance instance)
{
    return !attributes_find(&play->play->attributes, KEYWORD_TAGS) && !instance_attribute(instance, KEYWORD_TAGS, NULL);
}

static bool has_word(const char *const *words, const char *word)
{
    for (; words && *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

static bool has_tag(const struct list *tags, const char *tag)
{
    for (size_t i = 0; i < tags->count; i++)
        if (value_equals_string(tags->items[i], tag))
            return true;
    return false;
}

/** Is one of the tags among the words? */
static bool any_of(const struct list *tags, const char *const *words)
{
    for (size_t i = 0; i < tags->count; i++)
        if (has_word(words, value_bytes(tags->items[i])))
            return true;
    return false;
}

static bool is_chosen(const struct list *tags, const char *const *wanted)
{
    bool never = has_tag(tags, "never");
    if (has_tag(tags, "always") || any_of(tags, wanted))
        return true;
    if (has_word(wanted, "all"))
        return !never;
    if (has_word(wanted, "tagged"))
        return tags->count > 0 && !never;
    return has_word(wanted, "untagged") && tags->count == 0;
}

static bool is_skipped(const struct list *tags, const char *const *unwanted)
{
    if (has_word(unwanted, "all"))
        return !has_tag(tags, "always") || has_word(unwanted, "always");
    if (any_of(tags, unwanted))
        return true;
    return has_word(unwanted, tags->count > 0 ? "tagged" : "untagged");
}

bool tags_choose(struct play_state *play, struct task_instance instance)
{
    static const char *const all[] = {"all", NULL};
    const struct run_settings *settings = &play->run->settings;
    const char *const *wanted = settings->tags ? settings->tags : all;
    if (!settings->tags && !settings->skip_tags && is_untagged(play, instance))
        return true;
    struct list *tags = tags_of(play, instance);
    bool chosen = is_chosen(tags, wanted) && !is_skipped(tags, settings->skip_tags);
    list_drop(tags);
    return chosen;
}
