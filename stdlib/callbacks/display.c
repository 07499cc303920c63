#include "stdlib/callbacks/display.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/source/render.h"
#include "runtime/value/dict.h"

/** The terminal codes of the reference's default colours. */
static const char *const colour_codes[] = {
    [COLOUR_NONE] = NULL,      [COLOUR_OK] = "0;32",          [COLOUR_CHANGED] = "0;33", [COLOUR_SKIP] = "0;36",
    [COLOUR_ERROR] = "0;31",   [COLOUR_UNREACHABLE] = "1;31", [COLOUR_WARNING] = "1;35", [COLOUR_DEPRECATION] = "0;35",
    [COLOUR_VERBOSE] = "0;34", [COLOUR_DEBUG] = "1;30",       [COLOUR_ADDED] = "0;32",   [COLOUR_REMOVED] = "0;31",
    [COLOUR_HUNK] = "0;36",
};

/** Starts a display that writes to the settings' descriptors. */
void display_init(struct display *display, const struct callback_settings *settings)
{
    *display = (struct display){.settings = *settings, .said = dict_new()};
}

/** Frees what the display holds; what was written stays written. */
void display_done(struct display *display)
{
    text_buffer_done(&display->line);
    dict_drop(display->said);
}

/** Writes everything; false with errno when that is not possible. */
static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/** Writes a message; the first that cannot be written is told, unless the reader is gone. */
static void display_write(struct display *display, int descriptor, const struct text_buffer *message)
{
    if (write_all(descriptor, text_buffer_bytes(message), message->length) || display->has_lost_output)
        return;
    CLEANUP(text_buffer_done) struct text_buffer lost = {0};
    display->has_lost_output = true;
    if (errno == EPIPE)
        return;
    text_buffer_append_format(&lost, "[ERROR]: The output cannot be written: %s\n", strerror(errno));
    write_all(display->settings.errors, text_buffer_bytes(&lost), lost.length);
}

void display_colour(const struct display *display, struct text_buffer *out, enum colour colour, const char *bytes,
                    size_t length)
{
    if (!display->settings.colour || !colour_codes[colour]) {
        text_buffer_append(out, bytes, length);
        return;
    }
    for (;;) {
        const char *newline = memchr(bytes, '\n', length);
        size_t line = newline ? (size_t)(newline - bytes) : length;
        text_buffer_append_format(out, "\033[%sm", colour_codes[colour]);
        text_buffer_append(out, bytes, line);
        text_buffer_append_string(out, "\033[0m");
        if (!newline)
            return;
        text_buffer_append_char(out, '\n');
        bytes += line + 1;
        length -= line + 1;
    }
}

/** Writes text in one colour and a newline to a descriptor. */
static void put(struct display *display, int descriptor, enum colour colour, const char *bytes, size_t length)
{
    text_buffer_truncate(&display->line, 0);
    display_colour(display, &display->line, colour, bytes, length);
    text_buffer_append_char(&display->line, '\n');
    display_write(display, descriptor, &display->line);
}

void display_message(struct display *display, enum colour colour, const char *format, ...)
{
    CLEANUP(memory_cleanup) char *message = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted();
    put(display, display->settings.output, colour, message, (size_t)length);
}

void display_flush(struct display *display, struct text_buffer *out)
{
    text_buffer_append_char(out, '\n');
    display_write(display, display->settings.output, out);
    text_buffer_truncate(out, 0);
}

void display_banner(struct display *display, const char *text)
{
    struct text_buffer *line = &display->line;
    unsigned width = text_width(text, strlen(text));
    unsigned columns = display->settings.columns > 80 ? display->settings.columns - 1 : 79;
    text_buffer_truncate(line, 0);
    text_buffer_append_format(line, "\n%s ", text);
    text_buffer_append_repeated(line, '*', columns > width + 3 ? columns - width : 3);
    display_flush(display, line);
}

bool display_says_first(struct display *display, const char *text)
{
    if (dict_find_string(display->said, text))
        return false;
    dict_set_string_take(display->said, text, value_null());
    return true;
}

void display_warning(struct display *display, enum colour colour, const char *label, const char *text, struct span span)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&out, "[%s]: %s", label, text);
    if (span.source) {
        text_buffer_append_char(&out, '\n');
        render_excerpt(&out, span);
    }
    if (display_says_first(display, text_buffer_bytes(&out)))
        put(display, display->settings.errors, colour, text_buffer_bytes(&out), out.length);
}
