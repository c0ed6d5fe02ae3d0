# SPDX-License-Identifier: MIT
"""check_layers.py PARTS CC

For each part and each header of the library: a file of the part that includes
the header compiles if the part is, or uses, the header's part, and does not
compile otherwise.
"""

import subprocess
import sys

import layout


def compiles(compiler, part, header):
    """Whether `part` can include `header`; an error other than 'not found' is a bug here."""
    command = [compiler, "-std=c11", "-fsyntax-only", "-x", "c", "-"]
    command += [f"-I{d}" for d in part.fact("INCLUDE_DIRECTORIES")]
    done = subprocess.run(command, input=f'#include "{header}"\n', capture_output=True, text=True)
    if done.returncode and "No such file" not in done.stderr and "not found" not in done.stderr:
        sys.exit(f"{part.name} including {header}:\n{done.stderr}")
    return done.returncode == 0


def main():
    parts = layout.read(sys.argv[1])
    compiler = sys.argv[2]
    wrong = []
    forbidden = 0
    for part in parts.values():
        for other in parts.values():
            may = {part.name, "util", *part.fact("LFSKIT_USES")}
            for header in other.shown:
                allowed = other.name in may
                forbidden += not allowed
                if compiles(compiler, part, header) != allowed:
                    verb = "cannot" if allowed else "can"
                    wrong.append(f"{part.name} {verb} include {header}")
            for header in other.private:
                forbidden += other is not part
                if other is not part and compiles(compiler, part, header):
                    wrong.append(f"{part.name} can include {header}, private to {other.name}")
    print("\n".join(wrong) or f"{forbidden} forbidden includes do not compile")
    sys.exit(bool(wrong))


main()
