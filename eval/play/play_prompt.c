/* vars_prompt: asks on the terminal; without one the defaults hold (play.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "eval/play/play.h"
#include "runtime/os/terminal.h"
#include "runtime/value/repr.h"

/** One line from the terminal; nothing at its end. */
static char *ask(const char *question, bool is_private)
{
    char *line = terminal_ask(question, is_private);
    return line ? line : memory_copy_string("", 0);
}

/** "prompt [default]", or "name" where the prompt has no words. */
static void append_question(struct text_buffer *out, const struct dict *prompt, const char *name)
{
    const struct value *fallback = dict_find_string(prompt, "default");
    text_buffer_append_string(out, dict_get_bytes(prompt, "prompt", name));
    if (fallback && !value_is_null(*fallback)) {
        text_buffer_append_string(out, " [");
        value_append_str(out, *fallback);
        text_buffer_append_char(out, ']');
    }
}

/** The answer, or the default where it is empty; asked twice until both agree where it is to be confirmed. */
static struct value answer(const struct dict *prompt, const char *name)
{
    CLEANUP(text_buffer_done) struct text_buffer question = {0};
    const struct value *fallback = dict_find_string(prompt, "default");
    bool is_private = dict_get_truth(prompt, "private", true);
    append_question(&question, prompt, name);
    for (;;) {
        CLEANUP(memory_cleanup) char *line = ask(text_buffer_bytes(&question), is_private);
        if (dict_get_truth(prompt, "confirm", false)) {
            CLEANUP(text_buffer_done) struct text_buffer again = {0};
            text_buffer_append_format(&again, "confirm %s", text_buffer_bytes(&question));
            CLEANUP(memory_cleanup) char *second = ask(text_buffer_bytes(&again), is_private);
            if (strcmp(line, second) != 0)
                continue;
        }
        return *line || !fallback ? value_string(line) : value_copy(*fallback);
    }
}

/** What holds where nobody answers: always text, "None" where there is no default. */
static struct value silent_answer(const struct value *fallback)
{
    struct text_buffer text = {0};
    if (fallback && value_is_string(*fallback))
        return value_copy(*fallback);
    if (!fallback || value_is_null(*fallback))
        return value_string("None");
    value_append_str(&text, *fallback);
    return value_string_take(text_buffer_take(&text));
}

static void prompt_one(struct play_state *play, struct value entry)
{
    if (!value_is_dict(entry))
        return;
    const struct dict *prompt = entry.as.dict;
    const char *name = dict_get_bytes(prompt, "name", NULL);
    const struct value *fallback = dict_find_string(prompt, "default");
    if (!name || dict_find_string(play->run->extra_variables, name))
        return;
    if (!play->prompted)
        play->prompted = dict_new();
    bool can_ask = isatty(STDIN_FILENO);
    if (!can_ask)
        run_warn(play->run, (struct span){0}, "Not prompting as we are not in interactive mode");
    dict_set_string_take(play->prompted, name, can_ask ? answer(prompt, name) : silent_answer(fallback));
}

void play_prompt(struct play_state *play)
{
    const struct attribute *attribute = attributes_find(&play->play->attributes, KEYWORD_VARS_PROMPT);
    if (!attribute)
        return;
    if (value_is_dict(attribute->value))
        prompt_one(play, attribute->value);
    for (size_t i = 0; value_is_sequence(attribute->value) && i < attribute->value.as.list->count; i++)
        prompt_one(play, attribute->value.as.list->items[i]);
    play->variables.prompted = play->prompted;
}
