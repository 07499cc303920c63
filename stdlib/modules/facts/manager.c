/* Facts of what manages packages and services. */
#include <string.h>
#include <unistd.h>

#include "runtime/os/file.h"
#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

static const struct {
    const char *path;
    const char *name;
} package_managers[] = {
    {"/usr/bin/rpm-ostree", "atomic_container"},
    {"/usr/bin/dnf-3", "dnf"},
    {"/usr/bin/dnf5", "dnf5"},
    {"/usr/bin/microdnf", "dnf"},
    {"/usr/bin/yum", "yum"},
    {"/usr/bin/apt-get", "apt"},
    {"/usr/bin/zypper", "zypper"},
    {"/usr/sbin/urpmi", "urpmi"},
    {"/usr/bin/pacman", "pacman"},
    {"/bin/opkg", "opkg"},
    {"/usr/local/sbin/pkg", "pkgng"},
    {"/usr/bin/emerge", "portage"},
    {"/usr/bin/xbps-install", "xbps"},
    {"/sbin/apk", "apk"},
    {"/usr/sbin/swupd", "swupd"},
    {"/usr/sbin/slackpkg", "slackpkg"},
    {"/run/current-system/sw/bin/nix-env", "nix"},
};

/** Where several are installed, the family of the distribution says which is its own. */
static const struct {
    const char *family;
    const char *name;
} family_managers[] = {
    {"Debian", "apt"}, {"Suse", "zypper"},    {"Archlinux", "pacman"},
    {"Alpine", "apk"}, {"Gentoo", "portage"}, {"Altlinux", "apt_rpm"},
};

static const char *family_manager(const char *family)
{
    for (size_t i = 0; i < COUNT_OF(family_managers); i++)
        if (strcmp(family_managers[i].family, family) == 0)
            return family_managers[i].name;
    return NULL;
}

void facts_package_manager(struct facts *facts)
{
    const char *first = NULL, *own = family_manager(facts_text(facts, "os_family"));
    bool has_own = false;
    for (size_t i = 0; i < COUNT_OF(package_managers); i++) {
        if (!file_exists(package_managers[i].path))
            continue;
        first = first ? first : package_managers[i].name;
        has_own = has_own || (own && (strcmp(own, package_managers[i].name) == 0 || strcmp(own, "apt_rpm") == 0));
    }
    facts_set_string(facts, "pkg_mgr", has_own ? own : first ? first : "unknown");
}

/** Does systemd run this system? */
static bool is_systemd(void)
{
    bool has_program = file_exists("/usr/bin/systemctl") || file_exists("/bin/systemctl");
    return has_program &&
           (file_exists("/run/systemd/system/") || file_exists("/dev/.run/systemd/") || file_exists("/dev/.systemd/"));
}

/** Is systemd installed as what starts first, though it may not run? */
static bool is_systemd_offline(void)
{
    char target[4096];
    ssize_t length = readlink("/sbin/init", target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    const char *slash = strrchr(target, '/');
    return strcmp(slash ? slash + 1 : target, "systemd") == 0;
}

/** What is known by its traces, where the first process tells nothing. */
static const char *service_manager_by_traces(void)
{
    if (is_systemd())
        return "systemd";
    if (file_exists("/usr/sbin/initctl") && file_exists("/etc/init/"))
        return "upstart";
    if (file_exists("/sbin/openrc"))
        return "openrc";
    if (is_systemd_offline())
        return "systemd";
    return file_exists("/etc/init.d/") ? "sysvinit" : "service";
}

void facts_service_manager(struct facts *facts)
{
    static const struct {
        const char *process, *name;
    } known[] = {
        {"procd", "openwrt_init"},
        {"runit-init", "runit"},
        {"svscan", "svc"},
        {"openrc-init", "openrc"},
    };
    OWNED first = fact_file("/proc/1/comm");
    const char *name = value_is_null(first) ? "init" : value_bytes(first);
    size_t length = strlen(name);
    bool is_shell = length >= 2 && strcmp(name + length - 2, "sh") == 0;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(name, known[i].process) == 0)
            name = known[i].name;
    if (strcmp(name, "init") == 0 || is_shell)
        name = service_manager_by_traces();
    facts_set_string(facts, "service_mgr", name);
}
