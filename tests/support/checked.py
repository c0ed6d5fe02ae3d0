# SPDX-License-Identifier: MIT
"""The check of an image, and what our driver makes of it, asked of one process
for any number of images."""

import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    status: int  # of the check: 0, or negative if it could not be made
    repairs: int  # and
    damages: int  # that it found
    findings: tuple[str, ...]  # each as code@block:offset
    driver: int  # status of opening and loading
    failures: int  # that the driver told
    pending: str  # move, orphans, torn log, older block: "0" or "1" each

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(finding.partition("@")[0] for finding in self.findings)

    @property
    def is_clean(self) -> bool:
        return self.status == 0 and self.repairs == 0 and self.damages == 0

    @property
    def is_damaged(self) -> bool:
        return self.status < 0 or self.damages > 0

    @property
    def driver_fails(self) -> bool:
        return self.driver < 0 or self.failures > 0


class Checker:
    """tests/check/check_stream.c at work."""

    def __init__(self, program: Path):
        self.process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __call__(self, image: bytes) -> Outcome:
        self.process.stdin.write(struct.pack("<I", len(image)) + image)
        self.process.stdin.flush()
        line = self.process.stdout.readline().decode().split()
        assert line, "the check has ended"
        pending, *findings = line[5:]
        status, repairs, damages, driver, failures = map(int, line[:5])
        return Outcome(
            status, repairs, damages, tuple(findings), driver, failures, pending
        )

    def close(self) -> None:
        self.process.stdin.close()
        assert self.process.wait() == 0
        self.process.stdout.close()
