/*
 * Template files: their header of overrides ("#jinja2: lstrip_blocks:True") and the variables about the file that they may
 * use.  Rendering is the evaluator's (evaluation_render).
 */
#ifndef PLAYLET_STDLIB_TEMPLATE_FILE_H
#define PLAYLET_STDLIB_TEMPLATE_FILE_H

#include "parser/template.h"
#include "runtime/value/dict.h"

/** A file's text without its header, and the syntax that the header makes of the one that was there before. */
struct template_file {
    struct value text; /* trusted */
    struct template_syntax syntax;
    struct dict *overrides; /* owns what the syntax points to; NULL: none */
};

/** `file->syntax` is what holds without a header; ERROR_SYNTAX for a header that cannot be. */
bool template_file_open(struct template_file *file, struct text *content, struct error *error);
void template_file_close(struct template_file *file);

/** template_path, template_host, template_mtime, ansible_managed ...: a new dict.  `name` is how the file was asked for, `wall` the
 *  time in nanoseconds since 1970. */
struct dict *template_file_variables(const char *path, const char *name, int64_t wall) NODISCARD;

#endif
