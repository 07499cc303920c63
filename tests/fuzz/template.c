/* Fuzzer: the lexer and parser of templates and of bare expressions, the printer of trees, and the places of errors. */
#include "parser/template.h"
#include "runtime/source/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/** Lets go of a tree after printing it, or of the error after rendering it. */
static void finish(struct template *template, const struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (template)
        template_print(&out, template);
    else
        render_error(&out, error);
    template_drop(template);
}

/** The text with a source of its own. */
static struct text *placed_text(const uint8_t *bytes, size_t length)
{
    struct source *source = source_new("fuzz", (const char *)bytes, length);
    struct text *text =
        text_with_span_take(text_new((const char *)bytes, length), (struct span){source, 0, source->length});
    source_drop(source);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct template_syntax syntaxes[] = {
        {.raw_literals = true, .has_extensions = true},
        {.trim_blocks = true, .lstrip_blocks = true},
        {.line_statement_prefix = "%", .line_comment_prefix = "##", .variable_start = "[[", .variable_end = "]]"},
    };
    OWNED_ERROR error = {0};
    struct text *text = placed_text(bytes, length);
    for (size_t i = 0; i < COUNT_OF(syntaxes); i++) {
        finish(template_parse(text, &syntaxes[i], &error), &error);
        error_done(&error);
    }
    finish(expression_parse(text, &error), &error);
    text_drop(text);
    return 0;
}
