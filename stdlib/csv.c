#include "stdlib/csv.h"

#include "runtime/value/text.h"

static bool ends_field(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == csv->delimiter || *csv->at == '\n' || *csv->at == '\r';
}

/** Reads behind an opening quote up to the one that closes; a doubled one stands for itself. */
static bool read_quoted(struct csv *csv, struct text_buffer *field, struct error *error)
{
    for (; csv->at < csv->end; csv->at++) {
        if (*csv->at == '"' && (++csv->at == csv->end || *csv->at != '"'))
            return !csv->is_strict || ends_field(csv) ||
                   error_set(error, ERROR_VALUE, "'%c' expected after '\"'", csv->delimiter);
        text_buffer_append_char(field, *csv->at);
    }
    return !csv->is_strict || error_set(error, ERROR_VALUE, "unexpected end of data");
}

/** Appends the field at hand; what follows it is a delimiter, a line's end or the end. */
static bool read_field(struct csv *csv, struct list *row, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer field = {0};
    while (csv->skips_spaces && csv->at < csv->end && *csv->at == ' ')
        csv->at++;
    if (csv->at < csv->end && *csv->at == '"') {
        csv->at++;
        if (!read_quoted(csv, &field, error))
            return false;
    }
    for (; !ends_field(csv); csv->at++)
        text_buffer_append_char(&field, *csv->at);
    list_push_take(row, value_string_take(text_buffer_take(&field)));
    return true;
}

bool csv_read_row(struct csv *csv, struct list **row, struct error *error)
{
    *row = NULL;
    if (csv->at == csv->end)
        return true;
    OWNED fields = value_list_new();
    if (*csv->at != '\n' && *csv->at != '\r' && !read_field(csv, fields.as.list, error))
        return false;
    while (csv->at < csv->end && *csv->at == csv->delimiter) {
        csv->at++;
        if (!read_field(csv, fields.as.list, error))
            return false;
    }
    if (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end && *csv->at == '\n')
        csv->at++;
    *row = value_steal(&fields).as.list;
    return true;
}
