/* Jobs as files: names that stay in their folder, statuses in ansible-core's form. */
#include "runtime/async/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/dict.h"
#include "tests/check.h"

/** A folder that is not made yet, below one that is. */
struct job_folder {
    char base[64], path[80];
};

static void job_folder_init(struct job_folder *folder)
{
    strcpy(folder->base, "/tmp/playlet-test-XXXXXX");
    if (!mkdtemp(folder->base))
        bug("mkdtemp");
    snprintf(folder->path, sizeof folder->path, "%s/jobs", folder->base);
}

static void job_folder_cleanup(struct job_folder *folder)
{
    job_status_remove(folder->path, "j1.2");
    rmdir(folder->path);
    rmdir(folder->base);
}

#define JOB_FOLDER(name)                                                                                               \
    CLEANUP(job_folder_cleanup) struct job_folder name;                                                                \
    job_folder_init(&name)

/** The state of a status file of these bytes. */
static enum job_state state_of_bytes(const struct job_folder *folder, const char *bytes, struct error *error)
{
    OWNED_ERROR write_error = {0};
    OWNED status = value_null();
    CLEANUP(memory_cleanup) char *path = path_join(folder->path, "j1.2");
    if (!file_make_directories(folder->path, 0700, &write_error) ||
        !file_write_atomic(path, bytes, strlen(bytes), 0600, &write_error))
        return JOB_UNKNOWN;
    return job_status_read(folder->path, "j1.2", &status, error);
}

TEST(job_status_is_written_for_its_user_alone_and_read_back)
{
    JOB_FOLDER(folder);
    OWNED_ERROR error = {0};
    OWNED status = value_dict_new();
    dict_set_string_take(status.as.dict, "started", value_bool(true));
    dict_set_string_take(status.as.dict, "finished", value_bool(false));
    dict_set_string_take(status.as.dict, "ansible_job_id", value_string("j1.2"));
    CHECK(job_status_write(folder.path, "j1.2", status, &error));
    CLEANUP(memory_cleanup) char *path = path_join(folder.path, "j1.2");
    struct stat seen;
    CHECK(stat(path, &seen) == 0);
    CHECK_INT(seen.st_mode & 07777, 0600);
    CHECK(stat(folder.path, &seen) == 0);
    CHECK_INT(seen.st_mode & 07777, 0700);
    char *bytes = NULL;
    size_t length = 0;
    CHECK(file_read(path, &bytes, &length, &error));
    CLEANUP(memory_cleanup) char *written = bytes;
    CHECK_STRING(written, "{\"started\": true, \"finished\": false, \"ansible_job_id\": \"j1.2\"}");
    OWNED read = value_null();
    CHECK_INT(job_status_read(folder.path, "j1.2", &read, &error), JOB_RUNNING);
    CHECK_STRING(dict_get_bytes(read.as.dict, "ansible_job_id", ""), "j1.2");
    CHECK(job_status_remove(folder.path, "j1.2"));
    CHECK(!job_status_remove(folder.path, "j1.2"));
    CHECK_INT(job_status_read(folder.path, "j1.2", &read, &error), JOB_UNKNOWN);
}

TEST(job_states_of_ansible_cores_files)
{
    static const struct {
        const char *bytes;
        enum job_state state;
    } cases[] = {
        {"{\"started\": true, \"finished\": false, \"ansible_job_id\": \"j1.2\"}", JOB_RUNNING},
        {"{\"started\": 1, \"finished\": 0, \"ansible_job_id\": \"j1.2\"}", JOB_RUNNING},
        {"{\"changed\": true, \"rc\": 0}", JOB_FINISHED},
        {"{\"msg\": \"Timeout exceeded\", \"failed\": true, \"child_pid\": 32366}", JOB_FINISHED},
        {"{\"changed\": true, \"started\": true, \"finished\": true}", JOB_FINISHED},
        {"{\"started\": true}", JOB_RUNNING},
    };
    JOB_FOLDER(folder);
    OWNED_ERROR error = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_INT(state_of_bytes(&folder, cases[i].bytes, &error), cases[i].state);
}

TEST(job_status_that_is_none_says_what_is_wrong)
{
    JOB_FOLDER(folder);
    OWNED_ERROR cut = {0}, list = {0};
    CHECK_INT(state_of_bytes(&folder, "{\"changed\": tr", &cut), JOB_BROKEN);
    CHECK(strstr(cut.message, "j1.2' is not JSON") != NULL && cut.cause != NULL);
    CHECK_INT(state_of_bytes(&folder, "[]", &list), JOB_BROKEN);
    CHECK(strstr(list.message, "of type 'list'") != NULL);
}

TEST(job_ids_are_fresh_and_stay_in_their_folder)
{
    CLEANUP(memory_cleanup) char *one = job_id_new(), *two = job_id_new();
    int id = 0;
    CHECK(sscanf(one, "j%*12[0-9].%d", &id) == 1);
    CHECK_INT(id, getpid());
    CHECK_INT(strcspn(one, "."), 13);
    CHECK(strcmp(one, two) != 0);
    CHECK(job_id_is_valid(one) && job_id_is_valid("..."));
    CHECK(!job_id_is_valid("") && !job_id_is_valid(".") && !job_id_is_valid("..") && !job_id_is_valid("../x"));
    OWNED_ERROR error = {0};
    OWNED status = value_null();
    CHECK_INT(job_status_read("/etc", "../etc/hostname", &status, &error), JOB_UNKNOWN);
    CHECK(!job_status_write("/tmp", "../x", status, &error));
    CHECK(!job_status_remove("/tmp", "../tmp/x"));
}

TEST(job_directory_is_configured_or_from_the_environment)
{
    const char *before = getenv("ANSIBLE_ASYNC_DIR");
    CLEANUP(memory_cleanup) char *old = before ? memory_copy_string(before, strlen(before)) : NULL;
    setenv("ANSIBLE_ASYNC_DIR", "/a/b/../c", 1);
    CLEANUP(memory_cleanup) char *from_environment = job_directory(NULL), *configured = job_directory("/x//y");
    unsetenv("ANSIBLE_ASYNC_DIR");
    CLEANUP(memory_cleanup) char *by_default = job_directory(NULL), *home = path_expand_user("~/.ansible_async");
    if (old)
        setenv("ANSIBLE_ASYNC_DIR", old, 1);
    CHECK_STRING(from_environment, "/a/c");
    CHECK_STRING(configured, "/x/y");
    CHECK_STRING(by_default, home);
}

/** What async_status answers about a job whose status file holds these bytes. */
static struct value report_of_bytes(const struct job_folder *folder, const char *bytes)
{
    OWNED_ERROR error = {0};
    if (bytes)
        state_of_bytes(folder, bytes, &error);
    return value_dict_take(job_report(folder->path, "j1.2"));
}

TEST(job_report_fills_in_what_a_status_leaves_out)
{
    static const struct {
        const char *bytes, *message;
        bool is_finished, has_failed;
    } cases[] = {
        {NULL, "could not find job", true, true},
        {"{\"started\": true, \"finished\": false}", "", false, false},
        {"{\"rc\": 0, \"stdout\": \"x\"}", "", true, false},
        {"{\"failed\": true, \"msg\": \"why\"}", "why", true, true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        JOB_FOLDER(folder);
        OWNED report = report_of_bytes(&folder, cases[i].bytes);
        const struct dict *dict = report.as.dict;
        CHECK_STRING(dict_get_bytes(dict, "msg", ""), cases[i].message);
        CHECK_INT(dict_get_truth(dict, "finished", !cases[i].is_finished), cases[i].is_finished);
        CHECK_INT(dict_get_truth(dict, "failed", false), cases[i].has_failed);
        CHECK(dict_get_truth(dict, "started", false));
        CHECK_STRING(dict_get_bytes(dict, "ansible_job_id", ""), "j1.2");
        CHECK(dict_get_bytes(dict, "results_file", NULL) && dict_get_bytes(dict, "stdout", NULL));
    }
}
