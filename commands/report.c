#include "commands/report.h"

#include <stdio.h>

#include "runtime/source/render.h"
#include "runtime/value/text.h"

void report_error(const struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_string(&out, "[ERROR]: ");
    render_error(&out, error);
    fputs(text_buffer_bytes(&out), stderr);
}

void report_warning(const char *message)
{
    fprintf(stderr, "[WARNING]: %s\n", message);
}
