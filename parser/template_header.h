/*
 * The header of a template: a first line like "#jinja2: trim_blocks:False, variable_start_string:'[['", which says
 * how the rest is read.  Values are Python's literals.
 */
#ifndef PLAYLET_PARSER_TEMPLATE_HEADER_H
#define PLAYLET_PARSER_TEMPLATE_HEADER_H

#include "parser/template.h"

/**
 * Changes `syntax` by the header of the template's text and writes where the rest begins (0 without a header).
 * Strings of the syntax live in the template's arena.  ERROR_SYNTAX with its place.
 */
bool template_header_read(struct template *template, struct template_syntax *syntax, uint32_t *start,
                          struct error *error);

#endif
