/*
 * INI files as Python's configparser reads them: sections of options, values that go on in indented lines, comments
 * after # and ;, defaults in the section DEFAULT, %(name)s standing for other options.
 */
#ifndef PLAYLET_PARSER_INI_FILE_H
#define PLAYLET_PARSER_INI_FILE_H

#include "runtime/value/dict.h"

struct ini_style {
    bool is_case_sensitive; /* names of options; else they are in lower case */
    bool allows_no_value;   /* a name alone is an option whose value is null */
};

/** A dict of sections, each a dict of strings.  ERROR_PARSE with configparser's messages ("Source contains parsing errors"). */
bool ini_parse(const struct text *text, const struct ini_style *style, struct dict **sections, struct error *error);

/** The value of an option (as it is spelt in the file's dict), of the section or of DEFAULT; NULL: none. */
const struct value *ini_find(const struct dict *sections, struct value section, struct value option);

/** The value with %(name)s replaced by other options of the section, and %% by %. */
bool ini_interpolate(const struct dict *sections, struct value section, struct value option, struct value raw,
                     const struct ini_style *style, struct value *result, struct error *error);

#endif
