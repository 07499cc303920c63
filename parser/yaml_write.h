/*
 * Values as YAML, through libyaml's emitter, in the form that PyYAML's safe dumper gives them: its choice of quotes, flow and block
 * styles, anchors (&id001) for lists and dicts that stand in more than one place.
 */
#ifndef PLAYLET_PARSER_YAML_WRITE_H
#define PLAYLET_PARSER_YAML_WRITE_H

#include "runtime/value/text.h"
#include "runtime/value/value.h"

/** PyYAML's default_flow_style: AUTO (None) writes collections of nothing but plain scalars in one line. */
enum yaml_flow { YAML_FLOW_AUTO, YAML_FLOW_NEVER, YAML_FLOW_ALWAYS };

struct yaml_style {
    enum yaml_flow flow;
    int indent;                 /* 2..9; others count as 2 */
    int width;                  /* columns before a line is folded; 0: 80; negative: without end */
    char scalar_style;          /* ' " | > for every scalar; 0: as each needs */
    bool sort_keys;             /* where all keys can be ordered */
    bool allow_unicode;         /* else everything past ASCII is escaped */
    bool explicit_start, explicit_end, canonical;
};

/** Appends a document.  ERROR_TYPE for what has no form in YAML, ERROR_UNDEFINED for an undefined value. */
bool yaml_append(struct text_buffer *out, struct value value, const struct yaml_style *style, struct error *error);

#endif
