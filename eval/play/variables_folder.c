/* Folders of variables: see variables_folder.h. */
#include "eval/play/variables_folder.h"

#include <string.h>

#include "eval/play/load.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"
#include "runtime/value/list.h"

static const char *const ENDINGS[] = {"", ".yml", ".yaml", ".json"};

/** A folder of files of variables, and what goes wrong there. */
struct folder {
    struct run *run;
    char *path; /* .../group_vars; NULL: there is none */
    struct error *error;
};

static void folder_init(struct folder *folder, struct run *run, const char *directory, const char *name,
                        struct error *error)
{
    char *path = path_join(directory, name);
    *folder = (struct folder){.run = run, .path = path, .error = error};
    if (file_is_directory(path))
        return;
    memory_cleanup(&folder->path);
    folder->path = NULL;
}

static bool add_file(struct folder *folder, const char *path, struct dict *variables)
{
    const struct dict *read = load_variables(folder->run, path, folder->error);
    if (read)
        dict_update(variables, read);
    return read != NULL;
}

/** Has the name one of the endings of files of variables, and is it no hidden file and no backup? */
static bool is_wanted(const char *name)
{
    const char *dot = strrchr(name, '.');
    size_t length = strlen(name);
    if (*name == '.' || name[length - 1] == '~')
        return false;
    for (size_t i = 0; i < COUNT_OF(ENDINGS); i++)
        if (strcmp(dot ? dot : "", ENDINGS[i]) == 0)
            return true;
    return false;
}

/** The files of a folder, in the order of their names; folders inside as well. */
static bool add_tree(struct folder *folder, const char *path, struct dict *variables)
{
    struct list *names = file_list_folder(path, folder->error);
    if (!names)
        return false;
    OWNED owned = value_list_take(names);
    bool good = true;
    for (size_t i = 0; i < names->count && good; i++) {
        const char *name = value_bytes(names->items[i]);
        CLEANUP(memory_cleanup) char *inner = path_join(path, name);
        if (file_is_directory(inner))
            good = *name == '.' || add_tree(folder, inner, variables);
        else if (is_wanted(name))
            good = add_file(folder, inner, variables);
    }
    return good;
}

struct dict *variables_folder_read(struct run *run, const char *path, struct error *error)
{
    struct folder folder = {.run = run, .error = error};
    struct dict *variables = dict_new();
    if (add_tree(&folder, path, variables))
        return variables;
    dict_drop(variables);
    return NULL;
}

/** What the folder has for a name: NAME (a file or a folder), NAME.yml, NAME.yaml or NAME.json, the first that is there. */
static bool add_named(struct folder *folder, const struct text *name, struct dict *variables)
{
    for (size_t i = 0; folder->path && i < COUNT_OF(ENDINGS); i++) {
        CLEANUP(text_buffer_done) struct text_buffer path = {0};
        text_buffer_append_format(&path, "%s/%s%s", folder->path, name->bytes, ENDINGS[i]);
        if (!file_exists(text_buffer_bytes(&path)))
            continue;
        return file_is_directory(text_buffer_bytes(&path)) ? add_tree(folder, text_buffer_bytes(&path), variables)
                                                           : add_file(folder, text_buffer_bytes(&path), variables);
    }
    return true;
}

/** Puts a dict into its slot; an empty one is none. */
static void set_take(struct dict **slot, struct dict *variables)
{
    dict_drop(*slot);
    *slot = variables;
    if (variables->live > 0)
        return;
    dict_drop(variables);
    *slot = NULL;
}

/** What several directories have for a name; the later win. */
static bool read_named(struct folder *folders, size_t count, const struct text *name, struct dict **slot)
{
    struct dict *variables = dict_new();
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = add_named(&folders[i], name, variables);
    set_take(slot, variables);
    return good;
}

/** Everything of one place: the directories that stand for it. */
static bool load_place(struct run *run, const char *const *directories, size_t count, enum variables_place place,
                       struct error *error)
{
    struct folder *group_folders = memory_new_array(count + 1, sizeof *group_folders);
    struct folder *host_folders = memory_new_array(count + 1, sizeof *host_folders);
    struct host_list hosts = inventory_hosts(run->inventory);
    struct group *const *groups;
    size_t group_count = inventory_groups(run->inventory, &groups);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        folder_init(&group_folders[i], run, directories[i], "group_vars", error);
        folder_init(&host_folders[i], run, directories[i], "host_vars", error);
    }
    for (size_t i = 0; i < group_count && good; i++)
        good = read_named(group_folders, count, groups[i]->name, &groups[i]->folder_variables[place]);
    for (size_t i = 0; i < hosts.count && good; i++)
        good = read_named(host_folders, count, hosts.hosts[i]->name, &hosts.hosts[i]->folder_variables[place]);
    if (good) {
        struct host *local = inventory_localhost(run->inventory);
        good = read_named(host_folders, count, local->name, &local->folder_variables[place]);
    }
    for (size_t i = 0; i < count; i++) {
        memory_cleanup(&group_folders[i].path);
        memory_cleanup(&host_folders[i].path);
    }
    memory_cleanup(&group_folders);
    memory_cleanup(&host_folders);
    return good;
}

bool variables_folders_load(struct run *run, struct error *error)
{
    const char *const *directories;
    size_t count = inventory_directories(run->inventory, &directories);
    const char *playbook = run->directory;
    return load_place(run, directories, count, VARIABLES_BESIDE_INVENTORY, error) &&
           load_place(run, &playbook, 1, VARIABLES_BESIDE_PLAYBOOK, error);
}
