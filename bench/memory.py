# SPDX-License-Identifier: MIT
"""The most memory that create and extract hold at a time."""

from programs import JOBS
from report import Lines, kept, table
from times import Subject
from trees import Tree, facts
from workshop import Workshop, log, remove


# Beyond the image and the file that is being read, in MiB.
BEYOND = 4


def peak(subject: Subject, program, job: str) -> float:
    """In MiB: the pages of files that are mapped count as well."""
    command, made = subject.command(program, job)
    usage = subject.workshop.run(command)
    if made:
        remove(made)
    return usage.peak / 1024


def rows_of(subject: Subject, programs: list) -> list[list[str]]:
    image = subject.packages[programs[0].name].stat().st_size / 2**20
    bound = image + facts(subject.path).largest / 2**20 + BEYOND
    rows = []
    for job in JOBS:
        peaks = [peak(subject, program, job) for program in programs]
        shown = [f"{value:.1f}" for value in (image, *peaks, bound)]
        rows.append([f"{job}, {subject.tree.title}", *shown, kept(peaks[0], bound)])
    return rows


def section(workshop: Workshop, trees: list[Tree]) -> Lines:
    programs = [workshop.lfskit, workshop.tar]
    if workshop.reference:
        programs.append(workshop.reference)
    rows = []
    for tree in trees:
        log(f"memory: {tree.title}")
        subject = Subject(workshop, tree, 4096)
        subject.pack_all(programs)
        rows += rows_of(subject, programs)
        subject.drop()
    names = (program.name for program in programs)
    return table(["MiB", "image", *names, "lfskit at most", "kept"], rows)
