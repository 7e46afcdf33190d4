"""Benchmarks. Each module measures one thing and prints a table; `python -m bench` runs them all."""

from __future__ import annotations

import os
from collections.abc import Sequence


def small() -> bool:
    """Say whether a quick run is wanted: `--small`, kept in the environment for child processes."""
    return os.environ.get("JIEZHEN_BENCH") == "small"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a table as text: the first column left, the others right."""
    lines = [list(heads), *([str(cell) for cell in row] for row in rows)]
    wide = [max(len(line[n]) for line in lines) for n in range(len(heads))]

    def told(line: Sequence[str]) -> str:
        first = line[0].ljust(wide[0])
        return "  ".join([first, *(c.rjust(w) for c, w in zip(line[1:], wide[1:], strict=True))])

    rule = "-" * (sum(wide) + 2 * (len(wide) - 1))
    return "\n".join([title, rule, told(lines[0]), rule, *(told(line) for line in lines[1:]), ""])
