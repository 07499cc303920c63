#include "runtime/os/line_editor.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <histedit.h>

enum { HISTORY_LINES = 1000, WORDS_SHOWN = 200 };

struct line_editor {
    EditLine *terminal;
    History *lines;
    HistEvent event;
    char *history; /* owned, or NULL */
    const char *prompt;
    line_editor_complete *complete;
    void *context;
    /* the completion under way: */
    const char *typed; /* of the word, borrowed */
    size_t typed_length;
    char **words; /* that begin so; owned */
    size_t word_count, word_capacity;
};

void line_editor_offer(struct line_editor *editor, const char *word)
{
    if (strncmp(word, editor->typed, editor->typed_length) != 0)
        return;
    if (editor->word_count == editor->word_capacity) {
        editor->word_capacity = memory_grown(editor->word_capacity);
        editor->words = memory_resize(editor->words, editor->word_capacity, sizeof *editor->words);
    }
    editor->words[editor->word_count++] = memory_copy_string(word, strlen(word));
}

static void forget_words(struct line_editor *editor)
{
    while (editor->word_count > 0)
        free(editor->words[--editor->word_count]);
}

/** How many bytes all words have in common. */
static size_t common_length(const struct line_editor *editor)
{
    size_t length = strlen(editor->words[0]);
    for (size_t i = 1; i < editor->word_count; i++) {
        size_t same = 0;
        while (same < length && editor->words[i][same] == editor->words[0][same])
            same++;
        length = same;
    }
    return length;
}

static void show_words(const struct line_editor *editor)
{
    putchar('\n');
    for (size_t i = 0; i < editor->word_count && i < WORDS_SHOWN; i++)
        printf("%s%s", i == 0 ? "" : "  ", editor->words[i]);
    puts(editor->word_count > WORDS_SHOWN ? "  ..." : "");
}

static struct line_editor *editor_of(EditLine *terminal)
{
    struct line_editor *editor;
    el_get(terminal, EL_CLIENTDATA, &editor);
    return editor;
}

/** What the tabulator key does: inserts what is common to the words that fit, or shows them. */
static unsigned char complete_word(EditLine *terminal, int key)
{
    (void)key;
    struct line_editor *editor = editor_of(terminal);
    const LineInfo *info = el_line(terminal);
    const char *start = info->cursor;
    while (start > info->buffer && (isalnum((unsigned char)start[-1]) || start[-1] == '_' || start[-1] == '.'))
        start--;
    editor->typed = start;
    editor->typed_length = (size_t)(info->cursor - start);
    editor->complete(editor->context, editor, info->buffer, (size_t)(start - info->buffer));
    unsigned char answer = CC_ERROR;
    if (editor->word_count > 0) {
        size_t common = common_length(editor);
        CLEANUP(memory_cleanup)
        char *rest = memory_copy_string(editor->words[0] + editor->typed_length, common - editor->typed_length);
        bool is_inserted = *rest && el_insertstr(terminal, rest) == 0;
        if (!is_inserted && editor->word_count > 1)
            show_words(editor);
        answer = is_inserted ? CC_REFRESH : editor->word_count > 1 ? CC_REDISPLAY : CC_NORM;
    }
    forget_words(editor);
    return answer;
}

static char *prompt_of(EditLine *terminal)
{
    return (char *)editor_of(terminal)->prompt;
}

struct line_editor *line_editor_new(const char *history_path, line_editor_complete *complete, void *context)
{
    struct line_editor *editor = memory_new(sizeof *editor);
    *editor = (struct line_editor){.complete = complete, .context = context, .prompt = ""};
    editor->terminal = el_init("playlet", stdin, stdout, stderr);
    editor->lines = history_init();
    if (!editor->terminal || !editor->lines)
        memory_exhausted();
    history(editor->lines, &editor->event, H_SETSIZE, HISTORY_LINES);
    history(editor->lines, &editor->event, H_SETUNIQUE, 1);
    el_set(editor->terminal, EL_CLIENTDATA, editor);
    el_set(editor->terminal, EL_PROMPT, prompt_of);
    el_set(editor->terminal, EL_EDITOR, "emacs");
    el_set(editor->terminal, EL_SIGNAL, 1);
    el_set(editor->terminal, EL_HIST, history, editor->lines);
    el_set(editor->terminal, EL_ADDFN, "complete", "complete a name", complete_word);
    el_set(editor->terminal, EL_BIND, "^I", "complete", NULL);
    if (history_path) {
        editor->history = memory_copy_string(history_path, strlen(history_path));
        history(editor->lines, &editor->event, H_LOAD, history_path);
    }
    return editor;
}

void line_editor_free(struct line_editor *editor)
{
    if (!editor)
        return;
    if (editor->history)
        history(editor->lines, &editor->event, H_SAVE, editor->history);
    el_end(editor->terminal);
    history_end(editor->lines);
    forget_words(editor);
    free(editor->words);
    free(editor->history);
    free(editor);
}

char *line_editor_read(struct line_editor *editor, const char *prompt)
{
    int count = 0;
    editor->prompt = prompt;
    const char *line = el_gets(editor->terminal, &count);
    if (!line || count <= 0)
        return NULL;
    char *copy = memory_copy_string(line, strcspn(line, "\n"));
    if (*copy)
        history(editor->lines, &editor->event, H_ENTER, copy);
    return copy;
}
