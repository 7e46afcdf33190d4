"""Random records, every indicator: the statement says what a plain computation says."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiezhen.indicators import queries
from jiezhen.indicators.facts import rows as row_statements
from jiezhen.indicators.facts.tally import percentile
from jiezhen.indicators.queries import splits
from jiezhen.indicators.rules.spans import span_of
from jiezhen.indicators.tests import plainly
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.records import shapes

UNITS = ["yunxiu", "p1", "c1", "c2", "c3", "fwb"]
PERIODS = [Period.parse(c) for c in ("2023", "2022", "2023H1", "2023Q3", "2023-02", "2023Y11")]
NAMES = [
    "t_lifts",
    "t_lifts_all",
    "t_contracts",
    "t_doors",
    "t_least",
    "t_most",
    "t_builders",
    "t_visits",
    "t_eaters",
    "t_price",
    "t_free_visits",
    "t_free_share",
    "t_firms",
    "t_large",
    "t_cases",
    "t_called",
    "t_call_rate",
    "t_due",
    "t_late",
    "t_hours",
    "t_again",
    "t_content_rate",
]
days = st.dates(date(2022, 10, 1), date(2023, 12, 31))
maybe_day = st.none() | days
flags = st.sampled_from([None, "yes", "no"])
gone = st.sampled_from([None, None, None, datetime(2023, 1, 1, tzinfo=clock.ZONE)])


def text(day):
    return day.isoformat() if day else None


lifts = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "kind": st.just("counting.lift"),
        "contract": st.none() | st.integers(-(10**9), 10**11),
        "doors": st.none() | st.integers(0, 40) | st.sampled_from([2.5, 3.1, 0.2]),
        "style": st.sampled_from([None, "a", "b"]),
        "insured": flags,
        "builder": st.sampled_from([None, "甲公司", "乙公司", "A%公司", "a'b"]),
        "completed_on": maybe_day.map(text),
        "_state": st.sampled_from(["survey", "accepted", "handed_over"]),
        "_opened_on": days,
        "_withdrawn_at": gone,
        "_entered": maybe_day.map(lambda d: {"accepted": d.isoformat()} if d else {}),
    }
)
meals = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "kind": st.just("counting.meal"),
        "day": days.map(text),
        "visits": st.none() | st.integers(0, 500),
        "eater": st.sampled_from([None, "王", "李", "陈"]),
        "price": st.none() | st.integers(0, 3000),
        "free": flags,
        "_withdrawn_at": gone,
    }
)
firms = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "kind": st.just("counting.firm"),
        "_on": maybe_day,
        "_until": maybe_day,
        "large": flags,
        "_withdrawn_at": gone,
    }
)


def timer(due, done, met, hours):
    told = {"due": f"{due}T16:30:00+08:00", "done": done and f"{done}T09:05:10+08:00"}
    return {k: v for k, v in {**told, "met": met, "hours": hours}.items() if v is not None}


timers = st.builds(
    timer, days, maybe_day, flags, st.none() | st.integers(0, 400).map(lambda n: n / 8)
)
cases = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "kind": st.just("counting.case"),
        "source": st.sampled_from([None, "phone", "app", "fax"]),
        "solved": flags,
        "content": st.sampled_from([None, "good", "fair", "so", "bad", "none"]),
        "_state": st.sampled_from(["open", "done"]),
        "_opened_on": days,
        "_closed_on": maybe_day,
        "_grid": st.sampled_from([None, *UNITS]),
        "_returns": st.integers(0, 2),
        "_extended": st.integers(0, 1),
        "_timers": st.dictionaries(st.sampled_from(["contact", "handle"]), timers),
        "_withdrawn_at": gone,
    }
)
records = st.lists(lifts | meals | firms | cases, max_size=40)
moments = days.map(lambda d: datetime(d.year, d.month, d.day, 12, tzinfo=clock.ZONE))


def saved(write, drafts):
    rows = []
    for draft in drafts:
        values = dict(draft)
        unit, kind = values.pop("unit"), values.pop("kind")
        grid = values.pop("_grid", None)
        if grid:
            values["_grid_id"] = write.cast.unit(grid).id
        rows.append((write.row(kind, unit, **values), unit))
    for kind in ("counting.lift", "counting.case", "counting.meal", "counting.firm"):
        model = shapes.model_of(kind)
        model.objects.bulk_create([r for r, _u in rows if r.kind == kind])
    return rows


def below(units, code):
    return {u for u in UNITS if units[u].path.startswith(units[code].path)}


@settings(
    max_examples=30,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drafts=records, at=moments)
def test_it_counts_what_a_plain_computation_counts(cast, write, drafts, at):
    viewer = cast.viewers["leader"]
    units = {code: cast.unit(code) for code in UNITS}
    with transaction.atomic():
        rows = saved(write, drafts)
        sheet = queries.sheet(viewer, NAMES, ["all"], PERIODS, at)
        for code in ("yunxiu", "p1", "c1"):
            codes, unit = below(units, code), units[code].id
            for name in NAMES:
                for period in PERIODS:
                    expected = plainly.figure(name, rows, codes, period.start, period.until, at)
                    found = sheet.figure(name, unit, period)
                    same(found.value, expected, (name, code, period.code, at, drafts))
        for by in ("source", "grid"):
            parts_too(viewer, sheet.frame, rows, units, by, at)
        for name in NAMES:
            if not queries.definition_of(name).parts:
                adds_up(viewer, sheet, name, units["p1"].id, PERIODS[2], at)
        transaction.set_rollback(True)


SPLIT = ["t_cases", "t_late", "t_hours", "t_call_rate", "t_content_rate"]


def parts_too(viewer, whole, rows, units, by, at):
    """Every part of a division is what a plain computation over its own rows is."""
    listed = [queries.definition_of(name) for name in SPLIT]
    split = splits.split_of(by, listed, whole, whole.office)
    sheet = queries.sheet(viewer, SPLIT, ["all"], PERIODS, at, given_frame=whole, split=split)
    by_id = {units[code].id: code for code in UNITS}
    for name in SPLIT:
        for period in (PERIODS[0], PERIODS[3]):
            for member, figure in sheet.cells(name, whole.office, period):
                some = [(r, c) for r, c in rows if part_of(r, by, by_id) == member.key]
                expected = plainly.figure(name, some, UNITS, period.start, period.until, at)
                same(figure.value, expected, (name, by, member.key, period.code))


def part_of(row, by, by_id):
    """Return the key of the part to which a row belongs; the grids of this office are c1 to c3."""
    if by == "source":
        return row.data.get("source") or ""
    code = by_id.get(getattr(row, "grid_id", None))
    return code if code in ("c1", "c2", "c3") else splits.REST


def adds_up(viewer, sheet, name, unit, period, at):
    """The records that the page lists make the value, whatever the measure."""
    definition = queries.definition_of(name)
    question = row_statements.Question(
        definition,
        viewer.office_id,
        span_of(period),
        clock.day_of(at),
        limit=10**6,
        units=sheet.frame.reach.below(unit),
    )
    found = row_statements.listed(question)
    figure = sheet.figure(name, unit, period)
    assert len(found) == figure.rows
    texts = [r.value for r in found]
    measure = definition.indicator.measure
    if measure in ("count", "stock"):
        assert figure.value == len(found)
    elif measure == "distinct":
        assert figure.value == len(set(texts))
    else:
        money = 100 if definition.value.type == "money" else 1
        numbers = [Fraction(Decimal(text)) / money for text in texts]
        told = {
            "sum": lambda: sum(numbers),
            "average": lambda: sum(numbers) / len(numbers),
            "minimum": lambda: min(numbers),
            "maximum": lambda: max(numbers),
            "percentile": lambda: percentile(
                {n: numbers.count(n) for n in numbers}, definition.indicator.at
            ),
        }
        same(figure.value, told[measure]() if numbers or measure == "sum" else None, name)


def same(found, expected, about):
    if expected is None or found is None:
        assert found is None and expected is None, about
    else:
        assert abs(Fraction(found) - Fraction(expected)) < Fraction(1, 10**6), (
            about,
            found,
            float(expected),
        )
