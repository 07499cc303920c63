/* The hosts of a play: their order and their batches (play.h). */
#include <stdlib.h>
#include <string.h>

#include "eval/play/play.h"
#include "eval/play/play_hosts.h"
#include "runtime/value/repr.h"

static int compare_names(const void *left, const void *right)
{
    const struct host *const *a = left, *const *b = right;
    return text_compare((*a)->name, (*b)->name);
}

static void reverse(struct host **hosts, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct host *host = hosts[i];
        hosts[i] = hosts[count - 1 - i];
        hosts[count - 1 - i] = host;
    }
}

static void shuffle(struct host **hosts, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random() % i;
        struct host *host = hosts[i - 1];
        hosts[i - 1] = hosts[other];
        hosts[other] = host;
    }
}

bool play_order_hosts(struct play_state *play, struct error *error)
{
    OWNED order = value_null();
    if (!play_keyword(play, KEYWORD_ORDER, &order, error))
        return false;
    const char *name = value_is_string(order) ? value_bytes(order) : "inventory";
    bool is_reversed = strncmp(name, "reverse_", strlen("reverse_")) == 0;
    const char *base = is_reversed ? name + strlen("reverse_") : name;
    if (strcmp(name, "shuffle") == 0)
        shuffle(play->hosts, play->host_count);
    else if (strcmp(base, "sorted") == 0)
        qsort(play->hosts, play->host_count, sizeof *play->hosts, compare_names);
    else if (strcmp(base, "inventory") != 0)
        return error_set(error, ERROR_USAGE, "Invalid 'order' specified for inventory hosts: %s", name);
    if (is_reversed)
        reverse(play->hosts, play->host_count);
    return true;
}

/** One entry of `serial`: a number, or a share of all hosts (at least 1).  0 or less: all that are left. */
static bool read_size(struct value entry, size_t total, int64_t *size, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer text = {0};
    char *end;
    value_append_str(&text, entry);
    const char *bytes = text_buffer_bytes(&text);
    double number = strtod(bytes, &end);
    if (end == bytes || (*end && strcmp(end, "%") != 0))
        return error_set(error, ERROR_VALUE, "invalid literal for int() with base 10: '%s'", bytes);
    *size = (int64_t)number;
    if (*end == '%') {
        *size = (int64_t)(number / 100.0 * (double)total);
        if (*size == 0)
            *size = 1;
    }
    return true;
}

/** `serial` as a list of at least one entry. */
static bool read_serial(struct play_state *play, struct list **entries, struct error *error)
{
    OWNED serial = value_null();
    if (!play_keyword(play, KEYWORD_SERIAL, &serial, error))
        return false;
    if (value_is_sequence(serial) && serial.as.list->count > 0) {
        *entries = list_copy(serial.as.list);
        return true;
    }
    *entries = list_new(1);
    list_push_take(*entries, value_is_null(serial) || value_is_sequence(serial) ? value_int(-1) : value_steal(&serial));
    return true;
}

bool play_batches(struct play_state *play, size_t **sizes, size_t *count, struct error *error)
{
    struct list *entries;
    if (!read_serial(play, &entries, error))
        return false;
    size_t left = play->host_count, made = 0;
    size_t *list = memory_new_array(left + 1, sizeof *list);
    bool good = true;
    while (left > 0 && good) {
        size_t entry = made < entries->count ? made : entries->count - 1;
        int64_t size = 0;
        good = read_size(entries->items[entry], play->host_count, &size, error);
        size_t taken = size <= 0 || (size_t)size > left ? left : (size_t)size;
        list[made++] = taken;
        left -= taken;
    }
    list_drop(entries);
    *sizes = good ? list : NULL;
    *count = made;
    if (!good)
        free(list);
    return good;
}
