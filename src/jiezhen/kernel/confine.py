"""Close the doors of the present process. Only children of `kernel.sandbox` call this.

`limit` sets what the kernel counts: memory, processor time, no files written. `lock`
then forbids opening files, sockets and programs. Modules that are needed must be
imported between the two.
"""

from __future__ import annotations

import contextlib
import ctypes
import platform
import resource

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # the second: fail with EPERM
# Calls that reach out of the process, by their numbers: open openat openat2 creat, socket
# socketpair connect bind, execve execveat fork vfork clone clone3, ptrace kill bpf io_uring_setup
# process_vm_readv process_vm_writev, unlink unlinkat rename renameat renameat2 mkdir.
_CALLS = {
    "x86_64": (
        0xC000003E,
        (
            2,
            257,
            437,
            85,
            41,
            53,
            42,
            49,
            59,
            322,
            57,
            58,
            56,
            435,
            101,
            62,
            321,
            425,
            310,
            311,
            87,
            263,
            82,
            264,
            316,
            83,
        ),
    ),
    "aarch64": (
        0xC00000B7,
        (
            56,
            437,
            198,
            199,
            203,
            200,
            221,
            281,
            220,
            435,
            117,
            129,
            280,
            425,
            270,
            271,
            35,
            38,
            276,
            34,
        ),
    ),
}


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("yes", ctypes.c_ubyte),
        ("no", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def limit(memory: int, cpu: int) -> None:
    """Set the limits that hold from now on. Unit: bytes, seconds of processor time."""
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 32, 32),
    ):
        # A system that already allows less keeps its own limit.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (soft, hard))


def lock() -> bool:
    """Forbid new files, sockets and programs; say whether the kernel's filter is in force.

    Without the filter (another system, an old kernel) the limit of zero further file
    descriptors still keeps files and sockets away.
    """
    filtered = _filter()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    return filtered


def _filter() -> bool:
    found = _CALLS.get(platform.machine())
    if platform.system() != "Linux" or found is None:
        return False
    architecture, numbers = found
    steps = [
        _Step(0x20, 0, 0, 4),  # load the architecture; another one is refused whole
        _Step(0x15, 0, len(numbers) + 3, architecture),
        _Step(0x20, 0, 0, 0),  # load the number of the call
        _Step(0x35, len(numbers) + 1, 0, 0x40000000),  # the second numbering of x86
    ]
    for ahead, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        steps.append(_Step(0x15, ahead, 0, number))
    # Each test jumps over the rest and over the permission to the refusal at the end.
    steps += [_Step(0x06, 0, 0, _ALLOW), _Step(0x06, 0, 0, _REFUSE)]
    block = (_Step * len(steps))(*steps)
    program = _Program(len(steps), block)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)
