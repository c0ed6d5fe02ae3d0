# SPDX-License-Identifier: MIT
"""The golden images are what tools/make_golden.py makes, byte for byte."""

import filecmp
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"


def test_golden_images_can_be_made_again(reference, tmp_path):
    script = ROOT / "tools" / "make_golden.py"
    subprocess.run([reference.python, script, "--out", tmp_path], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    kept = [p.name for p in GOLDEN.iterdir() if p.suffix in (".img", ".json")]
    assert made == sorted(kept)
    _, differ, errors = filecmp.cmpfiles(tmp_path, GOLDEN, made, shallow=False)
    assert not differ + errors
