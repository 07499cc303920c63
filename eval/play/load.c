#include "eval/play/load.h"

#include <stdlib.h>
#include <string.h>

#include "eval/play/variables_folder.h"
#include "parser/yaml.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/os/vault_keyring.h"

/** All that was read from one path. */
struct loaded_file {
    char *path;
    char *folder; /* NULL: not asked for */
    struct source *source;
    struct task_file *shared[2]; /* its tasks without a parent, as tasks and as handlers; NULL: not asked for */
    struct dict *variables;      /* NULL: not asked for */
    struct role_meta *meta;
};

struct pointers {
    void **items;
    size_t count, capacity;
};

struct file_cache {
    struct dict *places;      /* path -> index in files */
    struct dict *identities;  /* text -> number */
    struct dict *role_places; /* key -> index in roles */
    struct pointers files, trees, roles, playbooks;
    struct arena arena; /* tasks and blocks that no file has */
};

struct file_cache *file_cache_new(void)
{
    struct file_cache *files = memory_new_array(1, sizeof *files);
    files->places = dict_new();
    files->identities = dict_new();
    files->role_places = dict_new();
    arena_init(&files->arena);
    return files;
}

static void pointers_push(struct pointers *pointers, void *item)
{
    if (pointers->count == pointers->capacity) {
        pointers->capacity = memory_grown(pointers->capacity);
        pointers->items = memory_resize(pointers->items, pointers->capacity, sizeof *pointers->items);
    }
    pointers->items[pointers->count++] = item;
}

static void loaded_file_free(struct loaded_file *file)
{
    task_file_free(file->shared[0]);
    task_file_free(file->shared[1]);
    role_meta_free(file->meta);
    dict_drop(file->variables);
    source_drop(file->source);
    free(file->path);
    free(file->folder);
    free(file);
}

void file_cache_free(struct file_cache *files)
{
    if (!files)
        return;
    for (size_t i = 0; i < files->roles.count; i++)
        role_free(files->roles.items[i]);
    for (size_t i = 0; i < files->trees.count; i++)
        task_file_free(files->trees.items[i]);
    for (size_t i = 0; i < files->playbooks.count; i++)
        playbook_free(files->playbooks.items[i]);
    for (size_t i = 0; i < files->files.count; i++)
        loaded_file_free(files->files.items[i]);
    free(files->roles.items);
    free(files->trees.items);
    free(files->playbooks.items);
    free(files->files.items);
    dict_drop(files->places);
    dict_drop(files->identities);
    dict_drop(files->role_places);
    arena_done(&files->arena);
    free(files);
}

/* ---- files ---- */

/** The entry of a path, made when it is new. */
static struct loaded_file *find_file(struct file_cache *files, const char *path)
{
    const struct value *place = dict_find_string(files->places, path);
    if (place)
        return files->files.items[place->as.integer];
    struct loaded_file *file = memory_new_array(1, sizeof *file);
    file->path = memory_copy_string(path, strlen(path));
    dict_set_string_take(files->places, path, value_int((int64_t)files->files.count));
    pointers_push(&files->files, file);
    return file;
}

static bool fail_missing(const char *path, struct error *error)
{
    return error_set(error, ERROR_FILE,
                     "Unable to retrieve file contents.\nCould not find or access '%s' on the Ansible Controller.\n"
                     "If you are using a module and expect the file to exist on the remote, see the remote_src option: "
                     "[Errno 2] No such file or directory: '%s'",
                     path, path);
}

static bool read_source(const struct run *run, struct loaded_file *file, struct error *error)
{
    if (file->source)
        return true;
    if (!file_exists(file->path))
        return fail_missing(file->path, error);
    file->source = vault_read_source(run->settings.keyring, file->path, error);
    return file->source;
}

struct source *load_source(struct run *run, const char *path, struct error *error)
{
    struct loaded_file *file = find_file(run->files, path);
    return read_source(run, file, error) ? file->source : NULL;
}

static void warn_all(struct run *run, const struct yaml_warning *warning)
{
    for (; warning; warning = warning->next)
        run_warn(run, warning->span, "%s", warning->message);
}

/** Parses a file's tasks and links its imports. */
static struct task_file *parse_tasks(struct run *run, struct loaded_file *file, struct task *parent, bool is_handler,
                                     struct error *error)
{
    if (!read_source(run, file, error))
        return NULL;
    struct task_file *parsed = task_file_parse(file->source, &run->dialect, parent, is_handler, error);
    if (!parsed)
        return NULL;
    warn_all(run, parsed->warnings);
    if (load_imports(run, &parsed->tasks, error))
        return parsed;
    task_file_free(parsed);
    return NULL;
}

const struct task_list *load_tasks(struct run *run, const char *path, struct task *parent, bool is_handler,
                                   struct error *error)
{
    struct loaded_file *file = find_file(run->files, path);
    if (!parent && file->shared[is_handler])
        return &file->shared[is_handler]->tasks;
    struct task_file *parsed = parse_tasks(run, file, parent, is_handler, error);
    if (!parsed)
        return NULL;
    if (parent)
        pointers_push(&run->files->trees, parsed);
    else
        file->shared[is_handler] = parsed;
    return &parsed->tasks;
}

const char *load_folder(struct run *run, const char *path)
{
    struct loaded_file *file = find_file(run->files, path);
    if (!file->folder)
        file->folder = path_directory(path);
    return file->folder;
}

/** The document's root as a new dict of variables. */
static struct dict *read_variables(const struct yaml_document *document, const char *path, struct error *error)
{
    if (!document->root || (document->root->kind == YAML_SCALAR && value_is_null(document->root->scalar)))
        return dict_new();
    if (document->root->kind == YAML_MAPPING)
        return yaml_value(document->root).as.dict;
    error_set(error, ERROR_PARSE, "Invalid variable file contents.");
    error_help(error, "%s must hold a dictionary of variables.", path);
    error_at(error, document->root->span);
    return NULL;
}

const struct dict *load_variables(struct run *run, const char *path, struct error *error)
{
    struct loaded_file *file = find_file(run->files, path);
    if (file->variables)
        return file->variables;
    if (file_is_directory(path))
        return file->variables = variables_folder_read(run, path, error);
    if (!read_source(run, file, error))
        return NULL;
    struct yaml_document *document = yaml_parse(file->source, error);
    if (!document)
        return NULL;
    warn_all(run, document->warnings);
    file->variables = read_variables(document, path, error);
    yaml_document_free(document);
    return file->variables;
}

const struct role_meta *load_role_meta(struct run *run, const char *path, struct error *error)
{
    struct loaded_file *file = find_file(run->files, path);
    if (!file->meta && read_source(run, file, error))
        file->meta = role_meta_parse(file->source, &run->dialect, error);
    return file->meta;
}

struct playbook *load_playbook(struct run *run, const char *path, struct error *error)
{
    struct source *source = load_source(run, path, error);
    if (!source)
        return NULL;
    struct playbook *playbook = playbook_parse(source, &run->dialect, error);
    if (!playbook)
        return NULL;
    warn_all(run, playbook->warnings);
    pointers_push(&run->files->playbooks, playbook);
    return playbook;
}

/* ---- what outlives the one who made it ---- */

void load_keep_role(struct run *run, struct role *role)
{
    pointers_push(&run->files->roles, role);
}

struct role *load_find_role(struct run *run, const char *key)
{
    const struct value *place = dict_find_string(run->files->role_places, key);
    return place ? run->files->roles.items[place->as.integer] : NULL;
}

void load_store_role(struct run *run, const char *key, struct role *role)
{
    for (size_t i = run->files->roles.count; i-- > 0;)
        if (run->files->roles.items[i] == role) {
            dict_set_string_take(run->files->role_places, key, value_int((int64_t)i));
            return;
        }
    bug("a role is stored that is not kept");
}

uint32_t load_identity(struct run *run, const char *text)
{
    struct dict *identities = run->files->identities;
    const struct value *number = dict_find_string(identities, text);
    if (number)
        return (uint32_t)number->as.integer;
    dict_set_string_take(identities, text, value_int((int64_t)identities->live + 1));
    return identities->live;
}

struct arena *load_arena(struct run *run)
{
    return &run->files->arena;
}

struct task *load_make_block(struct run *run, struct task *parent)
{
    struct task *block = arena_new(load_arena(run), sizeof *block);
    block->kind = TASK_BLOCK;
    block->parent = parent;
    return block;
}

static void release_action(void *object)
{
    struct task *task = object;
    text_drop(task->action.name);
    value_drop(task->action.arguments);
}

struct task *load_make_task(struct run *run, struct task *parent, const char *module, const char *raw)
{
    struct task *task = arena_new(load_arena(run), sizeof *task);
    task->kind = TASK_ACTION;
    task->parent = parent;
    task->action.name = text_new(module, strlen(module));
    task->action.arguments = value_dict_new();
    if (raw)
        dict_set_string_take(value_own_dict(&task->action.arguments), "_raw_params", value_string(raw));
    arena_defer(load_arena(run), release_action, task);
    return task;
}

void attributes_set_take(struct attributes *attributes, enum keyword keyword, struct value value)
{
    attributes->items = memory_resize(attributes->items, attributes->count + 1, sizeof *attributes->items);
    attributes->items[attributes->count++] = (struct attribute){.keyword = keyword, .value = value};
    attributes->present[keyword / 64] |= UINT64_C(1) << (keyword % 64);
}

void attributes_release(void *object)
{
    struct attributes *attributes = object;
    for (uint32_t i = 0; i < attributes->count; i++)
        value_drop(attributes->items[i].value);
    free(attributes->items);
}

/* ---- places ---- */

const char *load_action_name(const struct run *run, const struct task *task)
{
    const struct text *name = task->action.name;
    const char *found = run->dialect.find_module(run->dialect.context, name->bytes, name->length);
    return found ? found : "";
}

char *load_directory(const struct run *run, const struct task *task)
{
    const struct source *source = task ? task->span.source : NULL;
    return source ? path_directory(source->name) : memory_copy_string(run->directory, strlen(run->directory));
}

/** directory/folder/name when it is there, else NULL; `folder` may be NULL. */
static char *try_path(const char *directory, const char *folder, const char *name)
{
    CLEANUP(memory_cleanup) char *below = folder ? path_join(directory, folder) : NULL;
    CLEANUP(memory_cleanup) char *joined = path_join(below ? below : directory, name);
    char *path = path_normal(joined);
    if (file_exists(path))
        return path;
    free(path);
    return NULL;
}

/** Beside a task's file, and in that place's `folder`. */
static char *try_task(const struct run *run, const struct task *task, const char *folder, const char *name)
{
    CLEANUP(memory_cleanup) char *directory = load_directory(run, task);
    char *found = try_path(directory, NULL, name);
    return found ? found : try_path(directory, folder, name);
}

char *load_find(struct run *run, struct task_instance instance, const char *folder, const char *name)
{
    const struct role *role = instance_role(instance);
    CLEANUP(memory_cleanup) char *expanded = path_expand_user(name);
    char *found = NULL;
    if (role) {
        found = try_path(role->path, folder, expanded);
        if (!found)
            found = try_path(role->path, NULL, expanded);
    }
    const struct source *last = NULL;
    while (!found && instance.task) {
        if (instance.task->span.source != last)
            found = try_task(run, instance.task, folder, expanded);
        last = instance.task->span.source;
        const struct task *parent = instance.task->parent;
        if (!parent && instance.include) {
            parent = instance.include->task;
            instance.include = instance.include->parent;
        }
        instance.task = parent;
    }
    if (found)
        return found;
    CLEANUP(memory_cleanup) char *joined = path_join(run->directory, expanded);
    return path_normal(joined);
}
