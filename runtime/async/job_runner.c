/* The process that runs jobs, and its warden: see job_runner.h. */
#include "runtime/async/job_runner.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- processes of the system ---- */

struct process_entry {
    int group, session;
    unsigned long long start; /* in ticks since the boot */
};

/** Reads /proc/ID/stat; false when there is no such process, or nothing but a zombie. */
static bool process_entry_read(pid_t id, struct process_entry *entry)
{
    char path[40], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)id);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = '\0';
    const char *rest = strrchr(line, ')'); /* the name before it may hold anything */
    char state;
    return rest &&
           sscanf(rest, ") %c %*d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state,
                  &entry->group, &entry->session, &entry->start) == 4 &&
           state != 'Z' && state != 'X';
}

/* ---- marks ---- */

enum { WORD_SIZE = 64, MARK_SIZE = 4 * WORD_SIZE };

/** The first word of a file, or "-". */
static void read_word(const char *path, char word[WORD_SIZE])
{
    FILE *file = fopen(path, "re");
    if (!file || fscanf(file, "%63s", word) != 1)
        strcpy(word, "-");
    if (file)
        fclose(file);
}

/** Where a process is: the machine, the boot, the namespace of process ids. */
struct place {
    char machine[WORD_SIZE], boot[WORD_SIZE], namespace[WORD_SIZE];
};

static struct place place_here(void)
{
    struct place place;
    read_word("/etc/machine-id", place.machine);
    read_word("/proc/sys/kernel/random/boot_id", place.boot);
    ssize_t length = readlink("/proc/self/ns/pid", place.namespace, WORD_SIZE - 1);
    strcpy(length > 0 ? place.namespace + length : place.namespace, length > 0 ? "" : "-");
    return place;
}

char *job_runner_mark(pid_t id)
{
    char mark[MARK_SIZE];
    struct place place = place_here();
    struct process_entry entry = {0};
    process_entry_read(id, &entry);
    int length = snprintf(mark, sizeof mark, "%s %s %s %d %llu", place.machine, place.boot, place.namespace, (int)id,
                          entry.start);
    return memory_copy_string(mark, (size_t)length);
}

static bool is_known(const char *word)
{
    return strcmp(word, "-") != 0;
}

bool job_runner_is_gone(const char *mark)
{
    struct place place, here = place_here();
    struct process_entry entry;
    int id;
    unsigned long long start;
    if (sscanf(mark, "%63s %63s %63s %d %llu", place.machine, place.boot, place.namespace, &id, &start) != 5 ||
        !is_known(place.boot) || !is_known(here.boot))
        return false;
    if (strcmp(place.boot, here.boot) != 0) /* the same machine has been started anew since, or it is another one */
        return is_known(here.machine) && strcmp(place.machine, here.machine) == 0;
    if (strcmp(place.namespace, here.namespace) != 0)
        return false;
    return !process_entry_read(id, &entry) || entry.start != start;
}

/* ---- the warden ---- */

/** Kills the groups that the supervisor's own children lead: programs of jobs.  What left the session, or outlived the
 *  leader of its group, was a daemon. */
static void kill_orphans(void)
{
    DIR *processes = opendir("/proc");
    pid_t session = getpid();
    if (!processes)
        return;
    for (struct dirent *found; (found = readdir(processes));) {
        struct process_entry entry;
        pid_t id = atoi(found->d_name);
        if (id > 0 && id != session && process_entry_read(id, &entry) && entry.session == session && entry.group == id)
            kill(-id, SIGKILL);
    }
    closedir(processes);
}

/** Waits for the supervisor; never returns. */
static void NORETURN warden_run(pid_t supervisor)
{
    int status = 0;
    close_range(0, ~0U, 0); /* the channel must end with the supervisor */
    while (waitpid(supervisor, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFSIGNALED(status))
        kill_orphans();
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void job_runner_guard(void)
{
    pid_t warden = getpid();
    pid_t supervisor = fork();
    if (supervisor > 0)
        warden_run(supervisor);
    if (supervisor < 0) /* no process left for it: jobs go on without */
        return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != warden)
        raise(SIGTERM);
}
