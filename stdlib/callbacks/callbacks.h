/*
 * The callbacks that stdlib offers, one file each.
 */
#ifndef PLAYLET_STDLIB_CALLBACKS_CALLBACKS_H
#define PLAYLET_STDLIB_CALLBACKS_CALLBACKS_H

#include "eval/play/event.h"

extern const struct callback callback_default;

#endif
