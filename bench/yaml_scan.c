/* usage: yaml_scan FILE TIMES: prints the nanoseconds that libyaml alone needs for the tokens of FILE, the best of TIMES. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/** Reads all tokens; false when the file cannot be read. */
static bool scan(const unsigned char *bytes, size_t length)
{
    yaml_parser_t parser;
    yaml_token_t token;
    bool is_end = false, ok = true;
    if (!yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_input_string(&parser, bytes, length);
    while (ok && !is_end) {
        ok = yaml_parser_scan(&parser, &token);
        is_end = ok && token.type == YAML_STREAM_END_TOKEN;
        if (ok)
            yaml_token_delete(&token);
    }
    yaml_parser_delete(&parser);
    return ok;
}

int main(int argc, char **argv)
{
    static unsigned char bytes[16 << 20];
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (!file)
        return 2;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    int64_t best = INT64_MAX;
    for (long left = strtol(argv[2], NULL, 10); left > 0; left--) {
        int64_t start = now();
        if (!scan(bytes, length))
            return 1;
        int64_t spent = now() - start;
        best = spent < best ? spent : best;
    }
    printf("%lld\n", (long long)best);
    return 0;
}
