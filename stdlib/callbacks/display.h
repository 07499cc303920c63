/*
 * The display: text to the terminal or a pipe, coloured or plain, for the callbacks that people read.
 *
 * A message goes out in one write, so that what was said before a long wait is seen.  Colours are the reference's.
 */
#ifndef PLAYLET_STDLIB_CALLBACKS_DISPLAY_H
#define PLAYLET_STDLIB_CALLBACKS_DISPLAY_H

#include "eval/play/event.h"
#include "runtime/value/text.h"

enum colour {
    COLOUR_NONE,
    COLOUR_OK,
    COLOUR_CHANGED,
    COLOUR_SKIP,
    COLOUR_ERROR,
    COLOUR_UNREACHABLE,
    COLOUR_WARNING,
    COLOUR_DEPRECATION,
    COLOUR_VERBOSE,
    COLOUR_DEBUG,
    COLOUR_ADDED,
    COLOUR_REMOVED,
    COLOUR_HUNK,
};

struct display {
    struct callback_settings settings;
    struct text_buffer line;        /* reused from message to message */
    struct dict *said;              /* warnings that were shown: each is shown once */
    bool has_lost_output;           /* something could not be written, which was said */
};

void display_init(struct display *display, const struct callback_settings *settings);
void display_done(struct display *display);

/** Appends `length` bytes, each line of them in colour when the display has colours. */
void display_colour(const struct display *display, struct text_buffer *out, enum colour colour, const char *bytes, size_t length);

/** Writes a message and a newline to the output in one colour. */
void display_message(struct display *display, enum colour colour, const char *format, ...) PRINTF_FORMAT(3, 4);

/** Writes what is in the buffer (already coloured) and a newline to the output, and empties the buffer. */
void display_flush(struct display *display, struct text_buffer *out);

/** An empty line, then `text` followed by stars up to the terminal's width. */
void display_banner(struct display *display, const char *text);

/** Is this text shown for the first time?  It is remembered. */
bool display_says_first(struct display *display, const char *text);

/** "[WARNING]: text" with its place to standard error, unless the same was said before. */
void display_warning(struct display *display, enum colour colour, const char *label, const char *text, struct span span);

#endif
