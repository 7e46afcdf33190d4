"""The quick form of a service, and the lines below it for what the service found.

Lines that are left empty are nothing; a row of a checklist is a finding when it is ticked so or
when something was written beside it. Without JavaScript a button brings more lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.activities import operations, queries, rules
from jiezhen.packs.schema import Finds, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes, wording
from jiezhen.records.forms import New, Record, blame
from jiezhen.units.queries import UnitRow


class Quick(New):
    """A new service, its count before everything else."""

    def __init__(self, kind: Kind, units: Iterable[UnitRow], *args: Any, **more: Any) -> None:
        super().__init__(kind, units, *args, **more)
        self.order_fields([*rules.quick_order(kind), "_unit"])


#: So many empty lines stand below the activity at first; each press brings as many more.
LINES = 3
BAD = "bad"


@dataclass(slots=True)
class Line:
    """One line: its form, the row of the checklist that it belongs to, how that was ticked."""

    form: Record
    name: str
    item: queries.Item | None = None
    tick: str = ""

    @property
    def written(self) -> bool:
        """Say whether anything was written in the line."""
        return any(str(v).strip() for v in self.form.values().values())

    @property
    def open(self) -> bool:
        """Say whether the line's fields are shown at once."""
        return self.item is None or self.tick == BAD or self.written or bool(self.form.errors)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return how a row of a checklist can be ticked."""
        return (("ok", _("合格")), (BAD, _("有问题")), ("na", _("不涉及")))


@dataclass(slots=True)
class Section:
    """The lines of one kind of finding."""

    place: int
    find: Finds
    kind: Kind
    lines: list[Line]

    @property
    def title(self) -> str:
        """Return the heading of the section."""
        return wording.title(self.kind)


def sections(viewer: Viewer, kind: Kind, data: Any) -> list[Section]:  # noqa: ANN401
    """Return the lines of every kind of finding that the viewer may register, empty or posted."""
    found = []
    for place, find in enumerate(kind.finds):
        child = shapes.kind_of(find.kind)
        if not viewer.may("change", child.name, sensitivity=child.sensitivity):
            continue
        items: Sequence[queries.Item | None]
        listed = queries.checklist(viewer, find) if find.checklist else None
        items = [None] * _count(data, place) if listed is None else listed
        lines = [
            _line(child, find, f"f{place}-{item.id if item else n}", item, data)
            for n, item in enumerate(items)
        ]
        found.append(Section(place, find, child, lines))
    return found


def _count(data: Any, place: int) -> int:  # noqa: ANN401
    text = str((data or {}).get(f"_lines{place}", LINES))
    count = min(int(text), operations.MOST) if text.isdecimal() else LINES
    return count + (LINES if data and data.get("_more") == str(place) else 0)


def _line(
    child: Kind,
    find: Finds,
    prefix: str,
    item: queries.Item | None,
    data: Any,  # noqa: ANN401
) -> Line:
    form = Record(child, data, names=find.ask, needed=(), prefix=prefix)
    tick = str(data.get(f"{prefix}-tick", "")) if data else ""
    # What is missing is said by the operation; Django's own reading of lines is not wanted.
    if data:
        blame(form, ())
    return Line(form, prefix, item, tick if tick in ("ok", BAD, "na") else "")


def is_found(line: Line) -> bool:
    """Say whether a line holds a finding."""
    if line.item is None:
        return line.written
    return line.tick == BAD or (not line.tick and line.written)


def as_finding(part: Section, line: Line) -> operations.Finding:
    """Return what a line found."""
    values = line.form.values()
    first = part.find.ask[0]
    if line.item is None:
        return operations.Finding(values, part.place)
    if part.kind.fields[first].type == "text" and not str(values.get(first, "")).strip():
        # The checklist says already what is wrong; nobody need write it again.
        values[first] = line.item.title
    return operations.Finding(values, part.place, line.item.id)


def ticks(parts: list[Section]) -> dict[str, str]:
    """Return how the rows of checklists were ticked, by their ids."""
    return {
        str(line.item.id): BAD if is_found(line) else line.tick
        for part in parts
        for line in part.lines
        if line.item is not None and (line.tick or is_found(line))
    }


def blame_lines(form: New, written: list[Line], problems: list[records.Problem]) -> None:
    """Put each problem at the activity's field or at the line that it is about."""
    own: list[records.Problem] = []
    by_line: dict[int, list[records.Problem]] = {}
    for problem in problems:
        head, _dot, rest = problem.field.partition(".")
        place, _dot, name = rest.partition(".")
        if head == "findings" and place.isdecimal():
            told = records.Problem(name, problem.message)
            by_line.setdefault(int(place), []).append(told)
        else:
            own.append(problem)
    for number, some in by_line.items():
        written[number].form.blame(some)
        said = _("第{n}个问题：{what}").format(n=number + 1, what=some[0].message)
        own.append(records.Problem("", said))
    form.blame(own)
