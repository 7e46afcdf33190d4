"""Figures, one or many, with how each came about."""

import itertools
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from jiezhen.api import guards, schemas
from jiezhen.api.records import who
from jiezhen.indicators import queries
from jiezhen.indicators.queries import splits
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.units import queries as units

#: A figure or an indicator as plain JSON.
Body = dict[str, Any]
router = Router(tags=["figures"])
_FAILURES = dict.fromkeys((400, 401, 404, 422), schemas.Failure)
MOST_CELLS = 20_000


@router.get("/indicators", response={200: list[Body], 400: schemas.Failure, 401: schemas.Failure})
def indicators(request: HttpRequest) -> HttpResponse:
    """List the indicators with unit and definition."""
    who(request)
    return guards.answer(
        [
            {
                "name": name,
                "title": spec.title,
                "also": list(spec.also),
                "unit": spec.unit,
                "theme": spec.theme,
                "measure": spec.measure,
                "definition": spec.definition_sentence(),
                "digest": spec.digest,
            }
            for name, spec in sorted(catalogue().indicators.items())
        ]
    )


@router.get("/figures", response={200: list[Body], **_FAILURES})
def figures(
    request: HttpRequest, indicator: str, period: str, unit: str = "", by: str = ""
) -> HttpResponse:
    """Compute figures: names, periods and units, each several with commas.

    `?indicator=lifts_completed,jobs_added&period=2023H1,2022H1&unit=c01,c02`; without a unit
    the whole office. At most 20,000 cells. Money in 元, a percentage as a share of 1.
    `by=source` gives the parts of each figure as well (unit, grid, or a choice that all the
    indicators have), `source=phone`, `grid=c01` or `source__none=1` that part alone.
    """
    asked = who(request)
    names = [n for n in indicator.split(",") if n]
    try:
        periods = [Period.parse(p) for p in period.split(",") if p]
    except BadPeriod as bad:
        return guards.problem(bad.message, 422, message_en=bad.message_en)
    every = units.units_of_office(asked.viewer.office_id)
    wanted = [units.find_unit(every, u) for u in unit.split(",") if u] or [
        u for u in every if u.id == asked.viewer.office_id
    ]
    if not names or not periods:
        return guards.problem("要写 indicator 和 period。", 422, message_en="Say what and when.")
    if len(names) * len(periods) * len(wanted) > MOST_CELLS:
        return guards.problem("一次最多两万个数，请分几次。", 422, message_en="Too many cells.")
    try:
        return guards.answer(_counted(asked, names, wanted, periods, by, request.GET))
    except (queries.UnknownIndicator, units.UnknownUnit) as unknown:
        return guards.problem(unknown.message, 422, message_en=unknown.message_en)
    except KeyError:
        said, said_en = f"不能按“{by[:40]}”分。", f"Figures cannot be divided by {by[:40]!r}."
        return guards.problem(said, 422, message_en=said_en)


def _counted(  # noqa: PLR0913  # what an address may ask for
    asked: Any,
    names: list[str],
    wanted: list[units.UnitRow],
    periods: list[Period],
    by: str,
    given: Mapping[str, str],
) -> list[Body]:
    """Return the figures, each followed by its parts where a division is asked for.

    Raises:
        UnknownIndicator: An indicator is not in the catalogue.
        UnknownUnit: The grid is no unit of the office.
        KeyError: The indicators cannot be divided so.
    """
    whole = queries.frame(asked.viewer, asked.at)
    listed = [queries.definition_of(n) for n in names]
    words = {k: v for k, v in given.items() if k not in ("unit", "period", "indicator", "by")}
    part = splits.read_part(words, listed, whole, whole.office)
    if by == "unit" and len(wanted) > 1:
        raise KeyError(by)
    split = splits.split_of(by, listed, whole, wanted[0], part) if by else None
    made = queries.sheet(
        asked.viewer, names, wanted, periods, asked.at, given_frame=whole, part=part, split=split
    )
    found = []
    for name, unit, period in itertools.product(names, wanted, periods):
        found.append(body(made.figure(name, unit, period)))
        if split:
            cells = made.cells(name, unit, period)
            found += [body(f) | {"part": m.key, "part_title": m.title} for m, f in cells]
    return found


def body(figure: queries.Figure) -> dict[str, Any]:
    """Return a figure as JSON; numbers as texts of decimals would surprise, so they are floats."""

    def number(value: Any) -> float | int | None:
        if value is None:
            return None
        return int(value) if value == int(value) else float(value)

    return {
        "indicator": figure.indicator,
        "title": figure.title,
        "unit_code": figure.unit.code,
        "period": figure.period.code,
        "value": number(figure.value),
        "unit": figure.word,
        "text": figure.text,
        "records": figure.rows,
        "numerator": number(figure.numerator),
        "denominator": number(figure.denominator),
        "version": figure.version,
        "as_of": figure.as_of.isoformat(),
        "why": figure.why,
        "href": figure.href,
    }
