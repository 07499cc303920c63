/* How a task is tried again: see retry.h. */
#include "eval/play/retry.h"

#include <math.h>
#include <string.h>

#include "eval/play/bind.h"
#include "runtime/value/random.h"

static const struct module_option options[] = {
    {.name = "count", .type = OPTION_INT, .fallback = "3", .documentation = "How often to try again"},
    {.name = "delay", .type = OPTION_FLOAT, .documentation = "Seconds before the second try; else those of `delay`"},
    {.name = "backoff",
     .type = OPTION_STRING,
     .fallback = "constant",
     .choices = "constant|linear|exponential",
     .documentation = "How delays grow"},
    {.name = "factor",
     .type = OPTION_FLOAT,
     .documentation = "linear: each delay is longer by so many first ones (1); exponential: so many times longer (2)"},
    {.name = "max_delay", .type = OPTION_FLOAT, .documentation = "Seconds that no delay is longer than"},
    {.name = "jitter", .type = OPTION_FLOAT, .fallback = "0", .documentation = "Share of a delay that is up to chance"},
    {.name = "deadline", .type = OPTION_FLOAT, .documentation = "Seconds after which no try begins"},
};

/** What is bound is a mapping with the same rules as a module's arguments. */
static const struct module mapping_rules = {
    .name = "retries",
    .options = options,
    .option_count = COUNT_OF(options),
};

static double get_float(const struct dict *bound, const char *key, double fallback)
{
    const struct value *value = dict_find_string(bound, key);
    return value && !value_is_null(*value) ? value->as.floating : fallback;
}

static enum backoff find_backoff(const char *name)
{
    return strcmp(name, "linear") == 0        ? BACKOFF_LINEAR
           : strcmp(name, "exponential") == 0 ? BACKOFF_EXPONENTIAL
                                              : BACKOFF_CONSTANT;
}

bool retry_plan_read(struct dict *mapping, double delay, struct retry_plan *plan, struct error *error)
{
    struct dict *arguments = NULL;
    if (!arguments_bind(&mapping_rules, mapping, &arguments, error))
        return false;
    OWNED bound = value_dict_take(arguments);
    enum backoff backoff = find_backoff(dict_get_bytes(arguments, "backoff", ""));
    double jitter = get_float(arguments, "jitter", 0);
    if (!(jitter >= 0 && jitter <= 1))
        return error_set(error, ERROR_VALUE, "jitter must be between 0 and 1, not %g", jitter);
    *plan = (struct retry_plan){
        .count = dict_get_int(arguments, "count", 0),
        .delay = get_float(arguments, "delay", delay),
        .backoff = backoff,
        .factor = get_float(arguments, "factor", backoff == BACKOFF_EXPONENTIAL ? 2 : 1),
        .max_delay = get_float(arguments, "max_delay", INFINITY),
        .jitter = jitter,
        .deadline = nanoseconds_from_seconds(get_float(arguments, "deadline", 0)),
    };
    return true;
}

static double grown_delay(const struct retry_plan *plan, int64_t attempt)
{
    switch (plan->backoff) {
    case BACKOFF_CONSTANT:
        return plan->delay;
    case BACKOFF_LINEAR:
        return plan->delay * (1 + plan->factor * (double)(attempt - 1));
    case BACKOFF_EXPONENTIAL:
        return plan->delay * pow(plan->factor, (double)(attempt - 1));
    }
    bug("a backoff that there is not");
}

/** -1 <= result < 1 */
static double draw(struct clock *clock)
{
    struct random random;
    if (clock->is_virtual)
        return 2 * clock_draw_unit(clock) - 1;
    random_init_system(&random);
    return 2 * random_unit(&random) - 1;
}

int64_t retry_plan_delay(const struct retry_plan *plan, int64_t attempt, struct clock *clock)
{
    double seconds = grown_delay(plan, attempt);
    if (seconds > plan->max_delay)
        seconds = plan->max_delay;
    if (plan->jitter > 0)
        seconds *= 1 + plan->jitter * draw(clock);
    return nanoseconds_from_seconds(seconds);
}
