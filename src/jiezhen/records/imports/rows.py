"""Turn the cells of a row into values and problems."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import fields, shapes
from jiezhen.records.imports.targets import CODE, INCLUSIVE, STATE, UNIT
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

_TOTALS = frozenset({"合计", "总计", "小计", "合 计", "总 计"})
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one cell; column -1 means the whole row. `near` is a likely cure."""

    column: int
    target: str
    message: str
    near: str = ""

    def told(self) -> dict[str, Any]:
        """Return the fault as it is stored."""
        return {
            "column": self.column, "target": self.target,
            "message": self.message, "near": self.near,
        }  # fmt: skip


@dataclass(slots=True)
class Parsed:
    """One row as read: plain values, system values, what was masked, what is wrong."""

    number: int
    unit: UnitRow | None = None
    plain: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    masked: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    total: bool = False


class Reader:
    """Reads rows of one batch. Units and links are looked up once for each word."""

    def __init__(
        self, viewer: Viewer, kind: Kind, match: dict[int, str], today: date,
        default_unit: UnitRow | None,
    ) -> None:  # fmt: skip
        """Prepare for a kind, with what each column means."""
        self.kind, self.match = kind, dict(sorted(match.items()))
        self.columns = {target: column for column, target in match.items()}
        self.default_unit = default_unit
        self.units = unit_queries.units_of_office(viewer.office_id)
        self.links = _Links(viewer)
        self.context = fields.Context(today, self.links.find)
        self._units: dict[str, UnitRow | Fault] = {}
        self._may = _memo(lambda path: viewer.may("change", kind.name, path, kind.sensitivity))

    def expect(self, rows: Iterable[list[Any]]) -> None:
        """Look up at once everything that the link cells of these rows name."""
        wanted: dict[str, set[str]] = {}
        for name, spec in self.kind.fields.items():
            column = self.columns.get(name)
            if spec.type == "link" and column is not None:
                words = wanted.setdefault(str(spec.to), set())
                words.update(str(r[column]).strip() for r in rows if column < len(r) and r[column])
        for kind, words in wanted.items():
            self.links.fetch(kind, words)

    def read(self, number: int, cells: list[Any]) -> Parsed:
        """Return what a row means, and a fault for each cell that cannot be read."""
        parsed = Parsed(number, self.default_unit)
        first = next((str(c).strip() for c in cells if c not in ("", None)), "")
        parsed.total = first in _TOTALS
        for column, target in self.match.items():
            raw = cells[column] if column < len(cells) else ""
            if raw in ("", None):
                continue
            try:
                self._cell(parsed, target, raw)
            except fields.Bad as bad:
                near = self._near(target, raw)
                parsed.faults.append(Fault(column, target, bad.message, near))
        if not parsed.total:
            self._need_unit(parsed)
        return parsed

    def _cell(self, parsed: Parsed, target: str, raw: Any) -> None:  # noqa: ANN401
        if target == UNIT:
            parsed.unit = self._unit(str(raw).strip())
        elif target.startswith("@"):
            name, value = self._system(target, raw)
            parsed.given[name] = value
        elif target.endswith((".lon", ".lat")):
            name, _dot, part = target.rpartition(".")
            place = parsed.plain.setdefault(name, {"text": ""})
            place |= {k: v for k, v in self._degree(name, part, raw).items() if k == part}
        else:
            self._field(parsed, target, self.kind.fields[target], raw)

    def _degree(self, name: str, part: str, raw: Any) -> dict[str, Any]:  # noqa: ANN401
        read: dict[str, Any] = fields.read({part: raw}, self.kind.fields[name], self.context)
        return read

    def _field(self, parsed: Parsed, name: str, spec: Field, raw: Any) -> None:  # noqa: ANN401
        if spec.type in fields.PERSONAL and "*" in str(raw):
            parsed.masked[name] = str(raw).strip()
            return
        if spec.type == "id_number" and isinstance(raw, int | float):
            raise fields.Bad(_("存成了数字，后几位可能已丢失。请把这一列改成文本再填。"))
        if spec.type == "date" and isinstance(raw, int) and 20000 < raw < 80000:
            # A day in a cell without a date format: Excel's count of days.
            raw = _EXCEL_EPOCH + timedelta(days=raw)
        value = fields.read(raw, spec, self.context)
        if spec.type == "place" and isinstance(parsed.plain.get(name), dict):
            value = parsed.plain[name] | value
        if value is not None:
            parsed.plain[name] = value

    def _system(self, target: str, raw: Any) -> tuple[str, Any]:  # noqa: ANN401
        if target == CODE:
            return "code", str(raw).strip()[:60]
        if target == STATE:
            return "state", self._state(str(raw).strip())
        day = fields.read_date(raw)
        if target == INCLUSIVE:
            given = shapes.shape_of(self.kind.name).given
            name = "valid_until" if "valid_until" in given else "until"
            return name, (day + timedelta(days=1)).isoformat()
        return target[1:], day.isoformat()

    def _state(self, text: str) -> str:
        flow = self.kind.flow_spec
        states = {key: state.title for key, state in flow.states.items()} if flow else {}
        for key, title in states.items():
            if text in (key, title):
                return key
        near = get_close_matches(text, states.values(), n=1, cutoff=0.4)
        asked = _("您是说“{near}”吗？").format(near=near[0]) if near else _("请从清单里选。")
        raise fields.Bad(_("没有“{text}”这个状态。").format(text=text) + asked)

    def _unit(self, text: str) -> UnitRow:
        found = self._units.get(text)
        if found is None:
            found = self._units[text] = self._find_unit(text)
        if isinstance(found, Fault):
            raise fields.Bad(found.message)
        return found

    def _find_unit(self, text: str) -> UnitRow | Fault:
        try:
            unit = unit_queries.find_unit(self.units, text)
        except unit_queries.UnknownUnit as unknown:
            return Fault(-1, UNIT, unknown.message, unknown.near)
        if not self._may(unit.path):
            said = _("没有在“{unit}”登记的权限。").format(unit=unit.title)
            return Fault(-1, UNIT, said)
        return unit

    def _need_unit(self, parsed: Parsed) -> None:
        told = any(f.target == UNIT for f in parsed.faults)
        if parsed.unit is None and not told:
            column = self.columns.get(UNIT, -1)
            parsed.faults.append(Fault(column, UNIT, _("请填单元，如居民区的名称。")))
        elif parsed.unit is not None and not self._may(parsed.unit.path):
            said = _("没有在“{unit}”登记的权限。").format(unit=parsed.unit.title)
            parsed.faults.append(Fault(self.columns.get(UNIT, -1), UNIT, said))

    def _near(self, target: str, raw: Any) -> str:  # noqa: ANN401
        """Return the word that was probably meant, for the list in the page."""
        text = str(raw).strip()
        if target == UNIT:
            found = self._units.get(text)
            return found.near if isinstance(found, Fault) else ""
        flow = self.kind.flow_spec
        if target == STATE and flow:
            words = [s.title for s in flow.states.values()]
        else:
            spec = self.kind.fields.get(target)
            words = list(spec.options.values()) if spec else []
        near = get_close_matches(text, words, n=1, cutoff=0.4)
        return near[0] if near else ""


class _Links:
    """Finds linked records by code or whole title, many at once."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.known: dict[tuple[str, str], int | None] = {}

    def find(self, kind: str, written: str | int) -> int | None:
        # A number in a cell is a code or a title; ids mean nothing to people.
        text = str(written).strip()
        if (kind, text) not in self.known:
            self.fetch(kind, {text})
        return self.known[kind, text]

    def fetch(self, kind: str, words: set[str]) -> None:
        fresh = sorted(w for w in words if (kind, w) not in self.known)
        model = shapes.model_of(kind)
        for start in range(0, len(fresh), 900):
            some = fresh[start : start + 900]
            self.known |= {(kind, word): None for word in some}
            rows = model.objects.seen_by(
                self.viewer, "see", kind, shapes.kind_of(kind).sensitivity
            )
            rows = rows.filter(kind=kind, withdrawn_at=None)
            titled: dict[str, list[int]] = {}
            for pk, title in rows.filter(title__in=some).values_list("pk", "title"):
                titled.setdefault(title, []).append(pk)
            self.known |= {(kind, t): ids[0] for t, ids in titled.items() if len(ids) == 1}
            coded = rows.filter(code__in=some).values_list("code", "pk")
            self.known |= {(kind, code): pk for code, pk in coded}


def _memo(work: Callable[[str], bool]) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def ask(path: str) -> bool:
        if path not in known:
            known[path] = work(path)
        return known[path]

    return ask
