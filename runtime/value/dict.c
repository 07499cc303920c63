#include "runtime/value/dict.h"

#include <string.h>

#include "runtime/value/compare.h"
#include "runtime/value/list.h"

enum {
    DICT_LINEAR_ENTRIES = 8, /* up to here a scan of the hashes beats an index */
    DICT_DOUBLED_CAPACITY =
        16,             /* up to here the room doubles; then, since results of tasks are many, it grows by half */
    DICT_FREE_SLOT = 0, /* a slot holds 1 + the number of its entry */
};

struct dict *dict_new(void)
{
    struct dict *dict = memory_new(sizeof *dict);
    *dict = (struct dict){.references = 1};
    return dict;
}

struct dict *dict_copy(struct dict *dict)
{
    dict->references++;
    return dict;
}

static inline bool entry_is_removed(const struct dict_entry *entry)
{
    return entry->key.kind == VALUE_UNDEFINED;
}

static const struct value removed_key = {.kind = VALUE_UNDEFINED};

void dict_drop(struct dict *dict)
{
    if (!dict || --dict->references > 0)
        return;
    for (uint32_t i = 0; i < dict->used; i++) {
        if (entry_is_removed(&dict->entries[i]))
            continue;
        value_drop(dict->entries[i].key);
        value_drop(dict->entries[i].value);
    }
    memory_cleanup(&dict->entries);
    memory_cleanup(&dict->index);
    memory_cleanup(&dict);
}

static inline uint32_t key_hash(struct value key)
{
    return key.kind == VALUE_STRING ? text_hash(key.as.text) : value_hash(key);
}

/* ---- lookup ---- */

/** What is looked for: any key, or a string's bytes when `bytes` is given. */
struct wanted {
    struct value key;
    const char *bytes;
    size_t length;
    uint32_t hash;
};

static inline bool entry_matches(const struct dict_entry *entry, const struct wanted *wanted)
{
    if (entry->hash != wanted->hash)
        return false;
    if (!wanted->bytes)
        return !entry_is_removed(entry) && value_equal(entry->key, wanted->key);
    return entry->key.kind == VALUE_STRING && entry->key.as.text->length == wanted->length &&
           (entry->key.as.text->bytes == wanted->bytes ||
            memcmp(entry->key.as.text->bytes, wanted->bytes, wanted->length) == 0);
}

static struct dict_entry *find_entry(const struct dict *dict, const struct wanted *wanted)
{
    if (!dict->index) {
        for (uint32_t i = 0; i < dict->used; i++)
            if (entry_matches(&dict->entries[i], wanted))
                return &dict->entries[i];
        return NULL;
    }
    for (uint32_t slot = wanted->hash & dict->index_mask; dict->index[slot] != DICT_FREE_SLOT;
         slot = (slot + 1) & dict->index_mask) {
        struct dict_entry *entry = &dict->entries[dict->index[slot] - 1];
        if (entry_matches(entry, wanted))
            return entry;
    }
    return NULL;
}

static struct wanted wanted_key(struct value key)
{
    if (key.kind == VALUE_STRING)
        return (struct wanted){key, key.as.text->bytes, key.as.text->length, text_hash(key.as.text)};
    return (struct wanted){.key = key, .hash = value_hash(key)};
}

/** The list or dict, itself or in a tuple, that makes the key unhashable; NULL when there is none. */
static const struct value *unhashable_part(const struct value *key)
{
    if (key->kind == VALUE_LIST || key->kind == VALUE_DICT)
        return key;
    if (key->kind != VALUE_TUPLE)
        return NULL;
    const struct value *part = NULL;
    for (size_t i = 0; i < key->as.list->count && !part; i++)
        part = unhashable_part(&key->as.list->items[i]);
    return part;
}

bool dict_key_check(struct value key, struct error *error)
{
    const struct value *part = unhashable_part(&key);
    if (!part)
        return true;
    return error_set(error, ERROR_TYPE, "unhashable type: '%s'", value_type_name(*part));
}

const struct value *dict_find(const struct dict *dict, struct value key)
{
    if (dict->live == 0 || unhashable_part(&key))
        return NULL;
    struct wanted wanted = wanted_key(key);
    const struct dict_entry *entry = find_entry(dict, &wanted);
    return entry ? &entry->value : NULL;
}

const struct value *dict_find_text(const struct dict *dict, struct text *key)
{
    uint32_t hash = key->hash ? key->hash : text_hash(key);
    if (!dict->index) /* few entries: their hashes tell nearly always */
        for (uint32_t i = 0; i < dict->used; i++) {
            const struct dict_entry *entry = &dict->entries[i];
            if (entry->hash == hash && entry->key.kind == VALUE_STRING && text_equal(entry->key.as.text, key))
                return &entry->value;
        }
    return dict->index ? dict_find(dict, (struct value){.kind = VALUE_STRING, .as.text = key}) : NULL;
}

const struct value *dict_find_string(const struct dict *dict, const char *key)
{
    return dict_find_bytes(dict, key, strlen(key));
}

const struct value *dict_find_bytes(const struct dict *dict, const char *key, size_t length)
{
    if (dict->live == 0)
        return NULL;
    struct wanted wanted = {.bytes = key, .length = length, .hash = text_hash_bytes(key, length)};
    const struct dict_entry *entry = find_entry(dict, &wanted);
    return entry ? &entry->value : NULL;
}

/* ---- change ---- */

static void index_insert(struct dict *dict, uint32_t entry)
{
    uint32_t slot = dict->entries[entry].hash & dict->index_mask;
    while (dict->index[slot] != DICT_FREE_SLOT)
        slot = (slot + 1) & dict->index_mask;
    dict->index[slot] = entry + 1;
}

/** Builds the index for the present capacity (at most half full), or none while the dict is small. */
static void index_rebuild(struct dict *dict)
{
    memory_cleanup(&dict->index);
    dict->index = NULL;
    if (dict->capacity <= DICT_LINEAR_ENTRIES)
        return;
    uint32_t slots = 4 * DICT_LINEAR_ENTRIES;
    while (slots < 2 * dict->capacity)
        slots *= 2;
    dict->index = memory_new_array(slots, sizeof *dict->index);
    dict->index_mask = slots - 1;
    for (uint32_t i = 0; i < dict->used; i++)
        index_insert(dict, i);
}

/** Closes the gaps that removed entries left. */
static void entries_compact(struct dict *dict)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < dict->used; i++)
        if (!entry_is_removed(&dict->entries[i]))
            dict->entries[kept++] = dict->entries[i];
    dict->used = kept;
}

/** Makes room for one entry more: by closing gaps when they are many, else by growing. */
static void dict_grow(struct dict *dict)
{
    if (dict->live < dict->used)
        entries_compact(dict);
    if (dict->live >= dict->capacity - dict->capacity / 4) {
        uint32_t capacity = dict->capacity == 0                      ? 4
                            : dict->capacity < DICT_DOUBLED_CAPACITY ? dict->capacity * 2
                                                                     : dict->capacity + dict->capacity / 2;
        if (capacity < dict->capacity)
            memory_exhausted();
        dict->entries = memory_resize(dict->entries, capacity, sizeof *dict->entries);
        dict->capacity = capacity;
    }
    index_rebuild(dict);
}

static void entry_add_take(struct dict *dict, struct value key, uint32_t hash, struct value value)
{
    if (dict->used == dict->capacity)
        dict_grow(dict);
    dict->entries[dict->used] = (struct dict_entry){key, value, hash};
    if (dict->index)
        index_insert(dict, dict->used);
    dict->used++;
    dict->live++;
}

void dict_set_take(struct dict *dict, struct value key, struct value value)
{
    dict->lazy |= value_is_lazy(value);
    struct wanted wanted = wanted_key(key);
    struct dict_entry *entry = find_entry(dict, &wanted);
    if (entry) {
        value_replace_take(&entry->value, value);
        value_drop(key);
        return;
    }
    entry_add_take(dict, key, wanted.hash, value);
}

void dict_set_string_take(struct dict *dict, const char *key, struct value value)
{
    size_t length = strlen(key);
    struct wanted wanted = {.bytes = key, .length = length, .hash = text_hash_bytes(key, length)};
    dict->lazy |= value_is_lazy(value);
    struct dict_entry *entry = find_entry(dict, &wanted);
    if (entry) {
        value_replace_take(&entry->value, value);
        return;
    }
    struct text *text = text_new(key, length);
    text->hash = wanted.hash;
    entry_add_take(dict, value_string_take(text), wanted.hash, value);
}

/** Takes the entry out; its slot keeps pointing at the gap so that searches go on past it. */
static struct value entry_remove(struct dict *dict, struct dict_entry *entry)
{
    struct value removed = entry->value;
    value_drop(entry->key);
    entry->key = removed_key;
    entry->value = value_null();
    if (--dict->live == 0) {
        dict->used = 0;
        dict->lazy = false;
        if (dict->index)
            memset(dict->index, 0, ((size_t)dict->index_mask + 1) * sizeof *dict->index);
    }
    return removed;
}

bool dict_remove(struct dict *dict, struct value key, struct value *removed)
{
    if (dict->live == 0 || unhashable_part(&key))
        return false;
    struct wanted wanted = wanted_key(key);
    struct dict_entry *entry = find_entry(dict, &wanted);
    if (!entry)
        return false;
    *removed = entry_remove(dict, entry);
    return true;
}

void dict_remove_string(struct dict *dict, const char *key)
{
    size_t length = strlen(key);
    struct wanted wanted = {.bytes = key, .length = length, .hash = text_hash_bytes(key, length)};
    struct dict_entry *entry = find_entry(dict, &wanted);
    if (entry)
        value_drop(entry_remove(dict, entry));
}

struct dict *dict_clone(const struct dict *dict)
{
    struct dict *clone = dict_new();
    clone->lazy = dict->lazy;
    if (dict->live == 0)
        return clone;
    clone->capacity = dict->capacity;
    clone->entries = memory_resize(NULL, clone->capacity, sizeof *clone->entries);
    for (uint32_t i = 0; i < dict->used; i++) {
        const struct dict_entry *entry = &dict->entries[i];
        if (!entry_is_removed(entry))
            clone->entries[clone->used++] =
                (struct dict_entry){value_copy(entry->key), value_copy(entry->value), entry->hash};
    }
    clone->live = clone->used;
    if (clone->used < dict->used || !dict->index) {
        index_rebuild(clone);
        return clone;
    }
    size_t slots = (size_t)dict->index_mask + 1;
    clone->index = memory_resize(NULL, slots, sizeof *clone->index);
    clone->index_mask = dict->index_mask;
    memcpy(clone->index, dict->index, slots * sizeof *clone->index);
    return clone;
}

void dict_update(struct dict *dict, const struct dict *other)
{
    const struct dict_entry *entry;
    for (size_t i = 0; dict_next(other, &i, &entry);)
        dict_set_take(dict, value_copy(entry->key), value_copy(entry->value));
}

bool dict_next(const struct dict *dict, size_t *position, const struct dict_entry **entry)
{
    while (*position < dict->used) {
        const struct dict_entry *candidate = &dict->entries[(*position)++];
        if (!entry_is_removed(candidate)) {
            *entry = candidate;
            return true;
        }
    }
    return false;
}

/* ---- conveniences ---- */

int64_t dict_get_int(const struct dict *dict, const char *key, int64_t fallback)
{
    const struct value *found = dict_find_string(dict, key);
    return found && found->kind == VALUE_INT ? found->as.integer : fallback;
}

bool dict_get_truth(const struct dict *dict, const char *key, bool fallback)
{
    const struct value *found = dict_find_string(dict, key);
    return found ? value_truth(*found) : fallback;
}

const char *dict_get_bytes(const struct dict *dict, const char *key, const char *fallback)
{
    const struct value *found = dict_find_string(dict, key);
    return found && value_is_string(*found) ? value_bytes(*found) : fallback;
}
