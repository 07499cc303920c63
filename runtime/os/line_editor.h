/*
 * Lines that a person types on a terminal: editing, history, completion.  The one file that uses libedit.
 */
#ifndef PLAYLET_RUNTIME_OS_LINE_EDITOR_H
#define PLAYLET_RUNTIME_OS_LINE_EDITOR_H

#include "runtime/memory.h"

struct line_editor;

/**
 * Calls line_editor_offer for the words that may stand where the word being typed stands: behind the `length` bytes of `line`.
 * The editor leaves out those that do not begin with what is typed.
 */
typedef void line_editor_complete(void *context, struct line_editor *editor, const char *line, size_t length);

/** `history` is the path of a file that keeps the lines; NULL: none is kept. */
struct line_editor *line_editor_new(const char *history, line_editor_complete *complete, void *context) NODISCARD;

/** Keeps the history and gives the terminal back.  NULL is allowed. */
void line_editor_free(struct line_editor *editor);

/** The next line without its newline, the caller's; NULL at the end of the input. */
char *line_editor_read(struct line_editor *editor, const char *prompt) NODISCARD;

/** One word, for a line_editor_complete. */
void line_editor_offer(struct line_editor *editor, const char *word);

#endif
