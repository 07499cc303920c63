/* Facts of virtualization: what this host is a guest of, and what guests it can have. */
#include <string.h>

#include "runtime/os/file.h"
#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

/** What has been seen so far: the innermost technology is the type. */
struct virtualization {
    const char *type, *role;
    struct list *guest, *host;
};

static void add_name(struct list *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (value_equals_string(names->items[i], name))
            return;
    list_push_take(names, value_string(name));
}

static void note_guest(struct virtualization *seen, const char *name, bool is_container)
{
    add_name(seen->guest, name);
    if (is_container)
        add_name(seen->guest, "container");
    if (seen->type)
        return;
    seen->type = name;
    seen->role = "guest";
}

static void note_host(struct virtualization *seen, const char *name)
{
    add_name(seen->host, name);
    if (seen->type)
        return;
    seen->type = name;
    seen->role = "host";
}

/** Signs of containers: a file that is there, or one that holds a text (NULL: it is enough that it is there). */
static const struct {
    const char *path, *text, *name;
} containers[] = {
    {"/proc/1/cgroup", "/docker/", "docker"},
    {"/proc/1/cgroup", "/docker-", "docker"},
    {"/.dockerenv", NULL, "docker"},
    {"/.dockerinit", NULL, "docker"},
    {"/proc/1/cgroup", "/lxc/", "lxc"},
    {"/proc/1/cgroup", "/machine.slice/machine-lxc", "lxc"},
    {"/run/systemd/container", "systemd-nspawn", "systemd-nspawn"},
    {"/run/systemd/container", "podman", "podman"},
    {"/run/systemd/container", "lxc", "lxc"},
    {"/run/.containerenv", NULL, "podman"},
};

static void look_for_containers(struct virtualization *seen)
{
    OWNED environment = fact_file("/proc/1/environ");
    for (size_t i = 0; i < COUNT_OF(containers); i++)
        if (containers[i].text ? fact_file_has(containers[i].path, containers[i].text)
                               : file_exists(containers[i].path))
            note_guest(seen, containers[i].name, true);
    if (!value_is_null(environment)) {
        const struct text *text = environment.as.text;
        const char *found = memmem(text->bytes, text->length, "container=", strlen("container="));
        const char *kind = found ? found + strlen("container=") : "";
        if (strcmp(kind, "lxc") == 0 || strcmp(kind, "podman") == 0)
            note_guest(seen, strcmp(kind, "lxc") == 0 ? "lxc" : "podman", true);
        else if (*kind && strcmp(kind, "docker") != 0 && !seen->type)
            add_name(seen->guest, "container");
    }
    if (file_is_directory("/proc/vz") && !file_exists("/proc/lve"))
        file_is_directory("/proc/bc") ? note_host(seen, "openvz") : note_guest(seen, "openvz", true);
}

/** Signs of machines in what the firmware says; is the whole text meant, or its beginning? */
static const struct {
    const char *file, *text, *name;
} machines[] = {
    {"product_name", "KVM", "kvm"},
    {"product_name", "RHEL", "kvm"},
    {"product_name", "Virtual Machine", "VirtualPC"},
    {"product_name", "VMware", "VMware"},
    {"product_name", "OpenStack", "openstack"},
    {"product_name", "VirtualBox", "virtualbox"},
    {"product_name", "RHEV", "RHEV"},
    {"product_name", "oVirt", "oVirt"},
    {"product_name", "Google Compute Engine", "kvm"},
    {"bios_vendor", "Xen", "xen"},
    {"bios_vendor", "innotek GmbH", "virtualbox"},
    {"bios_vendor", "Amazon EC2", "kvm"},
    {"bios_vendor", "Hetzner", "kvm"},
    {"sys_vendor", "KubeVirt", "KubeVirt"},
    {"sys_vendor", "Parallels", "parallels"},
    {"sys_vendor", "QEMU", "kvm"},
    {"sys_vendor", "Amazon EC2", "kvm"},
    {"sys_vendor", "DigitalOcean", "kvm"},
    {"sys_vendor", "Nutanix", "kvm"},
    {"sys_vendor", "oVirt", "oVirt"},
    {"sys_vendor", "OpenStack Foundation", "openstack"},
};

static void look_for_machines(struct virtualization *seen)
{
    for (size_t i = 0; i < COUNT_OF(machines); i++) {
        OWNED text = fact_file_in("/sys/devices/virtual/dmi/id", machines[i].file);
        if (!value_is_null(text) && strncmp(value_bytes(text), machines[i].text, strlen(machines[i].text)) == 0)
            note_guest(seen, machines[i].name, false);
    }
    if (fact_file_has("/proc/cpuinfo", "QEMU Virtual CPU") ||
        fact_file_has("/proc/cpuinfo", "vendor_id\t: User Mode Linux"))
        note_guest(seen, "kvm", false);
    if (file_exists("/proc/xen") || file_exists("/sys/hypervisor/type"))
        fact_file_has("/proc/xen/capabilities", "control_d") ? note_host(seen, "xen") : note_guest(seen, "xen", false);
}

static void look_for_guests(struct virtualization *seen)
{
    if (file_exists("/dev/kvm") || fact_file_has("/proc/modules", "kvm "))
        note_host(seen, "kvm");
    if (fact_file_has("/proc/modules", "vboxdrv "))
        note_host(seen, "virtualbox");
}

void facts_virtual(struct facts *facts)
{
    struct virtualization seen = {.guest = list_new(2), .host = list_new(1)};
    look_for_containers(&seen);
    look_for_machines(&seen);
    look_for_guests(&seen);
    facts_set_string(facts, "virtualization_type", seen.type ? seen.type : "NA");
    facts_set_string(facts, "virtualization_role", seen.role ? seen.role : "NA");
    facts_set_take(facts, "virtualization_tech_guest", value_list_take(seen.guest));
    facts_set_take(facts, "virtualization_tech_host", value_list_take(seen.host));
}
