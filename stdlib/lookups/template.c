/* template: files rendered as templates, in native types. */
#include <string.h>

#include "runtime/os/path.h"
#include "stdlib/lookups/found_file.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/lookups/option.h"
#include "stdlib/template_file.h"

/** The options by their parameters' places. */
enum {
    TEMPLATE_VARIABLE_START = 1,
    TEMPLATE_VARIABLE_END,
    TEMPLATE_COMMENT_START,
    TEMPLATE_COMMENT_END,
    TEMPLATE_TRIM_BLOCKS,
    TEMPLATE_VARS,
};

static bool read_syntax(const struct value *arguments, struct template_syntax *syntax, struct error *error)
{
    static const char *const names[] = {
        [TEMPLATE_VARIABLE_START] = "variable_start_string",
        [TEMPLATE_VARIABLE_END] = "variable_end_string",
        [TEMPLATE_COMMENT_START] = "comment_start_string",
        [TEMPLATE_COMMENT_END] = "comment_end_string",
    };
    const char **const slots[] = {
        [TEMPLATE_VARIABLE_START] = &syntax->variable_start,
        [TEMPLATE_VARIABLE_END] = &syntax->variable_end,
        [TEMPLATE_COMMENT_START] = &syntax->comment_start,
        [TEMPLATE_COMMENT_END] = &syntax->comment_end,
    };
    for (size_t i = TEMPLATE_VARIABLE_START; i <= TEMPLATE_COMMENT_END; i++) {
        if (value_is_null(arguments[i]))
            continue;
        if (!option_is_string(&(struct option_place){"template", names[i], "str"}, arguments[i], error))
            return false;
        *slots[i] = value_bytes(arguments[i]);
    }
    syntax->trim_blocks = option_truth(arguments[TEMPLATE_TRIM_BLOCKS]);
    return true;
}

static bool push_rendered(struct evaluation *evaluation, struct value term, const struct value *arguments,
                          struct list *out, struct error *error)
{
    struct template_file file = {0};
    struct value rendered;
    if (!term_is_string(term, "startswith", error))
        return false;
    CLEANUP(memory_cleanup) char *path = found_file_path(evaluation, "templates", value_bytes(term));
    OWNED content = value_null();
    if (!path)
        return error_set(error, ERROR_LOOKUP, "the template file %s could not be found for the lookup",
                         value_bytes(term));
    if (!found_file_read(evaluation, path, &content, error) || !read_syntax(arguments, &file.syntax, error))
        return false;
    bool is_done = template_file_open(&file, content.as.text, error);
    if (!is_done) {
        error_wrap(error, "Syntax error in template");
        error->is_settled = true;
    }
    if (is_done && file.text.as.text->length == 0) {
        rendered = value_string("");
    } else if (is_done) {
        OWNED variables =
            value_dict_take(template_file_variables(path, value_bytes(term), clock_wall(evaluation_clock(evaluation))));
        dict_update(variables.as.dict, arguments[TEMPLATE_VARS].as.dict);
        is_done = evaluation_render(evaluation, file.text, &file.syntax, variables.as.dict, &rendered, error);
    }
    template_file_close(&file);
    if (is_done)
        list_push_take(out, rendered);
    return is_done;
}

static bool lookup_template(struct evaluation *evaluation, const struct value *arguments, struct value *result,
                            struct error *error)
{
    const struct list *terms = arguments[0].as.list;
    OWNED rendered = value_list_new();
    if (!value_is_dict(arguments[TEMPLATE_VARS]))
        return option_invalid(&(struct option_place){"template", "template_vars", "dict"}, arguments[TEMPLATE_VARS],
                              error);
    for (size_t i = 0; i < terms->count; i++)
        if (!push_rendered(evaluation, terms->items[i], arguments, rendered.as.list, error))
            return false;
    *result = value_steal(&rendered);
    return true;
}

static const struct function rows[] = {
    {"template",
     "terms, variable_start_string=None, variable_end_string=None, comment_start_string=None, "
     "comment_end_string=None, trim_blocks=True, template_vars={}" LOOKUP_UNKNOWN,
     lookup_template, LOOKUP_FLAGS, "Files rendered as templates."},
};

const struct function_table lookups_template = {FUNCTION_LOOKUP, "ansible.builtin", rows, COUNT_OF(rows)};
