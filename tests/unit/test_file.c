/* Files: read whole, written whole or not at all. */
#include "runtime/os/file.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "runtime/os/path.h"
#include "tests/check.h"

/** A fresh folder for one test, removed with the files in it by folder_cleanup. */
struct folder {
    char path[64];
};

static void folder_init(struct folder *folder)
{
    strcpy(folder->path, "/tmp/playlet-test-XXXXXX");
    if (!mkdtemp(folder->path))
        bug("mkdtemp");
}

static unsigned folder_entries(const struct folder *folder, bool remove_them)
{
    unsigned count = 0;
    DIR *directory = opendir(folder->path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        CLEANUP(memory_cleanup) char *path = path_join(folder->path, entry->d_name);
        if (remove_them)
            remove(path);
    }
    if (directory)
        closedir(directory);
    return count;
}

static void folder_cleanup(struct folder *folder)
{
    folder_entries(folder, true);
    rmdir(folder->path);
}

#define FOLDER(name)                                                                                                   \
    CLEANUP(folder_cleanup) struct folder name;                                                                        \
    folder_init(&name)

TEST(file_write_then_read_gives_the_same_bytes)
{
    FOLDER(folder);
    OWNED_ERROR error = {0};
    CLEANUP(memory_cleanup) char *path = path_join(folder.path, "x");
    CHECK(file_write_atomic(path, "a\0b\n", 4, 0640, &error));
    char *bytes = NULL;
    size_t length = 0;
    CHECK(file_read(path, &bytes, &length, &error));
    CHECK_INT(length, 4);
    CHECK(memcmp(bytes, "a\0b\n", 5) == 0);
    free(bytes);
    struct stat status;
    CHECK(stat(path, &status) == 0);
    CHECK_INT(status.st_mode & 07777, 0640);
    CHECK_INT(folder_entries(&folder, false), 1);
}

TEST(file_read_takes_files_without_a_size)
{
    OWNED_ERROR error = {0};
    char *bytes = NULL;
    size_t length = 0;
    CHECK(file_read("/proc/self/maps", &bytes, &length, &error));
    CHECK(length > 100);
    free(bytes);
    CHECK(file_read("/dev/null", &bytes, &length, &error));
    CHECK_INT(length, 0);
    CHECK_STRING(bytes, "");
    free(bytes);
}

TEST(file_read_says_which_file_and_why)
{
    char *bytes = NULL;
    size_t length = 0;
    OWNED_ERROR missing = {0};
    CHECK(!file_read("/nonexistent/x", &bytes, &length, &missing));
    CHECK_STRING(missing.message, "[Errno 2] No such file or directory: '/nonexistent/x'");
    CHECK_INT(missing.kind, ERROR_FILE);
    OWNED_ERROR directory = {0};
    CHECK(!file_read("/tmp", &bytes, &length, &directory));
    CHECK_STRING(directory.message, "[Errno 21] Is a directory: '/tmp'");
}

TEST(file_read_source_is_named_by_its_absolute_path)
{
    FOLDER(folder);
    OWNED_ERROR error = {0};
    CLEANUP(memory_cleanup) char *path = path_join(folder.path, "x.yml");
    CLEANUP(memory_cleanup) char *detour = path_join(folder.path, "./y/../x.yml");
    CHECK(file_write_atomic(path, "a: 1\n", 5, 0600, &error));
    CLEANUP(memory_cleanup) char *other = path_join(folder.path, "y");
    CHECK(file_make_directories(other, 0700, &error));
    struct source *source = file_read_source(detour, &error);
    CHECK(source != NULL);
    CHECK_STRING(source->name, path);
    CHECK_STRING(source->bytes, "a: 1\n");
    source_drop(source);
    CHECK(file_read_source("/nonexistent", &error) == NULL);
}

TEST(file_write_keeps_the_old_file_when_the_disk_is_full)
{
    FOLDER(folder);
    OWNED_ERROR error = {0};
    CLEANUP(memory_cleanup) char *path = path_join(folder.path, "x");
    CHECK(file_write_atomic(path, "old", 3, 0600, &error));
    static char big[10000];
    struct rlimit old, small;
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 4096;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    bool written = file_write_atomic(path, big, sizeof big, 0600, &error);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    CHECK(!written);
    CHECK(strstr(error.message, "File too large") != NULL);
    char *bytes = NULL;
    size_t length = 0;
    OWNED_ERROR second = {0};
    CHECK(file_read(path, &bytes, &length, &second));
    CHECK_STRING(bytes, "old");
    free(bytes);
    CHECK_INT(folder_entries(&folder, false), 1);
}

TEST(file_write_where_nothing_can_be_written_is_an_error)
{
    FOLDER(folder);
    OWNED_ERROR missing = {0}, over_folder = {0};
    CHECK(!file_write_atomic("/nonexistent/x", "", 0, 0600, &missing));
    CHECK_STRING(missing.message, "[Errno 2] No such file or directory: '/nonexistent/x'");
    CHECK(!file_write_atomic(folder.path, "", 0, 0600, &over_folder));
    CHECK(strstr(over_folder.message, "Is a directory") != NULL);
    error_done(&missing);
    error_done(&over_folder);
}

TEST(file_questions_follow_links)
{
    FOLDER(folder);
    CLEANUP(memory_cleanup) char *link = path_join(folder.path, "l"), *broken = path_join(folder.path, "b");
    CHECK(symlink("/etc/passwd", link) == 0 && symlink("/nonexistent", broken) == 0);
    CHECK(file_exists(link) && file_is_regular(link) && !file_is_directory(link));
    CHECK(!file_exists(broken) && !file_is_regular(broken));
    CHECK(file_is_directory("/tmp") && !file_is_regular("/tmp"));
}

TEST(file_make_directories_makes_all_that_is_missing)
{
    FOLDER(folder);
    OWNED_ERROR error = {0};
    CLEANUP(memory_cleanup)
    char *one = path_join(folder.path, "a"),
         *two = path_join(one, "b//c/"), *file = path_join(one, "f"), *below = path_join(file, "x");
    CHECK(file_make_directories(two, 0700, &error));
    CHECK(file_make_directories(two, 0700, &error)); /* again is no error */
    struct stat status;
    CHECK(stat(two, &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0700);
    CHECK(file_write_atomic(file, "", 0, 0600, &error));
    CHECK(!file_make_directories(below, 0700, &error));
    CHECK(strstr(error.message, "Not a directory") != NULL);
    rmdir(two);
    CLEANUP(memory_cleanup) char *middle = path_join(one, "b");
    rmdir(middle);
    unlink(file);
}
