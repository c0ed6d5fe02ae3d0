# SPDX-License-Identifier: MIT
# What the functions of the extension module (python/native/) do is in their docstrings.

from typing import Callable, List, Optional, Tuple, final

DESCRIPTION: str
VERSION: str

_Option = Tuple[str, str, Optional[str], Optional[str]]
_Verb = Tuple[str, str, List[Tuple[str, str]], int, List[_Option], List[str]]

@final
class Shell:
    def __new__(cls, encoding: str) -> Shell: ...
    def run(self, line: str, volume: object, write: Callable[[bytes], object], /) -> bool: ...
    def complete(self, line: str, volume: object, /) -> List[str]: ...
    def restart(self) -> None: ...

def commands() -> List[Tuple[str, str, str]]: ...
def run(
    name: str,
    words: List[str],
    read: Callable[[int], bytes],
    write_out: Callable[[bytes], object],
    write_err: Callable[[bytes], object],
    /,
) -> Tuple[int, bool, Optional[Tuple[str, bytes]]]: ...
def run_process(name: str, words: List[str], /) -> Tuple[int, bool]: ...
def size(text: str, /) -> int: ...
def verbs() -> List[_Verb]: ...
