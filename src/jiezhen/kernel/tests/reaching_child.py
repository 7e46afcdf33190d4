"""A child that tries every door after it was locked, and says which one opened."""
# ruff: noqa: T201  -- its output is what the test reads

import os
import socket
import subprocess
import sys
from collections.abc import Callable

from jiezhen.kernel import confine


def attempt(name: str, door: Callable[[], object]) -> None:
    """Try a door; only the kernel's refusal counts as closed."""
    try:
        found = door()
    except (OSError, MemoryError):
        print(name, "closed", flush=True)
    else:
        print(name, "open", found, flush=True)


def main() -> None:
    """Read the file, lock, try."""
    confine.limit(int(sys.argv[1]), int(sys.argv[2]))
    size = len(sys.stdin.buffer.read())
    print("locked" if confine.lock() else "unlocked", size, flush=True)
    attempt("read", lambda: open("/etc/passwd").read()[:1])  # noqa: PTH123, SIM115
    attempt("write", lambda: open("/tmp/jiezhen-probe", "w"))  # noqa: PTH123, SIM115, S108
    attempt("network", lambda: socket.create_connection(("127.0.0.1", 9), 1))
    attempt("program", lambda: subprocess.run(["/bin/true"], check=True))
    attempt("shell", lambda: os.system("exit 0") == 0 or (_ for _ in ()).throw(OSError))  # noqa: S605, S607
    attempt("fork", os.fork)
    attempt("memory", lambda: len(bytearray(900 * 2**20)))
    for wish in sys.argv[3:]:
        if wish == "loop":
            while True:
                pass
        if wish == "flood":
            while True:
                print("x" * 10000)
        if wish == "memory":
            raise SystemExit(3)
        if wish == "crash":
            os.abort()


if __name__ == "__main__":
    main()
