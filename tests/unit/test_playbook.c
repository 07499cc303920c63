#include <stdlib.h>
#include <string.h>

#include "parser/playbook.h"
#include "runtime/value/dict.h"
#include "runtime/value/repr.h"
#include "runtime/value/text.h"
#include "tests/check.h"

/* ---- a small dialect ---- */

static const char *const modules[] = {"debug",        "command",      "set_fact",    "copy",  "meta",         "pause",
                                      "import_tasks", "include_role", "import_role", "shell", "include_tasks"};

static const char *find_module(void *context, const char *name, size_t length)
{
    (void)context;
    static const char prefix[] = "ansible.builtin.";
    size_t skipped = length > strlen(prefix) && memcmp(name, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        if (strlen(modules[i]) == length - skipped && memcmp(modules[i], name + skipped, length - skipped) == 0)
            return modules[i];
    return NULL;
}

static const char *const *raw_keys(void *context, const char *name)
{
    (void)context;
    static const char *const keys[] = {"chdir", "creates", NULL};
    return strcmp(name, "command") == 0 || strcmp(name, "shell") == 0 ? keys : NULL;
}

static void offer_modules(void *context, struct suggestion *suggestion)
{
    (void)context;
    for (size_t i = 0; i < COUNT_OF(modules); i++)
        suggestion_offer(suggestion, modules[i], strlen(modules[i]));
}

static bool find_lookup(void *context, const char *name, size_t length)
{
    (void)context;
    return (length == 5 && memcmp(name, "items", 5) == 0) || (length == 4 && memcmp(name, "dict", 4) == 0);
}

static const struct dialect dialect = {find_module, raw_keys, offer_modules, find_lookup, NULL};

/* ---- help ---- */

static struct playbook *parse(const char *text, struct error *error)
{
    struct source *source = source_new("site.yml", text, strlen(text));
    struct playbook *playbook = playbook_parse(source, &dialect, error);
    source_drop(source);
    return playbook;
}

/** Message, "line:column" and help of an error, in lines. */
static char *described(const struct error *error)
{
    struct place place = error->span.source ? source_locate(error->span.source, error->span.start) : (struct place){0};
    CLEANUP(memory_cleanup) char *message = error_chain_message(error);
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&out, "%s\n%u:%u\n%s", message, place.line, place.column, error->help ? error->help : "");
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

static char *failure(const char *text)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook = parse(text, &error);
    playbook_free(playbook);
    return playbook ? memory_copy_string("", 0) : described(&error);
}

#define CHECK_FAILURE(text, expected)                                                                                  \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = failure(text);                                                          \
        CHECK_STRING(actual, expected);                                                                                \
    } while (0)

#define TASKS "- hosts: localhost\n  tasks:\n"

/** "module arguments" of the first task. */
static char *action(const char *text)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook = parse(text, &error);
    if (!playbook)
        return described(&error);
    const struct action *found = &playbook->entries[0].play->tasks.tasks[0]->action;
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    text_buffer_append_format(&out, "%s ", found->name->bytes);
    value_append_repr(&out, found->arguments);
    playbook_free(playbook);
    return memory_copy_string(text_buffer_bytes(&out), out.length);
}

#define CHECK_ACTION(task, expected)                                                                                   \
    do {                                                                                                               \
        CLEANUP(memory_cleanup) char *actual = action(TASKS task);                                                     \
        CHECK_STRING(actual, expected);                                                                                \
    } while (0)

/* ---- tests ---- */

TEST(playbook_keywords_are_found)
{
    CHECK_INT(keyword_find("when", 4), KEYWORD_WHEN);
    CHECK_INT(keyword_find("whe", 3), KEYWORD_NONE);
    CHECK_INT(keyword_find("vars_files", 10), KEYWORD_VARS_FILES);
    CHECK_INT(keyword_find("", 0), KEYWORD_NONE);
    CHECK_STRING(keyword_row(KEYWORD_LOOP_CONTROL)->spelling, "loop_control");
}

TEST(playbook_actions_in_every_spelling)
{
    CHECK_ACTION("  - debug: msg='a b'\n", "debug {'msg': 'a b'}");
    CHECK_ACTION("  - ansible.builtin.debug:\n      msg: x\n", "ansible.builtin.debug {'msg': 'x'}");
    CHECK_ACTION("  - action: debug msg=x\n", "debug {'msg': 'x'}");
    CHECK_ACTION("  - action: {module: debug, msg: x}\n", "debug {'msg': 'x'}");
    CHECK_ACTION("  - local_action: command echo a=1 chdir=/\n", "command {'chdir': '/', '_raw_params': 'echo a=1'}");
    CHECK_ACTION("  - command: echo \"x=1\" chdir=/tmp\n", "command {'chdir': '/tmp', '_raw_params': 'echo \"x=1\"'}");
    CHECK_ACTION("  - meta: noop\n", "meta {'_raw_params': 'noop'}");
    CHECK_ACTION("  - debug:\n", "debug {}");
    CHECK_ACTION("  - action: '{{ a b }} msg=x'\n", "{{ a b }} {'msg': 'x'}");
    CHECK_ACTION("  - pause: seconds=1\n", "pause {'seconds': '1'}");
}

TEST(playbook_args_join_the_arguments)
{
    CHECK_ACTION("  - command: ls\n    args: {chdir: /tmp, _raw_params: x}\n",
                 "command {'chdir': '/tmp', '_raw_params': 'ls'}");
    CHECK_ACTION("  - debug:\n    args: '{{ d }}'\n", "debug '{{ d }}'");
    CHECK_ACTION("  - debug: msg=x\n    args: '{{ d }}'\n", "debug {'msg': 'x', '_variable_params': '{{ d }}'}");
    CHECK_ACTION("  - debug: msg=x\n    args: no\n", "The value of the task `args` keyword is invalid.\n4:11\n"
                                                     "A mapping or template which resolves to a mapping is required.");
}

TEST(playbook_local_action_delegates)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook = parse(TASKS "  - local_action: debug\n    delegate_to: other\n    when: x\n", &error);
    const struct task *task = playbook->entries[0].play->tasks.tasks[0];
    CHECK_STRING(value_bytes(attributes_find(&task->attributes, KEYWORD_DELEGATE_TO)->value), "localhost");
    CHECK_INT(task->attributes.count, 2);
    playbook_free(playbook);
}

TEST(playbook_loops)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook =
        parse(TASKS "  - debug:\n    with_items: [1]\n  - debug:\n    loop: '{{ x }}'\n", &error);
    struct task **tasks = playbook->entries[0].play->tasks.tasks;
    CHECK_STRING(tasks[0]->loop_lookup->bytes, "items");
    CHECK(value_is_list(attributes_find(&tasks[0]->attributes, KEYWORD_LOOP)->value));
    CHECK(!tasks[1]->loop_lookup);
    CHECK(attributes_find(&tasks[1]->attributes, KEYWORD_LOOP)->value.flags & VALUE_LAZY);
    playbook_free(playbook);
    CHECK_FAILURE(TASKS "  - debug:\n    loop: [1]\n    with_items: [2]\n", "duplicate loop in task: items\n3:5\n");
    CHECK_FAILURE(TASKS "  - debug:\n    with_nosuch: [1]\n",
                  "'with_nosuch' is not a valid attribute for a Task\n4:5\nThere is no lookup 'nosuch'.");
    CHECK_FAILURE(TASKS "  - debug:\n    loop_control: {lable: x}\n",
                  "'lable' is not a valid attribute for a LoopControl\n4:20\nDid you mean 'label'?");
}

TEST(playbook_blocks_nest)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook =
        parse(TASKS "  - block:\n    - block: [{debug: }]\n      when: x\n    rescue:\n    - debug:\n"
                    "    - debug:\n    always: []\n    name: outer\n",
              &error);
    const struct task *block = playbook->entries[0].play->tasks.tasks[0];
    CHECK_INT(block->kind, TASK_BLOCK);
    CHECK_INT(block->block.count, 1);
    CHECK_INT(block->rescue.count, 2);
    CHECK_INT(block->always.count, 0);
    CHECK(block->block.tasks[0]->parent == block);
    CHECK(block->block.tasks[0]->block.tasks[0]->parent == block->block.tasks[0]);
    CHECK_STRING(value_bytes(attributes_find(&block->attributes, KEYWORD_NAME)->value), "outer");
    playbook_free(playbook);
    CHECK_FAILURE(TASKS "  - rescue:\n    - debug:\n", "'rescue' keyword cannot be used without 'block'\n3:5\n");
    CHECK_FAILURE(TASKS "  - block: [{debug: }]\n    loop: [1]\n",
                  "'loop' is not a valid attribute for a Block\n4:5\nGive 'loop' to the tasks in the block.");
    CHECK_FAILURE(
        TASKS "  - block:\n      debug: msg=x\n",
        "A malformed block was encountered while loading a block: The ds ({'debug': 'msg=x'}) should be a list but was "
        "a <class 'dict'>\n3:5\nBelow 'block:' stands a list: each task begins with a dash.");
}

TEST(playbook_blames_unknown_keys)
{
    CHECK_FAILURE(TASKS "  - debug: msg=x\n    whenn: true\n",
                  "conflicting action statements: debug, whenn\n4:5\nDid you mean 'when'?");
    CHECK_FAILURE(TASKS "  - set_fact:\n    retry_count: \"{{ x }}\"\n",
                  "conflicting action statements: set_fact, retry_count\n4:5\n"
                  "'retry_count' is not a keyword. It was probably meant to be inside 'set_fact': indent it by two "
                  "more columns.");
    CHECK_FAILURE(TASKS "  - set_fact: a=1\n    zzzzzzzz: 1\n",
                  "conflicting action statements: set_fact, zzzzzzzz\n4:5\n"
                  "'zzzzzzzz' is not a keyword of a task and not a module.");
    CHECK_FAILURE(TASKS "  - debug: msg=x\n    command: ls\n",
                  "conflicting action statements: debug, command\n3:5\nA task runs one module. Make two tasks of it.");
    CHECK_FAILURE(
        TASKS "  - debgu: msg=x\n",
        "couldn't resolve module/action 'debgu'. This often indicates a misspelling, missing collection, or incorrect "
        "module path.\n3:5\nDid you mean 'debug'?");
    CHECK_FAILURE("- hosts: localhost\n  taskss: []\n",
                  "'taskss' is not a valid attribute for a Play\n2:3\nDid you mean 'tasks'?");
    CHECK_FAILURE("- hosts: localhost\n  when: x\n",
                  "'when' is not a valid attribute for a Play\n2:3\n'when' is a keyword of tasks.");
}

TEST(playbook_blames_wrong_types)
{
    CHECK_FAILURE(TASKS "  - debug: [a]\n", "unexpected parameter type in action: <class 'list'>\n3:5\n"
                                            "A module's arguments are a dictionary, or text with key=value pairs.");
    CHECK_FAILURE(TASKS "  - debug: msg=\"{{ x\"\n",
                  "Error loading tasks: failed at splitting arguments, either an unbalanced jinja2 block or quotes: "
                  "msg=\"{{ x\"\n3:5\n");
    CHECK_FAILURE(TASKS "  - name: x\n", "no module/action detected in task.\n3:5\n"
                                         "A task needs a key that names a module, as in: - debug: msg=hello");
    CHECK_FAILURE(TASKS "  - debug:\n    vars: [1]\n", "Vars in a Task must be specified as a dictionary.\n4:11\n");
    CHECK_FAILURE(
        "- hosts: localhost\n  gather_facts: perhaps\n",
        "Error processing keyword 'gather_facts': The value 'perhaps' could not be converted to 'bool'.\n2:17\n");
    CHECK_FAILURE(TASKS "  - debug:\n    register: a-b\n",
                  "Invalid 'register' specified: Invalid variable name 'a-b'.\n4:15\n");
    CHECK_FAILURE("- hosts: []\n", "Hosts list cannot be empty. Please check your playbook\n1:10\n"
                                   "Name hosts, groups or patterns: hosts: all");
    CHECK_FAILURE("- tasks: []\n",
                  "The field 'hosts' is required but was not set.\n1:3\nSay where the play runs: hosts: localhost");
    CHECK_FAILURE(TASKS "  - import_tasks: x.yml\n    loop: [1]\n",
                  "You cannot use loops on 'import_tasks' statements. You should use 'include_tasks' instead.\n3:5\n");
    CHECK_FAILURE(TASKS "  - include_tasks: x.yml foo=bar\n", "Invalid options for include_tasks: foo\n3:5\n");
}

TEST(playbook_keeps_what_is_decided_at_run_time)
{
    const char *text = "- hosts: localhost\n  gather_facts: '{{ x }}'\n  serial: abc\n  tasks:\n  - debug: msg=x\n"
                       "    ignore_errors: maybe\n    retries: abc\n    when: {a: 1}\n  -\n  - action: nosuch a=b\n";
    CHECK_FAILURE(text, "");
}

TEST(playbook_refusals_have_their_kind)
{
    OWNED_ERROR error = {0};
    CHECK(!parse("- hosts: localhost\n  vars:\n    bad-name: 1\n", &error));
    CHECK_INT(error.kind, ERROR_OTHER);
    CHECK_STRING(error.message, "Invalid variable name 'bad-name'.");
}

TEST(playbook_bare_tasks_are_a_play_on_localhost)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook = parse("- debug: msg=x\n- name: b\n  block: [{debug: }]\n", &error);
    const struct play *play = playbook->entries[0].play;
    CHECK_INT(playbook->count, 1);
    CHECK(play->is_implicit);
    CHECK_INT(play->tasks.count, 2);
    CHECK_STRING(value_bytes(attributes_find(&play->attributes, KEYWORD_HOSTS)->value), "localhost");
    CHECK(!attributes_find(&play->attributes, KEYWORD_GATHER_FACTS)->value.as.boolean);
    playbook_free(playbook);
}

TEST(playbook_plays_have_roles_handlers_and_imports)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook =
        parse("- import_playbook: a.yml\n  when: x\n- hosts: [a, b]\n  user: me\n  roles:\n  - one\n"
              "  - {role: two, port: 5, when: y, color: red}\n  handlers:\n  - name: h\n    listen: l\n    debug:\n",
              &error);
    CHECK_STRING(value_bytes(playbook->entries[0].import_path), "a.yml");
    CHECK(attributes_find(&playbook->entries[0].attributes, KEYWORD_WHEN));
    const struct play *play = playbook->entries[1].play;
    CHECK_STRING(value_bytes(attributes_find(&play->attributes, KEYWORD_REMOTE_USER)->value), "me");
    CHECK_INT(play->role_count, 2);
    CHECK_STRING(value_bytes(play->roles[0].name), "one");
    CHECK_STRING(value_bytes(play->roles[1].name), "two");
    CHECK_INT(play->roles[1].attributes.count, 2);
    CHECK_STRING(value_bytes(*dict_find_string(play->roles[1].parameters.as.dict, "color")), "red");
    CHECK(play->handlers.tasks[0]->is_handler);
    playbook_free(playbook);
}

TEST(playbook_include_works_with_a_warning)
{
    OWNED_ERROR error = {0};
    struct playbook *playbook = parse(TASKS "  - include: x.yml\n    tags: a\n    tags: b\n", &error);
    CHECK_STRING(playbook->entries[0].play->tasks.tasks[0]->action.name->bytes, "include_tasks");
    CHECK_STRING(playbook->warnings->message, "Found duplicate mapping key 'tags'. Using last defined value only.");
    CHECK_STRING(playbook->warnings->next->message, "'include' is deprecated: use include_tasks or import_tasks");
    playbook_free(playbook);
}

TEST(playbook_task_files)
{
    OWNED_ERROR error = {0};
    const char *text = "- debug: msg=x\n  listen: y\n";
    struct source *source = source_new("tasks.yml", text, strlen(text));
    struct task parent = {.kind = TASK_BLOCK};
    struct task_file *file = task_file_parse(source, &dialect, &parent, true, &error);
    CHECK_INT(file->tasks.count, 1);
    CHECK(file->tasks.tasks[0]->parent == &parent);
    task_file_free(file);
    CHECK(!task_file_parse(source, &dialect, NULL, false, &error));
    CHECK_STRING(error.message, "'listen' is not a valid attribute for a Task");
    source_drop(source);
}

TEST(playbook_is_no_task_file)
{
    OWNED_ERROR error = {0};
    const char *text = "- hosts: localhost\n  tasks:\n    - debug:\n";
    struct source *source = source_new("tasks.yml", text, strlen(text));
    CHECK(!task_file_parse(source, &dialect, NULL, false, &error));
    CLEANUP(memory_cleanup) char *actual = described(&error);
    CHECK_STRING(actual, "conflicting action statements: hosts, tasks\n1:3\n"
                         "This is a play where a task is expected. A file of plays is run by import_playbook.");
    source_drop(source);
}
