/* A plugin of Plimsoll in C, without bindings and without a library: the interface by hand.
 *
 * sdk/wit/v1/plugin.wit says what a plugin exports, the canonical ABI how that looks in memory:
 * https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md. A string and a list
 * are a pointer and a length; an option and a result are a byte that says which, and then the value;
 * records are structs as C lays them out. What is returned is a pointer to it.
 *
 * The rule reads labels of an organisation's own: a cost centre is eight digits, the last of which is a
 * check digit by Luhn's algorithm (ISO/IEC 7812-1, annex B). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))

/* ---- The types of plugin.wit ---- */

typedef struct { const char *bytes; size_t length; } string;
typedef struct { uint8_t some; uint32_t value; } option_u32;
typedef struct { uint8_t some; string value; } option_string;
typedef struct { uint32_t loc; option_string field; option_u32 item; } place;
typedef struct { place place; string message; } related;
typedef struct { related *items; size_t length; } list_related;
typedef struct {
    place place;
    string message;
    option_u32 subject;
    option_string level;
    list_related related;
} finding;
typedef struct { uint32_t subject; string reason; } unknown;
typedef struct { finding *items; size_t length; } list_finding;
typedef struct { unknown *items; size_t length; } list_unknown;
typedef struct { string rule, params; } wanted;
typedef struct { list_finding findings; list_unknown unknowns; } verdict;
typedef struct { uint8_t error; union { verdict verdict; string reason; }; } answer;
typedef struct { answer *items; size_t length; } list_answer;

_Static_assert(sizeof(place) == 24 && sizeof(finding) == 60 && sizeof(answer) == 20, "the layout");

#define TEXT(literal) ((string){literal, sizeof(literal) - 1})

/* ---- Memory: only ever more of it, for an instance lives for one document ---- */

extern unsigned char __heap_base;
static uintptr_t end_of_heap;

static void *allocate(size_t size, size_t alignment) {
    if (end_of_heap == 0) end_of_heap = (uintptr_t)&__heap_base;
    uintptr_t start = (end_of_heap + alignment - 1) & ~(uintptr_t)(alignment - 1);
    uintptr_t end = start + size, there = (uintptr_t)__builtin_wasm_memory_size(0) << 16;
    if (end < start) __builtin_trap();
    if (end > there && __builtin_wasm_memory_grow(0, (end - there + 0xffff) >> 16) == (size_t)-1)
        __builtin_trap();
    end_of_heap = end;
    return (void *)start;
}

static void copy(char *to, const char *from, size_t length) {
    for (size_t i = 0; i < length; i++) to[i] = from[i];
}

/* The host asks for the memory of the arguments here. */
EXPORT("cabi_realloc")
void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t size) {
    char *new = allocate(size, alignment);
    copy(new, old, old_size < size ? old_size : size);
    return new;
}

static string joined(const string *parts, size_t count) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) length += parts[i].length;
    char *bytes = allocate(length, 1), *at = bytes;
    for (size_t i = 0; i < count; at += parts[i].length, i++)
        copy(at, parts[i].bytes, parts[i].length);
    return (string){bytes, length};
}

static bool same(string a, string b) {
    if (a.length != b.length) return false;
    for (size_t i = 0; i < a.length; i++)
        if (a.bytes[i] != b.bytes[i]) return false;
    return true;
}

/* ---- JSON, as the host writes it: without errors. A value is the rest of the text from where it
 * begins; one that is not there is empty. Nothing here calls itself. ---- */

static char first(string json) { return json.length > 0 ? *json.bytes : 0; }

static string after(string json, size_t count) {
    if (count > json.length) count = json.length;
    json = (string){json.bytes + count, json.length - count};
    while (first(json) == ' ' || first(json) == '\n' || first(json) == '\t' || first(json) == '\r')
        json = (string){json.bytes + 1, json.length - 1};
    return json;
}

/* The length of a value: up to where its brackets are closed again, or up to what ends a word. */
static size_t extent(string json) {
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < json.length; i++) {
        char c = json.bytes[i];
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = false;
            else continue;
            if (!quoted && depth == 0) return i + 1;
        } else if (c == '"') quoted = true;
        else if (c == '{' || c == '[') depth++;
        else if (c == '}' || c == ']') {
            if (depth == 0) return i;
            if (--depth == 0) return i + 1;
        } else if (depth == 0 && c == ',') return i;
    }
    return json.length;
}

/* The first item of a list, or the first key of an object; then what follows an item. */
static string inside(string json) {
    json = first(json) == '[' || first(json) == '{' ? after(json, 1) : (string){0};
    return first(json) == ']' || first(json) == '}' ? (string){0} : json;
}

static string next(string item) {
    item = after(item, extent(item));
    return first(item) == ',' ? after(item, 1) : (string){0};
}

/* Keys of the facts and of parameters are written without escapes. */
static string member(string object, string name) {
    if (first(object) != '{') return (string){0};
    for (string key = inside(object); key.length > 0;) {
        size_t length = extent(key);
        string value = after(after(key, length), 1);
        if (length == name.length + 2 && same((string){key.bytes + 1, name.length}, name)) return value;
        key = next(value);
    }
    return (string){0};
}

static uint32_t number(string json) {
    uint32_t value = 0;
    for (; first(json) >= '0' && first(json) <= '9'; json = after(json, 1))
        value = value * 10 + (uint32_t)(first(json) - '0');
    return value;
}

/* What stands between the quotes. Escapes are left as they are: no digit and no letter needs one. */
static string text(string json) {
    return first(json) == '"' ? (string){json.bytes + 1, extent(json) - 2} : (string){0};
}

/* ---- The rule ---- */

static const string DESCRIPTION = TEXT(
    "{\"name\":\"in-c\",\"version\":\"0.1.0\",\"facts\":\"0\",\"rules\":[{"
    "\"id\":\"in-c/label/wrong-cost-centre\","
    "\"title\":\"Label names no cost centre\","
    "\"description\":\"Checks the label that says who pays for an image: eight digits, the last of which "
    "is a check digit.\","
    "\"severity\":\"low\",\"kinds\":[\"dockerfile\",\"image\"],\"subjects\":[\"image\"],"
    "\"profiles\":[\"strict\"],\"needs\":[\"config.labels\"],"
    "\"remedy\":\"Copy the number of the cost centre again.\","
    "\"params\":{\"key\":{\"type\":\"string\",\"default\":\"com.acme.cost-centre\","
    "\"description\":\"The key of the label.\"}},"
    "\"since\":\"0.1.0\"}]}");

static bool is_cost_centre(string value) {
    uint32_t sum = 0;
    if (value.length != 8) return false;
    for (size_t i = 0; i < 8; i++) {
        char c = value.bytes[i];
        if (c < '0' || c > '9') return false;
        uint32_t digit = (uint32_t)(c - '0') << (i % 2 == 0);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

static size_t count_labels(string images) {
    size_t count = 0;
    for (string image = inside(images); image.length > 0; image = next(image)) {
        string labels = member(member(image, TEXT("config")), TEXT("labels"));
        for (string label = inside(labels); label.length > 0; label = next(label)) count++;
    }
    return count;
}

static verdict judge(string facts, string key) {
    string images = member(facts, TEXT("images"));
    size_t most = count_labels(images);
    verdict said = {
        {allocate(most * sizeof(finding), _Alignof(finding)), 0},
        {allocate(most * sizeof(unknown), _Alignof(unknown)), 0},
    };
    for (string image = inside(images); image.length > 0; image = next(image)) {
        string labels = member(member(image, TEXT("config")), TEXT("labels"));
        for (string label = inside(labels); label.length > 0; label = next(label)) {
            string value = member(label, TEXT("value"));
            if (!same(text(member(label, TEXT("key"))), key)) continue;
            if (value.length == 0) {
                /* Absent is unknown. */
                string parts[] = {TEXT("what label `"), key, TEXT("` says is not known")};
                said.unknowns.items[said.unknowns.length++] =
                    (unknown){number(member(image, TEXT("loc"))), joined(parts, 3)};
            } else if (!is_cost_centre(text(value))) {
                string parts[] = {TEXT("`"), text(value), TEXT("` of label `"), key,
                                  TEXT("` is no cost centre")};
                said.findings.items[said.findings.length++] = (finding){
                    .place = {number(member(label, TEXT("loc"))), {1, TEXT("value")}, {0}},
                    .message = joined(parts, 5),
                };
            }
        }
    }
    return said;
}

/* ---- What plugin.wit asks for ---- */

EXPORT("describe")
const string *describe(void) { return &DESCRIPTION; }

EXPORT("check")
list_answer *check(const char *facts, size_t length, const wanted *rules, size_t count) {
    list_answer *answers = allocate(sizeof *answers, _Alignof(list_answer));
    *answers = (list_answer){allocate(count * sizeof(answer), _Alignof(answer)), count};
    for (size_t i = 0; i < count; i++) {
        if (same(rules[i].rule, TEXT("in-c/label/wrong-cost-centre"))) {
            string key = text(member(after(rules[i].params, 0), TEXT("key")));
            verdict said = judge(after((string){facts, length}, 0), key);
            answers->items[i] = (answer){.error = 0, .verdict = said};
        } else {
            answers->items[i] = (answer){.error = 1, .reason = TEXT("the plugin has no such rule")};
        }
    }
    return answers;
}
