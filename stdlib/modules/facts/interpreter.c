/* The Python of the host: see interpreter.h. */
#include "stdlib/modules/facts/interpreter.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/os/environment.h"
#include "runtime/os/file.h"
#include "runtime/os/path.h"

const char interpreter_question[] = "import sys; print('%d.%d.%d' % sys.version_info[:3])";

char *interpreter_find(const struct host_access *host)
{
    static const char *const usual[] = {"/usr/bin/python3", "/usr/libexec/platform-python"};
    const char *search = environment_find(host->environment, "PATH", strlen("PATH"));
    for (size_t i = 0; i < COUNT_OF(usual); i++)
        if (file_exists(usual[i]))
            return memory_copy_string(usual[i], strlen(usual[i]));
    return path_find_program("python3", search ? search : "/usr/local/bin:/usr/bin:/bin");
}

/** A version that begins with `series` ("3.11.") and stands alone between two NULs. */
static struct value find_version(const char *bytes, size_t length, const char *series)
{
    const char *at = bytes, *end = bytes + length;
    size_t size = strlen(series);
    while ((at = memmem(at, (size_t)(end - at), series, size))) {
        const char *digits = at + size, *stop = digits;
        while (stop < end && *stop >= '0' && *stop <= '9')
            stop++;
        if (at > bytes && at[-1] == '\0' && stop > digits && stop < end && *stop == '\0')
            return value_string_length(at, (size_t)(stop - at));
        at += size;
    }
    return value_null();
}

static struct value search_program(const char *path, const char *series)
{
    struct stat status;
    struct value version = value_null();
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return version;
    if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes != MAP_FAILED) {
            version = find_version(bytes, (size_t)status.st_size, series);
            munmap(bytes, (size_t)status.st_size);
        }
    }
    close(descriptor);
    return version;
}

struct value interpreter_version(const char *path)
{
    static const char prefix[] = "python";
    CLEANUP(memory_cleanup) char *real = realpath(path, NULL);
    const char *name = real ? path_name(real) : "";
    if (strncmp(name, prefix, strlen(prefix)) != 0 || !strchr(name, '.'))
        return value_null();
    OWNED series = value_string_format("%s.", name + strlen(prefix));
    return search_program(real, value_bytes(series));
}

void interpreter_describe(struct facts *facts, const char *path, const char *version)
{
    static const char *const parts[] = {"major", "minor", "micro"};
    struct dict *python = dict_new(), *named = dict_new();
    struct list *numbers = list_new(5);
    const char *at = version;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        char *end;
        struct value number = value_int(strtoll(at, &end, 10));
        at = *end ? end + 1 : end;
        dict_set_string_take(named, parts[i], number);
        list_push_take(numbers, number);
    }
    dict_set_string_take(named, "releaselevel", value_string("final"));
    dict_set_string_take(named, "serial", value_int(0));
    list_push_take(numbers, value_string("final"));
    list_push_take(numbers, value_int(0));
    dict_set_string_take(python, "version", value_dict_take(named));
    dict_set_string_take(python, "version_info", value_list_take(numbers));
    dict_set_string_take(python, "executable", value_string(path));
    dict_set_string_take(python, "has_sslcontext", value_bool(true));
    dict_set_string_take(python, "type", value_string("cpython"));
    facts_set_take(facts, "python", value_dict_take(python));
    facts_set_string(facts, "python_version", version);
}
