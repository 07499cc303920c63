/*
 * Differences: the `diff` of a result as a unified diff.
 */
#ifndef PLAYLET_EVAL_PLAY_DIFF_H
#define PLAYLET_EVAL_PLAY_DIFF_H

#include "runtime/value/value.h"

struct text;

/**
 * The text for a diff, or a list of them: dicts with `before` and `after` (texts, or dicts that are shown as JSON), `before_header` and
 * `after_header`, or `prepared`.  Empty where nothing differs.
 */
struct text *diff_text(struct value diff) NODISCARD;

#endif
