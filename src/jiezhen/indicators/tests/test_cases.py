"""Every case of every shipped pack: records made through the ordinary operations, figures out."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from jiezhen.indicators import operations, queries
from jiezhen.kernel import clock
from jiezhen.kernel.periods import Period
from jiezhen.packs import cases, registry
from jiezhen.records import operations as records
from jiezhen.records import shapes

#: Cases are told as of a day on which all their periods are over.
AT = datetime(2027, 1, 5, 9, 0, tzinfo=clock.ZONE)
SYSTEM = ("opened_on", "closed_on", "due_on", "valid_from", "valid_until", "state")


@pytest.fixture(autouse=True)
def pack():
    """Keep the shipped catalogue in force."""


PACKS = sorted(registry.load([registry.BUILT_IN]).packs)


def record(cast, case_record, known):
    spec = shapes.kind_of(case_record.kind)
    values = {
        name: known[str(value)] if spec.fields[name].type == "link" else value
        for name, value in case_record.values.items()
    }
    for name in (n for n, f in spec.fields.items() if f.required and n not in values):
        values[name] = filler(spec.fields[name], len(known))
    given = {n: v for n in SYSTEM if (v := getattr(case_record, n))}
    allowed = shapes.shape_of(case_record.kind).given
    unit = cast.unit(case_record.unit or "c1")
    row = records.create(
        cast.system,
        case_record.kind,
        unit,
        values,
        AT,
        given={k: v for k, v in given.items() if k in allowed},
    )
    if spec.shape == "matter":
        moved(cast, row, case_record)
    return row.pk


def moved(cast, row, case_record):
    """Write what the moves of a matter left behind."""
    row.entered = {**row.entered, **case_record.entered}
    row.returns, row.extended = case_record.returns, case_record.extended
    row.grid_id = cast.unit(case_record.grid).id if case_record.grid else row.grid_id
    row.timers = {**row.timers, **{n: came_to(t) for n, t in case_record.timers.items()}}
    row.save(update_fields=["entered", "returns", "extended", "grid", "timers"])


def came_to(timer):
    told = {k: f"{day}T12:00:00+08:00" for k in ("due", "done") if (day := getattr(timer, k))}
    if timer.met is not None:
        told["met"] = "yes" if timer.met else "no"
    return told | ({"hours": timer.hours} if timer.hours is not None else {})


def filler(field, number):
    """Return a value for a required field about which a case says nothing."""
    if field.type == "choice":
        return next(iter(field.options))
    fixed = {
        "number": field.min or 1,
        "money": field.min or 1,
        "date": "2020-01-01",
        "time": "2020-01-01T09:00:00+08:00",
        "flag": "no",
        "phone": "13800138000",
        "id_number": "11010519491231002X",
    }
    return fixed.get(field.type, f"样例{number}")


def agrees(spec, found, expected):
    """Say whether a figure is the expected one, told in base units: a share of 1 for %."""
    if expected is None or found is None:
        return found is None and expected is None
    return abs(found - Decimal(str(expected))) < Decimal("0.5") / 10 ** max(spec.decimals, 4)


@pytest.mark.parametrize("pack_name", PACKS)
def test_the_cases_of_a_pack_hold(cast, pack_name):
    failed = []
    for case in cases.load(pack_name):
        with transaction.atomic():
            failed += run(cast, case)
            transaction.set_rollback(True)
    assert not failed, "\n".join(failed)


def run(cast, case):
    known = {}
    for number, item in enumerate(case.records):
        known[item.as_ or f"#{number}"] = record(cast, item, known)
    for item in case.statistics:
        number = operations.Number(
            cast.unit(item.unit or "yunxiu"),
            Period.parse(str(item.period)),
            Decimal(str(item.value)),
            "样例",
        )
        operations.supply(cast.system, item.statistic, number, AT)
    found = []
    sheet = queries.sheet(cast.system, case.expect, ["all"], [case.span], AT)
    for name, expected in case.expect.items():
        figure = sheet.figure(name, "all", case.span)
        spec = registry.catalogue().indicators[name]
        if not agrees(spec, figure.value, expected):
            found.append(
                f"{case.name}：{spec.title} 应为 {expected}，算出 {figure.text} {figure.why}"
            )
    return found
