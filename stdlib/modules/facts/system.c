/* Facts of the system's configuration: the kernel's command line, DNS, SSH host keys, load, names of initiators. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

/** Adds one word of the command line; in `repeated` a name that comes again has the list of its values. */
static void add_word(struct dict *single, struct dict *repeated, char *word)
{
    char *text = strchr(word, '=');
    if (text)
        *text++ = '\0';
    OWNED value = text ? value_string(text) : value_bool(true);
    const struct value *present = dict_find_string(repeated, word);
    OWNED several = present && value_is_list(*present) ? value_copy(*present) : value_list_new();
    dict_set_string_take(single, word, value_copy(value));
    if (!present || !text) {
        dict_set_string_take(repeated, word, value_steal(&value));
        return;
    }
    struct list *list = value_own_list(&several);
    if (list->count == 0)
        list_push_take(list, value_copy(*present));
    list_push_take(list, value_steal(&value));
    dict_set_string_take(repeated, word, value_steal(&several));
}

/** Cuts the next word off, as a shell would; NULL at the end. */
static char *next_word(char **cursor)
{
    char quote = '\0', *from = *cursor + strspn(*cursor, " \t\n"), *to = from, *word = from;
    if (!*from)
        return NULL;
    for (; *from && (quote || !strchr(" \t\n", *from)); from++) {
        if (*from == quote)
            quote = '\0';
        else if (!quote && (*from == '"' || *from == '\''))
            quote = *from;
        else
            *to++ = *from;
    }
    *cursor = *from ? from + 1 : from;
    *to = '\0';
    return word;
}

void facts_command_line(struct facts *facts)
{
    struct dict *single = dict_new(), *repeated = dict_new();
    OWNED_LINES lines = fact_lines_open("/proc/cmdline");
    char *cursor = fact_lines_next(&lines);
    for (char *word; cursor && (word = next_word(&cursor));)
        add_word(single, repeated, word);
    facts_set_take(facts, "cmdline", value_dict_take(single));
    facts_set_take(facts, "proc_cmdline", value_dict_take(repeated));
}

/** The words behind the first of a line. */
static struct value rest_of_words(char **cursor)
{
    struct list *words = list_new(2);
    for (char *word; (word = strtok_r(NULL, " \t", cursor));)
        list_push_take(words, value_string(word));
    return value_list_take(words);
}

/** Options of resolv.conf: a name, or a name and a value. */
static struct value resolver_options(char **cursor)
{
    struct dict *options = dict_new();
    for (char *word; (word = strtok_r(NULL, " \t", cursor));) {
        char *value = strchr(word, ':');
        if (value)
            *value++ = '\0';
        dict_set_string_take(options, word, value ? value_string(value) : value_bool(true));
    }
    return value_dict_take(options);
}

void facts_resolver(struct facts *facts)
{
    struct dict *resolver = dict_new();
    struct list *servers = NULL;
    OWNED_LINES lines = fact_lines_open("/etc/resolv.conf");
    for (char *line; (line = fact_lines_next(&lines));) {
        char *cursor, *key = strtok_r(line, " \t", &cursor);
        if (!key || *key == '#' || *key == ';')
            continue;
        if (strcmp(key, "nameserver") == 0) {
            OWNED words = rest_of_words(&cursor);
            servers = servers ? servers : list_new(2);
            list_extend(servers, words.as.list);
        } else if (strcmp(key, "domain") == 0) {
            char *name = strtok_r(NULL, " \t", &cursor);
            dict_set_string_take(resolver, key, value_string(name ? name : ""));
        } else if (strcmp(key, "search") == 0 || strcmp(key, "sortlist") == 0) {
            dict_set_string_take(resolver, key, rest_of_words(&cursor));
        } else if (strcmp(key, "options") == 0) {
            dict_set_string_take(resolver, key, resolver_options(&cursor));
        }
    }
    if (servers)
        dict_set_string_take(resolver, "nameservers", value_list_take(servers));
    facts_set_take(facts, "dns", value_dict_take(resolver));
}

/** "ssh-rsa AAAA... comment": the key under `name`, its kind under `name`_keytype. */
static void add_key(struct facts *facts, const char *name, const char *line)
{
    CLEANUP(memory_cleanup) char *copy = memory_copy_string(line, strlen(line));
    char *cursor, *kind = strtok_r(copy, " \t\n", &cursor), *key = strtok_r(NULL, " \t\n", &cursor);
    if (!key)
        return;
    OWNED kind_name = value_string_format("%s_keytype", name);
    facts_set_string(facts, name, key);
    facts_set_string(facts, value_bytes(kind_name), kind);
}

void facts_ssh_keys(struct facts *facts)
{
    static const char *const folders[] = {"/etc/ssh", "/etc/openssh", "/etc"};
    static const char *const kinds[] = {"dsa", "rsa", "ecdsa", "ed25519"};
    bool is_found = false;
    for (size_t i = 0; i < COUNT_OF(folders) && !is_found; i++) {
        for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
            OWNED path = value_string_format("%s/ssh_host_%s_key.pub", folders[i], kinds[kind]);
            OWNED name = value_string_format("ssh_host_key_%s_public", kinds[kind]);
            OWNED line = fact_file(value_bytes(path));
            if (value_is_null(line))
                continue;
            add_key(facts, value_bytes(name), value_bytes(line));
            is_found = true;
        }
    }
}

void facts_load_average(struct facts *facts)
{
    static const char *const keys[] = {"1m", "5m", "15m"};
    double load[COUNT_OF(keys)];
    if (getloadavg(load, COUNT_OF(keys)) != COUNT_OF(keys))
        return;
    struct dict *average = dict_new();
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        dict_set_string_take(average, keys[i], value_float(load[i]));
    facts_set_take(facts, "loadavg", value_dict_take(average));
}

void facts_iscsi(struct facts *facts)
{
    static const char key[] = "InitiatorName=";
    OWNED_LINES lines = fact_lines_open("/etc/iscsi/initiatorname.iscsi");
    const char *name = "";
    for (char *line; !*name && (line = fact_lines_next(&lines));)
        if (strncmp(line, key, strlen(key)) == 0)
            name = fact_trim(line + strlen(key));
    facts_set_string(facts, "iscsi_iqn", name);
}

void facts_nvme(struct facts *facts)
{
    OWNED name = fact_file("/etc/nvme/hostnqn");
    facts_set_take(facts, "hostnqn", value_is_null(name) ? value_string("") : value_steal(&name));
}

void facts_fibre_channel(struct facts *facts)
{
    struct list *ports = list_new(0);
    glob_t found;
    if (glob("/sys/class/fc_host/*/port_name", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            OWNED name = fact_file(found.gl_pathv[i]);
            if (!value_is_null(name))
                list_push_take(ports,
                               value_string(value_bytes(name) + (strncmp(value_bytes(name), "0x", 2) == 0 ? 2 : 0)));
        }
        globfree(&found);
    }
    facts_set_take(facts, "fibre_channel_wwn", value_list_take(ports));
}
