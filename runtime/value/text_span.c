/*
 * Where a part of a text stands in its source: both are read side by side, since YAML's scalars lose indentation,
 * line ends and escapes on the way from one to the other.
 */
#include "runtime/value/text.h"

/** A reading of a text's source. */
struct trace {
    const char *bytes; /* of the source */
    uint32_t position, end;
    uint32_t indentation; /* blanks before the text's first character on its line */
    char quote;           /* of a quoted scalar, else NUL */
    bool began_line;      /* nothing of the present line but indentation was read yet */
};

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static void trace_begin(struct trace *trace, struct span span)
{
    const struct source *source = span.source;
    *trace = (struct trace){.bytes = source->bytes, .position = span.start, .end = source->length};
    if (trace->position < trace->end && (source->bytes[span.start] == '"' || source->bytes[span.start] == '\''))
        trace->quote = source->bytes[span.start];
    else if (span.start > 0 && (source->bytes[span.start - 1] == '"' || source->bytes[span.start - 1] == '\''))
        trace->quote = source->bytes[span.start - 1];
    uint32_t line = span.start;
    while (line > 0 && source->bytes[line - 1] != '\n')
        line--;
    while (line + trace->indentation < span.start && is_blank(source->bytes[line + trace->indentation]))
        trace->indentation++;
}

static char trace_byte(const struct trace *trace)
{
    return trace->position < trace->end ? trace->bytes[trace->position] : '\0';
}

static bool trace_at_newline(const struct trace *trace)
{
    char byte = trace_byte(trace);
    return byte == '\n' ||
           (byte == '\r' && trace->position + 1 < trace->end && trace->bytes[trace->position + 1] == '\n');
}

/** Moves over a newline and at most `indentation` blanks of the next line. */
static void trace_skip_newline(struct trace *trace, uint32_t indentation)
{
    trace->position += trace_byte(trace) == '\r' ? 2 : 1;
    for (uint32_t i = 0; i < indentation && is_blank(trace_byte(trace)); i++)
        trace->position++;
    trace->began_line = true;
}

/** Moves over blanks before a newline, that newline and the next line's indentation: one space of a folded text. */
static bool trace_skip_fold(struct trace *trace)
{
    struct trace ahead = *trace;
    while (is_blank(trace_byte(&ahead)))
        ahead.position++;
    if (!trace_at_newline(&ahead))
        return false;
    trace_skip_newline(&ahead, UINT32_MAX);
    *trace = ahead;
    return true;
}

/** Reads an escape of a quoted scalar that stands for `byte`; false when there is none. */
static bool trace_take_escape(struct trace *trace, char byte)
{
    if (trace->position + 1 >= trace->end)
        return false;
    char first = trace->bytes[trace->position], second = trace->bytes[trace->position + 1];
    bool matches = trace->quote == '\''
                       ? byte == '\'' && first == '\'' && second == '\''
                       : trace->quote == '"' && first == '\\' &&
                             (second == byte ? byte == '"' || byte == '\\' || byte == '/'
                                             : (second == 'n' && byte == '\n') || (second == 't' && byte == '\t'));
    trace->position += matches ? 2 : 0;
    return matches;
}

/** Reads what stands for one byte of the text; false when the source does not have it. */
static bool trace_take(struct trace *trace, char byte)
{
    if (byte == '\n' && trace_at_newline(trace)) {
        trace_skip_newline(trace, trace->indentation);
        return true;
    }
    while (trace->began_line && byte != '\n' && trace_at_newline(trace))
        trace_skip_newline(trace, trace->indentation); /* an empty line that folding took away */
    trace->began_line = false;
    if (trace->quote && trace_take_escape(trace, byte))
        return true;
    if (byte == ' ' && trace_skip_fold(trace))
        return true;
    if (trace->position >= trace->end || trace_byte(trace) != byte)
        return false;
    trace->position++;
    return true;
}

struct span text_span(const struct text *text, uint32_t start, uint32_t length)
{
    struct trace trace;
    if (!text->span.source)
        return text->span;
    trace_begin(&trace, text->span);
    if (trace.quote && trace.position < trace.end && trace.bytes[trace.position] == trace.quote &&
        (!text->length || text->bytes[0] != trace.quote))
        trace.position++;
    uint32_t first = trace.position;
    for (uint32_t i = 0; i < start + length && i < text->length; i++) {
        if (i == start)
            first = trace.position;
        if (!trace_take(&trace, text->bytes[i]))
            return text->span;
        if (i < start)
            first = trace.position;
    }
    return (struct span){text->span.source, first, trace.position - first};
}
