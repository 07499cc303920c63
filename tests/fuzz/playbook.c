/* Fuzzer: YAML, the playbook parser, its warnings and the rendering of its errors. */
#include <string.h>

#include "eval/expression/registry.h"
#include "parser/playbook.h"
#include "runtime/source/render.h"
#include "runtime/value/text.h"
#include "stdlib/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *find_module(void *context, const char *name, size_t length)
{
    const struct module *module = registry_find_module(context, name, length);
    return module ? module->name : NULL;
}

static const char *const *raw_keys(void *context, const char *name)
{
    const struct module *module = registry_find_module(context, name, strlen(name));
    return module ? module->raw_keys : NULL;
}

static void offer_modules(void *context, struct suggestion *suggestion)
{
    registry_offer_modules(context, suggestion);
}

static bool find_lookup(void *context, const char *name, size_t length)
{
    return registry_find(context, FUNCTION_LOOKUP, name, length) != NULL;
}

static void render(struct error *error)
{
    CLEANUP(text_buffer_done) struct text_buffer out = {0};
    if (error->kind != ERROR_NONE)
        render_error(&out, error);
    error_done(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct registry *registry;
    if (!registry)
        registry = registry_new(&stdlib_library);
    struct dialect dialect = {find_module, raw_keys, offer_modules, find_lookup, registry};
    struct source *source = source_new("fuzz.yml", (const char *)bytes, length);
    struct error error = {0};
    struct list *documents;
    struct playbook *playbook = playbook_parse(source, &dialect, &error);
    playbook_free(playbook);
    render(&error);
    struct task_file *file = task_file_parse(source, &dialect, NULL, false, &error);
    task_file_free(file);
    render(&error);
    if (yaml_parse_values((const char *)bytes, length, &documents, &error))
        list_drop(documents);
    render(&error);
    source_drop(source);
    return 0;
}
