"""The doors of the city's work: an interface with a clock of its own, tables, figures."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.conftest import AT, Cast
from jiezhen.units import operations as units

Values = dict[str, Any]


class City:
    """People of one office who work through the JSON interface, at moments that a test sets."""

    def __init__(self, cast: Cast, clock: pytest.MonkeyPatch) -> None:
        self.cast, self.clock, self.client = cast, clock, Client()
        self.moment = AT
        self.tokens: dict[tuple[str, int], str] = {}

    def now(self, moment: str) -> None:
        """Let it be a moment: 2023-06-21 09:12."""
        self.moment = datetime.fromisoformat(f"{moment.replace(' ', 'T')}:00+08:00")
        self.clock.setenv("JIEZHEN_NOW", self.moment.isoformat())

    def _headers(self, who: str) -> dict[str, str]:
        key = (who, self.moment.toordinal() // 30)
        if key not in self.tokens:
            name, viewer = self.cast.accounts[who].username, self.cast.viewers[who]
            self.tokens[key] = units.issue_token(viewer, name, "接口", self.moment)
        return {"Authorization": f"Bearer {self.tokens[key]}", "Idempotency-Key": uuid4().hex}

    def post(self, path: str, body: Any = None, *, who: str = "city", status: int = 0) -> Any:
        """Post to an address and return what it answers; `status` is one that is wanted."""
        answer = self.client.post(
            f"/api/{path}", body or {}, content_type="application/json", headers=self._headers(who)
        )
        said = (path, body, answer.status_code, answer.content.decode()[:600])
        wanted = {status} if status else {200, 201}
        assert answer.status_code in wanted, said
        return answer.json()

    def get(self, path: str, *, who: str = "city") -> Any:
        """Get an address."""
        answer = self.client.get(f"/api/{path}", headers=self._headers(who))
        assert answer.status_code == 200, (path, answer.content.decode()[:600])
        return answer.json()

    def open(self, kind: str, unit: str = "", *, who: str = "city", **values: Any) -> str:
        """Open a matter and return its number."""
        body = {"values": values, "unit": unit, "twins": False}
        return str(self.post(f"matters/{kind}", body, who=who)["code"])

    def move(self, kind: str, code: str, name: str, **more: Any) -> Any:
        """Make a move; `unit`, `note`, `who` and `status` are told apart from its values."""
        told = {k: more.pop(k) for k in ("unit", "note") if k in more}
        door = {k: more.pop(k) for k in ("who", "status") if k in more}
        return self.post(f"records/{kind}/{code}/moves/{name}", {"values": more, **told}, **door)

    def record(self, kind: str, code: str) -> Values:
        """Return a record as the interface tells it."""
        return dict(self.get(f"records/{kind}/{code}"))

    def table(
        self, kind: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], who: str = "section"
    ) -> Values:
        """Import a table and return its outcome."""
        out = io.StringIO()
        book = csv.writer(out)
        book.writerow(heads)
        book.writerows(rows)
        file = SimpleUploadedFile(f"{kind}.csv", out.getvalue().encode("utf-8-sig"), "text/csv")
        answer = self.client.post(
            f"/api/imports/{kind}", {"file": file}, headers=self._headers(who)
        )
        assert answer.status_code == 200, answer.content.decode()[:800]
        return dict(answer.json())

    def figures(self, names: str, period: str, unit: str = "") -> dict[str, Any]:
        """Return figures of the whole office or a unit by name."""
        address = f"figures?indicator={names}&period={period}&unit={unit}"
        return {f["indicator"]: f["value"] for f in self.get(address, who="section")}
