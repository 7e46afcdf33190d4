"""Open an address as somebody and keep all that came of it."""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

_WRITES = re.compile(
    r'\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE
)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect the tables that are written meanwhile, other than sessions."""
    tables: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found and found[2] != "django_session":
            tables.append(found[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


@dataclass
class Answer:
    """What one person got at one address."""

    who: str
    path: str
    status: int
    headers: dict[str, str]
    body: bytes = b""
    wrote: list[str] = field(default_factory=list)
    method: str = "GET"

    @property
    def kind(self) -> str:
        """Return the content type."""
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def text(self) -> str:
        """Return all text in the answer, of whatever form it is."""
        return text_of(self.body, self.kind)

    def __str__(self) -> str:
        return f"{self.who} {self.method} {self.path}: {self.status}"


def text_of(body: bytes, kind: str = "") -> str:
    """Return the text of a page, a file or JSON, with what is escaped in it unescaped."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return html.unescape(
                "\n".join(packed.read(n).decode("utf-8", "replace") for n in packed.namelist())
            )
    text = body.decode("utf-8", "replace")
    if kind == "application/json":
        return json.dumps(json.loads(text or "null"), ensure_ascii=False)
    return html.unescape(text)


def cells_of(body: bytes) -> list[str]:
    """Return the cells of a CSV file."""
    return [c for line in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for c in line]


def open_as(client: Client, who: str, path: str, method: str = "GET", **more: Any) -> Answer:
    """Open an address; a failure inside is an answer with status 500."""
    client.raise_request_exception = False
    with watched() as wrote:
        if method == "GET":
            found = client.get(path, **more)
        else:
            found = client.post(path, **more)
    body = b"".join(found.streaming_content) if found.streaming else found.content
    return Answer(who, path, found.status_code, dict(found.headers), body, list(wrote), method)
