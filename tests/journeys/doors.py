"""The doors by which records come in: workbooks, the JSON API, forms and moves."""

import io
import re
from collections import deque
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Flow, Kind
from jiezhen.records import imports, sheets
from jiezhen.records.imports.targets import STATE, UNIT, targets
from jiezhen.records.models import Batch

from .making import Made

_NONCE = re.compile(r'name="_nonce" value="([^"]+)"')
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def nonce(client: Client, page: str) -> str:
    """Return the nonce of the form that a page shows."""
    shown = client.get(page)
    assert shown.status_code == 200, (page, shown.status_code)
    found = _NONCE.search(shown.content.decode())
    assert found, page
    return found[1]


def post(client: Client, href: str, page: str = "", **data: Any) -> Any:
    """Post a form as the page that shows it would."""
    answer = client.post(href, {"_nonce": nonce(client, page or href), **data})
    assert answer.status_code in (200, 302), (href, data, _said(answer))
    return answer


def _said(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:1500]


class Machine:
    """A client of the JSON API: a token, and a key of its own for every write."""

    def __init__(self, token: str) -> None:
        self.client, self.token = Client(), token

    def send(self, path: str, body: Any = None, file: Any = None) -> Any:
        """Post to an address and return what it answers."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex}
        if file is not None:
            answer = self.client.post(f"/api/{path}", {"file": file}, headers=headers)
        else:
            answer = self.client.post(
                f"/api/{path}", body, content_type="application/json", headers=headers
            )
        assert answer.status_code in (200, 201), (path, body, answer.content.decode())
        return answer.json()

    def create(self, made: Made) -> str:
        """Register a record, a matter by its moves, and return its code."""
        given = {k: v for k, v in made.given.items() if k != "state"}
        kind = catalogue().kinds[made.kind]
        body = {"unit": made.unit, "values": made.values, "given": given}
        code = str(self.send(f"records/{made.kind}", body)["code"])
        for step, asked in moves(kind, made):
            self.send(
                f"records/{made.kind}/{code}/moves/{step}", {"values": asked, "note": "按流程办理"}
            )
        if made.withdrawn:
            self.send(f"records/{made.kind}/{code}/withdraw", {"why": "重复登记"})
        return code

    def take_in(self, kind: str, some: Sequence[Made]) -> dict[str, Any]:
        """Import a workbook by the API."""
        file = SimpleUploadedFile(f"{kind}.xlsx", workbook(kind, some), XLSX)
        return dict(self.send(f"imports/{kind}", file=file))


def import_on_page(client: Client, kind: str, some: Sequence[Made]) -> dict[str, Any]:
    """Import a workbook on the pages: choose the file, look at what was found, write it."""
    file = SimpleUploadedFile(f"{kind}.xlsx", workbook(kind, some), XLSX)
    here = post(client, "/imports/new", kind=kind, file=file).url
    assert re.fullmatch(r"/imports/\d+", here), here
    post(client, f"{here}/commit", here)
    batch = Batch.objects.get(pk=here.rpartition("/")[2])
    return imports.outcome_of(batch).to_dict()


def moves(kind: Kind, made: Made) -> list[tuple[str, dict[str, Any]]]:
    """Return the moves that lead a new matter to its state, with what they ask for."""
    flow = kind.flow_spec
    wanted = made.given.get("state")
    if flow is None or wanted is None:
        return []
    steps = []
    for name in _path(flow, wanted):
        asked = {}
        for column in flow.moves[name].asks:
            spec = kind.fields[column]
            if column in made.values:
                asked[column] = made.values[column]
            elif spec.type in ("number", "money"):
                asked[column] = 12
            elif spec.type == "date":
                asked[column] = made.values.get(kind.on) or "2023-01-05"
            elif spec.type == "choice":
                asked[column] = next(iter(spec.options))
        steps.append((name, asked))
    return steps


def _path(flow: Flow, wanted: str) -> list[str]:
    """Return the shortest way of moves from the first state to another."""
    waiting: deque[tuple[str, list[str]]] = deque([(flow.start, [])])
    seen = {flow.start}
    while waiting:
        state, steps = waiting.popleft()
        if state == wanted:
            return steps
        for name, move in flow.moves.items():
            if state in move.from_ and move.to not in seen:
                seen.add(move.to)
                waiting.append((move.to, [*steps, name]))
    raise AssertionError(wanted)


def workbook(kind: str, some: Sequence[Made]) -> bytes:
    """Return a workbook with the headings of the product's own template."""
    spec = catalogue().kinds[kind]
    known = targets(spec)
    used = [
        UNIT,
        *(
            n
            for n in known
            if n == STATE or n.startswith("@valid") or any(n in m.values for m in some)
        ),
    ]
    heads = [sheets.Head(known[name].title) for name in used]
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        page = book.sheet(spec.title, heads)
        for made in some:
            page.row([_cell(spec, made, name) for name in used])
    return out.getvalue()


def _cell(kind: Kind, made: Made, name: str) -> Any:
    """Return what a person writes into a cell: titles, not keys."""
    if name == UNIT:
        return made.unit
    if name == STATE:
        flow = kind.flow_spec
        return flow.states[made.given["state"]].title if flow else ""
    if name.startswith("@"):
        return made.given.get(name[1:], "")
    value = made.values.get(name, "")
    field = kind.fields.get(name)
    if field is None or value == "":
        return value
    if field.type == "choice":
        return field.options.get(value, value)
    return {"yes": "是", "no": "否"}.get(value, value) if field.type == "flag" else value


def register(client: Client, made: Made) -> str:
    """Register a record by its form, a matter by its moves, and return its code."""
    kind = catalogue().kinds[made.kind]
    href = (
        f"/matters/new?kind={made.kind}" if kind.shape == "matter" else f"/records/{made.kind}/new"
    )
    given = {f"_{name}": day for name, day in made.given.items() if name == "valid_from"}
    answer = post(client, href, _unit=made.unit, **made.values, **given)
    assert answer.status_code == 302, _said(answer)
    found = re.search(rf"{kind.code}-\d{{4}}-\d+", answer.url)
    assert found, answer.url
    for step, asked in moves(kind, made):
        matter = f"/matters/{found[0]}"
        page = (
            f"{matter}/moves/{step}"
            if kind.flow_spec and kind.flow_spec.moves[step].asks
            else matter
        )
        answer = post(client, f"{matter}/moves/{step}", page, note="按流程办理", **asked)
        assert answer.status_code == 302, (step, _said(answer))
    return found[0]
