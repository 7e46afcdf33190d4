"""Document 000 rebuilt: from records through figures, plan and report to the proof-reader."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import queries
from jiezhen.kernel.periods import Period
from jiezhen.plans.queries.board import board

from .gold import Gold, bound
from .planning import Plan
from .world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def fits(value: Decimal | None, figure: Gold) -> bool:
    """Say whether a value is what a figure says: itself, or more where it is told as a bound."""
    if value is None:
        return False
    return value >= figure.value if bound(figure) else value == figure.value


def test_the_mapping_names_every_figure_and_no_other(office: World) -> None:
    assert set(office.origins) == set(office.gold)
    assert len(office.gold) == 93


def test_every_workbook_went_in_whole(office: World) -> None:
    for kind, outcome in office.outcomes.items():
        counts = outcome["counts"]
        assert (counts["bad"], counts["maybe"]) == (0, 0), (kind, outcome["problems"][:5])
        assert counts["created"] == counts["rows"]


def test_every_counted_figure_has_the_value_of_the_document(office: World) -> None:
    viewer = office.cast.viewers["leader"]
    wrong = []
    for ident in [*office.by("computed"), *office.by("supplied")]:
        origin, figure = office.origins[ident], office.gold[ident]
        for name in origin.indicators:
            found = queries.figure(viewer, name, "all", Period.parse(origin.period), AT)
            if not fits(found.value, figure):
                wrong.append((ident, name, found.value, figure.value, found.why))
    assert wrong == []


def test_every_growth_comes_out_as_it_is_told(office: World) -> None:
    viewer = office.cast.viewers["leader"]
    for ident in office.by("growth"):
        origin, figure = office.origins[ident], office.gold[ident]
        year = int(origin.told["base"][:4])
        found = queries.sheet(
            viewer, [origin.indicator], (), [Period.parse(origin.period)], AT, against=(year,)
        ).figure(origin.indicator, "all", Period.parse(origin.period))
        growth = found.growths[year]
        assert growth.rate is not None, (ident, growth.words)
        places = len(figure.span.rstrip("%").partition(".")[2]) + 2
        assert round(Fraction(growth.rate), places) == Fraction(figure.value), ident


def test_every_target_of_the_plan_stands_at_its_indicator(office: World, plan: Plan) -> None:
    viewer = office.cast.viewers["leader"]
    for ident in office.by("target"):
        origin, figure = office.origins[ident], office.gold[ident]
        for name in origin.indicators:
            found = queries.figure(viewer, name, "all", Period.parse(origin.period), AT)
            assert found.target is not None, (ident, name)
            assert found.target.value == figure.value, (ident, name)
            assert found.target.comparator == ">="


def test_the_right_indicator_is_proposed_first(office: World, plan: Plan) -> None:
    missed = {key: names for key, names in plan.proposed.items() if names[:1] != [key[1]]}
    assert len(missed) <= len(plan.proposed) // 10, missed


@pytest.mark.parametrize(("ident", "share", "colour"), [
    ("000-17", "59.1%", "green"), ("000-20", "48.0%", "green"),
    ("000-23", "44.4%", "yellow"), ("000-21", "28.0%", "red"),
])
def test_the_lights_of_3_july_come_from_records(
    office: World, plan: Plan, ident: str, share: str, colour: str
) -> None:
    rows = board(office.cast.viewers["leader"], AT).rows
    row = next(r for r in rows if r.indicator == office.origins[ident].indicator)
    assert row.progress.source == "records"
    assert row.light.colour == colour
    page = office.cast.client("planner").get(f"/tasks?task={row.code}").content.decode()
    lines = re.findall(r'<tr role="row" data-row.*?</tr>', page, re.DOTALL)
    line = next(text for text in lines if row.title in text)
    assert share in line
    assert f'data-lamp="{colour}"' in line
    assert re.search(r'data-num href="/n/[^"]+"', page)


def test_every_promise_with_a_number_is_a_task(office: World, plan: Plan) -> None:
    rows = board(office.cast.viewers["leader"], AT).rows
    linked = {r.indicator for r in rows}
    for ident in office.by("target"):
        assert set(office.origins[ident].indicators) <= linked, ident
