/* Facts of the board and its firmware, from the kernel's table (DMI). */
#include <stdlib.h>
#include <string.h>

#include "stdlib/modules/facts/fact_file.h"
#include "stdlib/modules/facts/facts.h"

#define DMI_FOLDER "/sys/devices/virtual/dmi/id"

static const struct {
    const char *fact;
    const char *file;
} rows[] = {
    {"bios_date", "bios_date"},
    {"bios_vendor", "bios_vendor"},
    {"bios_version", "bios_version"},
    {"board_asset_tag", "board_asset_tag"},
    {"board_name", "board_name"},
    {"board_serial", "board_serial"},
    {"board_vendor", "board_vendor"},
    {"board_version", "board_version"},
    {"chassis_asset_tag", "chassis_asset_tag"},
    {"chassis_serial", "chassis_serial"},
    {"chassis_vendor", "chassis_vendor"},
    {"chassis_version", "chassis_version"},
    {"product_name", "product_name"},
    {"product_serial", "product_serial"},
    {"product_uuid", "product_uuid"},
    {"product_version", "product_version"},
    {"system_vendor", "sys_vendor"},
};

/** Types of chassis by their numbers (DMTF, "System Management BIOS", 7.4.1). */
static const char *const form_factors[] = {
    "Unknown",
    "Other",
    "Unknown",
    "Desktop",
    "Low Profile Desktop",
    "Pizza Box",
    "Mini Tower",
    "Tower",
    "Portable",
    "Laptop",
    "Notebook",
    "Hand Held",
    "Docking Station",
    "All In One",
    "Sub Notebook",
    "Space-saving",
    "Lunch Box",
    "Main Server Chassis",
    "Expansion Chassis",
    "Sub Chassis",
    "Bus Expansion Chassis",
    "Peripheral Chassis",
    "RAID Chassis",
    "Rack Mount Chassis",
    "Sealed-case PC",
    "Multi-system",
    "CompactPCI",
    "AdvancedTCA",
    "Blade",
    "Blade Enclosure",
    "Tablet",
    "Convertible",
    "Detachable",
    "IoT Gateway",
    "Embedded PC",
    "Mini PC",
    "Stick PC",
};

void facts_firmware(struct facts *facts)
{
    int64_t form = fact_file_number(DMI_FOLDER, "chassis_type", -1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        OWNED text = fact_file_in(DMI_FOLDER, rows[i].file);
        facts_set_take(facts, rows[i].fact, value_is_null(text) ? value_string("NA") : value_steal(&text));
    }
    bool is_known = form >= 0 && form < (int64_t)COUNT_OF(form_factors);
    facts_set_string(facts, "form_factor", is_known ? form_factors[form] : "NA");
}

void facts_hardware(struct facts *facts)
{
    facts_processor(facts);
    facts_memory(facts);
    facts_firmware(facts);
    facts_devices(facts);
    facts_mounts(facts);
    facts_set_string(facts, "lvm", "N/A");
}
