# SPDX-License-Identifier: MIT
"""File contents that a test can name by size and salt instead of sending them."""

import random


def content(size: int, salt: int) -> bytes:
    return random.Random(salt).randbytes(size)
