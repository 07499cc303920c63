/* Facts of what restricts programs: SELinux, AppArmor, capabilities, FIPS mode, chroot. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

#define SELINUX_FOLDER "/sys/fs/selinux"

static void set_string(struct dict *dict, const char *key, const char *value)
{
    dict_set_string_take(dict, key, value_string(value));
}

/** What /etc/selinux/config says of `key`; "unknown" where it does not. */
static struct value configured(const struct dict *settings, const char *key)
{
    return value_string(dict_get_bytes(settings, key, "unknown"));
}

void facts_selinux(struct facts *facts)
{
    struct dict *selinux = dict_new();
    facts_set_take(facts, "selinux_python_present", value_bool(true));
    if (!file_exists(SELINUX_FOLDER "/enforce")) {
        set_string(selinux, "status", "disabled");
    } else {
        OWNED settings = value_dict_take(fact_assignments("/etc/selinux/config"));
        set_string(selinux, "status", "enabled");
        dict_set_string_take(selinux, "policyvers", value_int(fact_file_number(SELINUX_FOLDER, "policyvers", 0)));
        dict_set_string_take(selinux, "config_mode", configured(settings.as.dict, "SELINUX"));
        set_string(selinux, "mode", fact_file_number(SELINUX_FOLDER, "enforce", 0) ? "enforcing" : "permissive");
        dict_set_string_take(selinux, "type", configured(settings.as.dict, "SELINUXTYPE"));
    }
    facts_set_take(facts, "selinux", value_dict_take(selinux));
}

void facts_apparmor(struct facts *facts)
{
    struct dict *apparmor = dict_new();
    set_string(apparmor, "status", file_exists("/sys/kernel/security/apparmor") ? "enabled" : "disabled");
    facts_set_take(facts, "apparmor", value_dict_take(apparmor));
}

void facts_fips(struct facts *facts)
{
    facts_set_take(facts, "fips", value_bool(fact_file_number("/proc/sys/crypto", "fips_enabled", 0) == 1));
}

/** In the order of their bits (capabilities(7)). */
static const char *const capability_names[] = {
    "cap_chown",
    "cap_dac_override",
    "cap_dac_read_search",
    "cap_fowner",
    "cap_fsetid",
    "cap_kill",
    "cap_setgid",
    "cap_setuid",
    "cap_setpcap",
    "cap_linux_immutable",
    "cap_net_bind_service",
    "cap_net_broadcast",
    "cap_net_admin",
    "cap_net_raw",
    "cap_ipc_lock",
    "cap_ipc_owner",
    "cap_sys_module",
    "cap_sys_rawio",
    "cap_sys_chroot",
    "cap_sys_ptrace",
    "cap_sys_pacct",
    "cap_sys_admin",
    "cap_sys_boot",
    "cap_sys_nice",
    "cap_sys_resource",
    "cap_sys_time",
    "cap_sys_tty_config",
    "cap_mknod",
    "cap_lease",
    "cap_audit_write",
    "cap_audit_control",
    "cap_setfcap",
    "cap_mac_override",
    "cap_mac_admin",
    "cap_syslog",
    "cap_wake_alarm",
    "cap_block_suspend",
    "cap_audit_read",
    "cap_perfmon",
    "cap_bpf",
    "cap_checkpoint_restore",
};

/** The effective capabilities of this process as bits. */
static uint64_t effective_capabilities(void)
{
    static const char key[] = "CapEff:";
    OWNED_LINES lines = fact_lines_open("/proc/self/status");
    for (const char *line; (line = fact_lines_next(&lines));)
        if (strncmp(line, key, strlen(key)) == 0)
            return strtoull(line + strlen(key), NULL, 16);
    return 0;
}

void facts_capabilities(struct facts *facts)
{
    uint64_t all = (UINT64_C(1) << COUNT_OF(capability_names)) - 1, held = effective_capabilities();
    struct list *names = list_new(0);
    for (size_t i = 0; (held & all) != all && i < COUNT_OF(capability_names); i++)
        if (held >> i & 1)
            list_push_take(names, value_string(capability_names[i]));
    facts_set_string(facts, "system_capabilities_enforced", (held & all) == all ? "False" : "True");
    facts_set_take(facts, "system_capabilities", value_list_take(names));
}

/** Is the root folder another than that of the first process? */
void facts_chroot(struct facts *facts)
{
    struct stat own, first;
    bool is_known = stat("/", &own) == 0 && stat("/proc/1/root/.", &first) == 0;
    bool is_chroot = getenv("debian_chroot") || (is_known ? own.st_ino != first.st_ino || own.st_dev != first.st_dev
                                                          : stat("/", &own) == 0 && own.st_ino > 256);
    facts_set_take(facts, "is_chroot", value_bool(is_chroot));
}
