# SPDX-License-Identifier: MIT
"""Wall time of create, list and extract, side by side with other programs."""

import filecmp
import functools
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from programs import JOBS, LittlefsPython, Settings
from report import Lines, digits, kept, milliseconds, table
from trees import Tree
from workshop import Failed, Usage, Workshop, log, remove

# Time of lfskit by that of tar, at most.
BOUNDS = {
    ("create", "small10k"): 1.5,
    ("create", "dir2000"): 1.5,
    ("create", "large"): 1.2,
    ("create", "web"): 1.5,
    ("extract", "small10k"): 1.3,
    ("extract", "dir2000"): 1.3,
    ("extract", "large"): 1.3,
    ("list", "small10k"): 0.5,
}
BLOCK_SIZES = [512, 4096, 131072]


@dataclass
class Run:
    """One program at one job. `start` gives the command and what it will make."""

    name: str
    start: Callable[[], tuple[list[str], Path | None]]
    rounds: int
    usages: list[Usage] = field(default_factory=list)

    @property
    def walls(self) -> list[float]:
        return [usage.wall for usage in self.usages]

    def once(self, workshop: Workshop) -> Usage:
        command, made = self.start()
        try:
            return workshop.run(command)
        finally:
            if made:
                remove(made)


def interleave(workshop: Workshop, runs: list[Run]) -> None:
    """Runs them in turns, each as often as it wants, after one that is not counted."""
    for run in runs:
        run.once(workshop)
    for number in range(max(run.rounds for run in runs)):
        turn = number % len(runs)
        for run in runs[turn:] + runs[:turn]:
            if len(run.usages) < run.rounds:
                run.usages.append(run.once(workshop))


class Subject:
    """A tree at a block size, and what each program packs it into."""

    def __init__(self, workshop: Workshop, tree: Tree, block_size: int):
        self.workshop = workshop
        self.tree = tree
        self.path = workshop.forest.path(tree)
        self.block_size = block_size
        self.settings = {LittlefsPython.name: workshop.roomy(tree, block_size)}
        self.packages: dict[str, Path] = {}

    def settings_of(self, program) -> Settings:
        return self.settings.get(program.name, Settings(self.block_size))

    def pack_all(self, programs: list) -> None:
        """Packs once to have what is listed and unpacked, and looks whether it is right."""
        for program in programs:
            package = self.workshop.fresh("img")
            self.workshop.run(program.pack(self.path, package, self.settings_of(program)))
            self.packages[program.name] = package
        self.check()

    def check(self) -> None:
        lfskit = self.workshop.lfskit
        folder = self.workshop.fresh_folder()
        package = self.packages[lfskit.name]
        self.workshop.run(lfskit.unpack(package, folder, self.settings_of(lfskit)))
        if not same(self.path, folder):
            raise Failed(f"{self.tree.name}: what was extracted differs from the tree")
        remove(folder)

    def drop(self) -> None:
        for package in self.packages.values():
            remove(package)

    def command(self, program, job: str) -> tuple[list[str], Path | None]:
        settings = self.settings_of(program)
        if job == "create":
            image = self.workshop.fresh("img")
            return program.pack(self.path, image, settings), image
        if job == "list":
            return program.list(self.packages[program.name], settings), None
        folder = self.workshop.fresh_folder()
        return program.unpack(self.packages[program.name], folder, settings), folder

    def measure(self, programs: list, job: str) -> dict[str, Run]:
        options = self.workshop.options
        runs = []
        for program in programs:
            if not hasattr(program, JOBS[job]):
                continue
            slow = program is self.workshop.reference
            rounds = options.reference_runs if slow else options.runs
            start = functools.partial(self.command, program, job)
            runs.append(Run(program.name, start, rounds))
        interleave(self.workshop, runs)
        return {run.name: run for run in runs}


def same(left: Path, right: Path) -> bool:
    """Whether two folders hold the same names and bytes."""
    compared = filecmp.dircmp(left, right, ignore=[], hide=[])
    if compared.left_only or compared.right_only or compared.common_funny:
        return False
    _, differ, errors = filecmp.cmpfiles(left, right, compared.common_files, shallow=False)
    if differ or errors:
        return False
    return all(same(left / name, right / name) for name in compared.common_dirs)


HEAD = ["", "lfskit", "tar", "cp -r", "littlefs-python"]
RATIOS = ["lfskit / tar", "at most", "kept", "CPU: lfskit / tar", "littlefs-python / tar"]


def ratio(runs: dict[str, Run], name: str, usage: str = "wall") -> float | None:
    if name not in runs:
        return None
    of = [statistics.median(getattr(u, usage) for u in runs[n].usages) for n in (name, "tar")]
    return of[0] / of[1] if of[1] else None


def row(title: str, runs: dict[str, Run], bound: float | None) -> list[str]:
    cells = [milliseconds(runs[name].walls) if name in runs else "" for name in HEAD[1:]]
    ours, cpu = ratio(runs, "lfskit"), ratio(runs, "lfskit", "cpu")
    theirs = ratio(runs, "littlefs-python")
    cells.append(digits(ours))
    cells += [str(bound), kept(ours, bound)] if bound else ["", ""]
    cells.append(digits(cpu) if cpu else "")
    cells.append(digits(theirs) if theirs else "")
    return [title, *cells]


def subjects(workshop: Workshop, trees: list[Tree]) -> list[tuple[Subject, str, bool]]:
    """Each with its title and whether the bounds are meant for it."""
    found = []
    for tree in trees:
        if tree.name != "web":
            found.append((Subject(workshop, tree, 4096), tree.title, True))
            continue
        for size in BLOCK_SIZES:
            title = tree.title if size == 4096 else f"{tree.title}, blocks of {size}"
            found.append((Subject(workshop, tree, size), title, size == 4096))
    return found


def section(workshop: Workshop, trees: list[Tree]) -> Lines:
    programs = [workshop.lfskit, workshop.tar, workshop.cp]
    if workshop.reference:
        programs.append(workshop.reference)
    rows: dict[str, list[list[str]]] = {job: [] for job in workshop.options.jobs}
    for subject, title, bounded in subjects(workshop, trees):
        log(f"times: {title}")
        subject.pack_all([p for p in programs if p is not workshop.cp])
        for job in workshop.options.jobs:
            bound = BOUNDS.get((job, subject.tree.name)) if bounded else None
            rows[job].append(row(title, subject.measure(programs, job), bound))
        subject.drop()
    lines = []
    for job, found in rows.items():
        lines += [f"### {job}", "", *table([*HEAD, *RATIOS], found)]
    return lines


def floor(workshop: Workshop) -> str:
    """What starting a program takes, as text."""
    walls = [workshop.run(["true"]).wall for _ in range(workshop.options.runs)]
    return milliseconds(walls)
