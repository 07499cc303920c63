/*
 * Inventory files: from text to statements about groups and hosts, in the order of the file.  Grammar: grammar/inventory.ebnf.
 *
 * Every form (INI, YAML, a list with commas) becomes the same flat statements; eval/play/inventory applies them.  Strings in
 * variables are trusted and have their place.
 */
#ifndef PLAYLET_PARSER_INVENTORY_H
#define PLAYLET_PARSER_INVENTORY_H

#include "runtime/value/dict.h"
#include "runtime/value/list.h"

enum inventory_statement_kind {
    INVENTORY_GROUP,        /* there is such a group */
    INVENTORY_HOST,         /* `name` is a host of `group` (NULL: of none), with variables */
    INVENTORY_CHILD,        /* the group `name` is a child of `group` */
    INVENTORY_VARIABLES,    /* of `group` */
};

struct inventory_statement {
    enum inventory_statement_kind kind;
    struct text *group;         /* owned */
    struct text *name;          /* owned: one host, ranges are expanded; NULL where there is none */
    struct dict *variables;     /* owned, or NULL */
};

struct inventory_file {
    struct inventory_statement *statements;
    size_t count, capacity;
};

void inventory_file_done(struct inventory_file *file);

/** An INI file.  ERROR_PARSE with the place and the reference's sentence. */
bool inventory_parse_ini(struct source *source, struct inventory_file *file, struct error *error);

/** A YAML (or JSON) file: {group: {hosts, children, vars}}. */
bool inventory_parse_yaml(struct source *source, struct inventory_file *file, struct error *error);

/** "h1, h2[1:3]," as -i takes it. */
bool inventory_parse_list(const char *list, struct inventory_file *file, struct error *error);

/** Adds a statement; the texts and the dict are taken. */
void inventory_file_add_take(struct inventory_file *file, struct inventory_statement statement);

/**
 * Adds a host, or each host of a name with ranges ("www[01:20:2].example.com", "db-[a:f]"), to `group` (borrowed, may be NULL); a
 * ":port" at the end becomes the variable ansible_port.  ERROR_PARSE for a malformed range.
 */
bool inventory_file_add_hosts(struct inventory_file *file, const char *name, size_t length, const char *group,
                              const struct dict *variables, struct error *error);

#endif
