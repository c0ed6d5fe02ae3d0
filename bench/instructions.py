# SPDX-License-Identifier: MIT
"""Instructions executed, counted by callgrind: figures that can be repeated.

What the kernel does for a program is not in them.
"""

import re
import shutil
import subprocess

from programs import JOBS, Settings
from report import Lines, grouped, table
from trees import Tree, facts
from workshop import Failed, Workshop, log, remove

VALGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]


def missing(workshop: Workshop) -> str:
    """Why instructions cannot be counted; empty if they can."""
    if not shutil.which("valgrind"):
        return "valgrind is not installed"
    command = [*VALGRIND, workshop.lfskit.program, "--version"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        return "valgrind cannot run this build of lfskit"
    return ""


def count(command: list[str], text: str | None = None) -> int:
    """Of running it, with the text as its input."""
    done = subprocess.run(
        [*VALGRIND, *command], check=False, capture_output=True, encoding="utf-8", input=text
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")
    return int(found[1])


def jobs(workshop: Workshop, program, tree: Tree) -> list[int]:
    """Instructions of create, list and extract at 4096-byte blocks."""
    settings = Settings()
    image, folder = workshop.fresh("img"), workshop.fresh_folder()
    counts = [count(program.pack(workshop.forest.path(tree), image, settings))]
    counts.append(count(program.list(image, settings)))
    counts.append(count(program.unpack(image, folder, settings)))
    remove(image)
    remove(folder)
    return counts


def section(workshop: Workshop, trees: list[Tree]) -> Lines:
    reason = missing(workshop)
    if reason:
        return [f"Left out: {reason}.", ""]
    rows = []
    for tree in trees:
        log(f"instructions: {tree.title}")
        found = facts(workshop.forest.path(tree))
        ours = jobs(workshop, workshop.lfskit, tree)
        per_entry = [n / (found.files + found.directories) for n in ours]
        theirs = jobs(workshop, workshop.tar, tree)
        for name, *numbers in zip(JOBS, ours, theirs, per_entry):
            rows.append([f"{name}, {tree.title}", *(grouped(round(n)) for n in numbers)])
    return table(["", "lfskit", "tar", "lfskit, per entry"], rows)
