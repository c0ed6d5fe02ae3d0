# SPDX-License-Identifier: MIT
"""check_sources.py SOURCE PARTS

File names are unique over src/; every file of a part is compiled; a part shows
its neighbours one header; no file is over 700 lines; every file states the
license; no include climbs out of its folder.
"""

import re
import sys
from pathlib import Path

import layout

LINES_MAX = 700
FOLDERS = ("src", "include", "cli", "tests", "fuzz", "bench", "examples", "tools", "cmake", ".ci")
# Kept as they are: data, and the pages of the example web UI.
NOT_OURS = ("examples/webui/", "fuzz/corpus/")
CODE = {".c", ".h", ".py", ".cmake", ".sh", ".txt", ""}


def sources(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and path.suffix in CODE and not name.startswith(NOT_OURS):
                yield name, path


def check_file(name, path):
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    if "SPDX-License-Identifier: MIT" not in "".join(text.splitlines()[:2]):
        yield f"{name}: the SPDX line is missing"
    if text.count("\n") > LINES_MAX:
        yield f"{name}: over {LINES_MAX} lines"
    if path.suffix in {".c", ".h"} and re.search(r'#include\s+"[^"]*\.\./', text):
        yield f"{name}: an include climbs out of its folder"


def check_parts(root, parts):
    seen = {}
    for path in sorted((root / "src").rglob("*.[ch]")):
        if path.name in seen:
            yield f"{path}: the name is taken by {seen[path.name]}"
        seen[path.name] = path
    for part in parts.values():
        compiled = {Path(s).name for s in part.fact("SOURCES")}
        for path in part.folder.glob("*.c"):
            if path.name not in compiled:
                yield f"{path}: not in src/CMakeLists.txt"
        internal = [h for h in part.shown if not h.startswith("lfskit/")]
        if internal not in ([], [f"{part.name}/{part.name}.h"]):
            yield f"{part.name}: shows more than its one header: {internal}"


def main():
    root = Path(sys.argv[1])
    wrong = [line for name, path in sources(root) for line in check_file(name, path)]
    wrong += check_parts(root, layout.read(sys.argv[2]))
    print("\n".join(wrong) or "the sources keep the rules")
    sys.exit(bool(wrong))


main()
