# SPDX-License-Identifier: MIT
"""Scripts as users of littlefs-python write them, run by it and by this package.

They print the same, and each reads the images that the other made.
"""

import os
import subprocess
import sys
from pathlib import Path

import littlefs
import pytest

SCRIPTS = Path(__file__).with_name("scripts")
NAMES = sorted(path.name for path in SCRIPTS.glob("*.py"))
OURS = str(Path(littlefs.__file__).parents[1])


@pytest.fixture
def pythons():
    """How both are run: (python, environment)."""
    reference = os.environ.get("LFSKIT_REFERENCE_PYTHON")
    if not reference:
        pytest.skip("LFSKIT_REFERENCE_PYTHON names no python with littlefs-python")
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    plain["PYTHONUTF8"] = "1"
    return {"ours": (sys.executable, {**plain, "PYTHONPATH": OURS}),
            "theirs": (reference, plain)}  # fmt: skip


def run(python, *command):
    executable, environment = python
    done = subprocess.run(
        [executable, "-B", *map(str, command)], env=environment, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def files_below(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    for number, name in enumerate(["index.html", "a/b/deep.css", "a/one", "lib/ünï.js", "lib/e"]):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes([number + 65]) * [3000, 10, 512, 40_000, 0][number])
    (folder / "empty").mkdir()
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_same_output_and_images(name, pythons, source, tmp_path):
    script = SCRIPTS / name
    images = {who: tmp_path / f"{who}.img" for who in pythons}
    built = {who: run(pythons[who], script, "build", source, images[who]) for who in pythons}
    assert built["ours"] == built["theirs"]
    assert built["ours"]

    outcomes = []
    for reader in pythons:
        for maker in pythons:
            target = tmp_path / f"{reader}-{maker}"
            target.mkdir()
            shown = run(pythons[reader], script, "unpack", images[maker], target)
            outcomes.append((shown, files_below(target)))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    found = outcomes[0][1]
    assert {path: found.get(path) for path in files_below(source)} == files_below(source)


def test_there_are_scripts():
    assert len(NAMES) >= 3
