/* Facts of the user that tasks run as, and of its environment. */
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "runtime/os/environment.h"
#include "stdlib/modules/facts/facts.h"

extern char **environ;

/** The account named in the environment, else the one of the user's number. */
static const struct passwd *find_account(const struct facts *facts)
{
    static const char *const names[] = {"LOGNAME", "USER", "LNAME", "USERNAME"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *name = environment_find(facts->host->environment, names[i], strlen(names[i]));
        if (!name || !*name)
            continue;
        const struct passwd *account = getpwnam(name);
        return account ? account : getpwuid(getuid());
    }
    return getpwuid(getuid());
}

void facts_user(struct facts *facts)
{
    const struct passwd *account = find_account(facts);
    if (account) {
        facts_set_string(facts, "user_id", account->pw_name);
        facts_set_take(facts, "user_uid", value_int(account->pw_uid));
        facts_set_take(facts, "user_gid", value_int(account->pw_gid));
        facts_set_string(facts, "user_gecos", account->pw_gecos);
        facts_set_string(facts, "user_dir", account->pw_dir);
        facts_set_string(facts, "user_shell", account->pw_shell);
    }
    facts_set_take(facts, "real_user_id", value_int(getuid()));
    facts_set_take(facts, "effective_user_id", value_int(geteuid()));
    facts_set_take(facts, "real_group_id", value_int(getgid()));
    facts_set_take(facts, "effective_group_id", value_int(getegid()));
}

void facts_environment(struct facts *facts)
{
    struct dict *variables = dict_new();
    char *const *at = facts->host->environment ? facts->host->environment : environ;
    for (; at && *at; at++) {
        const char *value = strchr(*at, '=');
        if (value)
            dict_set_take(variables, value_string_length(*at, (size_t)(value - *at)), value_string(value + 1));
    }
    facts_set_take(facts, "env", value_dict_take(variables));
}
