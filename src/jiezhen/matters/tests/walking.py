"""How the tests walk any flow: values that any field takes, and matters in any state."""

import itertools
from dataclasses import replace
from typing import Any

from jiezhen.conftest import AT, Cast
from jiezhen.matters.models import Matter
from jiezhen.matters.rules.flows import met
from jiezhen.packs import registry
from jiezhen.packs.flows import Flow
from jiezhen.packs.flows import Move as MoveSpec
from jiezhen.packs.schema import Kind
from jiezhen.records import operations as records
from jiezhen.records.tests.world import PACK

SHIPPED = registry.load([registry.BUILT_IN])
TRIED = registry.load([registry.BUILT_IN / "office", PACK])
#: The catalogue and the kinds of the tests together.
BOOK = replace(
    SHIPPED, kinds={**SHIPPED.kinds, **TRIED.kinds}, flows={**SHIPPED.flows, **TRIED.flows}
)
KINDS = [kind for kind in BOOK.kinds.values() if kind.shape == "matter"]
#: A value that each type of field takes.
VALUES: dict[str, Any] = {
    "text": "写明",
    "number": 1,
    "money": "100",
    "date": "2023-07-03",
    "time": "2023-07-02 09:00",
    "flag": "是",
    "place": "沧源路1号",
    "person": "张建国",
    "phone": "13812345678",
}
_NUMBERS = itertools.count(1)


#: Values that a kind's own conditions tie together.
TIED: dict[str, dict[str, Any]] = {
    "consultation.opinion": {"outcome": "kept"},
    "deliberation.topic": {"votes_for": 2, "votes_against": 1, "households": 9},
}


def flow(kind: Kind) -> Flow:
    """Return the flow of a kind."""
    return BOOK.flows[str(kind.flow)]


def value(kind: Kind, name: str) -> Any:
    """Return a value that a field takes."""
    spec = kind.fields[name]
    if spec.type == "choice":
        return next(iter(spec.options))
    if spec.type == "number" and spec.min is not None:
        return max(spec.min, 1)
    return VALUES.get(spec.type)


def answers(kind: Kind, name: str) -> dict[str, Any]:
    """Return what a move asks for, files and links left out."""
    asks = flow(kind).moves[name].asks
    plain = {n: value(kind, n) for n in asks if kind.fields[n].type not in {"file", "link"}}
    return plain | {n: v for n, v in TIED.get(kind.name, {}).items() if n in asks}


def fitting(kind: Kind, wanted: MoveSpec) -> dict[str, Any]:
    """Return values of choices and flags with which a move's condition holds."""
    if wanted.condition is None:
        return {}
    names = [n for n in wanted.condition.names if n in kind.fields]
    ways = [list(kind.fields[n].options) or ["yes", "no", None] for n in names]
    for some in itertools.product(*ways):
        found = dict(zip(names, some, strict=True))
        if met(wanted.condition, found):
            return found
    raise LookupError(f"no values let {kind.name} make the move {wanted.title}")


def matter(cast: Cast, kind: Kind, state: str = "", **more: Any) -> Matter:
    """Return a new matter of a kind, in a state."""
    values = {n: value(kind, n) for n, f in kind.fields.items() if f.required or n in kind.key}
    for name in kind.key:
        if kind.fields[name].type in ("text", "place"):
            values[name] = f"沧源路{next(_NUMBERS)}号"
    plain = {"yes": "是", "no": "否"}
    more = {n: plain.get(v, v) if kind.fields[n].type == "flag" else v for n, v in more.items()}
    given = {"state": state} if state else {}
    unit = cast.unit("c1")
    values |= TIED.get(kind.name, {}) | _linked(cast, kind)
    row = records.create(cast.system, kind.name, unit, values | more, AT, given=given)
    assert isinstance(row, Matter)
    return row


def _linked(cast: Cast, kind: Kind) -> dict[str, Any]:
    """Return a record that was made for each link that a kind requires."""
    found = {}
    for name, field in kind.fields.items():
        if field.type == "link" and field.required:
            to = BOOK.kinds[str(field.to)]
            needed = [n for n, f in to.fields.items() if f.required or n in to.key]
            values = {n: value(to, n) for n in needed} | _linked(cast, to)
            for key in to.key:
                if to.fields[key].type in ("text", "place"):
                    values[key] = f"沧源路{next(_NUMBERS)}号"
            made = records.create(cast.system, to.name, cast.unit("c1"), values, AT)
            found[name] = made.pk
    return found


def fresh(row: Matter) -> Matter:
    """Return a matter as it lies in the database now."""
    return Matter.objects.for_system("test").get(pk=row.pk)
