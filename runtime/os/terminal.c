#include "runtime/os/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/** Turns the terminal's echo on or off. */
static void set_echo(bool on)
{
    struct termios settings;
    if (tcgetattr(STDIN_FILENO, &settings) != 0)
        return;
    settings.c_lflag = on ? settings.c_lflag | ECHO : settings.c_lflag & (tcflag_t)~ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings);
}

char *terminal_ask(const char *question, bool is_secret)
{
    char *line = NULL;
    size_t capacity = 0;
    fprintf(stderr, "%s: ", question);
    if (is_secret)
        set_echo(false);
    ssize_t length = getline(&line, &capacity, stdin);
    if (is_secret) {
        set_echo(true);
        fputc('\n', stderr);
    }
    if (length < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line;
}
