"""Run every benchmark, one process each, and print their tables: `python -m bench [--small] [NAME …]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(words: list[str]) -> int:
    """Run the named benchmarks, or all; return 1 when one of them missed its mark."""
    environment = dict(os.environ)
    paths = [str(FOLDER.parent / "src"), str(FOLDER.parent), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(p for p in paths if p)
    if "--small" in words:
        environment["JIEZHEN_BENCH"] = "small"
    named = [word for word in words if not word.startswith("-")]
    missed = 0
    for file in sorted(FOLDER.glob("[!_]*.py")):
        if named and file.stem not in named:
            continue
        sys.stdout.write(f"\n== {file.stem} ==\n")
        sys.stdout.flush()
        done = subprocess.run(  # noqa: S603  # our own files
            [sys.executable, str(file)], env=environment, check=False
        )
        missed |= done.returncode != 0
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
