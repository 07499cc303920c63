#include <string.h>

#include "parser/arguments.h"
#include "runtime/value/list.h"
#include "runtime/value/text.h"

/** A command being split; `word` is what the present word has so far. */
struct splitter {
    const char *at;
    const char *end;
    struct text_buffer word;
    struct error *error;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/** The inside of quotes, up to and past the closing one; a backslash inside double quotes escapes " and itself. */
static bool split_quoted(struct splitter *splitter, char quote)
{
    while (splitter->at < splitter->end && *splitter->at != quote) {
        if (quote == '"' && *splitter->at == '\\') {
            splitter->at++;
            if (splitter->at == splitter->end)
                return error_set(splitter->error, ERROR_VALUE, "No escaped character");
            if (*splitter->at != '"' && *splitter->at != '\\')
                text_buffer_append_char(&splitter->word, '\\');
        }
        text_buffer_append_char(&splitter->word, *splitter->at++);
    }
    if (splitter->at == splitter->end)
        return error_set(splitter->error, ERROR_VALUE, "No closing quotation");
    splitter->at++;
    return true;
}

/** One word, from its first character to the blank after it. */
static bool split_word(struct splitter *splitter)
{
    while (splitter->at < splitter->end && !is_blank(*splitter->at)) {
        char c = *splitter->at++;
        if (c == '"' || c == '\'') {
            if (!split_quoted(splitter, c))
                return false;
            continue;
        }
        if (c == '\\') {
            if (splitter->at == splitter->end)
                return error_set(splitter->error, ERROR_VALUE, "No escaped character");
            c = *splitter->at++;
        }
        text_buffer_append_char(&splitter->word, c);
    }
    return true;
}

bool words_split(const char *bytes, size_t length, struct list **words, struct error *error)
{
    struct splitter splitter = {bytes, bytes + length, {0}, error};
    struct list *result = list_new(8);
    for (;;) {
        while (splitter.at < splitter.end && is_blank(*splitter.at))
            splitter.at++;
        if (splitter.at == splitter.end)
            break;
        if (!split_word(&splitter)) {
            text_buffer_done(&splitter.word);
            list_drop(result);
            return false;
        }
        list_push_take(result, value_string_length(text_buffer_bytes(&splitter.word), splitter.word.length));
        text_buffer_truncate(&splitter.word, 0);
    }
    text_buffer_done(&splitter.word);
    *words = result;
    return true;
}
