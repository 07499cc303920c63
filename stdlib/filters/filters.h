/*
 * The tables of filters, each at the end of its file.  library.c lists them.
 */
#ifndef PLAYLET_STDLIB_FILTERS_FILTERS_H
#define PLAYLET_STDLIB_FILTERS_FILTERS_H

#include "eval/plugin.h"

extern const struct function_table filters_address;
extern const struct function_table filters_address_netcommon;
extern const struct function_table filters_network;
extern const struct function_table filters_network_netcommon;
extern const struct function_table filters_cidr_merge;
extern const struct function_table filters_cidr_merge_netcommon;
extern const struct function_table filters_consolidate;
extern const struct function_table filters_hardware;
extern const struct function_table filters_hardware_netcommon;
extern const struct function_table filters_community_list;
extern const struct function_table filters_community_lists;
extern const struct function_table filters_community_text;
extern const struct function_table filters_community_time;
extern const struct function_table filters_community_files;
extern const struct function_table filters_community_keys;
extern const struct function_table filters_convert;
extern const struct function_table filters_date;
extern const struct function_table filters_dict;
extern const struct function_table filters_hash;
extern const struct function_table filters_html;
extern const struct function_table filters_json;
extern const struct function_table filters_json_query;
extern const struct function_table filters_math;
extern const struct function_table filters_number;
extern const struct function_table filters_order;
extern const struct function_table filters_path;
extern const struct function_table filters_random;
extern const struct function_table filters_regex;
extern const struct function_table filters_select;
extern const struct function_table filters_sequence;
extern const struct function_table filters_set;
extern const struct function_table filters_string;
extern const struct function_table filters_text;
extern const struct function_table filters_url;
extern const struct function_table filters_urlize;
extern const struct function_table filters_utils_data;
extern const struct function_table filters_utils_keys;
extern const struct function_table filters_utils_path;
extern const struct function_table filters_vault;
extern const struct function_table filters_wrap;
extern const struct function_table filters_yaml;

#endif
