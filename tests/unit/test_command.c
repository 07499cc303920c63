/* command and shell: what they run, and the results that playbooks rely on. */
#include <string.h>

#include "stdlib/modules/modules.h"
#include "tests/check.h"
#include "tests/module_run.h"

static void check_result(const struct module *module, const char *arguments, const char *expected)
{
    static char *const environment[] = {"PATH=/bin:/usr/bin", "HOME=/home/u", "X=1", NULL};
    CLEANUP(memory_cleanup)
    char *json =
        module_run_json(&(struct module_run){.module = module, .arguments = arguments, .environment = environment});
    CHECK_STRING(json, expected);
}

TEST(command_reports_what_a_program_did)
{
    check_result(
        &module_command, "{_raw_params: \"sh -c 'echo out; echo err >&2; exit 3'\"}",
        "{\"changed\": true, \"cmd\": [\"sh\", \"-c\", \"echo out; echo err >&2; exit 3\"], \"failed\": true, \"msg\": "
        "\"non-zero return code\", \"rc\": 3, \"stderr\": \"err\", \"stdout\": \"out\"}");
    check_result(
        &module_shell, "{cmd: 'kill -9 $$'}",
        "{\"changed\": true, \"cmd\": \"kill -9 $$\", \"failed\": true, \"msg\": \"non-zero return code\", \"rc\": -9, "
        "\"stderr\": \"\", \"stdout\": \"\"}");
    check_result(
        &module_command, "{argv: [cat], stdin: x, strip_empty_ends: false}",
        "{\"changed\": true, \"cmd\": [\"cat\"], \"msg\": \"\", \"rc\": 0, \"stderr\": \"\", \"stdout\": \"x\\n\"}");
    check_result(&module_shell, "{argv: [echo, a b]}",
                 "{\"changed\": true, \"cmd\": [\"echo\", \"a b\"], \"msg\": \"\", \"rc\": 0, \"stderr\": \"\", "
                 "\"stdout\": \"a b\"}");
}

TEST(command_expands_variables_of_the_task)
{
    check_result(&module_command, "{argv: [echo, ~/, $X, '${X}y', $NOPE, 2.5, true]}",
                 "{\"changed\": true, \"cmd\": [\"echo\", \"~/\", \"$X\", \"${X}y\", \"$NOPE\", \"2.5\", \"True\"], "
                 "\"msg\": \"\", "
                 "\"rc\": 0, \"stderr\": \"\", \"stdout\": \"/home/u/ 1 1y $NOPE 2.5 True\"}");
    check_result(&module_command, "{_raw_params: 'echo $X', expand_argument_vars: false}",
                 "{\"changed\": true, \"cmd\": [\"echo\", \"$X\"], \"msg\": \"\", \"rc\": 0, \"stderr\": \"\", "
                 "\"stdout\": \"$X\"}");
}

TEST(command_that_does_not_run_says_why)
{
    check_result(
        &module_command, "{_raw_params: 'nosuchprog a b'}",
        "{\"cmd\": \"nosuchprog a b\", \"failed\": true, \"msg\": \"Error executing command: [Errno 2] No such file or "
        "directory: b'nosuchprog'\", \"rc\": 2, \"stderr\": \"\", \"stdout\": \"\"}");
    check_result(
        &module_command, "{_raw_params: x, chdir: /nosuch}",
        "{\"changed\": false, \"cmd\": [\"x\"], \"failed\": true, \"msg\": \"Unable to change directory before "
        "execution.\", \"rc\": null, \"stderr\": \"\", \"stdout\": \"\"}");
    check_result(
        &module_command, "{_raw_params: x, creates: '/etc/pass*'}",
        "{\"changed\": false, \"cmd\": [\"x\"], \"msg\": \"Did not run command since '/etc/pass*' exists\", \"rc\": 0, "
        "\"stderr\": \"\", \"stdout\": \"skipped, since /etc/pass* exists\"}");
    check_result(&module_command, "{_raw_params: x, removes: /nosuch}",
                 "{\"changed\": false, \"cmd\": [\"x\"], \"msg\": \"Did not run command since '/nosuch' does not "
                 "exist\", \"rc\": "
                 "0, \"stderr\": \"\", \"stdout\": \"skipped, since /nosuch does not exist\"}");
    check_result(&module_command, "{}", "{\"error\": \"one of the following is required: _raw_params, cmd, argv\"}");
    check_result(&module_command, "{cmd: ' '}", "{\"failed\": true, \"msg\": \"no command given\", \"rc\": 256}");
}

TEST(command_in_check_mode_runs_nothing)
{
    CLEANUP(memory_cleanup)
    char *unknown = module_run_json(
        &(struct module_run){.module = &module_command, .arguments = "{cmd: touch /nosuch/x}", .check_mode = true});
    CHECK(strstr(unknown, "\"skipped\": true") != NULL);
    CLEANUP(memory_cleanup)
    char *known = module_run_json(
        &(struct module_run){.module = &module_command, .arguments = "{cmd: x, creates: /nosuch}", .check_mode = true});
    CHECK(strstr(known, "\"changed\": true") != NULL && strstr(known, "skipped") == NULL);
}

TEST(command_cancelled_keeps_its_output)
{
    CLEANUP(memory_cleanup)
    char *json = module_run_json(&(struct module_run){
        .module = &module_shell,
        .arguments = "{cmd: 'echo so far; sleep 30'}",
        .cancel_after = NANOSECONDS_PER_SECOND / 5,
    });
    CHECK_STRING(
        json,
        "{\"cancelled\": true, \"changed\": true, \"cmd\": \"echo so far; sleep 30\", \"rc\": null, \"stderr\": \"\", "
        "\"stdout\": \"so far\"}");
}
