/*
 * Sources: the texts that the user wrote, and places in them.
 *
 * A source is a file's content (or a command-line argument's) with its name.  It is reference-counted: every
 * text that came from it and every error that points into it keeps it alive.  A span is a place in one.
 */
#ifndef PLAYLET_RUNTIME_SOURCE_SOURCE_H
#define PLAYLET_RUNTIME_SOURCE_SOURCE_H

#include "runtime/memory.h"

struct vault_keyring;    /* runtime/os/vault_keyring.h */

struct source {
    uint32_t references;
    char *name;                     /* as shown: an absolute path, or "<command line>" and the like */
    char *bytes;                    /* NUL-terminated */
    size_t length;
    const struct vault_keyring *keyring; /* that `!vault` values in it are read with; borrowed while it is parsed; NULL: none */
    bool is_secret;                 /* decrypted: its lines are never shown, and wiped in the end */
    uint32_t *line_starts;          /* byte offset of each line's start; built at the first source_locate */
    uint32_t line_count;
};

/**
 * `length` bytes from byte offset `start`.  A span with no source says nothing (`{0}`).
 * Spans are plain data and do not own their source: whoever stores one beyond the source's certain life
 * keeps a reference with span_copy / span_drop.
 */
struct span {
    struct source *source;
    uint32_t start;
    uint32_t length;
};

/** Line and column count from 1; a column counts code points. */
struct place {
    uint32_t line;
    uint32_t column;
};

/** A source of these bytes (copied). */
struct source *source_new(const char *name, const char *bytes, size_t length) NODISCARD;
struct source *source_copy(struct source *source) NODISCARD;
void source_drop(struct source *source);   /* NULL is allowed */

/** Where byte `offset` stands; an offset past the end is the end. */
struct place source_locate(struct source *source, uint32_t offset);

/** The byte offset of a line's start (`line` from 1, clamped to the last). */
uint32_t source_line_start(struct source *source, uint32_t line);

/** The bytes of line `line`, without its line end; `*length` is its length. */
const char *source_line(struct source *source, uint32_t line, size_t *length);

struct span span_copy(struct span span) NODISCARD;
void span_drop(struct span span);

/** From the start of `first` to the end of `last`, which are in the same source. */
struct span span_join(struct span first, struct span last);

#endif
