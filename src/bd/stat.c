/* SPDX-License-Identifier: MIT */
/*
 * A block device that counts: what a filesystem asks of its device is what it
 * costs on flash, whatever it costs here. Nothing is mapped, so that no read
 * goes uncounted.
 */
#include "bd/bd.h"

static struct lfk_bd_stat *stat_of(struct lfk_bd *bd)
{
    return (struct lfk_bd_stat *)bd; /* its first member */
}

static int stat_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                     uint32_t size, struct lfk_detail *detail)
{
    struct lfk_bd_stat *stat = stat_of(bd);
    stat->reads++;
    stat->bytes_read += size;
    return lfk_bd_read(stat->below, block, offset, buffer, size, detail);
}

static int stat_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                     uint32_t size, struct lfk_detail *detail)
{
    struct lfk_bd_stat *stat = stat_of(bd);
    stat->progs++;
    stat->bytes_programmed += size;
    return lfk_bd_prog(stat->below, block, offset, buffer, size, detail);
}

static int stat_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    struct lfk_bd_stat *stat = stat_of(bd);
    stat->erases++;
    return lfk_bd_erase(stat->below, block, detail);
}

static int stat_sync(struct lfk_bd *bd, struct lfk_detail *detail)
{
    struct lfk_bd_stat *stat = stat_of(bd);
    stat->syncs++;
    return lfk_bd_sync(stat->below, detail);
}

void lfk_bd_stat_open(struct lfk_bd_stat *stat, struct lfk_bd *below)
{
    static const struct lfk_bd_ops ops = {
        .read = stat_read, .prog = stat_prog, .erase = stat_erase, .sync = stat_sync};
    *stat = (struct lfk_bd_stat){.bd = *below, .below = below};
    stat->bd.ops = &ops;
}
