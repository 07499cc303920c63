/* What an engine is made of: for engine.c, condition.c and evaluation.c alone. */
#ifndef PLAYLET_EVAL_EXPRESSION_ENGINE_STATE_H
#define PLAYLET_EVAL_EXPRESSION_ENGINE_STATE_H

#include "eval/expression/evaluation.h"

/** The compiled templates of one syntax: text -> positions in the engine's list, one for each place the text stands at. */
struct template_cache {
    struct template_syntax syntax;
    bool is_expression;
    struct dict *positions;
};

struct engine {
    struct registry *registry;
    struct engine_settings settings;
    const char *const *search_path;     /* borrowed; NULL: the working directory */
    struct template **templates;        /* owned references */
    size_t template_count, template_capacity;
    struct template_cache *caches;
    size_t cache_count;
    struct regex_cache regexes;
};

/** The compiled template that a text was read as, of whatever syntax, or NULL. */
const struct template *engine_template_of(const struct engine *engine, struct text *text);

#endif
