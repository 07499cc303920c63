/* Editing files: see file_edit.h. */
#include "stdlib/modules/file_edit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parser/arguments.h"
#include "runtime/async/process.h"
#include "runtime/os/file.h"
#include "stdlib/modules/file_write.h"
#include "stdlib/modules/host_path.h"

static void edit_free(struct file_edit *edit)
{
    if (edit->draft)
        unlink(edit->draft);
    free(edit->draft);
    free(edit->path);
    free(edit->old);
    text_buffer_done(&edit->new);
    value_drop(edit->message);
    dict_drop(edit->before);
    dict_drop(edit->after);
    edit->call->state = NULL;
    free(edit);
}

void file_edit_fail(struct file_edit *edit, struct error *error)
{
    struct module_call *call = edit->call;
    edit_free(edit);
    module_fail_error(call, error);
}

void file_edit_cancel(struct module_call *call)
{
    struct file_edit *edit = call->state;
    if (edit->process)
        process_abandon(edit->process);
    edit_free(edit);
}

/** Fails with the return code that goes with it. */
static struct file_edit *refuse(struct module_call *call, int status, const char *format)
{
    OWNED_ERROR error = {0};
    dict_set_string_take(call->result, "rc", value_int(status));
    error_set(&error, ERROR_MODULE, "Path %s %s", module_string(call, "path"), format);
    module_fail_error(call, &error);
    return NULL;
}

struct file_edit *file_edit_open(struct module_call *call, bool may_be_new)
{
    OWNED_ERROR error = {0};
    CLEANUP(memory_cleanup) char *path = host_path(call->host, module_string(call, "path"));
    CLEANUP(memory_cleanup) char *real = realpath(path, NULL);
    if (file_is_directory(path))
        return refuse(call, 256, "is a directory !");
    if (!file_exists(path) && !may_be_new)
        return refuse(call, 257, "does not exist !");
    struct file_edit *edit = memory_new_array(1, sizeof *edit);
    const char *place = real ? real : path;
    *edit = (struct file_edit){
        .call = call,
        .path = memory_copy_string(place, strlen(place)),
        .message = value_string(""),
        .before = dict_new(),
        .after = dict_new(),
    };
    call->state = edit;
    edit->is_there = stat(edit->path, &edit->status) == 0;
    if (!edit->is_there || file_read(edit->path, &edit->old, &edit->old_length, &error))
        return edit;
    file_edit_fail(edit, &error);
    return NULL;
}

struct value file_edit_diff(const struct file_edit *edit, const char *header_end)
{
    struct dict *diff = dict_new();
    const char *name = module_string(edit->call, "path");
    bool is_shown = edit->call->host->diff_mode;
    OWNED before = value_string_length(edit->old ?: "", is_shown ? edit->old_length : 0);
    OWNED after = value_string_length(text_buffer_bytes(&edit->new), is_shown ? edit->new.length : 0);
    dict_set_string_take(diff, "before_header", value_string_format("%s%s", name, header_end));
    dict_set_string_take(diff, "after_header", value_string_format("%s%s", name, header_end));
    dict_set_string_take(diff, "after", edit->is_edited ? value_steal(&after) : value_copy(before));
    dict_set_string_take(diff, "before", value_steal(&before));
    return value_dict_take(diff);
}

/** Puts the new content in its place, after a copy of the old one where that is wished. */
static bool write_file(struct file_edit *edit, struct error *error)
{
    CLEANUP(memory_cleanup) char *folder = path_directory(edit->path);
    if (!edit->is_there && *folder && !file_make_directories(folder, 0777, error))
        return false;
    if (edit->is_there && module_flag(edit->call, "backup")) {
        struct value name;
        if (!file_write_backup(edit->path, edit->old, edit->old_length, edit->status.st_mode, &name, error))
            return false;
        dict_set_string_take(edit->call->result, "backup_file", name);
    }
    return file_write_over(edit->path, text_buffer_bytes(&edit->new), edit->new.length,
                           edit->is_there ? &edit->status : NULL, error);
}

/** Owner, group and mode; what is to be made only is not looked at. */
static bool apply_attributes(struct file_edit *edit, bool *changed, struct error *error)
{
    struct file_attribute_diff diff = {edit->before, edit->after};
    bool is_absent = !edit->is_there && (!edit->is_edited || edit->call->host->check_mode);
    return is_absent || file_attributes_apply(edit->call, edit->path, true, diff, changed, error);
}

/** All that is left once the new content is known to be good. */
static void complete(struct file_edit *edit)
{
    struct module_call *call = edit->call;
    OWNED_ERROR error = {0};
    bool changed = false;
    if ((edit->is_edited && !call->host->check_mode && !write_file(edit, &error)) ||
        !apply_attributes(edit, &changed, &error)) {
        file_edit_fail(edit, &error);
        return;
    }
    dict_set_string_take(call->result, "changed", value_bool(edit->is_edited || changed));
    dict_set_string_take(call->result, "msg",
                         value_string_format("%s%s%s", value_bytes(edit->message),
                                             changed && edit->is_edited ? " and " : "",
                                             changed ? "ownership, perms or SE linux context changed" : ""));
    edit->report(edit);
    edit_free(edit);
    module_done(call);
}

static void judged(void *owner, const struct process_result *outcome)
{
    struct file_edit *edit = owner;
    OWNED_ERROR error = {0};
    edit->process = NULL;
    if (outcome->exit_status == 0 && !outcome->signal) {
        complete(edit);
        return;
    }
    error_set(&error, ERROR_MODULE, "failed to validate: rc:%d error:%s", outcome->exit_status, outcome->errors->bytes);
    file_edit_fail(edit, &error);
}

/** The words of the command that judges, with the draft's path for %s. */
static struct list *judge_words(const struct file_edit *edit, const char *command, struct error *error)
{
    struct list *words, *replaced = NULL;
    OWNED draft = value_string(edit->draft);
    OWNED mark = value_string("%s");
    if (!words_split(command, strlen(command), &words, error))
        return NULL;
    OWNED owner = value_list_take(words);
    replaced = list_new(words->count);
    for (size_t i = 0; i < words->count; i++)
        list_push_take(replaced,
                       value_string_take(text_replace(words->items[i].as.text, mark.as.text, draft.as.text, -1)));
    return replaced;
}

static bool launch(struct file_edit *edit, const struct list *words, struct error *error)
{
    const struct host_access *host = edit->call->host;
    char **argv = memory_new_array(words->count + 1, sizeof *argv);
    int number;
    for (size_t i = 0; i < words->count; i++)
        argv[i] = words->items[i].as.text->bytes;
    struct process_spec spec = {.argv = argv, .environment = host->environment, .directory = host->working_directory};
    edit->process = process_start(host->loop, &spec, judged, edit, &number, error);
    free(argv);
    return edit->process != NULL;
}

/** Writes a draft and has it judged. */
static bool start_judging(struct file_edit *edit, struct error *error)
{
    const char *command = module_string(edit->call, "validate");
    OWNED draft = value_string_format("%s.%d.draft", edit->path, (int)getpid());
    if (!strstr(command, "%s"))
        return error_set(error, ERROR_MODULE, "validate must contain %%s: %s", command);
    edit->draft = memory_copy_string(value_bytes(draft), draft.as.text->length);
    if (!file_replace(edit->draft, text_buffer_bytes(&edit->new), edit->new.length, 0600, error))
        return false;
    struct list *words = judge_words(edit, command, error);
    bool is_good = words && launch(edit, words, error);
    list_drop(words);
    return is_good;
}

void file_edit_finish(struct file_edit *edit)
{
    OWNED_ERROR error = {0};
    bool is_judged = edit->is_edited && !edit->call->host->check_mode && module_has(edit->call, "validate");
    if (!is_judged)
        complete(edit);
    else if (!start_judging(edit, &error))
        file_edit_fail(edit, &error);
}
