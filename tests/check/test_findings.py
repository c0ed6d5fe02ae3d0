# SPDX-License-Identifier: MIT
"""docs/FINDINGS.md is the table that the program has."""

import re
import subprocess
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "FINDINGS.md"


def test_the_page_is_the_table(test_programs):
    table = subprocess.run(
        [test_programs / "check" / "findings_table"], capture_output=True, text=True, check=True
    ).stdout
    assert PAGE.read_text(encoding="utf-8") == table


def test_each_number_stands_once_and_says_what_it_means():
    page = PAGE.read_text(encoding="utf-8")
    codes = re.findall(r"^### (LFK-\d{3}): \S", page, re.MULTILINE)
    assert codes and codes == sorted(set(codes))
    for section in page.split("\n### ")[1:]:
        assert re.search(r"\n\n\*(note|repair|damage)\.\* [A-Z]", section), section
        assert re.search(r"\n\nRepaired by a driver: [A-Z]", section), section
