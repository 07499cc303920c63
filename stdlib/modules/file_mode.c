/* File modes: see file_mode.h.  The symbolic form is that of chmod(1p). */
#include "stdlib/modules/file_mode.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/** A clause "ug+rx" under way. */
struct clause {
    mode_t who;      /* the bits that may change, of all of rwx and s */
    bool is_for_all; /* no class was named: the umask holds bits back */
    mode_t present;  /* with the type */
};

static mode_t read_umask(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return mask;
}

/** The classes in front of the operator. */
static const char *read_who(const char *at, struct clause *clause)
{
    const char *start = at;
    clause->who = 0;
    for (; *at && strchr("ugoa", *at); at++) {
        if (*at == 'u' || *at == 'a')
            clause->who |= S_IRWXU | S_ISUID;
        if (*at == 'g' || *at == 'a')
            clause->who |= S_IRWXG | S_ISGID;
        if (*at == 'o' || *at == 'a')
            clause->who |= S_IRWXO | S_ISVTX;
    }
    clause->is_for_all = at == start;
    if (clause->is_for_all)
        clause->who = FILE_MODE_BITS;
    return at;
}

/** The bits of one permission letter for every class. */
static mode_t letter_bits(char letter, mode_t present)
{
    switch (letter) {
    case 'r':
        return 0444;
    case 'w':
        return 0222;
    case 'x':
        return 0111;
    case 'X':
        return S_ISDIR(present) || (present & 0111) ? 0111 : 0;
    case 's':
        return S_ISUID | S_ISGID;
    case 't':
        return S_ISVTX;
    case 'u':
        return (present >> 6 & 7) * 0111;
    case 'g':
        return (present >> 3 & 7) * 0111;
    case 'o':
        return (present & 7) * 0111;
    default: /* not a kind of ours but a character of the user's */
        return 0;
    }
}

static mode_t apply(mode_t mode, const struct clause *clause, char operator, mode_t bits)
{
    bits &= clause->who;
    if (clause->is_for_all)
        bits &= ~read_umask();
    if (operator== '+')
        return mode | bits;
    if (operator== '-')
        return mode & ~bits;
    /* The set-id bits of a folder stay unless they are named. */
    mode_t replaced = clause->who & (S_ISDIR(clause->present) ? (mode_t)0777 : (mode_t)FILE_MODE_BITS);
    return (mode & ~replaced) | bits;
}

/** "u=rwX,go-w"; false where a character does not belong there. */
static bool resolve_symbolic(const char *text, mode_t present, mode_t *mode)
{
    struct clause clause = {.present = present};
    *mode = present & FILE_MODE_BITS;
    for (const char *at = text;; at++) {
        at = read_who(at, &clause);
        if (!*at || !strchr("+-=", *at))
            return false;
        while (*at && strchr("+-=", *at)) {
            char operator= * at++;
            mode_t bits = 0;
            for (; *at && strchr("rwxXstugo", *at); at++)
                bits |= letter_bits(*at, (present & S_IFMT) | *mode);
            *mode = apply(*mode, &clause, operator, bits);
        }
        if (!*at)
            return true;
        if (*at != ',')
            return false;
    }
}

bool file_mode_resolve(struct value wanted, mode_t present, mode_t *mode, struct error *error)
{
    if (wanted.kind == VALUE_INT) {
        *mode = (mode_t)wanted.as.integer & FILE_MODE_BITS;
        return true;
    }
    if (!value_is_string(wanted))
        return error_set(error, ERROR_MODULE, "mode must be in octal or symbolic form");
    const char *text = value_bytes(wanted), *digits = strncmp(text, "0o", 2) == 0 ? text + 2 : text;
    if (*digits && strspn(digits, "01234567") == strlen(digits)) {
        *mode = (mode_t)strtoul(digits, NULL, 8) & FILE_MODE_BITS;
        return true;
    }
    if (resolve_symbolic(text, present, mode))
        return true;
    error_set(error, ERROR_MODULE, "bad symbolic permission for mode: %s", text);
    return error_wrap(error, "mode must be in octal or symbolic form");
}
