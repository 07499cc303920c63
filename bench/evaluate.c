/*
 * usage: evaluate < REQUESTS
 *
 * Measures templates: for each line {"vars", "template", "times", "fresh"} prints the nanoseconds of processor time that one
 * evaluation takes, the best of several rounds of `times` each.  With "fresh" every evaluation is made by an engine that has not
 * seen the template yet, so that it is compiled each time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "eval/expression/engine.h"
#include "runtime/value/json.h"
#include "stdlib/library.h"

enum { ROUNDS = 5 };

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

struct request {
    struct registry *registry;
    struct engine *engine;
    struct dict *variables; /* borrowed */
    struct value template;  /* borrowed, trusted */
    int64_t times;
    bool is_fresh;
};

/** One evaluation; the value is let go of. */
static bool evaluate(const struct request *request, struct engine *engine, struct error *error)
{
    OWNED result = value_null();
    struct layer layer = {.variables = request->variables};
    struct scope scope;
    scope_init(&scope, &layer);
    bool ok = engine_evaluate(engine, &scope, request->template, &result, error);
    scope_done(&scope);
    return ok;
}

/** `times` evaluations. */
static bool evaluate_round(const struct request *request, struct error *error)
{
    bool ok = true;
    for (int64_t i = 0; ok && i < request->times; i++) {
        struct engine *fresh = request->is_fresh ? engine_new(request->registry, &(struct engine_settings){0}) : NULL;
        ok = evaluate(request, fresh ? fresh : request->engine, error);
        engine_free(fresh);
    }
    return ok;
}

/** Prints the best round. */
static bool measure(const struct request *request, struct error *error)
{
    int64_t best = INT64_MAX;
    if (!evaluate(request, request->engine, error))
        return false;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = now();
        if (!evaluate_round(request, error))
            return false;
        int64_t spent = now() - start;
        best = spent < best ? spent : best;
    }
    printf("%.1f\n", (double)best / (double)request->times);
    fflush(stdout);
    return true;
}

/** Reads and measures one line. */
static bool answer(struct request *request, const char *line, size_t length, struct error *error)
{
    OWNED parsed = value_null();
    if (!json_parse(line, length, &parsed, error))
        return false;
    OWNED given = value_trusted(parsed);
    const struct value *variables = dict_find_string(given.as.dict, "vars");
    const struct value *times = dict_find_string(given.as.dict, "times");
    request->variables = variables ? variables->as.dict : NULL;
    request->template = *dict_find_string(given.as.dict, "template");
    request->times = times ? times->as.integer : 1;
    request->is_fresh = dict_find_string(given.as.dict, "fresh") != NULL;
    return measure(request, error);
}

int main(void)
{
    struct request request = {.registry = registry_new(&stdlib_library)};
    OWNED_ERROR error = {0};
    CLEANUP(memory_cleanup) char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    request.engine = engine_new(request.registry, &(struct engine_settings){0});
    while (error.kind == ERROR_NONE && (length = getline(&line, &capacity, stdin)) >= 0)
        if (!answer(&request, line, (size_t)length, &error)) {
            CLEANUP(memory_cleanup) char *message = error_chain_message(&error);
            fprintf(stderr, "evaluate: %s\n", message);
        }
    engine_free(request.engine);
    registry_free(request.registry);
    return error.kind != ERROR_NONE;
}
