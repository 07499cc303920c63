#include "stdlib/library.h"

#include "stdlib/callbacks/callbacks.h"
#include "stdlib/filters/filters.h"
#include "stdlib/globals/globals.h"
#include "stdlib/lookups/lookups.h"
#include "stdlib/methods/methods.h"
#include "stdlib/modules/modules.h"
#include "stdlib/tests/tests.h"

/** Filters, tests, lookups, globals and methods: the tables at the ends of their files. */
static const struct function_table *const function_tables[] = {
    // clang-format off
    &filters_address,
    &filters_address_netcommon,
    &filters_network,
    &filters_network_netcommon,
    &filters_cidr_merge,
    &filters_cidr_merge_netcommon,
    &filters_consolidate,
    &filters_hardware,
    &filters_hardware_netcommon,
    &filters_community_list,
    &filters_community_lists,
    &filters_community_text,
    &filters_community_time,
    &filters_community_files,
    &filters_community_keys,
    &filters_convert,
    &filters_date,
    &filters_dict,
    &filters_hash,
    &filters_html,
    &filters_json,
    &filters_json_query,
    &filters_math,
    &filters_number,
    &filters_order,
    &filters_path,
    &filters_random,
    &filters_regex,
    &filters_select,
    &filters_sequence,
    &filters_set,
    &filters_string,
    &filters_text,
    &filters_url,
    &filters_urlize,
    &filters_utils_data,
    &filters_utils_keys,
    &filters_utils_path,
    &filters_vault,
    &filters_wrap,
    &filters_yaml,
    &globals_ansible,
    &globals_cycler,
    &globals_cycler_methods,
    &globals_lipsum,
    &globals_mapping,
    &globals_range,
    &globals_range_methods,
    &lookups_config,
    &lookups_csvfile,
    &lookups_files,
    &lookups_first_found,
    &lookups_general,
    &lookups_ini,
    &lookups_lists,
    &lookups_password,
    &lookups_programs,
    &lookups_sequence,
    &lookups_subelements,
    &lookups_template,
    &lookups_utils_path,
    &lookups_variables,
    &methods_datetime,
    &methods_dict,
    &methods_list,
    &methods_number,
    &methods_string_case,
    &methods_string_find,
    &methods_string_format,
    &methods_string_layout,
    &methods_string_split,
    &tests_address,
    &tests_compare,
    &tests_contents,
    &tests_files,
    &tests_match,
    &tests_results,
    &tests_types,
    &tests_uri,
    &tests_version,
    NULL,
    // clang-format on
};

/** Modules and actions. */
static const struct module_table *const module_tables[] = {
    &modules_builtin,
    &modules_async,
    NULL,
};

static const struct callback *const callbacks[] = {
    &callback_default,
};

const struct library stdlib_library = {
    .functions = function_tables,
    .modules = module_tables,
    .callbacks = callbacks,
    .callback_count = COUNT_OF(callbacks),
};
