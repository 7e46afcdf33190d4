"""Run a parser in a child process that gets little memory, little time and no doors.

A file of some kilobytes can make a parser take gigabytes or crash the process. So files
are parsed in a child: `run` starts one, feeds it the file as standard input and yields
its lines. The child begins with `confine.limit` and calls `confine.lock` before it looks
at the file (see `kernel.confine`). The parent never imports a parser.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

#: Exit status with which a child says that it ran out of memory.
OUT_OF_MEMORY = 3

_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)
_ABORT, _KILL, _XCPU = -6, -9, -24


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. Unit: bytes for memory and output, seconds for cpu and wall."""

    memory: int = 768 * 2**20
    cpu: int = 10
    wall: float = 20.0
    output: int = 256 * 2**20


class ChildFailed(Exception):
    """The child ended before it had said everything; `reason` says of what."""

    def __init__(
        self, reason: Literal["time", "memory", "output", "crash"], detail: str = ""
    ) -> None:
        """Keep the reason; the detail is for the log only."""
        self.reason = reason
        super().__init__(f"{reason}: {detail}" if detail else reason)


def run(
    module: str, file: IO[bytes], arguments: Sequence[str] = (), limits: Limits | None = None
) -> Iterator[bytes]:
    """Yield the lines that a module writes about a file, as they come.

    Shape: lines with their end. The module runs as `__main__` in a fresh interpreter
    with an empty environment; the limits are its first two arguments (memory, cpu).

    Raises:
        ChildFailed: A limit was reached, or the child broke down; lines that came
            before are of no use.
    """
    limits = limits or Limits()
    command = [sys.executable, "-I", "-B", "-c", _BOOT, _ROOT, module]
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module, no shell
        [*command, str(limits.memory), str(limits.cpu), *arguments],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8", "PATH": "/nowhere"},
        close_fds=True,
        start_new_session=True,
    )
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(limits.wall, end)
    timer.daemon = True
    timer.start()
    try:
        yield from _lines(process, limits.output)
        _judge(process.wait(), late=late.is_set())
    finally:
        timer.cancel()
        _kill(process)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    # The child leads a session of its own, so that nothing it started outlives it.
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _lines(process: subprocess.Popen[bytes], most: int) -> Iterator[bytes]:
    said = 0
    for line in cast("IO[bytes]", process.stdout):
        said += len(line)
        if said > most:
            raise ChildFailed("output")
        yield line


def _judge(status: int, *, late: bool) -> None:
    if status == 0:
        return
    if late or status == _XCPU:
        raise ChildFailed("time")
    # A library in Rust or C aborts when it gets no memory; the kernel's killer sends 9,
    # and so does the second, hard limit of processor time.
    if status in (OUT_OF_MEMORY, _ABORT):
        raise ChildFailed("memory")
    if status == _KILL:
        raise ChildFailed("time", "killed")
    raise ChildFailed("crash", f"status {status}")
