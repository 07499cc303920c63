/* The version, as programs and people read it. */
#ifndef PLAYLET_COMMANDS_VERSION_H
#define PLAYLET_COMMANDS_VERSION_H

#define PLAYLET_VERSION "0.1.0"

/** The release of ansible-core whose language this is. */
#define REFERENCE_VERSION "2.19.11"

/** Prints it under the program's name; returns the exit status. */
int version_print(const char *program);

#endif
