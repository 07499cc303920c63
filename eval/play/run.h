/*
 * A run: playbooks, inventory, engine, loop and callbacks of one invocation, and the exit status.
 */
#ifndef PLAYLET_EVAL_PLAY_RUN_H
#define PLAYLET_EVAL_PLAY_RUN_H

#include "eval/expression/engine.h"
#include "eval/play/event.h"
#include "eval/play/inventory.h"
#include "runtime/async/loop.h"

struct run_settings {
    const char *limit;                  /* -l, or NULL */
    const char *connection;             /* -c: where neither the play nor the host says; NULL: ssh, as in the reference */
    const char *const *tags;            /* NULL-terminated; NULL: all */
    const char *const *skip_tags;
    const char *start_at_task;          /* or NULL */
    unsigned forks;                     /* -f */
    bool check_mode, diff_mode, step, force_handlers;
    bool merges_dicts;                  /* ANSIBLE_HASH_BEHAVIOUR=merge: variables that are dictionaries join those of outer layers */
    bool writes_retry_files;            /* ANSIBLE_RETRY_FILES_ENABLED */
    const char *retry_directory;        /* ANSIBLE_RETRY_FILES_SAVE_PATH; NULL: the playbook's */
    int verbosity;
    bool virtual_time;
    uint64_t seed;                      /* permutes what happens at one moment of virtual time; 0: does not */
    const struct settings *settings;    /* ansible.cfg and the environment; NULL: the defaults */
    const struct vault_keyring *keyring; /* passwords of encrypted files and values; NULL: none */
    const struct dict *extra_variables; /* trusted, raw; borrowed */
    const char *callback;               /* name; NULL: default */
    const char *const *inventory_sources;     /* what the inventory was read from, for meta: refresh_inventory; NULL-terminated; or NULL */
};

struct run {
    struct run_settings settings;
    struct registry *registry;
    struct engine *engine;
    struct loop *loop;
    struct inventory *inventory;
    struct dialect dialect;
    const struct callback *callback;
    void *callback_state;
    struct play_state *play;            /* the play under way: eval/play/play.h */
    struct file_cache *files;           /* parsed task and variables files by path */
    struct dict *extra_variables;
    struct dict *statistics;            /* of set_stats: eval/play/statistics.h */
    int exit_status;
    char *directory;                    /* of the present playbook */
    struct job_client *jobs;            /* the supervisor's client: eval/play/async.h; NULL until the first job */
    struct virtual_jobs *virtual_jobs;  /* in virtual time: eval/play/virtual_jobs.h; else NULL */
    bool is_interrupted;
    size_t failed_count;                /* hosts that have_failed / are unreachable: run_fail_host and its like keep them */
    size_t unreachable_count;
};

/** Exit statuses, as the reference's. */
enum { EXIT_OK = 0, EXIT_ERROR = 1, EXIT_HOSTS_FAILED = 2, EXIT_HOSTS_UNREACHABLE = 4 /* also parse errors */, EXIT_UNKNOWN_ERROR = 250 };

/** Borrowed: registry, inventory.  The callback is opened. */
struct run *run_new(struct registry *registry, struct inventory *inventory, const struct run_settings *settings,
                    const struct callback_settings *callback_settings, struct error *error) NODISCARD;
void run_free(struct run *run);

/**
 * Runs playbook files in order.  All are parsed, and static imports loaded, before anything runs.  Returns the exit status;
 * *error is filled where the run could not start or had to stop for a reason that is no host's failure (the caller prints it).
 */
int run_playbooks(struct run *run, char *const *paths, size_t count, struct error *error);

enum list_what { LIST_TASKS = 1, LIST_TAGS = 2, LIST_HOSTS = 4, LIST_SYNTAX = 8 };

/** --list-tasks, --list-tags, --list-hosts, --syntax-check: prints to `out` what the reference prints, runs nothing. */
int run_list(struct run *run, char *const *paths, size_t count, unsigned what, struct text_buffer *out, struct error *error);

/** The exit status for an error that ended the run. */
int run_error_status(const struct run *run, const struct error *error);

/** The play under way, or NULL. */
const struct play *run_play(const struct run *run);

/** The host is out of the following plays, or of all; or both is forgotten (meta: clear_host_errors). */
void run_fail_host(struct run *run, struct host *host);
void run_lose_host(struct run *run, struct host *host);
void run_clear_host(struct run *run, struct host *host);

/** Hands an event to the callback. */
void run_emit(const struct run *run, const struct event *event);
void run_warn(const struct run *run, struct span span, const char *format, ...) PRINTF_FORMAT(3, 4);

#endif
