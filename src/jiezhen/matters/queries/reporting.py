"""What somebody can report in three taps: types, the ones they use most, and places.

A type is a kind of matter together with one option of its category. Which kinds are offered
follows from what packs say anyway: that doubles are looked for at a place, and what is required.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Field, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access, wording
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

#: So many chips, and so many of one's own latest records decide which.
CHIPS, LATEST = 6, 300
#: Most characters of the words that go with a report.
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Parts:
    """The fields of a kind that a report fills: category, place, words, days, photographs."""

    place: str
    category: str = ""
    words: str = ""
    days: tuple[str, ...] = ()
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Type:
    """What can be reported: `key` names it in a form."""

    key: str
    title: str
    kind: Kind
    parts: Parts
    option: str = ""
    also: tuple[str, ...] = field(default=(), hash=False)

    def values(self, place: Any, words: str, on: date) -> dict[str, Any]:
        """Return the values of a record of this type, found on a day."""
        found: dict[str, Any] = dict.fromkeys(self.parts.days, on.isoformat())
        found[self.parts.place] = place
        if self.parts.category:
            found[self.parts.category] = self.option
        if self.parts.words:
            needed = self.kind.fields[self.parts.words].required
            found[self.parts.words] = words or (self.title if needed else "")
        return found


def parts_of(kind: Kind) -> Parts | None:
    """Return the fields that a report of a kind fills; None for what nobody finds on a walk.

    A kind that looks for doubles at a place is one that people come upon; one with callers is
    taken in from somebody else. What else a record requires must follow from the report.
    """
    if kind.twins is None or kind.twins.place not in kind.kept or kind.parties:
        return None
    place, category, words = kind.twins.place, _category(kind), _words(kind)
    needed = {name for name, spec in kind.kept.items() if spec.required}
    days = tuple(n for n in kind.kept if n in needed and kind.fields[n].type == "date")
    if kind.shape != "matter" or needed - {place, category, words, *days}:
        return None
    return Parts(str(place), category, words, days, _first(kind.kept, ("file",)))


def _first(named: Mapping[str, Field], types: tuple[str, ...]) -> str:
    return next((n for n, s in named.items() if s.type in types), "")


def _category(kind: Kind) -> str:
    """Return the choice that says what it is: the pack's word for it, else a required one."""
    wished = (kind.guess.field if kind.guess else None, kind.twins and kind.twins.category)
    for name in wished:
        if name in kind.kept and kind.fields[str(name)].type == "choice":
            return str(name)
    return next((n for n, s in kind.kept.items() if s.type == "choice" and s.required), "")


def _words(kind: Kind) -> str:
    texts = [n for n, s in kind.kept.items() if s.type == "text"]
    wished = [*(kind.guess.text if kind.guess else ()), *(kind.twins.text if kind.twins else ())]
    needed = [n for n in texts if kind.fields[n].required]
    for name in (*needed, *wished, *texts):
        if name in texts:
            return name
    return ""


def types(viewer: Viewer) -> list[Type]:
    """Return every type that the viewer may report, in the packs' order; no statement."""
    found = []
    for kind in access.kinds(viewer, "matter", "change"):
        parts = parts_of(kind)
        if parts is None:
            continue
        if not parts.category:
            title = wording.title(kind)
            found.append(Type(kind.name, title, kind, parts, "", (kind.title, *kind.also)))
            continue
        chosen = kind.fields[parts.category]
        titles = wording.options(chosen)
        for option, said in chosen.options.items():
            title = titles.get(option, said)
            found.append(Type(f"{kind.name}:{option}", title, kind, parts, option, (said,)))
    return _told_apart(found)


def _told_apart(found: list[Type]) -> list[Type]:
    """Name the kind behind types that would read alike, such as two times 其他."""
    counts = Counter(t.title for t in found)
    return [
        t
        if counts[t.title] == 1
        else Type(
            t.key,
            _("{type}（{kind}）").format(type=t.title, kind=wording.title(t.kind)),
            t.kind,
            t.parts,
            t.option,
            t.also,
        )
        for t in found
    ]


def usual_first(viewer: Viewer, some: Iterable[Type]) -> list[Type]:
    """Return types with those first that the viewer's own latest records name most: one statement.

    Only what one wrote oneself is looked at, and nothing of it is shown to anybody else.
    """
    listed = list(some)
    kinds = {t.kind.name: t for t in listed}
    rows = access.rows_of_many(viewer, [t.kind for t in kinds.values()])
    if rows is None:
        return listed
    own = rows.filter(created_by_id=viewer.account_id, withdrawn_at=None).order_by("-id")
    counts: Counter[str] = Counter()
    for kind, data in own.values_list("kind", "data")[:LATEST]:
        category = kinds[kind].parts.category
        counts[f"{kind}:{data.get(category, '')}" if category else kind] += 1
    # A finding of the streets is commoner than a register of outfalls: categories go first.
    return sorted(listed, key=lambda t: (-counts[t.key], not t.option))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the page 上报 offers: all types with the usual ones first, units, one's own unit."""

    types: tuple[Type, ...]
    units: tuple[UnitRow, ...]
    own: str

    @property
    def chips(self) -> tuple[Type, ...]:
        """Return the types that stand on the page."""
        return self.types[:CHIPS]

    @property
    def others(self) -> tuple[Type, ...]:
        """Return the types that stand under 其他."""
        return self.types[CHIPS:]


def choices(viewer: Viewer, at: datetime) -> Choices:
    """Return what the viewer may report and where: two statements."""
    units = [
        u
        for u in unit_queries.units_of(viewer, clock.day_of(at), "change")
        if u.level != "department"
    ]
    own = next((u.code for u in units if u.id == viewer.unit_id), "")
    return Choices(tuple(usual_first(viewer, types(viewer))), tuple(units), own)
