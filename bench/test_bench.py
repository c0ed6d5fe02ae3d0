# SPDX-License-Identifier: MIT
"""The benchmark runs, on tiny trees, and prints all its tables. No time is judged;
what is asked of a flash is the same on every machine, and is not more than littlefs asks."""

import os
import re
import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).with_name("run")
HEADINGS = ["Time", "Growth", "Instructions", "Space", "The device"]
HEADINGS += ["Calls", "Traffic", "The Python package", "Memory"]


def sections(text):
    """Heading -> its text."""
    parts = re.split(r"^## (.+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text):
    """The rows of the tables in it, without their heads and rules."""
    tables = re.findall(r"(?:^\| .+\n)+", text, re.M)
    return [row for table in tables for row in table.splitlines()[2:]]


def test_quick(tmp_path):
    document = tmp_path / "tables.md"
    done = subprocess.run(
        [sys.executable, RUN, "--quick", "--lfskit", os.environ["LFSKIT"]]
        + ["--work", tmp_path / "work", "--write", document],
        check=False, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert document.read_text(encoding="utf-8").strip() == done.stdout.strip()

    found = sections(done.stdout)
    assert list(found) == HEADINGS
    for heading, text in found.items():
        if not re.search(r"^Left out: ", text, re.M):
            assert rows(text), heading
            assert all(re.search(r"\d", row.split("|", 2)[2]) for row in rows(text)), text
    assert "**no**" not in found["Traffic"]


def test_unknown_program(tmp_path):
    done = subprocess.run(
        [sys.executable, RUN, "--lfskit", tmp_path / "none"],
        check=False, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert "none: not there" in done.stderr
