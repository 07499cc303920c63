/*
 * Hardware addresses (EUI-48): six bytes as a number.
 */
#ifndef PLAYLET_STDLIB_FILTERS_ADDRESS_HARDWARE_H
#define PLAYLET_STDLIB_FILTERS_ADDRESS_HARDWARE_H

#include "runtime/value/value.h"

/** Reads 1a:1b:1c:1d:1e:1f, 1a-1b-..., 1a1b.1c1d.1e1f, 1a1b1c-1d1e1f, bare digits or an int; EUI-64 too, which does not fit 48 bits. */
bool hardware_parse(struct value value, uint64_t *bits);

#endif
