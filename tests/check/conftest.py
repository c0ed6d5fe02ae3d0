# SPDX-License-Identifier: MIT
"""What the tests of the check share: the check itself."""

from pathlib import Path

import pytest
from checked import Checker


@pytest.fixture(scope="module")
def checker(test_programs: Path):
    process = Checker(test_programs / "check" / "check_stream")
    yield process
    process.close()
