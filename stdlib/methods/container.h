/* What the methods of lists and dicts share. */
#ifndef PLAYLET_STDLIB_METHODS_CONTAINER_H
#define PLAYLET_STDLIB_METHODS_CONTAINER_H

#include "eval/plugin.h"

/** A second owner of `value` that may be put into `container`: a copy when the container is in it, so that nothing holds itself. */
struct value container_item(struct value container, struct value value) NODISCARD;

#endif
