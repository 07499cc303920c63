/* The states of jobs: see job_store.h. */
#include "runtime/async/job_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/value/dict.h"

struct job_store {
    struct dict *statuses; /* by id */
    uint64_t id_count;
    struct job_listener *listeners;
};

struct job_store *job_store_new(void)
{
    struct job_store *store = memory_new_array(1, sizeof *store);
    store->statuses = dict_new();
    return store;
}

void job_store_free(struct job_store *store)
{
    if (!store)
        return;
    dict_drop(store->statuses);
    free(store);
}

char *job_store_id_new(struct job_store *store)
{
    char id[40];
    int length = snprintf(id, sizeof id, "j%012" PRIu64 ".0", ++store->id_count);
    return memory_copy_string(id, (size_t)length);
}

void job_store_put_take(struct job_store *store, const char *id, struct value status_take)
{
    dict_set_string_take(store->statuses, id, status_take);
    for (struct job_listener *listener = store->listeners; listener; listener = listener->next)
        listener->changed(listener, id);
}

void job_store_listen(struct job_store *store, struct job_listener *listener)
{
    listener->next = store->listeners;
    listener->link = &store->listeners;
    if (listener->next)
        listener->next->link = &listener->next;
    store->listeners = listener;
}

void job_listener_forget(struct job_listener *listener)
{
    if (!listener->link)
        return;
    *listener->link = listener->next;
    if (listener->next)
        listener->next->link = listener->link;
    listener->link = NULL;
}

static const struct value *find(const struct job_store *store, const char *id)
{
    return store ? dict_find_string(store->statuses, id) : NULL;
}

struct dict *job_store_report(const struct job_store *store, const char *directory, const char *id)
{
    const struct value *status = find(store, id);
    return status ? job_report_status(value_copy(*status), directory, id) : job_report(directory, id);
}

bool job_store_remove(struct job_store *store, const char *directory, const char *id)
{
    if (!find(store, id))
        return job_status_remove(directory, id);
    dict_remove_string(store->statuses, id);
    return true;
}
