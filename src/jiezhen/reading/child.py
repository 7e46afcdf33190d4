"""The limited process that opens a file from outside: `python -m jiezhen.reading.child PATH NAME`.

It limits itself first (memory, time, no sockets, no new files), reads second, and answers with one line of JSON:
`{"text", "name", "kind", "pages"}` or `{"error", "message", "message_en"}`.
"""

from __future__ import annotations

import json
import resource
import socket
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

from jiezhen.reading import errors, sources

MEMORY: Final = 768 * 2**20
SECONDS: Final = 10


def limit() -> None:
    """Take away memory, time, network and the writing of files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    vars(socket).update(socket=_no_network, create_connection=_no_network)


def _no_network(*_: object, **__: object) -> NoReturn:
    raise OSError("no network in the reading process")


def answer(path: str, name: str) -> dict[str, Any]:
    """Return the text of a file, or the failure, as JSON values."""
    try:
        source = sources.text_of(Path(path).read_bytes(), name)
    except errors.UnreadableFile as problem:
        return _failure(problem)
    except (MemoryError, RecursionError):
        return _failure(errors.TooSlow())
    except Exception:  # noqa: BLE001 - the edge: a parser may raise anything on a hostile file
        return _failure(errors.BrokenFile())
    return {"text": source.text, "name": source.name, "kind": source.kind, "pages": source.pages}


def _failure(problem: errors.UnreadableFile) -> dict[str, Any]:
    return {
        "error": type(problem).__name__,
        "message": problem.message,
        "message_en": problem.message_en,
    }


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(
        json.dumps(answer(sys.argv[1], sys.argv[2]), ensure_ascii=False).encode("utf-8", "replace")
    )
