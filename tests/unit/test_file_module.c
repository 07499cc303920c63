/* file, tempfile and slurp: what they leave on the disk, twice (the second time nothing changes) and in check mode. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "stdlib/modules/file_mode.h"
#include "stdlib/modules/modules.h"
#include "tests/check.h"
#include "tests/module_run.h"

/** A folder that goes with the test. */
static char *folder_new(void)
{
    char path[] = "/tmp/playlet-test-XXXXXX";
    return memory_copy_string(mkdtemp(path), strlen(path));
}

static void folder_cleanup(char **folder)
{
    file_remove_tree(*folder);
    free(*folder);
}

#define FOLDER(name) CLEANUP(folder_cleanup) char *name = folder_new()

static struct value run_in(const char *folder, const char *arguments, bool check_mode)
{
    return module_run(&(struct module_run){
        .module = &module_file, .arguments = arguments, .directory = folder, .check_mode = check_mode});
}

/** Runs it in check mode, for real and again: only the second changes something, and the first says so. */
static void check_idempotent(const char *folder, const char *arguments, const char *path, const char *state)
{
    struct stat status;
    CLEANUP(memory_cleanup) char *full = path_join(folder, path);
    bool was_there = lstat(full, &status) == 0;
    OWNED foreseen = run_in(folder, arguments, true);
    CHECK(dict_get_truth(foreseen.as.dict, "changed", false));
    CHECK((lstat(full, &status) == 0) == was_there);
    OWNED first = run_in(folder, arguments, false);
    CHECK(dict_get_truth(first.as.dict, "changed", false));
    CHECK_STRING(dict_get_bytes(first.as.dict, "state", "?"), state);
    OWNED second = run_in(folder, arguments, false);
    CHECK(!dict_get_truth(second.as.dict, "changed", true));
    CHECK_STRING(dict_get_bytes(second.as.dict, "state", "?"), state);
}

TEST(file_makes_each_state_once)
{
    FOLDER(folder);
    check_idempotent(folder, "{path: d/e, state: directory, mode: '0750'}", "d/e", "directory");
    check_idempotent(folder, "{path: f, state: touch, access_time: preserve, modification_time: preserve}", "f",
                     "file");
    check_idempotent(folder, "{path: f, mode: 'u=rwx,go='}", "f", "file");
    check_idempotent(folder, "{dest: l, src: f, state: link}", "l", "link");
    check_idempotent(folder, "{path: d, state: absent}", "d", "absent");
}

TEST(file_says_what_stands_in_its_way)
{
    FOLDER(folder);
    CLEANUP(memory_cleanup) char *path = path_join(folder, "x");
    static const char *const cases[][2] = {
        {"{path: x}", "file (%s) is absent, cannot continue"},
        {"{path: x, state: link}", "src is required for creating new symlinks"},
        {"{path: x, state: touch, recurse: true}", "recurse option requires state to be 'directory'"},
        {"{path: x, state: link, src: /nosuch}",
         "src file does not exist, use 'force=yes' if you really want to create the link: /nosuch"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char expected[256];
        OWNED result = run_in(folder, cases[i][0], false);
        snprintf(expected, sizeof expected, cases[i][1], path);
        CHECK(dict_get_truth(result.as.dict, "failed", false));
        CHECK_STRING(dict_get_bytes(result.as.dict, "msg", ""), expected);
    }
}

TEST(file_mode_reads_every_form)
{
    static const struct {
        const char *text;
        mode_t present, expected;
    } cases[] = {
        {"0644", S_IFREG, 0644},
        {"755", S_IFREG, 0755},
        {"u=rw,g=r,o=", S_IFREG | 0777, 0640},
        {"u+x", S_IFREG | 0644, 0744},
        {"a-w", S_IFREG | 0666, 0444},
        {"u=rwX,go=rX", S_IFREG | 0600, 0644},
        {"u=rwX,go=rX", S_IFDIR | 0700, 0755},
        {"g=u", S_IFREG | 0700, 0770},
        {"u+s,o+t", S_IFREG | 0755, 05755},
        {"g+w-x", S_IFREG | 0755, 0765},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        mode_t mode = 0;
        OWNED_ERROR error = {0};
        OWNED text = value_string(cases[i].text);
        CHECK(file_mode_resolve(text, cases[i].present, &mode, &error));
        CHECK_INT(mode, cases[i].expected);
    }
    static const char *const wrong[] = {"u=z", "rw", "u", "", "0888", "u=r,"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        mode_t mode;
        OWNED_ERROR error = {0};
        OWNED text = value_string(wrong[i]);
        CHECK(!file_mode_resolve(text, S_IFREG, &mode, &error));
    }
}

TEST(tempfile_and_slurp_work_together)
{
    FOLDER(folder);
    char arguments[256];
    snprintf(arguments, sizeof arguments, "{path: %s, suffix: .x}", folder);
    OWNED made = module_run(&(struct module_run){.module = &module_tempfile, .arguments = arguments});
    const char *path = dict_get_bytes(made.as.dict, "path", "");
    CHECK_STRING(strrchr(path, '.'), ".x");
    CHECK_STRING(dict_get_bytes(made.as.dict, "mode", ""), "0600");
    OWNED_ERROR error = {0};
    CHECK(file_write_atomic(path, "dm\n\xff", 4, 0600, &error));
    snprintf(arguments, sizeof arguments, "{src: %s}", path);
    OWNED read = module_run(&(struct module_run){.module = &module_slurp, .arguments = arguments});
    CHECK_STRING(dict_get_bytes(read.as.dict, "content", ""), "ZG0K/w==");
}

TEST(pause_follows_the_virtual_clock)
{
    OWNED result =
        module_run(&(struct module_run){.module = &module_pause, .arguments = "{minutes: 2}", .is_virtual = true});
    CHECK_INT(dict_get_int(result.as.dict, "delta", 0), 120);
    CHECK_STRING(dict_get_bytes(result.as.dict, "stdout", ""), "Paused for 2.0 minutes");
    OWNED least =
        module_run(&(struct module_run){.module = &module_pause, .arguments = "{seconds: 0}", .is_virtual = true});
    CHECK_STRING(dict_get_bytes(least.as.dict, "stdout", ""), "Paused for 1.0 seconds");
}
