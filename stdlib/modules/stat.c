/* stat: all that the system knows of a file. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "runtime/value/digest.h"
#include "stdlib/modules/file_content.h"
#include "stdlib/modules/file_stat.h"
#include "stdlib/modules/host_path.h"
#include "stdlib/modules/modules.h"

static const struct module_option options[] = {
    {.name = "path", .type = OPTION_PATH, .required = true, .aliases = "dest|name", .documentation = "The file"},
    {.name = "follow", .type = OPTION_BOOL, .fallback = "false", .documentation = "Follow links"},
    {.name = "get_checksum", .type = OPTION_BOOL, .fallback = "true", .documentation = "Give the checksum of a file"},
    {.name = "checksum_algorithm",
     .type = OPTION_STRING,
     .fallback = "sha1",
     .choices = "md5|sha1|sha224|sha256|sha384|sha512",
     .aliases = "checksum|checksum_algo",
     .documentation = "Which checksum"},
    {.name = "get_mime",
     .type = OPTION_BOOL,
     .fallback = "true",
     .aliases = "mime|mime_type|mime-type",
     .documentation = "Tell the kind of content"},
    {.name = "get_attributes",
     .type = OPTION_BOOL,
     .fallback = "true",
     .aliases = "attr|attributes",
     .documentation = "Give the attributes of lsattr"},
};

static void start(struct module_call *call);

const struct module module_stat = {
    .name = "stat",
    .options = options,
    .option_count = COUNT_OF(options),
    .flags = MODULE_CHECK_MODE,
    .start = start,
    .documentation = "Report what is known of a file",
};

static void set_flag(struct dict *facts, const char *key, bool value)
{
    dict_set_string_take(facts, key, value_bool(value));
}

static void add_blocks(struct dict *facts, const struct stat *status)
{
    dict_set_string_take(facts, "blocks", value_int(status->st_blocks));
    dict_set_string_take(facts, "block_size", value_int(status->st_blksize));
    dict_set_string_take(facts, "device_type", value_int((int64_t)status->st_rdev));
}

/** What this program may do. */
static void add_access(struct dict *facts, const char *path)
{
    set_flag(facts, "readable", access(path, R_OK) == 0);
    set_flag(facts, "writeable", access(path, W_OK) == 0);
    set_flag(facts, "executable", access(path, X_OK) == 0);
}

/** Where a link leads, as written and as it comes out. */
static void add_link(struct dict *facts, const char *path)
{
    char target[4096];
    ssize_t length = readlink(path, target, sizeof target);
    char *source = realpath(path, NULL);
    if (length >= 0)
        dict_set_string_take(facts, "lnk_target", value_string_length(target, (size_t)length));
    if (source)
        dict_set_string_take(facts, "lnk_source", value_string(source));
    free(source);
}

/** What lsattr shows: letters, their names, and the version. */
static void add_attributes(struct dict *facts, const char *path)
{
    static const struct {
        long bit;
        char letter;
        const char *name;
    } attributes[] = {
        {FS_SECRM_FL, 's', "secure-deletion"}, {FS_UNRM_FL, 'u', "undelete"},
        {FS_SYNC_FL, 'S', "synchronous"},      {FS_DIRSYNC_FL, 'D', "synchronous"},
        {FS_IMMUTABLE_FL, 'i', "immutable"},   {FS_APPEND_FL, 'a', "append"},
        {FS_NODUMP_FL, 'd', "nodump"},         {FS_NOATIME_FL, 'A', "noatime"},
        {FS_COMPR_FL, 'c', "compressed"},      {FS_JOURNAL_DATA_FL, 'j', "journaled"},
        {FS_INDEX_FL, 'I', "indexed"},         {FS_EXTENT_FL, 'e', "extents"},
        {FS_NOCOW_FL, 'C', "nocow"},           {FS_TOPDIR_FL, 'T', "blocktop"},
    };
    long flags = 0, version = 0;
    char letters[COUNT_OF(attributes)];
    size_t count = 0;
    struct list *names = list_new(4);
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    bool is_known = descriptor >= 0 && ioctl(descriptor, FS_IOC_GETFLAGS, &flags) == 0;
    bool has_version = is_known && ioctl(descriptor, FS_IOC_GETVERSION, &version) == 0;
    for (size_t i = 0; i < COUNT_OF(attributes); i++) {
        if (!(flags & attributes[i].bit))
            continue;
        letters[count++] = attributes[i].letter;
        list_push_take(names, value_string(attributes[i].name));
    }
    if (descriptor >= 0)
        close(descriptor);
    dict_set_string_take(facts, "attr_flags", value_string_length(letters, count));
    dict_set_string_take(facts, "attributes", value_list_take(names));
    dict_set_string_take(facts, "version",
                         has_version ? value_string_format("%ld", version & 0xffffffff) : value_null());
}

/** The checksum of a file that can be read. */
static void add_checksum(struct dict *facts, const char *path, const char *algorithm)
{
    OWNED_ERROR ignored = {0};
    CLEANUP(text_buffer_done) struct text_buffer hex = {0};
    if (digest_append_file(&hex, algorithm, path, &ignored))
        dict_set_string_take(facts, "checksum", value_string_take(text_buffer_take(&hex)));
}

/** The parts that cost more than a system call, each where it is wished. */
static void add_wished(const struct module_call *call, struct dict *facts, const char *path, const struct stat *status)
{
    if (S_ISREG(status->st_mode) && module_flag(call, "get_checksum"))
        add_checksum(facts, path, module_string(call, "checksum_algorithm"));
    if (module_flag(call, "get_mime")) {
        struct file_content content = file_content_of(path, status->st_mode);
        dict_set_string_take(facts, "mimetype", value_string(content.type));
        dict_set_string_take(facts, "charset", value_string(content.charset));
    }
    if (module_flag(call, "get_attributes"))
        add_attributes(facts, path);
}

static void start(struct module_call *call)
{
    CLEANUP(memory_cleanup) char *path = host_path(call->host, module_string(call, "path"));
    struct stat status;
    bool is_there = (module_flag(call, "follow") ? stat : lstat)(path, &status) == 0;
    if (!is_there && errno != ENOENT && errno != ENOTDIR) {
        module_fail(call, "%s", strerror(errno));
        return;
    }
    struct dict *facts = dict_new();
    set_flag(facts, "exists", is_there);
    if (is_there) {
        dict_set_string_take(facts, "path", value_copy(module_argument(call, "path")));
        file_stat_describe(facts, &status);
        add_blocks(facts, &status);
        add_access(facts, path);
        if (S_ISLNK(status.st_mode))
            add_link(facts, path);
        add_wished(call, facts, path, &status);
    }
    dict_set_string_take(call->result, "changed", value_bool(false));
    dict_set_string_take(call->result, "stat", value_dict_take(facts));
    module_done(call);
}
