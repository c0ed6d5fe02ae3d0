# SPDX-License-Identifier: MIT
"""The parts of the library as src/CMakeLists.txt declares them."""

from pathlib import Path


class Part:
    """One part: where it looks for headers, its sources, what it uses and shows."""

    def __init__(self, name):
        self.name = name
        self.facts = {}

    def fact(self, key):
        value = self.facts.get(key, "")
        return [] if not value or value.endswith("-NOTFOUND") else value.split(";")

    @property
    def folder(self):
        return Path(self.fact("SOURCES")[0]).parent

    @property
    def shown(self):
        """The headers others may include if they use this part, as they are written."""
        own = self.folder / "include"
        return [str(h.relative_to(own)) for h in sorted(own.rglob("*.h"))] + [
            f"lfskit/{name}" for name in self.fact("LFSKIT_PUBLIC")
        ]

    @property
    def private(self):
        return [h.name for h in sorted(self.folder.glob("*.h"))]


def read(path):
    parts = {}
    for line in Path(path).read_text().splitlines():
        name, key, value = line.split("|")
        parts.setdefault(name, Part(name)).facts[key] = value
    return parts
