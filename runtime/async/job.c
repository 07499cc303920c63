/* Jobs as files: see job.h. */
#include "runtime/async/job.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/async/job_runner.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/dict.h"
#include "runtime/value/json.h"

#define DEFAULT_DIRECTORY "~/.ansible_async"

/** Ids have this many random digits. */
static const uint64_t ID_RANGE = UINT64_C(1000000000000);

/** Python's json.dumps with its defaults. */
static const struct json_style STATUS_STYLE = {.indent = -1, .ascii = true};

char *job_directory(const char *configured)
{
    const char *chosen = configured ? configured : getenv("ANSIBLE_ASYNC_DIR");
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(chosen && *chosen ? chosen : DEFAULT_DIRECTORY);
    return path_absolute(expanded);
}

char *job_id_new(void)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        bug("getrandom: %s", strerror(errno));
    char id[40];
    int length = snprintf(id, sizeof id, "j%012" PRIu64 ".%d", random % ID_RANGE, (int)getpid());
    return memory_copy_string(id, (size_t)length);
}

bool job_id_is_valid(const char *id)
{
    return *id && !strchr(id, '/') && strcmp(id, ".") != 0 && strcmp(id, "..") != 0;
}

bool job_status_write(const char *directory, const char *id, struct value status, struct error *error)
{
    if (!job_id_is_valid(id))
        return error_set(error, ERROR_VALUE, "'%s' is not the id of a job", id);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (!json_append(&out, status, &STATUS_STYLE, error) || !file_make_directories(directory, 0700, error))
        return false;
    CLEANUP(memory_cleanup) char *path = path_join(directory, id);
    return file_replace(path, text_buffer_bytes(&out), out.length, 0600, error);
}

/** The status that says no more than that the job has failed, as long as the file is now: no byte of another one stays. */
static void append_failure(struct text_buffer *out, const char *message, off_t length)
{
    OWNED failure = value_dict_new();
    OWNED_ERROR error = {0};
    dict_set_string_take(failure.as.dict, "failed", value_bool(true));
    dict_set_string_take(failure.as.dict, "msg", value_string(message));
    json_append(out, failure, &STATUS_STYLE, &error);
    while ((off_t)out->length < length)
        text_buffer_append(out, " ", 1);
}

bool job_status_overwrite(const char *directory, const char *id, const char *message)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    CLEANUP(memory_cleanup) char *path = path_join(directory, id);
    struct stat found;
    int descriptor = job_id_is_valid(id) ? open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (descriptor < 0)
        return false;
    bool done = fstat(descriptor, &found) == 0;
    if (done) {
        append_failure(&out, message, found.st_size);
        done = pwrite(descriptor, text_buffer_bytes(&out), out.length, 0) == (ssize_t)out.length;
    }
    close(descriptor);
    return done;
}

/** What a status says of its job: see job.h. */
static enum job_state state_of(const struct dict *status)
{
    return dict_get_truth(status, "finished", !dict_find_string(status, "started")) ? JOB_FINISHED : JOB_RUNNING;
}

/** Reads the status as it is, without asking whether anybody will finish it. */
static enum job_state read_state(const char *directory, const char *id, struct value *status, struct error *error)
{
    if (!job_id_is_valid(id))
        return JOB_UNKNOWN;
    CLEANUP(memory_cleanup) char *path = path_join(directory, id);
    char *read = NULL;
    size_t length = 0;
    if (!file_exists(path))
        return JOB_UNKNOWN;
    if (!file_read(path, &read, &length, error))
        return JOB_BROKEN;
    CLEANUP(memory_cleanup) char *bytes = read;
    OWNED parsed = value_null();
    if (!json_parse(bytes, length, &parsed, error)) {
        error_wrap(error, "The status file '%s' is not JSON", path);
        return JOB_BROKEN;
    }
    if (!value_is_dict(parsed)) {
        error_set(error, ERROR_VALUE, "The status file '%s' holds no dict but a value of type '%s'", path,
                  value_type_name(parsed));
        return JOB_BROKEN;
    }
    *status = value_steal(&parsed);
    return state_of(status->as.dict);
}

enum job_state job_status_read(const char *directory, const char *id, struct value *status, struct error *error)
{
    enum job_state state = read_state(directory, id, status, error);
    if (state != JOB_RUNNING || !job_runner_is_gone(dict_get_bytes(status->as.dict, JOB_RUNNER_KEY, "")))
        return state;
    /* It may have finished the job and gone between the two looks. */
    value_replace_take(status, value_null());
    state = read_state(directory, id, status, error);
    return state == JOB_RUNNING ? JOB_DEAD : state;
}

/** Fills in that the job has failed, since nothing can be learned of it. */
static void report_failure(struct dict *report, const char *message)
{
    dict_set_string_take(report, "failed", value_bool(true));
    dict_set_string_take(report, "msg", value_string(message));
}

/** Every report has these, as the results of programs do. */
static void report_output(struct dict *report, const char *key)
{
    if (!dict_find_string(report, key))
        dict_set_string_take(report, key, value_string(""));
}

/** The report of a job in this state; of an unknown or broken one the status is an empty dict. */
static struct dict *make_report(enum job_state state, struct value status_take, const char *message,
                                const char *directory, const char *id)
{
    OWNED status = status_take;
    struct dict *report = value_own_dict(&status);
    CLEANUP(memory_cleanup) char *path = path_join(directory, id);
    if (message)
        report_failure(report, message);
    dict_remove_string(report, JOB_RUNNER_KEY);
    dict_set_string_take(report, "ansible_job_id", value_string(id));
    dict_set_string_take(report, "started", value_bool(true));
    dict_set_string_take(report, "finished", value_bool(state != JOB_RUNNING));
    dict_set_string_take(report, "results_file", value_string(path));
    report_output(report, "stdout");
    report_output(report, "stderr");
    return dict_copy(report);
}

struct dict *job_report(const char *directory, const char *id)
{
    OWNED status = value_null();
    OWNED_ERROR error = {0};
    enum job_state state = job_status_read(directory, id, &status, &error);
    CLEANUP(memory_cleanup) char *broken = state == JOB_BROKEN ? error_chain_message(&error) : NULL;
    const char *message = state == JOB_UNKNOWN ? "could not find job"
                          : state == JOB_DEAD
                              ? "The job has died: the process that ran it is gone and has left no result"
                              : broken;
    struct value known = value_is_null(status) ? value_dict_new() : value_steal(&status);
    return make_report(state, known, message, directory, id);
}

struct dict *job_report_status(struct value status_take, const char *directory, const char *id)
{
    return make_report(state_of(status_take.as.dict), status_take, NULL, directory, id);
}

bool job_status_remove(const char *directory, const char *id)
{
    if (!job_id_is_valid(id))
        return false;
    CLEANUP(memory_cleanup) char *path = path_join(directory, id);
    return unlink(path) == 0;
}
