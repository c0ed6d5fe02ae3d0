/* SPDX-License-Identifier: MIT */
/*
 * The table of everything a check can find. The numbers are known to scripts:
 * a row may get other words, a number never gets another sense.
 */
#include "check/check.h"

#define NOTE LFK_SEVERITY_NOTE
#define REPAIR LFK_SEVERITY_REPAIR
#define DAMAGE LFK_SEVERITY_DAMAGE

#define NO_REPAIR "No."
#define NOT_DUE "There is nothing to repair."
#define AT_PAIR "Yes, when something in the pair is changed next."
#define AT_WRITE "Yes, before the first change after mounting."

static const struct lfk_finding_kind kinds[] = {
    {LFK_FINDING_IMAGE_SHORT, NOTE, "LFK-101", "the image is shorter than the volume",
     "The blocks that are missing are those of an image made without padding, or the file was cut. "
     "If something in use is missing, that is found besides.",
     NOT_DUE},
    {LFK_FINDING_IMAGE_LONG, NOTE, "LFK-102", "the image is longer than the volume",
     "What follows the volume is of no concern to littlefs.", NOT_DUE},
    {LFK_FINDING_SUPERBLOCK_NONE, DAMAGE, "LFK-103", "no superblock can be read",
     "No driver can mount the volume. Give the block size to see what else is left of it.",
     NO_REPAIR},
    {LFK_FINDING_SUPERBLOCK_FORM, DAMAGE, "LFK-104",
     "a superblock entry does not have the form it must have",
     "Drivers look for the magic at offset 8 of blocks 0 and 1, and for 24 bytes of fields. They "
     "may refuse the volume.",
     NO_REPAIR},
    {LFK_FINDING_SUPERBLOCK_VALUE, DAMAGE, "LFK-105",
     "a field of the superblock has an impossible value", "Drivers refuse to mount the volume.",
     NO_REPAIR},
    {LFK_FINDING_SUPERBLOCK_COPIES, DAMAGE, "LFK-106",
     "two copies of the superblock contradict each other",
     "The field never changes in the life of a volume, or only grows: one of the copies was "
     "changed by something other than a driver.",
     NO_REPAIR},
    {LFK_FINDING_SUPERBLOCK_OLD, NOTE, "LFK-107",
     "an earlier copy of the superblock is out of date",
     "The volume was grown or its version was raised. A driver that is configured with a block "
     "count may refuse the older one.",
     NOT_DUE},
    {LFK_FINDING_SUPERBLOCK_PLACE, DAMAGE, "LFK-108",
     "a superblock entry stands where none belongs",
     "Drivers take the last superblock entry on the list of pairs for the root: the volume shows "
     "another root than it had.",
     NO_REPAIR},
    {LFK_FINDING_SUPERBLOCK_EXTRA, DAMAGE, "LFK-109",
     "a pair before the root has entries that nobody sees",
     "The root directory begins at a later pair. These entries cannot be reached.", NO_REPAIR},
    {LFK_FINDING_SUPERBLOCK_AHEAD, NOTE, "LFK-110",
     "the superblock says version 2.1 in a commit that is written as in 2.0",
     "Drivers of 2.1 end such a commit with a checksum of what follows it. Drivers limited to 2.0 "
     "refuse the volume, though it may have nothing in it that they do not know.",
     NOT_DUE},

    {LFK_FINDING_PAIR_LOST, DAMAGE, "LFK-201",
     "neither block of a metadata pair has a valid commit",
     "All entries of the pair are lost, and with them every file and directory they led to. A "
     "driver cannot mount a volume that has such a pair on its list.",
     NO_REPAIR},
    {LFK_FINDING_PAIR_OLDER, REPAIR, "LFK-202",
     "a metadata pair is read from its older block: the newer one has no valid commit",
     "The power went while the pair was written anew, or there was no room for it, and nothing is "
     "lost; or the newer block has gone bad, and with it the last changes to the pair.",
     AT_PAIR},
    {LFK_FINDING_PAIR_SINGLE, REPAIR, "LFK-203", "only one block of the root pair can be read",
     "Both blocks hold the superblock from the start. The power went while one was written, or "
     "it has gone bad; the volume hangs on the other.",
     AT_PAIR},
    {LFK_FINDING_PAIR_TWIN, REPAIR, "LFK-204",
     "the block of a metadata pair that does not count holds a broken log",
     "The pair is read from its other block. If it is this one that was written last, the last "
     "changes to the pair are lost.",
     AT_PAIR},
    {LFK_FINDING_PAIR_REVISIONS, DAMAGE, "LFK-205",
     "the revisions of the two blocks of a pair do not follow one another",
     "One of the two was changed by something other than a driver, and the block that is read may "
     "be the older one.",
     NO_REPAIR},
    {LFK_FINDING_PAIR_SAME, DAMAGE, "LFK-206", "a pointer to a pair names one block twice",
     "The pair cannot be written without losing it.", NO_REPAIR},
    {LFK_FINDING_PAIR_UNREADABLE, REPAIR, "LFK-207", "a block of a metadata pair cannot be read",
     "The device says that the block is bad. The pair is read from its other block; if it is the "
     "bad one that was written last, the last changes to the pair are lost.",
     AT_PAIR},
    {LFK_FINDING_COMMIT_TORN, REPAIR, "LFK-211", "a log ends in an unfinished commit",
     "The power went during a change, or there was no room for it. It does not count: the pair is "
     "as it was before.",
     AT_PAIR},
    {LFK_FINDING_COMMIT_CRC, REPAIR, "LFK-212", "a log ends in a commit whose CRC is wrong",
     "The power went during a change, and the pair is as it was before; or the commit was whole, "
     "and what it changed is lost.",
     AT_PAIR},
    {LFK_FINDING_COMMIT_SKIPPED, DAMAGE, "LFK-213",
     "whole commits follow a broken one, and do not count",
     "A commit has gone bad after it was written. It and all changes after it are lost: the pair "
     "shows an older state.",
     "No; the next change to the pair makes the loss final."},
    {LFK_FINDING_NOT_ERASED, REPAIR, "LFK-214",
     "what follows a log is not erased as its last commit says",
     "The power went at the very start of a change. Nothing is lost.", AT_PAIR},
    {LFK_FINDING_TAG_UNKNOWN, NOTE, "LFK-221", "a tag is of a kind that is not known",
     "Drivers pass over it, and drop it when they write the pair anew.", NOT_DUE},
    {LFK_FINDING_TAG_FORM, DAMAGE, "LFK-222", "a tag has a form that no driver writes",
     "Its length or its id is not one that a tag of its kind has. What it says may be lost or "
     "misread.",
     NO_REPAIR},
    {LFK_FINDING_TAG_ID, DAMAGE, "LFK-223", "the id of a tag is not one of its pair's entries",
     "The pair contradicts itself: drivers refuse it, or read entries that are not so.", NO_REPAIR},

    {LFK_FINDING_NAME_NONE, DAMAGE, "LFK-301", "an entry has no name",
     "What was stored there cannot be reached.", NO_REPAIR},
    {LFK_FINDING_NAME_AGAIN, DAMAGE, "LFK-302", "an entry is named twice",
     "A name is given once: one of the two belongs to another entry, which is lost.", NO_REPAIR},
    {LFK_FINDING_NAME_LATE, DAMAGE, "LFK-303",
     "contents or an attribute stand before the name of their entry",
     "They belong to another entry, or the name does.", NO_REPAIR},
    {LFK_FINDING_NAME_TYPE, DAMAGE, "LFK-304", "an entry is neither a file nor a directory",
     "Drivers cannot open it.", NO_REPAIR},
    {LFK_FINDING_NAME_FORBIDDEN, DAMAGE, "LFK-305", "an entry has a name that cannot be",
     "The name is empty, \".\" or \"..\", or has a '/' or a NUL in it: no path leads to the entry.",
     NO_REPAIR},
    {LFK_FINDING_NAME_LONG, DAMAGE, "LFK-306", "a name is longer than the volume allows",
     "Drivers may cut the name, and cannot open the entry.", NO_REPAIR},
    {LFK_FINDING_NAME_ORDER, DAMAGE, "LFK-307", "an entry is out of order",
     "Drivers stop to look for a name at the first greater one: some entries are listed and cannot "
     "be opened.",
     NO_REPAIR},
    {LFK_FINDING_NAME_TWICE, DAMAGE, "LFK-308", "two entries of a directory have the same name",
     "Only one of them can be opened.", NO_REPAIR},
    {LFK_FINDING_CONTENT_NONE, DAMAGE, "LFK-311", "an entry has no contents",
     "A file has lost its data, or a directory all that is in it.", NO_REPAIR},
    {LFK_FINDING_CONTENT_KIND, DAMAGE, "LFK-312",
     "an entry has contents that do not suit its type or have an impossible length",
     "A file has lost its data, or a directory all that is in it.", NO_REPAIR},
    {LFK_FINDING_ATTRIBUTE_LONG, DAMAGE, "LFK-313", "an attribute is longer than the volume allows",
     "Drivers may cut it when they read it.", NO_REPAIR},
    {LFK_FINDING_ENTRIES_MANY, DAMAGE, "LFK-314", "a metadata pair has more entries than it may",
     "No driver writes more than 254 entries into one pair. Some fail at the next change.",
     NO_REPAIR},

    {LFK_FINDING_LIST_LOOP, DAMAGE, "LFK-401", "the list of metadata pairs loops",
     "Drivers refuse to mount the volume, or never come to an end. Pairs that should follow are "
     "lost.",
     NO_REPAIR},
    {LFK_FINDING_LIST_OVERLAP, DAMAGE, "LFK-402",
     "a tail names a pair that shares a block with another pair of the list",
     "One of the pairs is not what it was: its entries are lost or shown twice.", NO_REPAIR},
    {LFK_FINDING_LIST_OUTSIDE, DAMAGE, "LFK-403",
     "a pair on the list is outside the volume or the image",
     "Drivers refuse to mount the volume. Pairs that should follow are lost.", NO_REPAIR},
    {LFK_FINDING_LIST_TAIL, DAMAGE, "LFK-404", "a tail leads nowhere",
     "Half of the pointer is null, or a directory that goes on has no next pair. Pairs that should "
     "follow are lost.",
     NO_REPAIR},
    {LFK_FINDING_DIR_OUTSIDE, DAMAGE, "LFK-411",
     "the pair of a directory is null, or outside the volume or the image",
     "The directory cannot be opened, all that is in it is lost.", NO_REPAIR},
    {LFK_FINDING_DIR_UNLISTED, DAMAGE, "LFK-412",
     "the pair of a directory is not on the list of pairs",
     "The directory can be read, if it is one; but its files do not count as used, and the next "
     "writes overwrite them.",
     NO_REPAIR},
    {LFK_FINDING_DIR_TWICE, DAMAGE, "LFK-413", "two entries name the same directory",
     "What is removed from one is gone from the other. One of the two has lost its own.",
     NO_REPAIR},
    {LFK_FINDING_DIR_MIDDLE, DAMAGE, "LFK-414",
     "the pair of a directory is a part of another directory",
     "The directory shows the entries of another one; its own are lost.", NO_REPAIR},
    {LFK_FINDING_DIR_UNREACHED, DAMAGE, "LFK-415",
     "the root does not lead to a directory that entries lead to",
     "A directory was moved into itself, or a pointer is wrong: it takes space and no path leads "
     "to it.",
     NO_REPAIR},
    {LFK_FINDING_ORPHAN, REPAIR, "LFK-421", "a pair on the list belongs to no directory",
     "The power went while a directory was made or removed. Nothing is lost.", AT_WRITE},
    {LFK_FINDING_HALF_ORPHAN, REPAIR, "LFK-422",
     "the list has an older pair of a directory than its entry",
     "The power went while the pair was moved to another block. Nothing is lost.", AT_WRITE},
    {LFK_FINDING_ORPHAN_UNSAID, DAMAGE, "LFK-423",
     "a pair on the list belongs to no directory, and no repair is announced",
     "An entry has lost its directory, or a repair was lost. The blocks stay in use for ever.",
     NO_REPAIR},
    {LFK_FINDING_HALF_ORPHAN_UNSAID, DAMAGE, "LFK-424",
     "the list has another pair for a directory than its entry, and no repair is announced",
     "One of the two pointers is wrong. Later changes to the directory may be lost.", NO_REPAIR},

    {LFK_FINDING_FILE_LARGE, DAMAGE, "LFK-501", "a file is larger than the volume allows",
     "Drivers refuse to read or write it to its end, or its size is wrong.", NO_REPAIR},
    {LFK_FINDING_FILE_BLOCKS, DAMAGE, "LFK-502", "a file has more blocks than the volume",
     "Its size is wrong. It cannot be read to its end.", NO_REPAIR},
    {LFK_FINDING_FILE_EMPTY, DAMAGE, "LFK-503", "an empty file has a block",
     "No driver writes that: the file has lost its size.", NO_REPAIR},
    {LFK_FINDING_FILE_OUTSIDE, DAMAGE, "LFK-504",
     "a block of a file is outside the volume or the image",
     "The file cannot be read, or only a part of it.", NO_REPAIR},
    {LFK_FINDING_FILE_POINTER, DAMAGE, "LFK-505",
     "a pointer in a file's list of blocks does not lead where it should",
     "The file's size, its list or its data is wrong: parts of it are lost.", NO_REPAIR},
    {LFK_FINDING_FILE_UNREADABLE, DAMAGE, "LFK-506", "a block of a file cannot be read",
     "The device says that the block is bad. The file is lost from there on to its start.",
     NO_REPAIR},
    {LFK_FINDING_BLOCK_SHARED, DAMAGE, "LFK-511", "a block belongs to more than one thing",
     "All but one of them have lost what they had there, and the next change to one destroys the "
     "other.",
     NO_REPAIR},

    {LFK_FINDING_MOVE_PENDING, REPAIR, "LFK-601", "a rename was cut: its source is still there",
     "The power went between the two halves of a rename. The new name is there; drivers hide the "
     "old one.",
     AT_WRITE},
    {LFK_FINDING_ORPHANS_PENDING, REPAIR, "LFK-602", "the list of pairs is marked for a repair",
     "The power went while a directory was made, removed or moved to another block. Nothing is "
     "lost.",
     AT_WRITE},
    {LFK_FINDING_STATE_FORM, DAMAGE, "LFK-603", "the global state is not one that can be",
     "The pairs' shares in the state do not add up: one of them is wrong or lost. Drivers may hide "
     "an entry, and at the first write remove it.",
     NO_REPAIR},
    {LFK_FINDING_MOVE_SOURCE, DAMAGE, "LFK-604",
     "a rename is said to be pending whose source is not there",
     "The global state is wrong. At the first write, drivers may remove an entry that has nothing "
     "to do with it.",
     NO_REPAIR},
    {LFK_FINDING_MOVE_COPY, DAMAGE, "LFK-605",
     "a rename is said to be pending that has no destination",
     "The entry is hidden, and drivers remove it at the first write: it is lost.", NO_REPAIR},
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

const struct lfk_finding_kind *lfk_finding_kinds(size_t *count)
{
    *count = KIND_COUNT;
    return kinds;
}

const struct lfk_finding_kind *lfk_finding_kind_of(enum lfk_finding_id id)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (kinds[i].id == id) {
            return &kinds[i];
        }
    }
    return NULL;
}

size_t lfk_finding_format(const struct lfk_finding *finding, char *buffer, size_t size)
{
    const struct lfk_detail detail = {
        .what = finding->kind->title,
        .field = finding->field,
        .has_block = finding->has_block,
        .has_offset = finding->has_offset,
        .has_values = finding->has_values,
        .block = finding->block,
        .offset = finding->offset,
        .expected = finding->expected,
        .found = finding->found,
    };
    return lfk_detail_format(&detail, buffer, size);
}
