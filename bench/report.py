# SPDX-License-Identifier: MIT
"""How figures look, tables in Markdown, and on what machine they came about."""

import os
import platform
import re
import statistics
import subprocess
from pathlib import Path

Lines = list[str]


def table(head: list[str], rows: list[list[str]]) -> Lines:
    """A Markdown table with its columns in line; the first is text, the others numbers.
    Columns without a cell are left out."""
    if not rows:
        return []
    columns = [column for column in zip(head, *rows, strict=True) if any(column[1:])]
    head, *rows = map(list, zip(*columns, strict=True))
    widths = [max(3, *map(len, column)) for column in columns]

    def line(row: list[str]) -> str:
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        return "| " + " | ".join([row[0].ljust(widths[0]), *rest]) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [line(head), "| " + " | ".join(rule) + " |", *map(line, rows), ""]


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def digits(value: float) -> str:
    """With three significant digits."""
    if value >= 100:
        return grouped(round(value))
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def milliseconds(times: list[float]) -> str:
    """Median, and from least to most."""
    middle = digits(statistics.median(times) * 1000)
    if len(times) == 1:
        return middle
    return f"{middle} ({digits(min(times) * 1000)}–{digits(max(times) * 1000)})"


def kept(value: float, bound: float) -> str:
    return "yes" if value <= bound else "**no**"


def first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return (done.stdout.splitlines() or [""])[0]


def processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.M)
    return found[1] if found else platform.machine()


def system() -> str:
    name = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{name}, kernel {platform.release().split('-')[0]}"


def memory() -> str:
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{size / 2**30:.0f} GiB"


def commit(root: Path) -> str:
    """Of the sources, and whether the measured files differ from it."""
    name = first_line("git", "-C", str(root), "rev-parse", "--short", "HEAD")
    if not name:
        return "no commit known"
    paths = ("src", "cli", "include")
    changed = first_line("git", "-C", str(root), "status", "--porcelain", "--", *paths)
    return f"commit {name}{', changed' if changed else ''}"
