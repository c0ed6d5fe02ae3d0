# SPDX-License-Identifier: MIT
"""What every test of the program shares: where it is, the reference, the seed.

Environment: LFSKIT the program, LFSKIT_TESTS where the tests' own programs were
built, LFSKIT_REFERENCE_PYTHON the python that has
littlefs-python, LFSKIT_GOLDEN more folders of golden images (colon-separated),
LFSKIT_SEED the seed of random tests, LFSKIT_LONG=1 to run many more of them.
"""

import os
import random
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS / "support"))

from ours import Ours  # noqa: E402
from program import Program  # noqa: E402
from reference import Reference  # noqa: E402

SEED = os.environ.get("LFSKIT_SEED") or str(random.SystemRandom().randrange(10**6))


@pytest.fixture(scope="session")
def lfskit() -> Program:
    path = os.environ.get("LFSKIT")
    if not path:
        pytest.skip("LFSKIT does not name the program")
    return Program(os.path.abspath(path))


@pytest.fixture(scope="session")
def test_programs() -> Path:
    path = os.environ.get("LFSKIT_TESTS")
    if not path:
        pytest.skip("LFSKIT_TESTS does not name the folder of the tests' programs")
    return Path(path).resolve()


@pytest.fixture(scope="session")
def ours(test_programs: Path):
    """Our driver, in a process of its own."""
    process = Ours(test_programs / "fs" / "fs_worker")
    yield process
    process.close()


@pytest.fixture(scope="session")
def reference_process():
    python = os.environ.get("LFSKIT_REFERENCE_PYTHON")
    if not python:
        pytest.skip("LFSKIT_REFERENCE_PYTHON names no python with littlefs-python")
    process = Reference(python)
    yield process
    process.close()


@pytest.fixture
def reference(reference_process: Reference) -> Reference:
    reference_process.revive()
    return reference_process


@pytest.fixture
def rng(request) -> random.Random:
    """Seeded by LFSKIT_SEED and the test's name; a failure shows how to replay it."""
    print(f"replay: LFSKIT_SEED={SEED} pytest '{request.node.nodeid}'")
    return random.Random(f"{SEED} {request.node.name}")
