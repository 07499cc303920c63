/*
 * strptime, as Python's: a format becomes a pattern whose directives have several alternatives, tried in order with going
 * back; what they matched is then put together.  Names are those of the C locale.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/value/calendar.h"
#include "runtime/value/repr.h"

/**
 * What each directive matches: alternatives between bars; # is a digit, [0-5] a range, x? an optional character, a lower
 * case letter any case of it.  Names are sorted so that no name hides a longer one.
 */
static const struct directive {
    char letter;
    const char *alternatives;
} directives[] = {
    {'%', "%"},
    {'A', "wednesday|thursday|saturday|tuesday|monday|friday|sunday"},
    {'B', "september|february|november|december|january|october|august|march|april|june|july|may"},
    {'G', "####"},
    {'H', "2[0-3]|[0-1]#|#"},
    {'I', "1[0-2]|0[1-9]|[1-9]"},
    {'M', "[0-5]#|#"},
    {'S', "6[0-1]|[0-5]#|#"},
    {'U', "5[0-3]|[0-4]#|#"},
    {'V', "5[0-3]|0[1-9]|[1-4]#|#"},
    {'W', "5[0-3]|[0-4]#|#"},
    {'Y', "####"},
    {'Z', "utc|gmt"},
    {'a', "mon|tue|wed|thu|fri|sat|sun"},
    {'b', "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"},
    {'d', "3[0-1]|[1-2]#|0[1-9]|[1-9]| [1-9]"},
    {'f', "######|#####|####|###|##|#"},
    {'j', "36[0-6]|3[0-5]#|[1-2]##|0[1-9]#|00[1-9]|[1-9]#|0[1-9]|[1-9]"},
    {'m', "1[0-2]|0[1-9]|[1-9]"},
    {'p', "am|pm"},
    {'u', "[1-7]"},
    {'w', "[0-6]"},
    {'y', "##"},
    {'z', "[+--]##:?[0-5]#:?[0-5]#.######|[+--]##:?[0-5]#:?[0-5]#.#####|[+--]##:?[0-5]#:?[0-5]#.####|"
          "[+--]##:?[0-5]#:?[0-5]#.###|[+--]##:?[0-5]#:?[0-5]#.##|[+--]##:?[0-5]#:?[0-5]#.#|"
          "[+--]##:?[0-5]#:?[0-5]#|[+--]##:?[0-5]#|Z"},
};

/** Directives that stand for others. */
static const struct {
    char letter;
    const char *format;
} compounds[] = {{'c', "%a %b %d %H:%M:%S %Y"}, {'x', "%m/%d/%y"}, {'X', "%H:%M:%S"}};

/** What a directive matched; `start` is NULL for those that are not in the format. */
struct match {
    const char *start;
    size_t length;
};

enum { MATCHES = 128 };

struct matching {
    const char *format_end;
    const char *data_end;
    struct match matches[MATCHES]; /* by letter */
};

static const struct directive *directive_find(char letter)
{
    for (size_t i = 0; i < COUNT_OF(directives); i++)
        if (directives[i].letter == letter)
            return &directives[i];
    return NULL;
}

/* ---- the format ---- */

static bool bad_directive(const char *at, const char *format, size_t length, struct error *error)
{
    const char *next = at + 1;
    text_decode(&next, format + length);
    /* Python escapes what regular expressions give a meaning to, and then sees the escape. */
    bool is_escaped = strchr("\\.^$*+?(){}[]|", at[1]) != NULL;
    return error_set(error, ERROR_VALUE, "'%.*s' is a bad directive in format '%.*s'",
                     is_escaped ? 1 : (int)(next - at - 1), is_escaped ? "%" : at + 1, (int)length, format);
}

static const char *compound_find(char letter)
{
    for (size_t i = 0; i < COUNT_OF(compounds); i++)
        if (compounds[i].letter == letter)
            return compounds[i].format;
    return NULL;
}

/** Each directive may stand once: Python gives each a group of that name in a regular expression. */
static bool check_unique(const struct text_buffer *format, struct error *error)
{
    bool seen[MATCHES] = {false};
    const char *bytes = text_buffer_bytes(format);
    for (size_t i = 0; i < format->length; i++) {
        if (bytes[i] != '%')
            continue;
        unsigned char letter = (unsigned char)bytes[++i];
        if (seen[letter] && letter != '%')
            return error_set(error, ERROR_VALUE, "redefinition of group name '%c'", letter);
        seen[letter] = true;
    }
    return true;
}

/** The format with compounds replaced and every directive known. */
static bool expand(const char *format, size_t length, struct text_buffer *out, struct error *error)
{
    for (size_t i = 0; i < length; i++) {
        if (format[i] != '%') {
            text_buffer_append_char(out, format[i]);
            continue;
        }
        if (i + 1 == length)
            return error_set(error, ERROR_VALUE, "stray %% in format '%.*s'", (int)length, format);
        const char *compound = compound_find(format[i + 1]);
        if (compound)
            text_buffer_append_string(out, compound);
        else if (format[i + 1] && directive_find(format[i + 1]))
            text_buffer_append(out, format + i, 2);
        else
            return bad_directive(format + i, format, length, error);
        i++;
    }
    return check_unique(out, error);
}

/* ---- matching ---- */

/** Does the alternative at `*pattern` match at `data`?  Moves `*pattern` to its end; the end of the match or NULL. */
static const char *match_alternative(const char **pattern, const char *data, const char *end)
{
    bool is_matching = true;
    const char *p = *pattern;
    for (; *p && *p != '|'; p++) {
        char c = data < end ? *data : '\0';
        bool fits;
        if (*p == '[') {
            fits = p[2] == '-' && p[3] == '-' ? c == '+' || c == '-' : c >= p[1] && c <= p[3];
            p += 4;
        } else {
            fits = *p == '#' ? isdigit((unsigned char)c) : islower((unsigned char)*p) ? tolower(c) == *p : c == *p;
        }
        fits &= data < end;
        bool is_optional = p[1] == '?';
        p += is_optional;
        is_matching &= fits || is_optional;
        data += is_matching && fits;
    }
    *pattern = p;
    return is_matching ? data : NULL;
}

static const char *match_format(struct matching *matching, const char *format, const char *data);

static const char *match_directive(struct matching *matching, const char *format, const char *data)
{
    const char *pattern = directive_find(format[1])->alternatives;
    for (;; pattern++) {
        const char *stop = match_alternative(&pattern, data, matching->data_end);
        const char *end = stop ? match_format(matching, format + 2, stop) : NULL;
        if (end) {
            matching->matches[(unsigned char)format[1]] = (struct match){data, (size_t)(stop - data)};
            return end;
        }
        if (!*pattern)
            return NULL;
    }
}

/** Skips white space; false when there is none. */
static bool skip_space(const char **cursor, const char *end)
{
    const char *start = *cursor;
    for (const char *next = start; next < end && text_point_is_space(text_decode(&next, end));)
        *cursor = next;
    return *cursor > start;
}

/** Where the match of the rest of the format ends, or NULL. */
static const char *match_format(struct matching *matching, const char *format, const char *data)
{
    while (format < matching->format_end) {
        if (*format == '%' && format[1] != '%')
            return match_directive(matching, format, data);
        if (skip_space(&format, matching->format_end)) {
            if (!skip_space(&data, matching->data_end))
                return NULL;
            continue;
        }
        format += *format == '%';
        if (data == matching->data_end || text_point_lower(text_decode(&format, matching->format_end)) !=
                                              text_point_lower(text_decode(&data, matching->data_end)))
            return NULL;
    }
    return data;
}

/* ---- what the matches mean ---- */

static bool has(const struct matching *matching, char letter)
{
    return matching->matches[(unsigned char)letter].start != NULL;
}

/** The number of a directive, or the fallback. */
static int number_of(const struct matching *matching, char letter, int fallback)
{
    const struct match *match = &matching->matches[(unsigned char)letter];
    if (!match->start)
        return fallback;
    int number = 0;
    for (size_t i = 0; i < match->length; i++)
        if (match->start[i] != ' ')
            number = number * 10 + (match->start[i] - '0');
    return number;
}

/** Which of `count` names of three letters begins the match of a directive: from 0. */
static int name_of(const struct matching *matching, char letter, const char *names)
{
    const struct match *match = &matching->matches[(unsigned char)letter];
    for (int i = 0;; i++)
        if (strncasecmp(names + 3 * i, match->start, 3) == 0)
            return i;
}

static int year_of(const struct matching *matching)
{
    int short_year = number_of(matching, 'y', -1);
    if (short_year >= 0 && !has(matching, 'Y'))
        return short_year + (short_year <= 68 ? 2000 : 1900);
    return number_of(matching, 'Y', -1);
}

static int month_of(const struct matching *matching)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (has(matching, 'b'))
        return name_of(matching, 'b', months) + 1;
    return has(matching, 'B') ? name_of(matching, 'B', months) + 1 : number_of(matching, 'm', 1);
}

/** Monday is 0; -1: not given. */
static int weekday_of(const struct matching *matching)
{
    static const char days[] = "montuewedthufrisatsun";
    if (has(matching, 'a'))
        return name_of(matching, 'a', days);
    if (has(matching, 'A'))
        return name_of(matching, 'A', days);
    if (has(matching, 'w'))
        return (number_of(matching, 'w', 0) + 6) % 7;
    return number_of(matching, 'u', 0) - 1;
}

static int hour_of(const struct matching *matching)
{
    if (!has(matching, 'I'))
        return number_of(matching, 'H', 0);
    bool is_afternoon = has(matching, 'p') && tolower(*matching->matches['p'].start) == 'p';
    return number_of(matching, 'I', 0) % 12 + (is_afternoon ? 12 : 0);
}

static int microsecond_of(const char *digits, size_t length)
{
    int number = 0;
    for (size_t i = 0; i < 6; i++)
        number = number * 10 + (i < length ? digits[i] - '0' : 0);
    return number;
}

static void read_zone(const struct matching *matching, struct parsed_time *parsed)
{
    const struct match *zone = &matching->matches['z'], *name = &matching->matches['Z'];
    if (name->start)
        memcpy(parsed->zone_name, name->start, name->length);
    if (!zone->start)
        return;
    parsed->has_offset = true;
    char digits[16] = "";
    size_t count = 0, i = 0;
    for (; i < zone->length && zone->start[i] != '.'; i++)
        if (isdigit((unsigned char)zone->start[i]))
            digits[count++] = (char)(zone->start[i] - '0');
    int64_t seconds = (digits[0] * 10 + digits[1]) * 3600 + (digits[2] * 10 + digits[3]) * 60;
    if (count > 4)
        seconds += digits[4] * 10 + digits[5];
    parsed->offset = seconds * MICROSECONDS_PER_SECOND;
    if (i < zone->length)
        parsed->offset += microsecond_of(zone->start + i + 1, zone->length - i - 1);
    if (*zone->start == '-')
        parsed->offset = -parsed->offset;
}

#define NEEDS_WEEKDAY "a weekday directive ('%%A', '%%a', '%%w', or '%%u')."

/** ISO years, weeks and days go together, and with no other year. */
static bool check_iso(const struct matching *matching, int weekday, struct error *error)
{
    if (has(matching, 'G')) {
        if (has(matching, 'j'))
            return error_set(error, ERROR_VALUE,
                             "Day of the year directive '%%j' is not compatible with ISO year "
                             "directive '%%G'. Use '%%Y' instead.");
        if (!has(matching, 'V') || weekday < 0)
            return error_set(
                error, ERROR_VALUE,
                "ISO year directive '%%G' must be used with the ISO week directive '%%V' and " NEEDS_WEEKDAY);
    } else if (has(matching, 'V')) {
        if (year_of(matching) < 0 || weekday < 0)
            return error_set(
                error, ERROR_VALUE,
                "ISO week directive '%%V' must be used with the ISO year directive '%%G' and " NEEDS_WEEKDAY);
        return error_set(error, ERROR_VALUE,
                         "ISO week directive '%%V' is incompatible with the year directive '%%Y'. "
                         "Use the ISO year '%%G' instead.");
    }
    return true;
}

/** The day of the year (1 January is 1) of a weekday in a week that begins on Sunday (%U) or Monday (%W). */
static int day_in_week(int year, int week, int weekday, bool starts_on_monday)
{
    int first = calendar_weekday(&(struct moment){.year = year, .month = 1, .day = 1});
    if (!starts_on_monday) {
        first = (first + 1) % 7;
        weekday = (weekday + 1) % 7;
    }
    return week == 0 ? 1 + weekday - first : 1 + (7 - first) % 7 + 7 * (week - 1) + weekday;
}

/** The day since 1970 that is given in another way than by month and day; false: it is not. */
static bool find_days(const struct matching *matching, int year, int weekday, int64_t *days)
{
    bool on_monday = has(matching, 'W');
    int day = number_of(matching, 'j', 0);
    if (!day && weekday >= 0 && year >= 0 && (on_monday || has(matching, 'U')))
        day = day_in_week(year, number_of(matching, on_monday ? 'W' : 'U', 0), weekday, on_monday);
    else if (!day)
        return false;
    *days = calendar_days(year < 0 ? 1900 : year, 1, 1) + day - 1;
    return true;
}

static bool read_date(const struct matching *matching, struct moment *moment, struct error *error)
{
    int year = year_of(matching), weekday = weekday_of(matching);
    int64_t days;
    if (!check_iso(matching, weekday, error))
        return false;
    *moment = (struct moment){.year = year < 0 ? 1900 : year, .month = month_of(matching)};
    moment->day = number_of(matching, 'd', 1);
    if (has(matching, 'G')) {
        int week = number_of(matching, 'V', 0);
        if (!calendar_days_of_iso_week(number_of(matching, 'G', 0), week, weekday + 1, &days))
            return error_set(error, ERROR_VALUE, "Invalid week: %d", week);
    } else if (!find_days(matching, year, weekday, &days)) {
        return true;
    }
    if (!moment_from_microseconds(days * MICROSECONDS_PER_DAY, moment))
        return error_set(error, ERROR_OTHER, "date value out of range");
    return true;
}

bool calendar_parse(const char *data, size_t length, const char *format, size_t format_length,
                    struct parsed_time *parsed, struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer expanded = {0};
    if (!expand(format, format_length, &expanded, error))
        return false;
    const char *start = text_buffer_bytes(&expanded);
    struct matching matching = {start + expanded.length, data + length, {{0}}};
    const char *end = match_format(&matching, start, data);
    if (!end) {
        OWNED text = value_string_length(data, length);
        OWNED pattern = value_string_length(format, format_length);
        OWNED text_repr = value_repr(text);
        OWNED pattern_repr = value_repr(pattern);
        return error_set(error, ERROR_VALUE, "time data %s does not match format %s", value_bytes(text_repr),
                         value_bytes(pattern_repr));
    }
    if (end < matching.data_end)
        return error_set(error, ERROR_VALUE, "unconverted data remains: %.*s", (int)(matching.data_end - end), end);
    *parsed = (struct parsed_time){0};
    if (!read_date(&matching, &parsed->moment, error))
        return false;
    parsed->moment.hour = hour_of(&matching);
    parsed->moment.minute = number_of(&matching, 'M', 0);
    parsed->moment.second = number_of(&matching, 'S', 0);
    if (has(&matching, 'f'))
        parsed->moment.microsecond = microsecond_of(matching.matches['f'].start, matching.matches['f'].length);
    read_zone(&matching, parsed);
    return moment_check(&parsed->moment, error);
}
