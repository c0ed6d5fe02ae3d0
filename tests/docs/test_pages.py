# SPDX-License-Identifier: MIT
"""What the pages say of the tree is so: the table of parts is the build's, the
table of tests is ctest's, and every file and link that is named is there."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"]
FOLDERS = ("src", "include", "cli", "python", "tests", "fuzz", "bench", "examples", "tools", "cmake", "docs")


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def declared_parts():
    """What src/CMakeLists.txt says: the parts that each part uses."""
    text = re.sub(r"#.*", "", text_of("src/CMakeLists.txt"))
    parts = {}
    for words in re.findall(r"lfskit_part\(([^)]*)\)", text):
        name, _, rest = words.partition(" ")
        name = name.strip()
        uses = re.search(r"USES([^A-Z]*)", rest)
        parts[name.split()[0]] = sorted(uses.group(1).split()) if uses else []
    return parts


def test_table_of_parts():
    rows = re.findall(r"^\| `(\w+)` \| ([\w –]+) \| (.*) \|$", text_of(PAGES[2]), re.M)
    told = {name: sorted(uses.replace("–", "").split()) for name, uses, _ in rows}
    assert told == declared_parts()
    for name, _, shown in rows:
        for header in re.findall(r"`([^`]+)`", shown):
            own = ROOT / "src" / name / "include" / header
            assert own.exists() or (ROOT / "include" / header).exists(), header
        assert f"**{name}**" in text_of(PAGES[2]), name  # what it does is told


def test_table_of_tests():
    """Each kind of test that ctest knows has its row, and no other has one."""
    build = Path(os.environ["LFSKIT_TESTS"]).parent
    listed = subprocess.run(
        ["ctest", "-N", "--test-dir", build], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    kinds = set(re.findall(r"Test +#\d+: (\w+)", listed)) - {"static"}
    rows = re.findall(r"^\| `([\w/]+)/` \| .* \| `(\w+)(?:\.\*)?` \|$", text_of(PAGES[1]), re.M)
    assert {kind for _, kind in rows} == kinds
    for folder, _ in rows:
        assert (ROOT / folder).is_dir(), folder


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page):
    folder = (ROOT / page).parent
    text = text_of(page)
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (folder / target).exists(), target
    for name in re.findall(r"`([\w./-]+)`", text):
        top = name.split("/")[0]
        if "/" in name and top in FOLDERS and "NAME" not in name:
            assert (ROOT / name).exists(), name
