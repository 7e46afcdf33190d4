"""The child of the sandbox reaches nothing, and every limit ends it."""

import platform
import tempfile
import time

import pytest

from jiezhen.kernel import sandbox

CHILD = "jiezhen.kernel.tests.reaching_child"


def talk(*wishes: str, limits: sandbox.Limits | None = None) -> list[str]:
    with tempfile.TemporaryFile() as file:
        file.write(b"some bytes")
        file.seek(0)
        return [line.decode().strip() for line in sandbox.run(CHILD, file, wishes, limits)]


@pytest.mark.skipif(platform.system() != "Linux", reason="the kernel's filter is Linux's")
def test_it_closes_every_door() -> None:
    said = talk()
    assert said[0] == "locked 10"
    assert [line.split()[1] for line in said[1:]] == ["closed"] * 7, said


@pytest.mark.parametrize(
    ("wish", "limits", "reason"),
    [
        ("loop", sandbox.Limits(cpu=1), "time"),
        ("loop", sandbox.Limits(wall=0.7), "time"),
        ("flood", sandbox.Limits(output=100_000), "output"),
        ("memory", sandbox.Limits(), "memory"),
        ("crash", sandbox.Limits(), "memory"),  # a Rust or C library aborts without memory
    ],
)
def test_it_says_which_limit_was_reached(wish: str, limits: sandbox.Limits, reason: str) -> None:
    began = time.monotonic()
    with pytest.raises(sandbox.ChildFailed) as caught:
        talk(wish, limits=limits)
    assert caught.value.reason == reason
    assert time.monotonic() - began < 5


def test_it_ends_the_child_when_the_reader_stops() -> None:
    with tempfile.TemporaryFile() as file:
        lines = sandbox.run(CHILD, file, ["loop"])
        next(lines)
        lines.close()  # type: ignore[attr-defined]
