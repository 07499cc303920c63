/* Gathering facts at the start of a play: see gathering.h. */
#include "eval/play/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/load.h"

#define MODULE "setup"

/** When plays gather that say nothing of it. */
enum policy {
    POLICY_IMPLICIT, /* always */
    POLICY_EXPLICIT, /* never */
    POLICY_SMART,    /* where facts of the host are not known yet */
};

static enum policy configured_policy(void)
{
    const char *name = getenv("ANSIBLE_GATHERING");
    if (name && strcmp(name, "explicit") == 0)
        return POLICY_EXPLICIT;
    return name && strcmp(name, "smart") == 0 ? POLICY_SMART : POLICY_IMPLICIT;
}

/** Hands keywords of the play on as arguments of the module. */
static bool add_arguments(struct play_state *play, struct task *task, struct error *error)
{
    static const struct {
        enum keyword keyword;
        const char *argument;
    } rows[] = {
        {KEYWORD_GATHER_SUBSET, "gather_subset"},
        {KEYWORD_GATHER_TIMEOUT, "gather_timeout"},
        {KEYWORD_FACT_PATH, "fact_path"},
    };
    struct dict *arguments = value_own_dict(&task->action.arguments);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        OWNED value = value_null();
        if (!play_keyword(play, rows[i].keyword, &value, error))
            return false;
        if (!value_is_null(value))
            dict_set_string_take(arguments, rows[i].argument, value_steal(&value));
    }
    return true;
}

bool gathering_make(struct play_state *play, struct task **task, struct error *error)
{
    bool wanted;
    *task = NULL;
    if (!play_flag(play, KEYWORD_GATHER_FACTS, configured_policy() != POLICY_EXPLICIT, &wanted, error))
        return false;
    if (!wanted)
        return true;
    struct task *made = load_make_task(play->run, play->wrapper, MODULE, NULL);
    attributes_set_take(&made->attributes, KEYWORD_NAME, value_string("Gathering Facts"));
    attributes_set_take(&made->attributes, KEYWORD_TAGS, value_string("always"));
    arena_defer(load_arena(play->run), attributes_release, &made->attributes);
    if (!add_arguments(play, made, error))
        return false;
    *task = made;
    return true;
}

bool gathering_is_needless(const struct host *host, const struct task *task)
{
    bool is_gathering =
        !task->span.source && task->kind == TASK_ACTION && strcmp(task->action.name->bytes, MODULE) == 0;
    return is_gathering && configured_policy() == POLICY_SMART && host->facts &&
           dict_find_string(host->facts, "module_setup");
}
