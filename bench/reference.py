# SPDX-License-Identifier: MIT
"""Asks device_worker.py, which runs where littlefs-python is."""

import json
import subprocess
from pathlib import Path

from workshop import HERE, Failed

WORKER = HERE / "device_worker.py"


def ask(python: str, what: str, image: Path, settings: dict):
    request = {"what": what, "image": str(image), "settings": settings}
    done = subprocess.run(
        [python, "-B", WORKER],
        check=False, capture_output=True, encoding="utf-8", input=json.dumps(request),
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"{image}: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}")
    return json.loads(done.stdout)
