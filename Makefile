# playlet: `make help` lists the targets.
# BUILD picks the flags, each with its own folder below build/: release, debug, asan (and fuzz, for `make fuzz`).
BUILD ?= release
PREFIX ?= /usr/local
OUT = build/$(BUILD)
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# Out-parameters are written on success only, which the optimiser cannot see through: maybe-uninitialized is for lint.
CFLAGS_release = -O3 -g -DNDEBUG -fno-pie -Wno-maybe-uninitialized
LDFLAGS_release = -no-pie
CFLAGS_debug = -Og -g3
CFLAGS_asan = -O1 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS_fuzz = -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION $(CFLAGS_asan) -fsanitize=fuzzer-no-link
WARNINGS = -Wall -Wextra -Wswitch-enum -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla \
           -Werror=implicit

PACKAGES = yaml-0.1 libpcre2-8 libuv libutf8proc gmp libcrypto libcrypt libedit
LIBRARIES = yaml pcre2-8 uv utf8proc gmp crypto crypt edit
# What the archive of libedit is made with.
ARCHIVES_NEED = bsd md tinfo
CFLAGS += -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS_$(BUILD)) -I. $(PACKAGE_CFLAGS)
LDFLAGS += $(LDFLAGS_$(BUILD)) -Wl,-O1 $(LDFLAGS_$(LINK))
PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)

# Libraries are linked from their archives where there are any (LINK=shared: never): a start then takes 0.7 ms instead
# of 1.8 ms, most of which the dynamic linker spends on the relocations of libcrypto.  Sanitizers need them shared.
LINK ?= $(if $(filter asan fuzz,$(BUILD)),shared,archive)
archive = $(filter /%,$(foreach name,lib$(1).a lib$(1)_a.a,$(shell $(CC) -print-file-name=$(name))))
LDLIBS_archive = $(foreach library,$(LIBRARIES) $(ARCHIVES_NEED),$(firstword $(call archive,$(library)) -l$(library)))
LDLIBS_shared = $(LIBRARIES:%=-l%)
# AddressSanitizer offers crypt_r itself, so that as-needed would leave out the library it comes from.
LDFLAGS_archive = -Wl,--as-needed
LDLIBS += $(shell pkg-config --libs-only-L $(PACKAGES) 2>/dev/null) $(LDLIBS_$(LINK)) -lm -ldl -lpthread

SOURCES := $(shell find $(wildcard runtime parser eval stdlib commands) -name '*.c')
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)
TEST_SOURCES := $(shell find tests -name '*.c' -not -path 'tests/fuzz/*')
TEST_OBJECTS = $(TEST_SOURCES:%.c=$(OUT)/%.o)
FORMATTED = $(shell find main.c runtime parser eval stdlib commands tests bench -name '*.[ch]' 2>/dev/null)

# A line a file; V=1 shows the whole commands.
say = $(if $(V),,@echo "  $(1)  $(2)"; )

# What is missing may be installed first, so the build is a make of its own: it asks pkg-config again.
BUILD_NOW = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: all deps demo check check-asan check-layers check-headers check-grammar lint format bench fuzz install clean help
.DELETE_ON_ERROR:

all: playlet            ## Build ./playlet, optimised (BUILD=debug|asan: build/BUILD/playlet)

playlet: $(OUT)/playlet
	$(if $(filter release,$(BUILD)),cp -f $< $@)

$(OUT)/playlet: $(OUT)/main.o $(OBJECTS)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/playlet-tests: $(TEST_OBJECTS) $(OBJECTS)
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d) $(OUT)/main.d

deps:                   ## Install the libraries that are missing, with the system's package manager
	@tools/deps $(PACKAGES)

DEMO ?= examples/async/poll-until-done.yml
demo: deps              ## Build, then run an asynchronous example (DEMO=FILE: another one)
	@$(BUILD_NOW) playlet
	./playlet run $(DEMO)

check: deps             ## Build, then run all tests and checks; ends with `N passed, N failed`
	@$(BUILD_NOW) playlet $(OUT)/playlet-tests
	@CC="$(CC)" CFLAGS="$(CFLAGS)" tools/check-all $(OUT)

check-asan: deps        ## Build with sanitizers, then run all tests
	@$(BUILD_NOW) BUILD=asan playlet build/asan/playlet-tests
	@build/asan/playlet-tests

check-layers:           ## Hold the includes against the order of the folders
	@tools/check-layers
check-headers:          ## Compile each header alone
	@CC="$(CC)" CFLAGS="$(CFLAGS)" tools/check-headers
check-grammar:          ## Hold each production of grammar/*.ebnf against the function that parses it
	@tools/check-grammar

lint:                   ## Look for long functions, left-over marks and defects (clang-tidy, cppcheck)
	@CFLAGS="$(CFLAGS)" tools/lint

format:                 ## Format the sources with clang-format
	clang-format -i $(FORMATTED)

BENCH_HELPERS = $(patsubst %.c,$(OUT)/%,$(wildcard bench/*.c))
bench: playlet $(BENCH_HELPERS) ## Measure the speed of ./playlet
	@bench/run ./playlet

$(OUT)/bench/%: $(OUT)/bench/%.o $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

SECONDS ?= 60
fuzz:                   ## Feed the parsers with random input for SECONDS=60 (needs clang)
	@$(BUILD_NOW) BUILD=fuzz CC=clang $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/*.c))
	@tools/fuzz $(SECONDS)

build/fuzz/%: build/fuzz/tests/fuzz/%.o $(OBJECTS)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The links let programs that ask for ansible-playbook find playlet: put PREFIX/libexec/playlet in front of PATH.
LINKS = ansible-playbook
install: playlet        ## Install below PREFIX=/usr/local (DESTDIR=...; WITH_LINKS=1: ansible-playbook in libexec too)
	install -D -m 755 playlet $(DESTDIR)$(PREFIX)/bin/playlet
	$(if $(wildcard docs/playlet.1),install -D -m 644 docs/playlet.1 $(DESTDIR)$(PREFIX)/share/man/man1/playlet.1)
	$(if $(wildcard tools/completion.bash),install -D -m 644 tools/completion.bash \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/playlet)
	$(if $(WITH_LINKS),mkdir -p $(DESTDIR)$(PREFIX)/libexec/playlet)
	$(if $(WITH_LINKS),for name in $(LINKS); do ln -sf ../../bin/playlet $(DESTDIR)$(PREFIX)/libexec/playlet/$$name; done)

clean:                  ## Remove what was built
	rm -rf build playlet

help:                   ## List the targets
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile
