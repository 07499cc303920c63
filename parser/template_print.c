/* Trees as indented lines: a statement a line, its parts below it; expressions: expression_print.c. */
#include "parser/template_print.h"

#include "runtime/value/repr.h"

enum { INDENTATION = 2 };

struct printer {
    struct text_buffer *out;
    unsigned level;
};

/** Begins a line with a word. */
static void print_word(const struct printer *printer, const char *word)
{
    text_buffer_append_repeated(printer->out, ' ', (size_t)printer->level * INDENTATION);
    text_buffer_append_string(printer->out, word);
}

static void print_end(const struct printer *printer)
{
    text_buffer_append_char(printer->out, '\n');
}

/** " text" */
static void print_text(const struct printer *printer, const struct text *text)
{
    text_buffer_append_char(printer->out, ' ');
    text_buffer_append_text(printer->out, text);
}

/** " <before>(expression)" unless there is none. */
static void print_expression(const struct printer *printer, const char *before, const struct expression *expression)
{
    if (!expression)
        return;
    text_buffer_append_format(printer->out, " %s", before);
    expression_print(printer->out, expression);
}

static void print_flag(const struct printer *printer, bool is_set, const char *flag)
{
    if (is_set)
        text_buffer_append_format(printer->out, " %s", flag);
}

static void print_body(struct printer *printer, const struct body *body);

/** A line of one word and a body below it; nothing for an empty body. */
static void print_part(struct printer *printer, const char *word, const struct body *body)
{
    if (!body->count)
        return;
    print_word(printer, word);
    print_end(printer);
    print_body(printer, body);
}

/* ---- statements: each ends its line ---- */

static void print_if(struct printer *printer, const struct node *node)
{
    for (uint32_t i = 0; i < node->conditional.count; i++) {
        const struct branch *branch = &node->conditional.branches[i];
        print_word(printer, i == 0 ? "if" : branch->condition ? "elif" : "else");
        print_expression(printer, "", branch->condition);
        print_end(printer);
        print_body(printer, &branch->body);
    }
}

static void print_for(struct printer *printer, const struct node *node)
{
    print_word(printer, "for");
    print_expression(printer, "", node->loop.target);
    print_expression(printer, "in ", node->loop.iterable);
    print_expression(printer, "if ", node->loop.condition);
    print_flag(printer, node->loop.recursive, "recursive");
    print_flag(printer, node->loop.uses_loop, "uses-loop");
    print_end(printer);
    print_body(printer, &node->loop.body);
    print_part(printer, "else", &node->loop.otherwise);
}

static void print_set(struct printer *printer, const struct node *node)
{
    print_word(printer, "set");
    print_expression(printer, "", node->set.target);
    print_expression(printer, "= ", node->set.value);
    print_end(printer);
}

static void print_set_block(struct printer *printer, const struct node *node)
{
    print_word(printer, "set-block");
    print_expression(printer, "", node->set_block.target);
    print_expression(printer, "", node->set_block.filter);
    print_end(printer);
    print_body(printer, &node->set_block.body);
}

static void print_signature(const struct printer *printer, const struct macro *macro)
{
    text_buffer_append_char(printer->out, '(');
    for (uint32_t i = 0; i < macro->parameter_count; i++) {
        if (i > 0)
            text_buffer_append_string(printer->out, ", ");
        text_buffer_append_text(printer->out, macro->parameters[i].name);
        print_expression(printer, "= ", macro->parameters[i].fallback);
    }
    text_buffer_append_char(printer->out, ')');
    print_flag(printer, macro->uses_varargs, "uses-varargs");
    print_flag(printer, macro->uses_kwargs, "uses-kwargs");
    print_flag(printer, macro->uses_caller, "uses-caller");
}

static void print_macro(struct printer *printer, const struct node *node)
{
    print_word(printer, "macro");
    print_text(printer, node->macro.name);
    print_signature(printer, &node->macro);
    print_end(printer);
    print_body(printer, &node->macro.body);
}

static void print_call(struct printer *printer, const struct node *node)
{
    print_word(printer, "call");
    print_signature(printer, &node->call.macro);
    print_expression(printer, "", node->call.call);
    print_end(printer);
    print_body(printer, &node->call.macro.body);
}

static void print_with(struct printer *printer, const struct node *node)
{
    print_word(printer, "with");
    for (uint32_t i = 0; i < node->with.count; i++) {
        if (i > 0)
            text_buffer_append_char(printer->out, ',');
        print_expression(printer, "", node->with.targets[i]);
        print_expression(printer, "= ", node->with.values[i]);
    }
    print_end(printer);
    print_body(printer, &node->with.body);
}

static void print_include(const struct printer *printer, const struct node *node)
{
    print_word(printer, "include");
    print_expression(printer, "", node->include.name);
    print_flag(printer, node->include.ignore_missing, "ignore-missing");
    print_flag(printer, node->include.with_context, "with-context");
    print_end(printer);
}

static void print_import(const struct printer *printer, const struct node *node)
{
    print_word(printer, "import");
    print_expression(printer, "", node->import.name);
    text_buffer_append_string(printer->out, " as");
    print_text(printer, node->import.alias);
    print_flag(printer, node->import.with_context, "with-context");
    print_end(printer);
}

static void print_from_import(const struct printer *printer, const struct node *node)
{
    print_word(printer, "from");
    print_expression(printer, "", node->import.name);
    text_buffer_append_string(printer->out, " import");
    for (uint32_t i = 0; i < node->import.count; i++) {
        const struct imported_name *imported = &node->import.names[i];
        print_text(printer, imported->name);
        if (imported->alias != imported->name) {
            text_buffer_append_string(printer->out, " as");
            print_text(printer, imported->alias);
        }
    }
    print_flag(printer, node->import.with_context, "with-context");
    print_end(printer);
}

static void print_block(struct printer *printer, const struct node *node)
{
    print_word(printer, "block");
    print_text(printer, node->block.name);
    print_flag(printer, node->block.scoped, "scoped");
    print_flag(printer, node->block.required, "required");
    print_end(printer);
    print_body(printer, &node->block.body);
}

static void print_literal_text(const struct printer *printer, struct text *text)
{
    OWNED value = value_string_take(text_copy(text));
    print_word(printer, "text ");
    value_append_repr(printer->out, value);
    print_end(printer);
}

/** A line of a word and an expression. */
static void print_simple(const struct printer *printer, const char *word, const struct expression *expression)
{
    print_word(printer, word);
    print_expression(printer, "", expression);
    print_end(printer);
}

static void print_node(struct printer *printer, const struct node *node)
{
    switch (node->kind) {
    case NODE_TEXT:
        return print_literal_text(printer, node->text);
    case NODE_OUTPUT:
        return print_simple(printer, "output", node->expression);
    case NODE_IF:
        return print_if(printer, node);
    case NODE_FOR:
        return print_for(printer, node);
    case NODE_SET:
        return print_set(printer, node);
    case NODE_SET_BLOCK:
        return print_set_block(printer, node);
    case NODE_MACRO:
        return print_macro(printer, node);
    case NODE_CALL:
        return print_call(printer, node);
    case NODE_FILTER:
        print_simple(printer, "filter", node->filter.filter);
        return print_body(printer, &node->filter.body);
    case NODE_WITH:
        return print_with(printer, node);
    case NODE_INCLUDE:
        return print_include(printer, node);
    case NODE_IMPORT:
        return print_import(printer, node);
    case NODE_FROM_IMPORT:
        return print_from_import(printer, node);
    case NODE_EXTENDS:
        return print_simple(printer, "extends", node->parent);
    case NODE_BLOCK:
        return print_block(printer, node);
    case NODE_DO:
        return print_simple(printer, "do", node->expression);
    case NODE_BREAK:
        return print_simple(printer, "break", NULL);
    case NODE_CONTINUE:
        return print_simple(printer, "continue", NULL);
    case NODE_AUTOESCAPE:
        print_simple(printer, "autoescape", node->autoescape.enabled);
        return print_body(printer, &node->autoescape.body);
    }
}

static void print_body(struct printer *printer, const struct body *body)
{
    printer->level++;
    for (uint32_t i = 0; i < body->count; i++)
        print_node(printer, body->nodes[i]);
    printer->level--;
}

void template_print(struct text_buffer *out, const struct template *template)
{
    struct printer printer = {.out = out};
    if (template->expression)
        return print_simple(&printer, "expression", template->expression);
    for (uint32_t i = 0; i < template->body.count; i++)
        print_node(&printer, template->body.nodes[i]);
}
