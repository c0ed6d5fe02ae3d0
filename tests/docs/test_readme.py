# SPDX-License-Identifier: MIT
"""What README.md shows is real.

Each ```console block is run, in order and in one folder, and its output
compared; a line "..." stands for any number of lines. The other snippets are
found in the projects of tests/install and tests/compat/embedding, which are built.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def commands(block):
    """Yields (command, output shown) of a console block."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def as_pattern(output):
    lines = [".*\n" if line == "..." else re.escape(line) + "\n" for line in output.splitlines()]
    return "".join(f"(?:{line})*" if line == ".*\n" else line for line in lines)


@pytest.fixture
def folder(tmp_path):
    """A folder that looks like the top of the source tree to the README's commands."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


def test_tour(folder):
    environment = dict(os.environ)
    program = Path(environment["LFSKIT"])
    environment["PATH"] = f"{program.parent}{os.pathsep}{environment['PATH']}"
    shown = [pair for block in blocks("console") for pair in commands(block)]
    assert len(shown) >= 5
    for command, output in shown:
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        assert re.fullmatch(as_pattern(output), done.stdout), f"$ {command}\n{done.stdout}"


def test_cmake_snippets():
    files = [*ROOT.glob("tests/install/*/CMakeLists.txt"),
             ROOT / "tests/compat/embedding/CMakeLists.txt"]  # fmt: skip
    projects = [p.read_text().replace("${build}", "consumer") for p in files]
    snippets = blocks("cmake")
    assert snippets
    for snippet in snippets:
        wanted = snippet.replace("third_party/lfskit", "${LFSKIT_SOURCE} lfskit")
        wanted = wanted.replace("my_program", "consumer")
        assert any(wanted in project for project in projects), snippet


def test_verbs():
    """The README's table of verbs is that of the program."""
    table = re.findall(r"^\| `lfskit (\w+)", README, re.M)
    shown = subprocess.run(
        [os.environ["LFSKIT"], "--help"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    listed = re.findall(r"^  (\w+)  ", shown, re.M)
    assert table == [verb for verb in listed if verb != "help"]
