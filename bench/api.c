/* SPDX-License-Identifier: MIT */
/*
 * api: plays a script of file system calls through lfs.h over a flash in memory
 * that counts, and prints what each part of it took. Standard input is a call
 * a line, as script.py writes them; for each part a line comes out:
 *
 *   NAME SECONDS READS BYTES_READ PROGS BYTES_PROGRAMMED ERASES
 *
 * Seconds are of processor time. api_worker.py plays the same script on
 * littlefs itself.
 */
#include "lfs.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DATA_SIZE (16u << 20) /* the most that one call reads or writes */

struct counts {
    uint64_t reads;
    uint64_t bytes_read;
    uint64_t progs;
    uint64_t bytes_programmed;
    uint64_t erases;
};

struct player {
    struct lfs_config config;
    struct counts counts;
    uint8_t *flash;
    uint8_t *data; /* what is written */
    uint8_t *room; /* what is read goes there */
    lfs_t lfs;
    lfs_file_t file;
    const char *part; /* that is on; NULL: none is */
    clock_t start;
};

/* A call and its operands, in the script's own memory. */
struct call {
    int (*play)(struct player *player, const struct call *call);
    const char *name;
    const char *text[2];
    uint32_t number[2]; /* what the text says, if it is one */
};

/* --- the flash --------------------------------------------------------------------- */

static uint8_t *flash_at(const struct lfs_config *c, lfs_block_t block, lfs_off_t off)
{
    const struct player *player = c->context;
    return player->flash + (size_t)block * c->block_size + off;
}

static struct counts *counts_of(const struct lfs_config *c)
{
    return &((struct player *)c->context)->counts;
}

static int flash_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                      lfs_size_t size)
{
    counts_of(c)->reads++;
    counts_of(c)->bytes_read += size;
    memcpy(buffer, flash_at(c, block, off), size);
    return 0;
}

static int flash_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                      const void *buffer, lfs_size_t size)
{
    counts_of(c)->progs++;
    counts_of(c)->bytes_programmed += size;
    memcpy(flash_at(c, block, off), buffer, size);
    return 0;
}

static int flash_erase(const struct lfs_config *c, lfs_block_t block)
{
    counts_of(c)->erases++;
    memset(flash_at(c, block, 0), 0xff, c->block_size);
    return 0;
}

static int flash_sync(const struct lfs_config *c)
{
    (void)c;
    return 0;
}

/* --- parts ---------------------------------------------------------------------------- */

static void end_part(struct player *player)
{
    const struct counts *n = &player->counts;
    double seconds = (double)(clock() - player->start) / CLOCKS_PER_SEC;
    if (player->part != NULL) {
        printf("%s %.6f %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
               player->part, seconds, n->reads, n->bytes_read, n->progs, n->bytes_programmed,
               n->erases);
    }
    player->part = NULL;
}

static int play_part(struct player *player, const struct call *call)
{
    end_part(player);
    player->part = call->text[0];
    player->counts = (struct counts){0};
    player->start = clock();
    return 0;
}

static int play_end(struct player *player, const struct call *call)
{
    (void)call;
    end_part(player);
    return 0;
}

/* --- calls ------------------------------------------------------------------------------ */

/* Sets a member of the configuration. */
static int play_set(struct player *player, const struct call *call)
{
    const char *name = call->text[0];
    uint32_t value = call->number[1];
    struct lfs_config *c = &player->config;
    if (strcmp(name, "block_cycles") == 0) {
        c->block_cycles = (int32_t)value;
        return 0;
    }
    lfs_size_t *member = strcmp(name, "read_size") == 0        ? &c->read_size
                         : strcmp(name, "prog_size") == 0      ? &c->prog_size
                         : strcmp(name, "block_size") == 0     ? &c->block_size
                         : strcmp(name, "block_count") == 0    ? &c->block_count
                         : strcmp(name, "cache_size") == 0     ? &c->cache_size
                         : strcmp(name, "lookahead_size") == 0 ? &c->lookahead_size
                                                               : NULL;
    if (member == NULL) {
        return LFS_ERR_INVAL;
    }
    *member = value;
    return 0;
}

/* Takes memory for the flash, all of it erased and touched, if there is none yet. */
static size_t take_flash(struct player *player)
{
    size_t size = (size_t)player->config.block_size * player->config.block_count;
    if (player->flash == NULL && (player->flash = malloc(size)) != NULL) {
        memset(player->flash, 0xff, size);
    }
    return player->flash != NULL ? size : 0;
}

/* Writes the flash to a file, or reads it from one. */
static int transfer_flash(struct player *player, const char *path, const char *mode)
{
    size_t size = take_flash(player);
    FILE *file = fopen(path, mode);
    if (size == 0 || file == NULL) {
        return LFS_ERR_IO;
    }
    size_t done =
        mode[0] == 'r' ? fread(player->flash, 1, size, file) : fwrite(player->flash, 1, size, file);
    return fclose(file) == 0 && done == size ? 0 : LFS_ERR_IO;
}

static int play_save(struct player *player, const struct call *call)
{
    return transfer_flash(player, call->text[0], "wb");
}

static int play_load(struct player *player, const struct call *call)
{
    return transfer_flash(player, call->text[0], "rb");
}

static int play_format(struct player *player, const struct call *call)
{
    (void)call;
    return take_flash(player) != 0 ? lfs_format(&player->lfs, &player->config) : LFS_ERR_NOMEM;
}

static int play_mount(struct player *player, const struct call *call)
{
    (void)call;
    return lfs_mount(&player->lfs, &player->config);
}

static int play_unmount(struct player *player, const struct call *call)
{
    (void)call;
    return lfs_unmount(&player->lfs);
}

static int play_mkdir(struct player *player, const struct call *call)
{
    return lfs_mkdir(&player->lfs, call->text[0]);
}

static int play_remove(struct player *player, const struct call *call)
{
    return lfs_remove(&player->lfs, call->text[0]);
}

static int play_rename(struct player *player, const struct call *call)
{
    return lfs_rename(&player->lfs, call->text[0], call->text[1]);
}

static int play_stat(struct player *player, const struct call *call)
{
    struct lfs_info info;
    return lfs_stat(&player->lfs, call->text[0], &info);
}

static int play_list(struct player *player, const struct call *call)
{
    lfs_dir_t dir;
    struct lfs_info info;
    int result = lfs_dir_open(&player->lfs, &dir, call->text[0]);
    if (result < 0) {
        return result;
    }
    while ((result = lfs_dir_read(&player->lfs, &dir, &info)) > 0) {
    }
    int closed = lfs_dir_close(&player->lfs, &dir);
    return result < 0 ? result : closed;
}

static int play_setattr(struct player *player, const struct call *call)
{
    return lfs_setattr(&player->lfs, call->text[0], 't', player->data, call->number[1]);
}

static int play_getattr(struct player *player, const struct call *call)
{
    return lfs_getattr(&player->lfs, call->text[0], 't', player->room, LFS_ATTR_MAX);
}

static int play_removeattr(struct player *player, const struct call *call)
{
    return lfs_removeattr(&player->lfs, call->text[0], 't');
}

static int flags_of(const char *mode)
{
    switch (mode[0]) {
    case 'w':
        return LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC;
    case 'a':
        return LFS_O_WRONLY | LFS_O_CREAT | LFS_O_APPEND;
    case '+':
        return LFS_O_RDWR;
    default:
        return LFS_O_RDONLY;
    }
}

static int play_open(struct player *player, const struct call *call)
{
    return lfs_file_open(&player->lfs, &player->file, call->text[1], flags_of(call->text[0]));
}

static int play_close(struct player *player, const struct call *call)
{
    (void)call;
    return lfs_file_close(&player->lfs, &player->file);
}

static int play_sync(struct player *player, const struct call *call)
{
    (void)call;
    return lfs_file_sync(&player->lfs, &player->file);
}

static int play_seek(struct player *player, const struct call *call)
{
    return lfs_file_seek(&player->lfs, &player->file, (lfs_soff_t)call->number[0], LFS_SEEK_SET);
}

static int play_truncate(struct player *player, const struct call *call)
{
    return lfs_file_truncate(&player->lfs, &player->file, call->number[0]);
}

static int play_write(struct player *player, const struct call *call)
{
    return lfs_file_write(&player->lfs, &player->file, player->data, call->number[0]);
}

static int play_read(struct player *player, const struct call *call)
{
    return lfs_file_read(&player->lfs, &player->file, player->room, call->number[0]);
}

/* What memory takes: nothing can move bytes faster. */
static int play_copy(struct player *player, const struct call *call)
{
    memcpy(player->room, player->data, call->number[0]);
    return 0;
}

/* --- the script ---------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*play)(struct player *player, const struct call *call);
} calls[] = {
    {"set", play_set},           {"part", play_part},
    {"end", play_end},           {"save", play_save},
    {"load", play_load},         {"format", play_format},
    {"mount", play_mount},       {"unmount", play_unmount},
    {"mkdir", play_mkdir},       {"remove", play_remove},
    {"rename", play_rename},     {"stat", play_stat},
    {"list", play_list},         {"setattr", play_setattr},
    {"getattr", play_getattr},   {"removeattr", play_removeattr},
    {"open", play_open},         {"close", play_close},
    {"sync", play_sync},         {"seek", play_seek},
    {"truncate", play_truncate}, {"write", play_write},
    {"read", play_read},         {"copy", play_copy},
};

static bool parse(struct call *call, char *line)
{
    char *word = strtok(line, " ");
    *call = (struct call){.name = word};
    for (size_t i = 0; word != NULL && i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(word, calls[i].name) == 0) {
            call->play = calls[i].play;
        }
    }
    for (int i = 0; i < 2 && (word = strtok(NULL, " ")) != NULL; i++) {
        call->text[i] = word;
        call->number[i] = (uint32_t)strtol(word, NULL, 10);
    }
    return call->play != NULL;
}

/* All of standard input, with a NUL behind it. */
static char *read_script(void)
{
    size_t size = 0;
    size_t room = 1u << 16;
    char *text = malloc(room);
    size_t got;
    while (text != NULL && (got = fread(text + size, 1, room - size - 1, stdin)) > 0) {
        size += got;
        if (size + 1 == room) {
            char *more = realloc(text, room *= 2);
            if (more == NULL) {
                free(text);
            }
            text = more;
        }
    }
    if (text != NULL) {
        text[size] = '\0';
    }
    return text;
}

static size_t count_lines(const char *text)
{
    size_t count = 1;
    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

/* Splits the script into calls before any is played; 0 and a message if it has none or a bad one.
 */
static size_t parse_script(char *text, struct call *script)
{
    size_t count = 0;
    while (text != NULL && *text != '\0') {
        char *end = strchr(text, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        if (!parse(&script[count++], text)) {
            fprintf(stderr, "api: line %zu of the script is not known\n", count);
            return 0;
        }
        text = end;
    }
    return count;
}

static int play(struct player *player, const struct call *script, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int result = script[i].play(player, &script[i]);
        if (result < 0) {
            fprintf(stderr, "api: line %zu: %s: error %d\n", i + 1, script[i].name, result);
            return 1;
        }
    }
    end_part(player);
    return 0;
}

/* With the numbers from 0 to 250, over and over. */
static void fill(uint8_t *data)
{
    size_t filled = 0;
    for (; filled < 251; filled++) {
        data[filled] = (uint8_t)filled;
    }
    while (filled < DATA_SIZE) {
        size_t more = filled < DATA_SIZE - filled ? filled : DATA_SIZE - filled;
        memcpy(data + filled, data, more);
        filled += more;
    }
}

int main(void)
{
    struct player player = {.data = malloc(DATA_SIZE), .room = malloc(DATA_SIZE)};
    char *text = read_script();
    struct call *script = text != NULL ? calloc(count_lines(text), sizeof(*script)) : NULL;
    int status = 1;
    if (script != NULL && player.data != NULL && player.room != NULL) {
        player.config = (struct lfs_config){.context = &player,
                                            .read = flash_read,
                                            .prog = flash_prog,
                                            .erase = flash_erase,
                                            .sync = flash_sync};
        fill(player.data);
        memset(player.room, 0, DATA_SIZE);
        size_t count = parse_script(text, script);
        status = count > 0 ? play(&player, script, count) : 1;
    }
    lfs_unmount(&player.lfs);
    free(script);
    free(text);
    free(player.flash);
    free(player.data);
    free(player.room);
    return status;
}
