/*
 * The commands of the program: `playlet NAME ...`, or a link named as the command.
 */
#ifndef PLAYLET_COMMANDS_COMMANDS_H
#define PLAYLET_COMMANDS_COMMANDS_H

struct command {
    const char *name;               /* as the first word: "eval" */
    const char *program;            /* the name of a link that starts it: "ansible-playbook"; NULL: none */
    /** argv[0] is the name it was called by.  Returns the exit status. */
    int (*run)(int argc, char **argv);
    const char *documentation;      /* one line; NULL: hidden */
};

extern const struct command command_run;    /* run.c: playbooks; what is meant when no command is named */
extern const struct command command_eval;   /* eval.c: one template, or many by --jsonl */
extern const struct command command_doc;    /* doc.c: what names mean */
extern const struct command command_vault;  /* vault.c: encrypts and decrypts */
extern const struct command command_supervise;  /* supervise.c: hidden; the process that runs asynchronous jobs */

#define command_default command_run

/** The command of this name or program, or NULL. */
const struct command *command_find(const char *name);

#endif
