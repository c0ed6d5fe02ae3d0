# SPDX-License-Identifier: MIT
"""littlefs volumes in Python."""

from . import errors, lfs
from .context import UserContext, UserContextFile, UserContextWinDisk
from .errors import LittleFSError

__version__ = lfs._VERSION
