/* template: a file of the controller, rendered, as a file of the host. */
#include <stdlib.h>
#include <string.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/vault_keyring.h"
#include "runtime/value/repr.h"
#include "stdlib/modules/file_install.h"
#include "stdlib/modules/modules.h"
#include "stdlib/template_file.h"

static const struct module_option options[] = {
    {.name = "src", .type = OPTION_PATH, .documentation = "The template"},
    {.name = "dest", .type = OPTION_PATH, .documentation = "Where it goes"},
    {.name = "block_start_string", .type = OPTION_STRING, .fallback = "'{%'", .documentation = "Begins a statement"},
    {.name = "block_end_string", .type = OPTION_STRING, .fallback = "'%}'", .documentation = "Ends a statement"},
    {.name = "variable_start_string",
     .type = OPTION_STRING,
     .fallback = "'{{'",
     .documentation = "Begins an expression"},
    {.name = "variable_end_string", .type = OPTION_STRING, .fallback = "'}}'", .documentation = "Ends an expression"},
    {.name = "comment_start_string", .type = OPTION_STRING, .fallback = "'{#'", .documentation = "Begins a comment"},
    {.name = "comment_end_string", .type = OPTION_STRING, .fallback = "'#}'", .documentation = "Ends a comment"},
    {.name = "newline_sequence", .type = OPTION_STRING, .fallback = "'\\n'", .documentation = "What a newline becomes"},
    {.name = "trim_blocks",
     .type = OPTION_BOOL,
     .fallback = "true",
     .documentation = "The newline after a statement goes"},
    {.name = "lstrip_blocks",
     .type = OPTION_BOOL,
     .fallback = "false",
     .documentation = "White space before a statement goes"},
    FILE_INSTALL_OPTIONS,
};

static void start(struct module_call *call);

const struct module module_template = {
    .name = "template",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_ACTION | MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Render a template to a file of the host",
};

/** The syntax that the options ask for; its texts are the arguments'. */
static bool read_syntax(const struct module_call *call, struct template_syntax *syntax, struct error *error)
{
    static const char *const written[] = {"\\n", "\\r", "\\r\\n"}, *const meant[] = {"\n", "\r", "\r\n"};
    *syntax = (struct template_syntax){
        .block_start = module_string(call, "block_start_string"),
        .block_end = module_string(call, "block_end_string"),
        .variable_start = module_string(call, "variable_start_string"),
        .variable_end = module_string(call, "variable_end_string"),
        .comment_start = module_string(call, "comment_start_string"),
        .comment_end = module_string(call, "comment_end_string"),
        .trim_blocks = module_flag(call, "trim_blocks"),
        .lstrip_blocks = module_flag(call, "lstrip_blocks"),
        .keep_trailing_newline = true,
    };
    const char *newline = module_string(call, "newline_sequence");
    for (size_t i = 0; newline && i < COUNT_OF(meant); i++)
        if (strcmp(newline, written[i]) == 0 || strcmp(newline, meant[i]) == 0)
            syntax->newline_sequence = meant[i];
    return syntax->newline_sequence ||
           error_set(error, ERROR_MODULE, "newline_sequence needs to be one of: \\n, \\r or \\r\\n");
}

/** The file at `path`, rendered to text. */
static bool render(const struct module_call *call, const char *path, struct value *text, struct error *error)
{
    struct template_file file = {0};
    struct source *source = vault_read_source(evaluation_keyring(call->evaluation), path, error);
    if (!source)
        return false;
    struct text *content = text_new(source->bytes, source->length);
    content = text_with_span_take(content, (struct span){source, 0, (uint32_t)source->length});
    OWNED owner = value_string_take(content);
    source_drop(source);
    OWNED rendered = value_null();
    bool is_done = read_syntax(call, &file.syntax, error) && template_file_open(&file, content, error);
    if (is_done) {
        int64_t wall = clock_wall(evaluation_clock(call->evaluation));
        OWNED variables = value_dict_take(template_file_variables(path, module_string(call, "src"), wall));
        is_done = evaluation_render(call->evaluation, file.text, &file.syntax, variables.as.dict, &rendered, error);
    }
    template_file_close(&file);
    if (is_done && value_is_undefined(rendered))
        is_done = value_undefined_error(rendered, error);
    if (is_done)
        *text = value_is_null(rendered) ? value_string("") : value_str(rendered);
    return is_done;
}

static bool install(struct module_call *call, struct error *error)
{
    OWNED text = value_null();
    if (!module_has(call, "src") || !module_has(call, "dest"))
        return error_set(error, ERROR_MODULE, "src and dest are required");
    CLEANUP(memory_cleanup)
    char *path = evaluation_find_file(call->evaluation, "templates", module_string(call, "src"), error);
    if (!path || !render(call, path, &text, error))
        return false;
    struct file_install file = {
        .source = path,
        .name = path_name(path),
        .destination = module_string(call, "dest"),
        .bytes = value_bytes(text),
        .length = text.as.text->length,
    };
    return file_install(call, &file, error);
}

static void start(struct module_call *call)
{
    OWNED_ERROR error = {0};
    if (install(call, &error))
        module_done(call);
    else
        module_fail_error(call, &error);
}
