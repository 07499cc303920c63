/* Kinds of content: see file_content.h. */
#include "stdlib/modules/file_content.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/value/text.h"

enum { LOOKED_AT = 8192, FIRST_STRAY = 0xdc80, LAST_STRAY = 0xdcff };

/** The kinds that have no content of their own; NULL for a regular file. */
static const char *inode_type(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return "inode/directory";
    case S_IFLNK:
        return "inode/symlink";
    case S_IFCHR:
        return "inode/chardevice";
    case S_IFBLK:
        return "inode/blockdevice";
    case S_IFIFO:
        return "inode/fifo";
    case S_IFSOCK:
        return "inode/socket";
    default: /* a regular file, or a kind of some other system */
        return NULL;
    }
}

/** Is it text, and in what characters? */
static struct file_content text_content(const char *bytes, size_t length)
{
    bool is_ascii = true;
    const char *end = bytes + length;
    for (const char *at = bytes; at < end;) {
        uint32_t point = text_decode(&at, end);
        bool is_cut = at == end && length == LOOKED_AT;
        bool is_stray = point >= FIRST_STRAY && point <= LAST_STRAY && !is_cut;
        if (is_stray || (point < ' ' && !strchr("\t\n\r\f\b\033", (int)point)) || point == 0)
            return (struct file_content){"application/octet-stream", "binary"};
        is_ascii = is_ascii && point < 128;
    }
    return (struct file_content){"text/plain", is_ascii ? "us-ascii" : "utf-8"};
}

struct file_content file_content_of(const char *path, mode_t mode)
{
    char bytes[LOOKED_AT];
    const char *inode = inode_type(mode);
    if (inode)
        return (struct file_content){inode, "binary"};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor >= 0 ? read(descriptor, bytes, sizeof bytes) : -1;
    if (descriptor >= 0)
        close(descriptor);
    if (length < 0)
        return (struct file_content){"unknown", "unknown"};
    if (length == 0)
        return (struct file_content){"inode/x-empty", "binary"};
    return text_content(bytes, (size_t)length);
}
