# SPDX-License-Identifier: MIT
"""What a device pays for an image: reads, programs and erases, counted while
littlefs itself mounts and uses it."""

from dataclasses import replace

import reference
from report import Lines, digits, grouped, kept, table
from trees import Tree
from workshop import Workshop, log, remove

DEVICE = {
    "block_size": 4096,
    "read_size": 16,
    "prog_size": 16,
    "lookahead_size": 16,
    "block_cycles": -1,
}
# Longest inline file, which is the device's cache too: then each file is readable.
CACHES = [256, 512]
READ = ("mount", "stat", "read")


def costs(workshop: Workshop, tree: Tree, program, cache: int) -> dict:
    settings = replace(workshop.roomy(tree, inline=cache), prog=DEVICE["prog_size"])
    image = workshop.fresh("img")
    workshop.run(program.pack(workshop.forest.path(tree), image, settings))
    device = {**DEVICE, "cache_size": cache}
    found = reference.ask(workshop.reference.python, "costs", image, device)
    remove(image)
    return found


def amount(cost: list[int]) -> str:
    """KB read, and in how many reads."""
    size, reads = cost
    return f"{digits(size / 1000)} ({grouped(reads)})"


def reading(title: str, name: str, found: dict, other: dict) -> list[str]:
    cells = [amount(found[what]) for what in READ]
    cells.append(str(found["unreadable"]))
    if found is other:
        return [f"{title}, {name}", *cells, ""]
    most = max(found[what][0] / other[what][0] for what in READ)
    return [f"{title}, {name}", *cells, kept(most, 1.0)]


def writing(title: str, name: str, found: dict) -> list[str]:
    append = found["append"]
    cells = [amount(found["traverse"]), *(amount(append[k]) for k in ("first", "total", "worst"))]
    cells.insert(2, str(found["traversals"]))
    return [f"{title}, {name}", *cells, f"{append['progs']} / {append['erases']}"]


def section(workshop: Workshop, trees: list[Tree]) -> Lines:
    if not workshop.reference:
        return ["Left out: there is no littlefs-python.", ""]
    read_rows, write_rows = [], []
    for tree in trees:
        for cache in CACHES:
            title = f"{tree.title}, inline to {cache}"
            log(f"device: {title}")
            programs = (workshop.lfskit, workshop.reference)
            ours, theirs = (costs(workshop, tree, program, cache) for program in programs)
            for name, found in (("lfskit", ours), ("littlefs-python", theirs)):
                read_rows.append(reading(title, name, found, theirs))
                write_rows.append(writing(title, name, found))
    head = ["KB read (reads)", "mount", "stat of every path", "read of every file"]
    lines = table([*head, "unreadable", "not above littlefs-python"], read_rows)
    head = ["KB read (reads)", "one traversal", "first append", "traversals in it"]
    head += ["100 appends", "worst append", "programs / erases"]
    return lines + table(head, write_rows)
