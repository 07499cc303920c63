/*
 * The one renderer of errors and warnings with a place: message, `Origin: file:line:column`, the lines
 * around, a caret, the cause, the way out.  Nothing else in the program draws a caret.
 *
 *     [ERROR]: 'whenn' is not a keyword of a task and not a module.
 *     Origin: /home/u/site.yml:5:7
 *
 *     3   tasks:
 *     4     - debug: msg=x
 *     5       whenn: true
 *             ^^^^^ column 7
 *
 *     Did you mean 'when'?
 */
#ifndef PLAYLET_RUNTIME_SOURCE_RENDER_H
#define PLAYLET_RUNTIME_SOURCE_RENDER_H

#include "runtime/source/error.h"

struct text_buffer;

/**
 * Appends the error (message, place, excerpt, causes, help) without a "[ERROR]:" label; ends in a newline, and in an
 * empty line when it takes more than one.  A cause with no place of its own, or with the same, is told in one sentence
 * with what it caused; any other follows behind "<<< caused by >>>" with its own excerpt, and the head tells the chain.
 */
void render_error(struct text_buffer *out, const struct error *error);

/** Appends only the excerpt with "Origin:" line of a span; nothing for a span with no source. */
void render_excerpt(struct text_buffer *out, struct span span);

#endif
