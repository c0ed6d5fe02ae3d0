/* SPDX-License-Identifier: MIT */
/*
 * The verb attr: attributes of an entry of a volume, shown, set and removed.
 */
#include "attributes.h"
#include "json.h"
#include "loaded.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ATTRIBUTE_MAX 1022

struct attr_args {
    struct cli_session_args session;
    bool hex;
    bool text;
    uint32_t integer; /* 0: no; else the bytes to be stored */
    bool remove;
};

#define AT(member) offsetof(struct attr_args, member)

static const char *store_integer(void *member, const char *value)
{
    static const char *const sizes[] = {"1", "2", "4", "8"};
    *(uint32_t *)member = 8;
    for (size_t i = 0; value != NULL && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (strcmp(value, sizes[i]) == 0) {
            *(uint32_t *)member = UINT32_C(1) << i;
            return NULL;
        }
    }
    return value == NULL ? NULL : "is not 1, 2, 4 or 8";
}

static const struct cli_option attr_options[] = {
    {"hex", 0, NULL, cli_store_true, AT(hex), "VALUE, or what is shown, is in hexadecimal digits"},
    {"text", 0, NULL, cli_store_true, AT(text),
     "It is text; that is what VALUE is by default. Shown, it is given as it is"},
    {"int", 0, "[=1|2|4|8]", store_integer, AT(integer),
     "It is a number, stored in 1, 2, 4 or 8 bytes, by default 8, the lowest first"},
    {"remove", 0, NULL, cli_store_true, AT(remove), "Remove the attribute"},
    CLI_SESSION_JSON(struct attr_args, "An object: for each type, 0xNN, the value in hexadecimal"),
    {0},
};

static const struct cli_option_group attr_groups[] = {
    {"Values", attr_options, 0},
    CLI_SESSION_CHANGING_GROUP(struct attr_args),
    CLI_SESSION_READING_GROUP(struct attr_args),
    CLI_HELP_GROUP,
    {0},
};

/* --- shown ---------------------------------------------------------------------------- */

static bool is_printable(const unsigned char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && isprint(bytes[i])) {
        i++;
    }
    return size > 0 && i == size;
}

static void print_attribute(FILE *out, const struct lfk_attribute *attribute)
{
    struct cli_text line = {0};
    cli_text_print(&line, "0x%02x ", attribute->type);
    if (isgraph(attribute->type)) {
        cli_text_print(&line, "%c ", attribute->type);
    } else {
        cli_text_add(&line, "  ", 2);
    }
    cli_text_print(&line, "%5u ", (unsigned)attribute->size);
    cli_text_hex(&line, attribute->data, attribute->size);
    if (is_printable(attribute->data, attribute->size)) {
        cli_text_print(&line, " \"%.*s\"", (int)attribute->size, (const char *)attribute->data);
    }
    fprintf(out, "%s\n", cli_text_string(&line));
    cli_text_free(&line);
}

static int list_attributes(struct cli_session *session, const struct attr_args *args,
                           const struct cli_place *place)
{
    FILE *out = session->run->io->out;
    struct cli_loaded loaded = {0};
    int exit_code = cli_loaded_open(&loaded, session, place, true);
    if (exit_code == CLI_DONE && args->session.json) {
        if (!cli_json_print(out, cli_json_attributes(loaded.node))) {
            exit_code = cli_session_fail(session, CLI_FAULT_IMAGE, NULL, LFK_ERR_NOMEM, NULL);
        }
    } else if (exit_code == CLI_DONE) {
        for (const struct lfk_attribute *a = loaded.node->attributes; a != NULL; a = a->next) {
            print_attribute(out, a);
        }
    }
    cli_loaded_free(&loaded);
    return exit_code;
}

/* Prints one value in the form that is asked for. */
static int print_value(struct cli_session *session, const struct attr_args *args,
                       const struct lfk_attribute *attribute)
{
    FILE *out = session->run->io->out;
    struct cli_text hex = {0};
    cli_text_hex(&hex, attribute->data, attribute->size);
    if (args->session.json) {
        fprintf(out, "{\"0x%02x\": \"%s\"}\n", attribute->type, cli_text_string(&hex));
    } else if (args->hex) {
        fprintf(out, "%s\n", cli_text_string(&hex));
    } else if (args->text) {
        fwrite(attribute->data, 1, attribute->size, out);
    } else if (args->integer != 0) {
        fprintf(out, "%" PRIu64 "\n", cli_little_endian_get(attribute->data, attribute->size));
    } else {
        print_attribute(out, attribute);
    }
    int exit_code = cli_session_check_text(session, &hex);
    cli_text_free(&hex);
    return exit_code;
}

static int show_attribute(struct cli_session *session, const struct attr_args *args,
                          const struct cli_place *place, uint8_t type)
{
    unsigned char bytes[ATTRIBUTE_MAX];
    struct lfk_detail detail = {0};
    int size = lfk_filesystem_get_attribute(session->filesystem, cli_place_stored(place), type,
                                            bytes, sizeof(bytes), &detail);
    if (size >= 0 && args->integer != 0 && size > 8) {
        detail = (struct lfk_detail){.status = LFK_ERR_INVAL,
                                     .what = "the attribute is too long for a number"};
        size = LFK_ERR_INVAL;
    }
    if (size < 0) {
        return cli_place_fail(session, place, size, &detail);
    }
    const struct lfk_attribute attribute = {.type = type, .size = (uint16_t)size, .data = bytes};
    return print_value(session, args, &attribute);
}

/* --- changed -------------------------------------------------------------------------- */

struct value {
    unsigned char bytes[ATTRIBUTE_MAX];
    size_t size;
};

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
    return at == NULL ? -1 : (int)(at - digits);
}

static const char *parse_hex(const char *text, struct value *value)
{
    for (; text[0] != '\0'; text += 2) {
        int high = digit_of(text[0]);
        int low = high < 0 ? -1 : digit_of(text[1]);
        if (low < 0) {
            return "VALUE is not pairs of hexadecimal digits";
        }
        if (value->size == ATTRIBUTE_MAX) {
            return "VALUE is longer than 1022 bytes";
        }
        value->bytes[value->size++] = (unsigned char)(high << 4 | low);
    }
    return NULL;
}

static const char *parse_integer(const char *text, uint32_t size, struct value *value)
{
    char *end;
    errno = 0;
    uint64_t number = strtoull(text, &end, 0);
    if (!isdigit((unsigned char)*text) || *end != '\0') {
        return "VALUE is not a number";
    }
    if (errno != 0 || (size < 8 && number >> (8 * size) != 0)) {
        return "VALUE is too large for so many bytes";
    }
    value->size = size;
    cli_little_endian_put(value->bytes, size, number);
    return NULL;
}

static const char *parse_text(const char *text, struct value *value)
{
    value->size = strlen(text);
    if (value->size > ATTRIBUTE_MAX) {
        return "VALUE is longer than 1022 bytes";
    }
    memcpy(value->bytes, text, value->size);
    return NULL;
}

static int set_attribute(struct cli_session *session, const struct attr_args *args,
                         const struct cli_place *place, uint8_t type, const char *text)
{
    struct value value = {.size = 0};
    struct lfk_detail detail = {0};
    const char *complaint = args->hex            ? parse_hex(text, &value)
                            : args->integer != 0 ? parse_integer(text, args->integer, &value)
                                                 : parse_text(text, &value);
    if (complaint != NULL) {
        return cli_session_usage(session, complaint);
    }
    int status = lfk_filesystem_set_attribute(session->filesystem, cli_place_stored(place), type,
                                              value.bytes, (uint32_t)value.size, &detail);
    if (status < 0) {
        return cli_place_fail(session, place, status, &detail);
    }
    cli_session_announce(session, "Set attribute 0x%02x of %s", type, cli_place_shown(place));
    return CLI_DONE;
}

static int remove_attribute(struct cli_session *session, const struct cli_place *place,
                            uint8_t type)
{
    struct lfk_detail detail = {0};
    const char *path = cli_place_stored(place);
    int status = lfk_filesystem_get_attribute(session->filesystem, path, type, NULL, 0, &detail);
    if (status >= 0) {
        status = lfk_filesystem_remove_attribute(session->filesystem, path, type, &detail);
    }
    if (status < 0) {
        return cli_place_fail(session, place, status, &detail);
    }
    cli_session_announce(session, "Removed attribute 0x%02x of %s", type, cli_place_shown(place));
    return CLI_DONE;
}

/* --- the verb --------------------------------------------------------------------------- */

static const char *find_contradiction(const struct attr_args *args, int count)
{
    if (args->hex + args->text + (args->integer != 0) > 1) {
        return "--hex, --text and --int cannot be combined";
    }
    if (args->remove && count != 2) {
        return "--remove takes PATH and TYPE";
    }
    return NULL;
}

static int run_on_place(struct cli_session *session, const struct attr_args *args,
                        const struct cli_place *place, char **operands, int count)
{
    struct cli_attribute_type type = {0};
    if (count == 1) {
        return list_attributes(session, args, place);
    }
    if (cli_attribute_type_parse(operands[1], &type) != NULL) {
        return cli_session_usage(session, "TYPE is neither a number from 0 to 255 nor a character");
    }
    if (args->remove) {
        return remove_attribute(session, place, type.number);
    }
    return count == 2 ? show_attribute(session, args, place, type.number)
                      : set_attribute(session, args, place, type.number, operands[2]);
}

static int run_attr(struct cli_session *session, void *all_args, char **operands, int count)
{
    const struct attr_args *args = all_args;
    struct cli_place place = {0};
    const char *contradiction = find_contradiction(args, count);
    if (contradiction != NULL) {
        return cli_session_usage(session, contradiction);
    }
    int exit_code = cli_place_set(&place, session, operands[0]);
    if (exit_code == CLI_DONE) {
        exit_code = run_on_place(session, args, &place, operands, count);
    }
    cli_place_free(&place);
    return exit_code;
}

static bool attr_reads(const void *all_args, int count)
{
    const struct attr_args *args = all_args;
    return !args->remove && count < 3;
}

const struct cli_verb cli_attr = {
    .name = "attr",
    .operands = "IMAGE PATH [TYPE [VALUE]]",
    .summary = "show, set and remove attributes of an entry of an image",
    .description =
        "Without TYPE it prints the attributes of the file or directory PATH: type, the character "
        "of that number, size in bytes and value in hexadecimal and, if it is printable, as text. "
        "With TYPE it prints this one, and with VALUE it sets it, in place. TYPE is a number from "
        "0 to 255, or the character that has the number: t is 116, 0x74.",
    .examples = "lfskit attr lfs.bin /cfg/net.json v 'version 7'\n"
                "lfskit attr --int=4 lfs.bin /cfg/net.json t 1700000000\n"
                "lfskit attr lfs.bin /cfg/net.json\n"
                "lfskit attr --remove lfs.bin /cfg/net.json t",
    .groups = attr_groups,
    .args_size = sizeof(struct attr_args),
    .min_operands = 2,
    .max_operands = 4,
    .inside = run_attr,
    .writes = true,
    .reads = attr_reads,
    .inside_operands = "<path> [<type> [<value>]]",
};
