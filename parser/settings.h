/*
 * The settings of a run: the table grammar/settings.def, with what the configuration file and the environment say.
 *
 * The file is the first of these that can be read: $ANSIBLE_CONFIG, ./ansible.cfg (unless everybody may write to the folder),
 * ~/.ansible.cfg, /etc/ansible/ansible.cfg.  The environment wins over it.  Relative paths in it start at its folder.
 * Everything is read once, by settings_load, and constant afterwards; values are borrowed.  Options of the command line are not here.
 */
#ifndef PLAYLET_PARSER_SETTINGS_H
#define PLAYLET_PARSER_SETTINGS_H

#include "runtime/value/value.h"

enum setting {
#define SETTING(name, type, default, section, key, environment, documentation) SETTING_##name,
#include "grammar/settings.def"
#undef SETTING
    SETTING_COUNT,
};

enum setting_type {
    SETTING_TYPE_BOOL,
    SETTING_TYPE_INT,
    SETTING_TYPE_FLOAT,
    SETTING_TYPE_TEXT,
    SETTING_TYPE_LIST,
    SETTING_TYPE_PATH,
    SETTING_TYPE_PATHS,
    SETTING_TYPE_SOURCES,
};

struct setting_row {
    const char *name;
    enum setting_type type;
    const char *fallback;       /* YAML */
    const char *section, *key;  /* in the file */
    const char *environment;    /* names between spaces */
    const char *documentation;
};

struct settings;

/** Reads the file (NULL: the one that is found) and the environment.  NULL with ERROR_FILE, ERROR_PARSE or ERROR_USAGE. */
struct settings *settings_load(const char *file, struct error *error) NODISCARD;
void settings_free(struct settings *settings);      /* NULL is allowed */

const struct setting_row *setting_row(enum setting setting);
/** The setting of this name, or SETTING_COUNT. */
enum setting setting_find(const char *name);

/** A setting's default, the caller's. */
struct value setting_default(enum setting setting) NODISCARD;

/** The file that was read, absolute; NULL: none. */
const char *settings_file(const struct settings *settings);
/** That the working directory's file was passed over; NULL: it was not. */
const char *settings_warning(const struct settings *settings);

struct value settings_value(const struct settings *settings, enum setting setting);
/** "default", the file, or "env: NAME". */
const char *settings_origin(const struct settings *settings, enum setting setting);
bool settings_is_default(const struct settings *settings, enum setting setting);

bool settings_flag(const struct settings *settings, enum setting setting);
int64_t settings_number(const struct settings *settings, enum setting setting);
/** NULL where it is null or the empty text. */
const char *settings_text(const struct settings *settings, enum setting setting);

#endif
