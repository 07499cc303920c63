/* YAML inventories: {group: {hosts: {name: {variables}}, children: {group: ...}, vars: {...}}}. */
#include <string.h>

#include "parser/inventory.h"
#include "parser/yaml.h"

struct yaml_inventory {
    struct inventory_file *file;
    struct error *error;
};

static bool parse_group(struct yaml_inventory *parser, const struct yaml_node *name, const struct yaml_node *node);

/** Is there nothing: no node, or null? */
static bool is_empty(const struct yaml_node *node)
{
    return !node || (node->kind == YAML_SCALAR && value_is_null(node->scalar));
}

static bool fail_at(struct yaml_inventory *parser, const struct yaml_node *node, const char *message)
{
    error_set(parser->error, ERROR_PARSE, "%s", message);
    return error_at(parser->error, node->span);
}

/** The text of a name; numbers are names too. */
static struct text *name_text(const struct yaml_node *node)
{
    if (node->kind != YAML_SCALAR)
        return NULL;
    if (value_is_string(node->scalar))
        return text_new(value_bytes(node->scalar), node->scalar.as.text->length);
    return text_new(node->span.source->bytes + node->span.start, node->span.length);
}

/** The variables of a host or a group as a dict, NULL for none. */
static bool parse_variables(struct yaml_inventory *parser, const struct yaml_node *node, struct dict **variables)
{
    *variables = NULL;
    if (is_empty(node))
        return true;
    if (node->kind != YAML_MAPPING)
        return fail_at(parser, node, "Invalid \"vars\" entry, requires a dict");
    *variables = yaml_value(node).as.dict;
    return true;
}

/** A host, or those that a name with ranges stands for. */
static bool parse_host(struct yaml_inventory *parser, const struct text *group, const struct yaml_node *key,
                       const struct yaml_node *value)
{
    struct dict *variables;
    if (!parse_variables(parser, value, &variables))
        return false;
    struct text *name = name_text(key);
    bool ok =
        name ? inventory_file_add_hosts(parser->file, name->bytes, name->length, group->bytes, variables, parser->error)
             : error_set(parser->error, ERROR_PARSE, "the name of a host must be text");
    text_drop(name);
    dict_drop(variables);
    return ok || error_at(parser->error, key->span);
}

/** production: yaml-hosts */
static bool parse_hosts(struct yaml_inventory *parser, const struct text *group, const struct yaml_node *node)
{
    if (is_empty(node))
        return true;
    if (node->kind == YAML_SCALAR && value_is_string(node->scalar))
        return inventory_file_add_hosts(parser->file, value_bytes(node->scalar), node->scalar.as.text->length,
                                        group->bytes, NULL, parser->error);
    if (node->kind != YAML_MAPPING) {
        fail_at(parser, node, "Invalid \"hosts\" entry, requires a dict");
        return error_help(parser->error, "Write each host as a key: `hosts: {h1: , h2: }`, without dashes.");
    }
    for (uint32_t i = 0; i < node->count; i++)
        if (!parse_host(parser, group, node->items[2 * i], node->items[2 * i + 1]))
            return false;
    return true;
}

/** production: yaml-children */
static bool parse_children(struct yaml_inventory *parser, const struct text *group, const struct yaml_node *node)
{
    if (is_empty(node))
        return true;
    if (node->kind != YAML_MAPPING)
        return fail_at(parser, node, "Invalid \"children\" entry, requires a dict");
    for (uint32_t i = 0; i < node->count; i++) {
        struct text *child = name_text(node->items[2 * i]);
        if (!parse_group(parser, node->items[2 * i], node->items[2 * i + 1])) {
            text_drop(child);
            return false;
        }
        inventory_file_add_take(
            parser->file, (struct inventory_statement){
                              .kind = INVENTORY_CHILD, .group = text_new(group->bytes, group->length), .name = child});
    }
    return true;
}

/** One key of a group: hosts, children or vars; others are passed by, as the reference does with a warning. */
static bool parse_group_key(struct yaml_inventory *parser, const struct text *group, const struct yaml_node *key,
                            const struct yaml_node *value)
{
    if (value_equals_string(key->scalar, "hosts"))
        return parse_hosts(parser, group, value);
    if (value_equals_string(key->scalar, "children"))
        return parse_children(parser, group, value);
    if (!value_equals_string(key->scalar, "vars"))
        return true;
    struct dict *variables;
    if (!parse_variables(parser, value, &variables))
        return false;
    if (variables)
        inventory_file_add_take(parser->file,
                                (struct inventory_statement){.kind = INVENTORY_VARIABLES,
                                                             .group = text_new(group->bytes, group->length),
                                                             .variables = variables});
    return true;
}

/** production: yaml-group */
static bool parse_group(struct yaml_inventory *parser, const struct yaml_node *name, const struct yaml_node *node)
{
    struct text *group = name_text(name);
    if (!group)
        return fail_at(parser, name, "the name of a group must be text");
    inventory_file_add_take(parser->file, (struct inventory_statement){.kind = INVENTORY_GROUP, .group = group});
    if (is_empty(node))
        return true;
    if (node->kind != YAML_MAPPING)
        return fail_at(parser, node, "YAML inventory has invalid structure, a group should be a dictionary");
    for (uint32_t i = 0; i < node->count; i++)
        if (node->items[2 * i]->kind == YAML_SCALAR &&
            !parse_group_key(parser, group, node->items[2 * i], node->items[2 * i + 1]))
            return false;
    return true;
}

/** production: yaml-inventory */
bool inventory_parse_yaml(struct source *source, struct inventory_file *file, struct error *error)
{
    struct yaml_document *document = yaml_parse(source, error);
    struct yaml_inventory parser = {file, error};
    bool ok = document != NULL;
    if (ok && (!document->root || document->root->kind != YAML_MAPPING))
        ok = error_set(error, ERROR_PARSE, "YAML inventory has invalid structure, it should be a dictionary");
    for (uint32_t i = 0; ok && i < document->root->count; i++)
        ok = parse_group(&parser, document->root->items[2 * i], document->root->items[2 * i + 1]);
    yaml_document_free(document);
    return ok;
}
