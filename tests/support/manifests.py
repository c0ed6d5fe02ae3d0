# SPDX-License-Identifier: MIT
"""The golden images: those of tests/golden, and those of the folders that
LFSKIT_GOLDEN names, each with a manifest of what it holds."""

import os
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
FOLDERS = [GOLDEN, *map(Path, filter(None, os.environ.get("LFSKIT_GOLDEN", "").split(":")))]
MANIFESTS = [m for folder in FOLDERS for m in sorted(folder.glob("*.json"))]


def without_attrs(tree: list[dict]) -> list[dict]:
    """A manifest's tree as those see it who do not ask for attributes."""
    return [entry | {"attrs": {}} for entry in tree]
