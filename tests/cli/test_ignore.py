# SPDX-License-Identifier: MIT
"""create --exclude-from keeps the files that git keeps with the same patterns."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cases import many
from transcript import done

# Put together, these make patterns of every kind. A '/' inside brackets is left out: git
# takes it for a character, we for the end of a name.
PIECES = ["a", "b", "ab", "c", ".x", "*", "*", "?", "-", " ", "#", "!", "\\a", "\\*", "\\ "]
PIECES += ["[ab]", "[!a]", "[^b]", "[a-c]", "[b-a]", "[]a]", "[a-]", "[--c]", "[[:a]"]
PIECES += ["[[:alpha:]]", "[[:digit:]x]", "[[:nope:]]", "[![:upper:]]"]
ENDS = ["", "", "", "", "", "[a", " ", "\\ ", "\r", "\t", "\\"]
NAMES = ["a", "b", "ab", "c", "ac", ".x", "a.x", "abc", "1", "-", "[", "*", "a*", "#", "!a", " "]
NAMES += ["a ", "ba", "x", "A"]


def random_name(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return rng.choice(["**", "**", "***"])
    return "".join(rng.choice(PIECES) for _ in range(rng.choice([1, 1, 2, 3])))


def random_pattern(rng: random.Random) -> str:
    pattern = "/".join(random_name(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))
    start = rng.choice(["", "", "", "", "/", "!", "!", "!/"])
    return start + pattern + rng.choice(["", "", "", "/"]) + rng.choice(ENDS)


def random_files(rng: random.Random, folder: Path) -> None:
    for _ in range(rng.randint(5, 40)):
        path = folder.joinpath(*(rng.choice(NAMES) for _ in range(rng.choice([1, 1, 2, 2, 3, 4]))))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
        except OSError:
            pass  # a file stands where a directory would be needed


@pytest.fixture
def git(tmp_path):
    """Run git on an empty repository that has src for its files."""
    if not shutil.which("git"):
        pytest.skip("there is no git to compare with")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    clean |= {"HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1", "GIT_DIR": str(tmp_path / "git")}

    def run(*words: str) -> bytes:
        return subprocess.run(
            ["git", *words], cwd=tmp_path / "src", env=clean, capture_output=True, check=True
        ).stdout

    (tmp_path / "src").mkdir()
    run("init", "-q")
    return run


@pytest.mark.parametrize("case", many(60, 3000))
def test_same_as_git(case, rng, git, lfskit):
    random_files(rng, Path("src"))
    patterns = [random_pattern(rng) for _ in range(rng.randint(1, 6))]
    text = "\n".join(patterns) + rng.choice(["", "\n"])
    Path("patterns").write_bytes(text.encode())
    kept = git("--work-tree=.", "ls-files", "-o", "-z", "--exclude-from=../patterns")

    done(lfskit, "create", "-q", "src", "i.img", "--exclude-from=patterns")
    entries = json.loads(done(lfskit, "list", "--json", "i.img"))
    found = {entry["path"][1:] for entry in entries if entry["type"] == "file"}
    assert found == set(kept.decode().split("\0")) - {""}, patterns
