# SPDX-License-Identifier: MIT
"""check_symbols.py NM LIBRARY PARTS

Reads what the objects of the static library define and need: no writable data,
nothing that prints, exits, asserts or reads the environment; and outside the
files that talk to the host only what a bare C library has.
"""

import subprocess
import sys
from pathlib import Path

import layout

BARE = {"memcpy", "memmove", "memset", "memcmp", "strlen", "realloc", "free", "malloc"}
# What compilers call on their own.
COMPILER = {"__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_", "__cpu_model", "__cpu_indicator_init"}
NEVER = {
    "printf", "fprintf", "vprintf", "vfprintf", "puts", "fputs", "putchar", "perror",
    "stdout", "stderr", "exit", "_exit", "abort", "__assert_fail", "getenv",
    "secure_getenv", "setlocale", "signal",
}  # fmt: skip


def symbols(nm, library):
    """Yields (object, name, section) of every symbol; an undefined one is in *UND*."""
    command = [nm, "--format=sysv", library]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    member = ""
    for line in text.splitlines():
        if line.startswith("Symbols from"):
            member = line.split("[")[1].split("]")[0]
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7:
            yield member, fields[0], fields[6]


def host_objects(parts):
    """The objects that may use POSIX."""
    return {"file.c.o"} | {Path(s).name + ".o" for s in parts["host"].fact("SOURCES")}


def main():
    table = list(symbols(sys.argv[1], sys.argv[2]))
    host = host_objects(layout.read(sys.argv[3]))
    if any(name.startswith(("__asan", "__ubsan", "__sanitizer")) for _, name, _ in table):
        print("SKIPPED: layout.symbols: sanitizers add symbols of their own")
        sys.exit(77)
    defined = {name for _, name, section in table if section != "*UND*"}
    wrong = []
    for member, name, section in table:
        if section in (".data", ".bss", "*COM*"):
            wrong.append(f"{member}: {name} is writable data")
        if section != "*UND*" or name in defined | COMPILER:
            continue
        if name in NEVER:
            wrong.append(f"{member}: uses {name}")
        elif member not in host and name not in BARE:
            wrong.append(f"{member}: uses {name}, which a bare C library may lack")
    print("\n".join(wrong) or "no state, no calls but those allowed")
    sys.exit(bool(wrong))


main()
