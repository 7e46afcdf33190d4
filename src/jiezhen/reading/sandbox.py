"""Opening a file from outside: a structure check here, the parsing in a limited child process.

A hostile file can at worst end the child. The answer is accepted only in its fixed form.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

import jiezhen
from jiezhen.reading import errors, sources, structure
from jiezhen.reading.sources import SourceText

WALL_SECONDS: Final = 20
_MAX_ANSWER: Final = 64 * 2**20


def read_file(path: Path | str, name: str | None = None) -> SourceText:
    """Return the text of an untrusted file (txt, md, docx, pdf); `name` is the name shown to people.

    Errors: an `UnreadableFile`, its `message` saying in Chinese what is wrong and what to do. Missing files raise
    `FileNotFoundError`.
    """
    path = Path(path)
    name = name or path.name
    if path.stat().st_size > structure.MAX_BYTES:
        raise errors.TooLarge
    data = path.read_bytes()
    kind = structure.kind_of(data, name)
    if kind in ("txt", "md"):
        return sources.text_of(data, name)
    return _accepted(_run(path.resolve(), name), name)


def _run(path: Path, name: str) -> bytes:
    command = [*_without_network(), sys.executable, "-m", "jiezhen.reading.child", str(path), name]
    try:
        done = subprocess.run(  # noqa: S603 - fixed command; the path is an argument, not a shell word
            command,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            cwd="/",
        )
    except subprocess.TimeoutExpired as problem:
        raise errors.TooSlow from problem
    if done.returncode != 0 or len(done.stdout) > _MAX_ANSWER:
        raise errors.TooSlow
    return done.stdout


def _accepted(answer: bytes, name: str) -> SourceText:
    try:
        found = json.loads(answer)
    except ValueError as problem:
        raise errors.TooSlow from problem
    if not isinstance(found, dict):
        raise errors.TooSlow
    if "error" in found:
        raise errors.ALL.get(str(found["error"]), errors.UnreadableFile)
    text, kind, pages = found.get("text"), found.get("kind"), found.get("pages")
    if (
        not isinstance(text, str)
        or kind not in ("docx", "pdf")
        or not isinstance(pages, int | None)
    ):
        raise errors.TooSlow
    return SourceText(text, name, kind, pages)


def _environment() -> dict[str, str]:
    """Return an environment that holds nothing but where Python and this package are."""
    root = str(Path(jiezhen.__file__).resolve().parents[1])
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": root,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }


@cache
def _without_network() -> tuple[str, ...]:
    """Return the words that start a command in a network of its own, where the system allows it."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    tried = subprocess.run(  # noqa: S603 - fixed command
        [unshare, "-rn", "true"], capture_output=True, check=False, timeout=WALL_SECONDS
    )
    return (unshare, "-rn") if tried.returncode == 0 else ()
