/*
 * What kind of content a file has, told from its kind and its first bytes.
 */
#ifndef PLAYLET_STDLIB_MODULES_FILE_CONTENT_H
#define PLAYLET_STDLIB_MODULES_FILE_CONTENT_H

#include <sys/types.h>

struct file_content {
    const char *type;       /* "text/plain", "inode/directory", "application/octet-stream" ... */
    const char *charset;    /* "us-ascii", "utf-8", "binary" */
};

/** `mode` as lstat gives it. */
struct file_content file_content_of(const char *path, mode_t mode);

#endif
