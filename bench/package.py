# SPDX-License-Identifier: MIT
"""The package littlefs beside the one in whose place it can be used."""

import os
import shutil
import statistics
import subprocess
from pathlib import Path

from report import Lines, digits, grouped, kept, table
from workshop import HERE, Failed, Workshop, log

PROGRAM = HERE / "python_api.py"
FILES, MEGABYTES = 2000, 32
QUICK_FILES, QUICK_MEGABYTES = 20, 4

WALKED = 3  # jobs that write FILES files

# As it is called, in what it is shown, and how many times faster it has to be.
JOBS = {
    "reused": ("LittleFS() over {size} MiB, memory used before", "ms", 40),
    "fresh": ("LittleFS() over {size} MiB, fresh memory", "ms", 40),
    "write_binary": ('open "wb", write 100, close', "µs", 40),
    "write_text": ('open "w", write 100, close', "µs", 40),
    "write_spread": ('open "wb", write 100, close, over 20 directories', "µs", 12),
    "read": ('open "rb", read, close', "µs", None),
    "stat": ("stat", "µs", 250),
    "listdir": ("listdir of {files}", "ms", 3),
    "walk": ("walk over {walked}", "ms", None),
    "put": ("write {half} MiB", "ms", 25),
    "get": ("read {half} MiB", "ms", 20),
}
UNITS = {"ms": 1e3, "µs": 1e6}
BEYOND = 1.1  # memory by the size of the volume, at most


class Package:
    """One of the two, in the Python that has it."""

    def __init__(self, python: Path | str, folder: Path | None = None):
        self.command = [str(python), "-B", str(PROGRAM)]
        inherited = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        self.environment = inherited | ({"PYTHONPATH": str(folder)} if folder else {})

    def run(self, *arguments: object) -> list[list[str]]:
        done = subprocess.run(
            [*self.command, *map(str, arguments)],
            check=False, env=self.environment, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{self.command[0]}: {done.stderr.strip().splitlines()[-1]}")
        return [line.split() for line in done.stdout.splitlines()]

    def seconds(self, files: int, megabytes: int) -> dict[str, float]:
        return {name: float(seconds) for seconds, name in self.run(files, megabytes)}

    def peak(self, megabytes: int) -> tuple[float, float]:
        """What using a volume takes, and its size, in MiB."""
        ((taken, size),) = self.run("memory", megabytes)
        return int(taken) / 2**20, int(size) / 2**20


def folder_of(workshop: Workshop) -> Path:
    """Where the build has the package."""
    return Path(workshop.lfskit.program).parents[1] / "python"


def missing(workshop: Workshop) -> str:
    """Why this cannot be measured, or nothing."""
    if not workshop.reference:
        return "there is no littlefs-python"
    if not list((folder_of(workshop) / "littlefs").glob("lfs.*.so")):
        return "the Python package was not built"
    return "" if shutil.which("python3") else "there is no python3"


def measured(workshop: Workshop, packages: list[Package], size: tuple[int, int]) -> list[dict]:
    """The median of each job, of each package; they take turns."""
    options = workshop.options
    found: list[dict[str, list[float]]] = [{} for _ in packages]
    for number in range(max(options.runs, options.reference_runs)):
        for package, times in zip(packages, found, strict=True):
            is_ours = package is packages[0]
            if number < (options.runs if is_ours else options.reference_runs):
                for name, seconds in package.seconds(*size).items():
                    times.setdefault(name, []).append(seconds)
    return [{name: statistics.median(t) for name, t in times.items()} for times in found]


def time_rows(found: list[dict[str, float]], files: int, megabytes: int) -> list[list[str]]:
    words = {"size": megabytes, "half": megabytes // 2, "files": grouped(files)}
    words["walked"] = grouped(WALKED * files)
    rows = []
    for name, (title, unit, least) in JOBS.items():
        ours, theirs = (max(seconds[name], 1e-9) for seconds in found)
        shown = [f"{digits(value * UNITS[unit])} {unit}" for value in (ours, theirs)]
        bound = [str(least), kept(least, theirs / ours)] if least else ["", ""]
        rows.append([title.format(**words), *shown, digits(theirs / ours), *bound])
    return rows


def section(workshop: Workshop) -> Lines:
    reason = missing(workshop)
    if reason:
        return [f"Left out: {reason}.", ""]
    log("package: times")
    quick = workshop.options.quick
    files, megabytes = (QUICK_FILES, QUICK_MEGABYTES) if quick else (FILES, MEGABYTES)
    packages = [Package("python3", folder_of(workshop)), Package(workshop.reference.python)]
    rows = time_rows(measured(workshop, packages, (files, megabytes)), files, megabytes)
    names = ["lfskit", "littlefs-python"]
    lines = table(["a call", *names, "times faster", "at least", "kept"], rows)
    log("package: memory")
    peaks = [package.peak(megabytes) for package in packages]
    size = peaks[0][1]
    shown = [f"{value:.1f}" for value in (size, *(peak for peak, _ in peaks), size * BEYOND)]
    row = ["made, and half of it written", *shown, kept(peaks[0][0], size * BEYOND)]
    return lines + table(["MiB", "volume", *names, "lfskit at most", "kept"], [row])
