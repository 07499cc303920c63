# playlet: `make help` lists the targets.
BUILD ?= release
PREFIX ?= /usr/local
PACKAGES = yaml-0.1 libpcre2-8 libuv libutf8proc gmp
OUT = build/$(BUILD)

CFLAGS_release = -O2 -g -DNDEBUG
CFLAGS_debug = -Og -g3
CFLAGS_asan = -O1 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined

WARNINGS = -Wall -Wextra -Wswitch-enum -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Werror=implicit
CFLAGS += -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS_$(BUILD)) -I. $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDLIBS += $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lm

SOURCES = $(shell find runtime parser eval stdlib -name '*.c')
OBJECTS = $(SOURCES:%.c=$(OUT)/%.o)
TEST_SOURCES = $(shell find tests -name '*.c' -not -path 'tests/fuzz/*')
TEST_OBJECTS = $(TEST_SOURCES:%.c=$(OUT)/%.o)

all: playlet

playlet: $(OUT)/playlet
	cp -f $< $@

$(OUT)/playlet: $(OUT)/main.o $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/playlet-tests: $(TEST_OBJECTS) $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d) $(OUT)/main.d

clean:
	rm -rf build playlet

.PHONY: all clean
