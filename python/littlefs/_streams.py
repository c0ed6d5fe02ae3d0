# SPDX-License-Identifier: MIT
"""What native code prints, on streams of Python."""

import codecs
from typing import Any, Callable


def writer(stream: Any) -> Callable[[bytes], object]:
    """Writes UTF-8 to a stream: bytes where it has a binary layer, or else text."""
    if not hasattr(stream, "buffer"):
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        return lambda data: stream.write(decoder.decode(data))

    def write(data: bytes) -> None:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()

    return write
