/*
 * YAML: text to a tree of nodes with places, and nodes to values.
 *
 * libyaml reads (yaml.c alone includes yaml.h of libyaml); the schema is PyYAML's of YAML 1.1 as Ansible uses it
 * (yes/no/on/off, octal 0o and 0, sexagesimal, dates, merge keys, the last of duplicate keys wins with a warning).
 * Tags: !unsafe (never templated), !vault / !vault-encrypted (decrypted with the source's keyring, never templated), the standard !!tags.
 * Nodes live in the document's arena and are constant.  Aliases share the node; limits.h bounds what they stand for.
 */
#ifndef PLAYLET_PARSER_YAML_H
#define PLAYLET_PARSER_YAML_H

#include "runtime/value/value.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

enum yaml_tag { YAML_TAG_NONE, YAML_TAG_STRING, YAML_TAG_UNSAFE, YAML_TAG_VAULT, YAML_TAG_OTHER };

struct yaml_node {
    enum yaml_kind kind;
    enum yaml_tag tag;
    struct span span;               /* scalar: its characters without quotes where they stand as they are (see text_span), else the
                                       whole of it; collection: from its first key or dash to its end */
    struct value scalar;            /* SCALAR: resolved by the schema; strings have their span and are trusted unless !unsafe */
    struct yaml_node **items;       /* SEQUENCE: count; MAPPING: keys at 2i, values at 2i+1 (merges resolved, duplicates removed) */
    uint32_t count;                 /* items, or pairs */
};

/** Something that does not stop the reading (a duplicate key). */
struct yaml_warning {
    struct span span;
    char *message;
    struct yaml_warning *next;
};

struct yaml_document {
    struct arena arena;
    struct source *source;          /* owned reference */
    struct yaml_node *root;         /* NULL: the stream is empty */
    struct yaml_warning *warnings;
};

/** Parses the first document of a stream; a second one is an error.  Messages as the reference's
 *  ("YAML parsing failed: ..."), with help for the usual causes (unquoted {{, tabs, a list item indented by one column too many). */
struct yaml_document *yaml_parse(struct source *source, struct error *error) NODISCARD;
void yaml_document_free(struct yaml_document *document);     /* NULL is allowed; values made from it live on */

/** The node as a value, the caller's.  Strings keep span and trust (an untrusted file: value_untrusted on the result). */
struct value yaml_value(const struct yaml_node *node) NODISCARD;

/** All documents of a stream as values, untrusted (from_yaml_all); one: the first. */
bool yaml_parse_values(const char *bytes, size_t length, struct list **documents, struct error *error);

/** The value node of a string key, or NULL. */
const struct yaml_node *yaml_find(const struct yaml_node *mapping, const char *key);

/** Is this scalar's text one that the schema would not read as a string (for writers: to_yaml must quote it)? */
bool yaml_is_plain_string(const char *bytes, size_t length);

#endif
