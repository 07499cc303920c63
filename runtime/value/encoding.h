/*
 * Encodings: a text as bytes and back, by Python's names and error handlers.
 * utf-8, ascii, latin-1, utf-16 and utf-32 (with a byte order mark, or -le and -be without).
 */
#ifndef PLAYLET_RUNTIME_VALUE_ENCODING_H
#define PLAYLET_RUNTIME_VALUE_ENCODING_H

#include "runtime/source/error.h"
#include "runtime/value/text.h"

/** text.encode(encoding, errors): appends bytes.  ERROR_VALUE as Python's UnicodeEncodeError, ERROR_OTHER "unknown encoding: x". */
bool encoding_encode(struct text_buffer *out, const struct text *text, const char *encoding, const char *errors,
                     struct error *error);

/** bytes.decode(encoding, errors): appends the text.  ERROR_VALUE as Python's UnicodeDecodeError. */
bool encoding_decode(struct text_buffer *out, const char *bytes, size_t length, const char *encoding,
                     const char *errors, struct error *error);

#endif
