/* SPDX-License-Identifier: MIT */
/*
 * Changes of metadata: a block's log is taken apart, something in it is
 * changed, and it is written anew with every checksum right.
 */
#include "canvas.h"

#include "disk/disk.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS_MAX 256u
#define DATA_MAX 1024u
/* How many blocks are looked at for one that holds a log. */
#define TRIES 64u

struct piece {
    lfk_tag tag;
    uint8_t *data; /* as many bytes as were there, whatever the tag says now */
    uint32_t size;
};

/* The log being changed. `spare` is where data of new entries goes. */
struct score {
    struct canvas *canvas;
    uint32_t revision;
    uint32_t count;
    struct piece pieces[RECORDS_MAX];
    uint8_t spare[32];
};

/* Takes the log apart; its data stays in `block`. */
static void take_apart(struct score *score, const struct lfk_log *log, uint8_t *block)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    score->revision = log->revision;
    lfk_log_reader_start(&reader, log);
    while (lfk_log_reader_next(&reader, &record) && score->count < RECORDS_MAX) {
        uint32_t type = lfk_tag_type(record.tag);
        if (!lfk_tag_is_crc(record.tag) && type != LFK_TYPE_FCRC) {
            score->pieces[score->count++] =
                (struct piece){record.tag, block + record.offset, record.size};
        }
    }
}

static uint32_t random_type(struct seed *seed)
{
    static const uint16_t types[] = {
        LFK_TYPE_FILE,          LFK_TYPE_DIR,        LFK_TYPE_SUPERBLOCK, LFK_TYPE_DIR_STRUCT,
        LFK_TYPE_INLINE_STRUCT, LFK_TYPE_CTZ_STRUCT, LFK_TYPE_ATTRIBUTE,  LFK_TYPE_ATTRIBUTE + 1,
        LFK_TYPE_CREATE,        LFK_TYPE_DELETE,     LFK_TYPE_FCRC,       LFK_TYPE_SOFT_TAIL,
        LFK_TYPE_HARD_TAIL,     LFK_TYPE_GSTATE,     LFK_TYPE_CRC};
    if (seed_below(seed, 8) == 0) {
        return seed_below(seed, 0x800);
    }
    return types[seed_below(seed, sizeof(types) / sizeof(types[0]))];
}

static uint32_t random_id(struct seed *seed)
{
    switch (seed_below(seed, 4)) {
    case 0:
        return LFK_ID_NONE - seed_below(seed, 3);
    case 1:
        return seed_below(seed, LFK_ID_NONE + 1);
    default:
        return seed_below(seed, 8);
    }
}

static uint32_t random_length(struct seed *seed, uint32_t old)
{
    switch (seed_below(seed, 4)) {
    case 0:
        return LFK_LENGTH_DELETED - seed_below(seed, 2);
    case 1:
        return seed_below(seed, 32);
    default:
        return (old + seed_below(seed, 5) - 2) & LFK_LENGTH_DELETED;
    }
}

static void change_tag(struct score *score, struct piece *piece)
{
    struct seed *seed = score->canvas->seed;
    uint32_t type = lfk_tag_type(piece->tag);
    uint32_t id = lfk_tag_id(piece->tag);
    uint32_t length = lfk_tag_length(piece->tag);
    switch (seed_below(seed, 3)) {
    case 0:
        type = random_type(seed);
        break;
    case 1:
        id = random_id(seed);
        break;
    default:
        length = random_length(seed, length);
        break;
    }
    piece->tag = lfk_tag_make(type, id, length);
}

static void change_data(struct score *score, const struct piece *piece)
{
    struct seed *seed = score->canvas->seed;
    if (piece->size >= 4 && seed_below(seed, 4) != 0) {
        uint8_t *word = piece->data + (size_t)4 * seed_below(seed, piece->size / 4);
        lfk_put_le32(word, canvas_number(score->canvas, lfk_get_le32(word)));
    } else if (piece->size > 0) {
        static const uint8_t bytes[] = {0, '/', '.', 'a', 0x7f, 0x80, 0xff};
        piece->data[seed_below(seed, piece->size)] = bytes[seed_below(seed, sizeof(bytes))];
    }
}

/* An entry of any type, with numbers for its data, before another. */
static void insert(struct score *score, uint32_t at)
{
    struct canvas *canvas = score->canvas;
    uint32_t size = 4 * seed_below(canvas->seed, (uint32_t)sizeof(score->spare) / 4 + 1);
    uint32_t type = random_type(canvas->seed);
    uint32_t id = random_id(canvas->seed);
    for (uint32_t i = 0; i < sizeof(score->spare); i += 4) {
        lfk_put_le32(score->spare + i, canvas_number(canvas, 0));
    }
    if (score->count < RECORDS_MAX) {
        memmove(&score->pieces[at + 1], &score->pieces[at],
                (score->count - at) * sizeof(score->pieces[0]));
        score->pieces[at] = (struct piece){lfk_tag_make(type, id, size), score->spare, size};
        score->count++;
    }
}

static void drop(struct score *score, uint32_t at)
{
    score->count--;
    memmove(&score->pieces[at], &score->pieces[at + 1],
            (score->count - at) * sizeof(score->pieces[0]));
}

static void change(struct score *score)
{
    struct seed *seed = score->canvas->seed;
    if (score->count == 0) {
        insert(score, 0);
        return;
    }
    uint32_t at = seed_below(seed, score->count);
    uint32_t other = seed_below(seed, score->count);
    struct piece *piece = &score->pieces[at];
    switch (seed_below(seed, 10)) {
    case 0:
        drop(score, at);
        break;
    case 1:
        insert(score, at);
        break;
    case 2: {
        struct piece swapped = *piece;
        *piece = score->pieces[other];
        score->pieces[other] = swapped;
        break;
    }
    case 3: /* its data doubles what another has */
        piece->data = score->pieces[other].data;
        piece->size = score->pieces[other].size;
        break;
    case 4:
        score->revision += seed_below(seed, 5) - 2;
        break;
    case 5:
    case 6:
        change_tag(score, piece);
        break;
    default:
        change_data(score, piece);
        break;
    }
}

static void add_piece(struct lfk_commit *commit, const struct piece *piece, struct seed *seed)
{
    uint8_t data[DATA_MAX];
    uint32_t wanted = lfk_tag_data_size(piece->tag);
    uint32_t present = lfk_min(piece->size, wanted);
    memcpy(data, piece->data, present);
    seed_fill(seed, data + present, wanted - present);
    lfk_commit_add(commit, piece->tag, data);
}

/* Writes the log in one commit or two; false if it does not fit. */
static bool put_together(const struct score *score, uint8_t *block)
{
    struct seed *seed = score->canvas->seed;
    uint32_t block_size = score->canvas->block_size;
    struct lfk_commit_format format = {
        .block_size = block_size,
        .prog_size = block_size % 16 == 0 ? 16 : 1,
        .limit = block_size,
        .disk_version = LFK_DISK_2_0 + seed_below(seed, 2),
    };
    uint32_t parting = seed_below(seed, 2 * score->count + 1);
    struct lfk_commit commit;
    memset(block, seed_below(seed, 4) == 0 ? 0 : 0xff, block_size);
    lfk_commit_start(&commit, &format, block, score->revision);
    for (uint32_t i = 0; i < score->count; i++) {
        if (i == parting && lfk_commit_finish(&commit) < 0) {
            return false;
        }
        add_piece(&commit, &score->pieces[i], seed);
    }
    return lfk_commit_finish(&commit) >= 0;
}

/* The bytes of a whole block with a valid log, at `log`; NULL: none was found. */
static uint8_t *find_log(const struct canvas *canvas, struct lfk_log *log)
{
    uint32_t whole = (uint32_t)(canvas->size / canvas->block_size);
    uint32_t at = seed_below(canvas->seed, canvas->blocks);
    for (uint32_t i = 0; i < TRIES && i < whole; i++) {
        uint8_t *block = canvas->bytes + (size_t)((at + i) % whole) * canvas->block_size;
        if (lfk_log_scan(log, block, canvas->block_size)) {
            return block;
        }
    }
    return NULL;
}

bool canvas_change_log(struct canvas *canvas)
{
    struct lfk_log log;
    uint8_t *block = find_log(canvas, &log);
    uint8_t *written = malloc(canvas->block_size);
    struct score *score = calloc(1, sizeof(*score));
    bool done = block != NULL && written != NULL && score != NULL;
    if (done) {
        uint32_t changes = 1 + seed_below(canvas->seed, 3);
        score->canvas = canvas;
        take_apart(score, &log, block);
        for (uint32_t i = 0; i < changes; i++) {
            change(score);
        }
        done = put_together(score, written);
    }
    if (done) {
        memcpy(block, written, canvas->block_size);
    }
    free(written);
    free(score);
    return done;
}
