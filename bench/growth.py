# SPDX-License-Identifier: MIT
"""How create, list and extract grow with the number of files in one directory."""

import math
import statistics

import instructions
from programs import JOBS
from report import Lines, digits, grouped, kept, table
from times import Subject
from trees import Tree, one_directory
from workshop import Workshop, log

BOUND = 1.1
SIZES = [1000, 2000, 4000, 8000, 16000, 32000]
QUICK_SIZES = [20, 40]


def exponent(sizes: list[int], values: list[float]) -> float:
    """Of the power of the size that fits the values best: the slope of their
    logarithms, by least squares."""
    slope, _ = statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, values)])
    return slope


def processor_times(workshop: Workshop, tree: Tree) -> list[float]:
    subject = Subject(workshop, tree, 4096)
    subject.pack_all([workshop.lfskit])
    found = []
    for job in JOBS:
        run = subject.measure([workshop.lfskit], job)["lfskit"]
        found.append(statistics.median(usage.cpu for usage in run.usages))
    subject.drop()
    return found


def rows_of(
    title: str, sizes: list[int], columns: list[list[float]], factor: float
) -> list[list[str]]:
    """A row for each job, of what was found at each size; shown times a factor."""
    rows = []
    for job, values in zip(JOBS, zip(*columns)):
        grown = exponent(sizes, values)
        shown = [digits(value * factor) for value in values]
        rows.append([f"{job}, {title}", *shown, digits(grown), str(BOUND), kept(grown, BOUND)])
    return rows


def section(workshop: Workshop) -> Lines:
    sizes = QUICK_SIZES if workshop.options.quick else SIZES
    trees = [one_directory(size) for size in sizes]
    times, counts = [], []
    uncounted = instructions.missing(workshop)
    for tree in trees:
        log(f"growth: {tree.title}")
        times.append(processor_times(workshop, tree))
        if not uncounted:
            counts.append(instructions.jobs(workshop, workshop.lfskit, tree))
    rows = rows_of("ms of CPU", sizes, times, 1e3)
    if counts:
        rows += rows_of("M instructions", sizes, counts, 1e-6)
    head = ["Files", *map(grouped, sizes), "exponent", "at most", "kept"]
    lines = table(head, rows)
    if uncounted:
        lines += [f"Instructions are left out: {uncounted}.", ""]
    return lines
