"""From what the reader found to the rows of the commitments table.

The reader gives promises and figures; the table wants one row per thing promised:
「A、B、C各1处」 becomes three rows, 「75户、…50个」 two, and 「17幢2.67万平方米」 stays one row with
two measures.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from jiezhen.kernel.numerals import Exact
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.plans.rules import words
from jiezhen.reading.model import Commitment, Document, Figure

#: A result told elsewhere in the same document must be this much like the target's words.
RESULT_LEAST = 0.6
_RESULTS = ("result", "stock", "rate")
#: From this on, rows may be confirmed together.
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Aim:
    """One number of a row. Unit: base units, a share for %."""

    value: Exact
    unit: str
    comparator: str
    start: int
    end: int
    span: str
    object: str
    result: Exact | None = None
    result_start: int | None = None
    result_end: int | None = None
    result_span: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One row before anybody has looked at it. Dates are inclusive; offsets as in the text."""

    start: int
    end: int
    words: str
    section: str
    object: str
    action: str
    strength: str
    milestone: str
    starts_on: date
    due_on: date
    office_hint: str
    confidence: float
    aims: tuple[Aim, ...] = ()


def joined(text: str) -> str:
    """Return words without the line breaks and blanks that layout put between them."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text).strip().replace("\n", " ")


def drafts(document: Document, year: int) -> list[Draft]:
    """Return the rows of a document in its order; without figures there are rows all the same."""
    figures = {f.id: f for f in document.figures}
    rows = [row for c in document.commitments for row in _rows(c, figures, document, year)]
    return sorted(_once(rows), key=lambda r: r.start)


def _rows(
    commitment: Commitment, figures: dict[str, Figure], document: Document, year: int
) -> list[Draft]:
    base = _draft(commitment, document, year)
    targets = [figures[t] for t in commitment.targets if figures[t].value is not None]
    if not targets:
        return [base]
    rows: list[Draft] = []
    for group in _groups(targets):
        aims = tuple(_aim(f, commitment, figures, base.starts_on) for f in group)
        named = _named(commitment, group[0], alone=len(targets) == len(group))
        rows += [replace(base, object=name, aims=aims) for name in named]
    return rows


def _draft(commitment: Commitment, document: Document, year: int) -> Draft:
    start = _day(commitment.starts) or _first_day(commitment.quote, year)
    due = _day(commitment.deadline) or date(max(year, start.year), 12, 31)
    return Draft(
        start=commitment.start,
        end=commitment.end,
        words=joined(document.text[commitment.start : commitment.end]),
        section=" > ".join(joined(s) for s in commitment.section)[:300],
        object=joined(commitment.object)[:200],
        action=commitment.action[:60],
        strength=commitment.strength,
        milestone=joined(commitment.milestone or "")[:200],
        starts_on=min(start, due),
        due_on=due,
        office_hint=(commitment.office or "")[:60],
        confidence=commitment.confidence,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _first_day(quote: str, year: int) -> date:
    return date(year, 7 if "下半年" in quote else 1, 1)


def _groups(targets: list[Figure]) -> list[list[Figure]]:
    """Put measures of one thing together: those that the reader tied by `with`."""
    groups: list[list[Figure]] = []
    for figure in targets:
        home = next((g for g in groups if any(_tied(figure, o) for o in g)), None)
        if home is None:
            groups.append([figure])
        else:
            home.append(figure)
    return groups


def _tied(one: Figure, other: Figure) -> bool:
    return (
        one.with_ == other.id
        or other.with_ == one.id
        or (one.with_ is not None and one.with_ == other.with_)
    )


def _named(commitment: Commitment, figure: Figure, *, alone: bool) -> list[str]:
    """Return what each row is called: one name, or one for each thing of an 各."""
    if figure.each and len(figure.objects) > 1 and len(commitment.targets) == 1:
        told = [o for o in figure.objects if joined(o)]
        if words.plain(commitment.object) not in {words.plain(o) for o in told}:
            return [joined(o)[:200] for o in told]
    name = commitment.object if alone and commitment.object else figure.object
    return [joined(name or commitment.object)[:200]]


def _aim(figure: Figure, commitment: Commitment, figures: dict[str, Figure], since: date) -> Aim:
    aim = Aim(
        value=figure.value if figure.value is not None else 0,
        unit=figure.unit or "",
        comparator=figure.comparator,
        start=figure.start,
        end=figure.end,
        span=joined(figure.span)[:60],
        object=joined(figure.object or commitment.object)[:200],
    )
    told = _result(figure, commitment, figures)
    if told is None or told.value is None or _before(told, since):
        return aim
    return replace(
        aim,
        result=told.value,
        result_start=told.start,
        result_end=told.end,
        result_span=joined(told.span)[:60],
    )


def _result(figure: Figure, commitment: Commitment, figures: dict[str, Figure]) -> Figure | None:
    """Return 文中成绩: the reader's own link, else the result with the same unit and like words."""
    linked = figures.get(commitment.document_result or "")
    if linked is not None and linked.unit == figure.unit and linked.value is not None:
        return linked
    if figure.unit == "%":
        return None
    about = _about(commitment.action, figure.object or commitment.object)
    best, found = 0.0, None
    for other in figures.values():
        if other.kind not in _RESULTS or other.unit != figure.unit or other.value is None:
            continue
        told = _about(other.action or "", other.object or "")
        score = (words.likeness(about, told) + words.letters(about, told)) / 2
        if score > best:
            best, found = score, other
    return found if best >= RESULT_LEAST else None


def _about(action: str, thing: str) -> str:
    return words.core(thing if action in thing else f"{action}{thing}")


def _before(told: Figure, since: date) -> bool:
    """Say whether a result was reached before the promise begins: it does not count for it."""
    try:
        return bool(told.period) and Period.parse(str(told.period)).start < since
    except BadPeriod:
        return False


def _once(rows: list[Draft]) -> list[Draft]:
    """Drop rows that say the same of the same place twice."""
    seen: set[tuple[int, int, str, tuple[int, ...]]] = set()
    kept = []
    for row in rows:
        key = (row.start, row.end, row.object, tuple(a.start for a in row.aims))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept
