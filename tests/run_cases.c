/*
 * Whole runs: the folders below tests/playbooks, tests/async and tests/errors, and the examples that have an `expected` file.
 * Their form is told in README.md.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "parser/arguments.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/list.h"
#include "runtime/value/text.h"
#include "tests/check.h"

enum { CASE_SECONDS = 60 };

/** Commands that may stand first in `cmd`, in place of `run`. */
static const char *const commands[] = {"eval", "doc", "run", "check", "inventory", "config", "vault", "test"};

/** Where a case's files are, and what they are called. */
struct run_case {
    const char *folder;                                          /* copied */
    const char *playbook;                                        /* what is run unless the words name another */
    char *cmd, *env, *expected_out, *expected_err, *expected_rc; /* paths, owned */
};

static void run_case_done(struct run_case *run)
{
    free(run->cmd);
    free(run->env);
    free(run->expected_out);
    free(run->expected_err);
    free(run->expected_rc);
}

/* ---- folders ---- */

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *ftw)
{
    (void)status, (void)flag, (void)ftw;
    return remove(path);
}

/** Runs a program to its end; its exit status. */
static int run_program(char *const *argv)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/** A fresh folder with `case` (a copy), `home` and `tmp` in it; the caller's. */
static char *make_scratch(const char *folder)
{
    char template[] = "/tmp/playlet-test-XXXXXX";
    if (!mkdtemp(template))
        bug("mkdtemp: %s", strerror(errno));
    static const char *const names[] = {"home", "tmp"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CLEANUP(memory_cleanup) char *path = path_join(template, names[i]);
        if (mkdir(path, 0700) != 0)
            bug("mkdir: %s", strerror(errno));
    }
    CLEANUP(memory_cleanup) char *to = path_join(template, "case");
    char *argv[] = {"cp", "-R", (char *)folder, to, NULL};
    if (run_program(argv) != 0)
        bug("cp -R %s failed", folder);
    return memory_copy_string(template, strlen(template));
}

/* ---- running ---- */

/** The words of a file in shell quoting, or an empty list. */
static struct list *read_words(const char *path)
{
    char *read;
    size_t length;
    struct list *words;
    OWNED_ERROR error = {0};
    if (!file_exists(path) || !file_read(path, &read, &length, &error))
        return list_new(0);
    if (!words_split(read, length, &words, &error))
        bug("%s: %s", path, error.message);
    free(read);
    return words;
}

static bool is_command(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(word, commands[i]) == 0)
            return true;
    return false;
}

/** The program's words: `run`, those of `cmd`, and the playbook unless one is named. */
static char **make_argv(const struct run_case *run, struct list *words)
{
    char **argv = memory_new_array(words->count + 4, sizeof *argv);
    size_t count = 0;
    bool is_complete = words->count > 0 && is_command(value_bytes(words->items[0]));
    bool has_playbook = is_complete;
    argv[count++] = (char *)playlet_path();
    if (!is_complete)
        argv[count++] = "run";
    for (size_t i = 0; i < words->count; i++) {
        char *word = (char *)value_bytes(words->items[i]);
        size_t length = strlen(word);
        has_playbook |=
            length > 4 && strcmp(word + length - 4, ".yml") == 0 && *word != '@' && *word != '-' && !strchr(word, '=');
        argv[count++] = word;
    }
    if (!has_playbook)
        argv[count++] = (char *)run->playbook;
    return argv;
}

/** In the child: the fixed environment, and the case's own. */
static void set_environment(const char *scratch, const char *env_file)
{
    static const char *const fixed[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                        "LANG=C.UTF-8",
                                        "LC_ALL=C.UTF-8",
                                        "TERM=dumb",
                                        "COLUMNS=80",
                                        "TZ=UTC",
                                        "USER=tester",
                                        "LOGNAME=tester",
                                        "SHELL=/bin/sh",
                                        "ANSIBLE_NOCOLOR=1",
                                        "ANSIBLE_LOCALHOST_WARNING=0",
                                        "ANSIBLE_INVENTORY_UNPARSED_WARNING=0"};
    const char *sanitizer = getenv("ASAN_OPTIONS");
    const char *kept = sanitizer ? memory_copy_string(sanitizer, strlen(sanitizer)) : NULL;
    clearenv();
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        putenv((char *)fixed[i]);
    if (kept)
        setenv("ASAN_OPTIONS", kept, 1);
    setenv("HOME", path_join(scratch, "home"), 1);
    setenv("TMPDIR", path_join(scratch, "tmp"), 1);
    char *read;
    size_t length;
    OWNED_ERROR error = {0};
    if (!file_exists(env_file) || !file_read(env_file, &read, &length, &error))
        return;
    for (char *line = strtok(read, "\n"); line; line = strtok(NULL, "\n"))
        putenv(line);
}

/** In the child: becomes the program. */
static void become_program(const char *scratch, const char *env_file, char **argv)
{
    static const char *const streams[] = {"/dev/null", "stdout", "stderr"};
    for (int i = 0; i < 3; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(scratch, streams[i]);
        int descriptor = open(path, i == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(descriptor, i);
        close(descriptor);
    }
    set_environment(scratch, env_file);
    CLEANUP(memory_cleanup) char *folder = path_join(scratch, "case");
    setpgid(0, 0);
    if (chdir(folder) == 0)
        execv(argv[0], argv);
    _exit(127);
}

/** The exit status, 128 + signal, or -1 after too long a time. */
static int wait_for_child(pid_t child)
{
    static const struct timespec moment = {.tv_nsec = 2000000};
    struct timespec start, now;
    int status;
    clock_gettime(CLOCK_MONOTONIC, &start);
    while (waitpid(child, &status, WNOHANG) == 0) {
        nanosleep(&moment, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec - start.tv_sec > CASE_SECONDS) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- comparing ---- */

/** What differs from run to run, and what stands for it. */
static const struct {
    const char *pattern, *replacement;
} rules[] = {
    {"j[0-9]{6,}[.][0-9]+", "<JID>"},
    {"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?", "<TIME>"},
    {"[0-9]:[0-9]{2}:[0-9]{2}([.][0-9]+)?", "<DELTA>"},
    {"\"(pid|elapsed|mtime|atime|ctime|inode|dev)\": [0-9.]+", "\"<N>\": <N>"},
    {"0x[0-9a-f]{6,}", "<ADDRESS>"},
};

/** Every match replaced. */
static char *replace_matches(char *text_take, const char *pattern, const char *replacement)
{
    regex_t regex;
    regmatch_t match;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (regcomp(&regex, pattern, REG_EXTENDED) != 0)
        bug("not a regular expression: %s", pattern);
    const char *at = text_take;
    while (*at && regexec(&regex, at, 1, &match, at == text_take ? 0 : REG_NOTBOL) == 0 && match.rm_eo > match.rm_so) {
        text_buffer_append(&out, at, (size_t)match.rm_so);
        text_buffer_append_string(&out, replacement);
        at += match.rm_eo;
    }
    text_buffer_append_string(&out, at);
    regfree(&regex);
    free(text_take);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** Every occurrence of a plain text replaced. */
static char *replace_plain(char *text_take, const char *wanted, const char *replacement)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    const char *at = text_take, *found;
    while ((found = strstr(at, wanted))) {
        text_buffer_append(&out, at, (size_t)(found - at));
        text_buffer_append_string(&out, replacement);
        at = found + strlen(wanted);
    }
    text_buffer_append_string(&out, at);
    free(text_take);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** How often something is polled or tried again depends on the machine: examples are compared without these lines. */
static const char *const timing_lines[] = {"FAILED - RETRYING: [^\n]*\n", "ASYNC (POLL|OK) on [^\n]*\n"};

/** What a stream holds, with placeholders. */
static char *read_stream(const char *scratch, const char *name, bool is_example)
{
    static const char *const folders[][2] = {{"case", "<DIR>"}, {"home", "<HOME>"}, {"tmp", "<TMP>"}};
    CLEANUP(memory_cleanup) char *path = path_join(scratch, name);
    char *text;
    size_t length;
    OWNED_ERROR error = {0};
    if (!file_read(path, &text, &length, &error))
        return memory_copy_string("", 0);
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        CLEANUP(memory_cleanup) char *folder = path_join(scratch, folders[i][0]);
        text = replace_plain(text, folder, folders[i][1]);
    }
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        text = replace_matches(text, rules[i].pattern, rules[i].replacement);
    for (size_t i = 0; is_example && i < COUNT_OF(timing_lines); i++)
        text = replace_matches(text, timing_lines[i], "");
    return text;
}

/** Writes an expected file. */
static void update(const char *path, const char *text)
{
    OWNED_ERROR error = {0};
    if (!file_write_atomic(path, text, strlen(text), 0644, &error))
        bug("%s", error.message);
}

/** Holds a text against a file; the first line that differs is told. */
static void compare(const struct test *test, const char *path, const char *what, const char *actual)
{
    char *expected;
    size_t length;
    OWNED_ERROR error = {0};
    if (!file_read(path, &expected, &length, &error)) {
        case_failed(test, "%s", error.message);
        return;
    }
    const char *a = actual, *b = expected;
    unsigned line = 1;
    while (*a || *b) {
        size_t a_length = strcspn(a, "\n"), b_length = strcspn(b, "\n");
        if (a_length != b_length || strncmp(a, b, a_length) != 0 || a[a_length] != b[b_length]) {
            case_failed(test, "line %u of %s is\n  %.*s\nexpected\n  %.*s", line, what, (int)a_length, a, (int)b_length,
                        b);
            break;
        }
        a += a_length + (a[a_length] == '\n');
        b += b_length + (b[b_length] == '\n');
        ++line;
    }
    free(expected);
}

/** Compares (or updates) one stream; one without an expected file is not looked at. */
static void check_stream(const struct test *test, const char *path, const char *what, const char *scratch, bool wanted)
{
    bool exists = file_exists(path);
    if (!exists && !(is_updating() && wanted))
        return;
    CLEANUP(memory_cleanup)
    char *actual = read_stream(scratch, what, strncmp(test->file, "examples/", strlen("examples/")) == 0);
    if (is_updating())
        update(path, actual);
    else
        compare(test, path, what, actual);
}

static void check_status(const struct test *test, const char *path, int status)
{
    int expected = 0;
    char *read;
    size_t length;
    OWNED_ERROR error = {0};
    if (is_updating()) {
        char text[16];
        snprintf(text, sizeof text, "%d\n", status);
        if (status != 0)
            update(path, text);
        else
            unlink(path);
        return;
    }
    if (file_exists(path) && file_read(path, &read, &length, &error)) {
        expected = atoi(read);
        free(read);
    }
    if (status != expected)
        case_failed(test, "exit status is %d, expected %d", status, expected);
}

/** Runs a case and holds what it printed against its files. */
static void run(const struct test *test, const struct run_case *run, bool is_error_case)
{
    CLEANUP(memory_cleanup) char *scratch = make_scratch(run->folder);
    CLEANUP(memory_cleanup) char *env = path_absolute(run->env);
    struct list *words = read_words(run->cmd);
    CLEANUP(memory_cleanup) char **argv = make_argv(run, words);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become_program(scratch, env, argv);
    int status = wait_for_child(child);
    if (status < 0)
        case_failed(test, "took longer than %d s", CASE_SECONDS);
    else {
        check_status(test, run->expected_rc, status);
        check_stream(test, run->expected_out, "stdout", scratch, !is_error_case);
        check_stream(test, run->expected_err, "stderr", scratch, is_error_case);
    }
    list_drop(words);
    nftw(scratch, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- cases ---- */

static void run_folder(const struct test *test)
{
    struct run_case paths = {
        .folder = test->file,
        .playbook = "main.yml",
        .cmd = path_join(test->file, "cmd"),
        .env = path_join(test->file, "env"),
        .expected_out = path_join(test->file, "expected.out"),
        .expected_err = path_join(test->file, "expected.err"),
        .expected_rc = path_join(test->file, "expected.rc"),
    };
    run(test, &paths, strncmp(test->file, "tests/errors/", strlen("tests/errors/")) == 0);
    run_case_done(&paths);
}

/** "x/y.yml" and ".rc" as "x/y.rc". */
static char *with_ending(const char *path, const char *ending)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append(&out, path, (size_t)(strrchr(path, '.') - path));
    text_buffer_append_string(&out, ending);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

/** An example runs in a copy of examples/, so that it finds what lies beside its folder. */
static void run_example(const struct test *test)
{
    struct run_case paths = {
        .folder = "examples",
        .playbook = test->file + strlen("examples/"),
        .cmd = with_ending(test->file, ".cmd"),
        .env = with_ending(test->file, ".env"),
        .expected_out = with_ending(test->file, ".expected"),
        .expected_err = with_ending(test->file, ".err"),
        .expected_rc = with_ending(test->file, ".rc"),
    };
    run(test, &paths, false);
    run_case_done(&paths);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/** Registers each folder below `folder` that holds a main.yml or a cmd. */
static void register_folders(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(folder, entries[i]->d_name);
        CLEANUP(memory_cleanup) char *playbook = path_join(path, "main.yml");
        CLEANUP(memory_cleanup) char *cmd = path_join(path, "cmd");
        if (file_exists(playbook) || file_exists(cmd))
            test_register_case(path, path, run_folder);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/** Registers each example below `folder` that has an `expected` file. */
static void register_examples(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        CLEANUP(memory_cleanup) char *path = path_join(folder, entries[i]->d_name);
        const char *ending = strrchr(entries[i]->d_name, '.');
        if (file_is_directory(path))
            register_examples(path);
        else if (ending && strcmp(ending, ".expected") == 0) {
            CLEANUP(memory_cleanup) char *playbook = with_ending(path, ".yml");
            test_register_case(path, playbook, run_example);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

void run_cases_register(void)
{
    register_folders("tests/playbooks");
    register_folders("tests/async");
    register_folders("tests/errors");
    register_examples("examples");
}
