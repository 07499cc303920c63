/* --list-tasks, --list-tags, --list-hosts, --syntax-check: what the playbooks hold, without running them (run.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/play/run_load.h"
#include "eval/play/tags.h"
#include "runtime/value/repr.h"

/** A play on its way to the output. */
struct listing {
    struct play_state *play;
    unsigned what;
    struct text_buffer *out;
    struct dict *tags; /* of all tasks that were listed */
};

static int compare_texts(const void *left, const void *right)
{
    const struct value *a = left, *b = right;
    return text_compare(a->as.text, b->as.text);
}

static void append_words(struct text_buffer *out, const struct list *words, const char *between)
{
    text_buffer_append_char(out, '[');
    for (size_t i = 0; i < words->count; i++) {
        text_buffer_append_string(out, i ? between : "");
        text_buffer_append_text(out, words->items[i].as.text);
    }
    text_buffer_append_char(out, ']');
}

static void sort_words(struct list *words)
{
    if (words->count > 1)
        qsort(words->items, words->count, sizeof *words->items, compare_texts);
}

/** "role : name", or what the task runs where it has no name. */
static void append_task_name(struct text_buffer *out, struct task_instance instance)
{
    const struct attribute *name = attributes_find(&instance.task->attributes, KEYWORD_NAME);
    const struct text *role = instance_role_name(instance);
    if (name && role)
        text_buffer_append_format(out, "%s : ", role->bytes);
    if (name)
        value_append_str(out, name->value);
    else
        text_buffer_append_text(out, instance.task->action.name);
}

static void list_task(struct listing *listing, struct task_instance instance)
{
    struct list *tags = tags_of(listing->play, instance);
    sort_words(tags);
    for (size_t i = 0; i < tags->count; i++)
        dict_set_take(listing->tags, value_copy(tags->items[i]), value_null());
    if (listing->what & LIST_TASKS) {
        text_buffer_append_string(listing->out, "      ");
        append_task_name(listing->out, instance);
        text_buffer_append_string(listing->out, "\tTAGS: ");
        append_words(listing->out, tags, ", ");
        text_buffer_append_char(listing->out, '\n');
    }
    list_drop(tags);
}

/** Does the command line choose the task?  To list tags without having chosen any, all tasks count. */
static bool is_listed(const struct listing *listing, struct task_instance instance)
{
    const struct run_settings *settings = &listing->play->run->settings;
    if (!instance.task->span.source)
        return false;
    if (listing->what & LIST_TAGS && !settings->tags && !settings->skip_tags)
        return true;
    return tags_choose(listing->play, instance);
}

/** The tasks of a list in order; of blocks what stands in `block`. */
static void list_tasks(struct listing *listing, const struct task_list *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        struct task_instance instance = {tasks->tasks[i], NULL};
        if (instance.task->kind == TASK_BLOCK)
            list_tasks(listing, &instance.task->block);
        else if (instance.task->imported.tasks)
            list_tasks(listing, &instance.task->imported);
        else if (is_listed(listing, instance))
            list_task(listing, instance);
    }
}

static void list_all_tags(struct listing *listing)
{
    struct list *words = list_new(listing->tags->live);
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(listing->tags, &i, &entry);)
        list_push_take(words, value_copy(entry->key));
    sort_words(words);
    text_buffer_append_string(listing->out, "      TASK TAGS: ");
    append_words(listing->out, words, ", ");
    text_buffer_append_char(listing->out, '\n');
    list_drop(words);
}

/** What `hosts` says, as Python writes a list. */
static bool append_patterns(struct listing *listing, struct error *error)
{
    OWNED hosts = value_null();
    if (!play_keyword(listing->play, KEYWORD_HOSTS, &hosts, error))
        return false;
    if (!value_is_sequence(hosts)) {
        struct list *list = list_new(1);
        list_push_take(list, value_steal(&hosts));
        hosts = value_list_take(list);
    }
    value_append_repr(listing->out, hosts);
    return true;
}

static bool list_hosts(struct listing *listing, struct error *error)
{
    const struct play_state *play = listing->play;
    text_buffer_append_string(listing->out, "    pattern: ");
    if (!append_patterns(listing, error))
        return false;
    text_buffer_append_format(listing->out, "\n    hosts (%zu):\n", play->host_count);
    for (size_t i = 0; i < play->host_count; i++)
        text_buffer_append_format(listing->out, "      %s\n", play->hosts[i]->name->bytes);
    return true;
}

/** "(pattern): name", and the play's tags. */
static bool list_head(struct listing *listing, size_t number, struct error *error)
{
    struct play_state *play = listing->play;
    struct list *tags = tags_of(play, (struct task_instance){play->wrapper, NULL});
    CLEANUP(text_buffer_done) struct text_buffer pattern = {0};
    bool good = play_pattern(play, &pattern, error);
    text_buffer_append_format(listing->out, "\n  play #%zu (%s): %s\tTAGS: ", number, text_buffer_bytes(&pattern),
                              play->name);
    append_words(listing->out, tags, ",");
    text_buffer_append_char(listing->out, '\n');
    list_drop(tags);
    return good;
}

static bool list_play(struct run *run, struct play_state *play, size_t number, unsigned what, struct text_buffer *out,
                      struct error *error)
{
    struct listing listing = {play, what, out, dict_new()};
    run_enter_directory(run, play->path);
    bool good = play_prepare(play, error) && list_head(&listing, number, error) &&
                (!(what & LIST_HOSTS) || list_hosts(&listing, error));
    if (good && what & LIST_TASKS)
        text_buffer_append_string(out, "    tasks:\n");
    if (good)
        list_tasks(&listing, &play->tasks);
    if (good && what & LIST_TAGS)
        list_all_tags(&listing);
    dict_drop(listing.tags);
    run->play = NULL;
    return good;
}

static bool list_playbook(struct run *run, const struct loaded_playbook *playbook, unsigned what,
                          struct text_buffer *out, struct error *error)
{
    text_buffer_append_format(out, "\nplaybook: %s\n", playbook->path);
    if (what & LIST_SYNTAX)
        return true;
    for (size_t i = 0; i < playbook->count; i++)
        if (!list_play(run, playbook->plays[i], i + 1, what, out, error))
            return false;
    return true;
}

int run_list(struct run *run, char *const *paths, size_t count, unsigned what, struct text_buffer *out,
             struct error *error)
{
    struct loaded_playbook *playbooks;
    bool good = playbooks_load(run, paths, count, &playbooks, error);
    for (size_t i = 0; i < count && good; i++)
        good = list_playbook(run, &playbooks[i], what, out, error);
    playbooks_done(playbooks, count);
    return good ? EXIT_OK : run_error_status(run, error);
}
