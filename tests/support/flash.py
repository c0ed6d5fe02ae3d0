# SPDX-License-Identifier: MIT
"""A flash device in memory, as a context for the reference package.

It counts what is read, programmed and erased, can lose power at any change,
can have blocks that fail to program, and notes when a byte that was not
erased is programmed, which flash does not forgive.
"""

IO_ERROR, CORRUPT = -5, -84


class Flash:
    """After `cut_after` more programs and erases the device answers nothing
    but errors; of the program that is cut, `torn` bytes still arrive."""

    def __init__(self, image: bytes | bytearray, erase: int | None = 0xFF):
        self.buffer = bytearray(image)
        self.erase_value = erase  # None: erase leaves the old bytes
        self.bad: set[int] = set()
        self.cut_after: int | None = None
        self.torn = 0
        self.lost = False
        self.reset()

    def reset(self) -> None:
        """Begin to count anew."""
        self.reads = self.bytes_read = self.progs = self.erases = 0
        self.overprogrammed: list[tuple[int, int]] = []  # (block, offset)

    @property
    def changes(self) -> int:
        return self.progs + self.erases

    def _cut(self) -> bool:
        if self.cut_after is not None and self.changes >= self.cut_after:
            self.lost = True
        return self.lost

    def read(self, cfg, block: int, off: int, size: int) -> bytes:
        self.reads += 1
        self.bytes_read += size
        at = block * cfg.block_size + off
        return bytes(self.buffer[at : at + size])

    def prog(self, cfg, block: int, off: int, data: bytes) -> int:
        at = block * cfg.block_size + off
        was_lost = self.lost
        if self._cut():
            part = b"" if was_lost else data[: self.torn]
            self.buffer[at : at + len(part)] = part
            return IO_ERROR
        self.progs += 1
        if block in self.bad:
            return CORRUPT
        if self.erase_value == 0xFF and self.buffer[at : at + len(data)].strip(b"\xff"):
            self.overprogrammed.append((block, off))
        self.buffer[at : at + len(data)] = data
        return 0

    def erase(self, cfg, block: int) -> int:
        if self._cut():
            return IO_ERROR
        self.erases += 1
        if self.erase_value is not None:
            at = block * cfg.block_size
            erased = bytes([self.erase_value]) * cfg.block_size
            self.buffer[at : at + cfg.block_size] = erased
        return 0

    def sync(self, cfg) -> int:
        return IO_ERROR if self.lost else 0
