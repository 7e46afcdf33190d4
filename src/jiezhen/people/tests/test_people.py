"""Rights are sentences; personal values are masked; unscoped rows are not reached."""

import logging

import pytest

from jiezhen.conftest import Cast
from jiezhen.people import masking
from jiezhen.people.access import Grant, Viewer
from jiezhen.people.scoping import Unscoped
from jiezhen.registers.models import Entry
from jiezhen.units.models import Unit

VIEWER = Viewer(
    1,
    "李",
    1,
    "/o/",
    grants=(
        Grant("see", "*", "inner", "/o/"),
        Grant("see", "hotline.*", "personal", "/o/p1/"),
        Grant("change", "lifts.*", "inner", "/o/p1/c1/"),
    ),
)


@pytest.mark.parametrize(
    ("right", "kind", "path", "sensitivity", "held"),
    [
        ("see", "lifts.lift", "/o/p2/", "inner", True),
        ("see", "lifts.lift", "/o/p2/", "personal", False),  # deeper than granted
        ("see", "hotline.case", "/o/p1/c1/", "personal", True),
        ("see", "hotline.case", "/o/p2/", "personal", False),  # granted elsewhere
        ("change", "lifts.lift", "/o/p1/c1/", "inner", True),
        ("change", "lifts.lift", "/o/p1/c10/", "inner", False),  # a code is not a prefix
        ("change", "grid.finding", "/o/p1/c1/", "open", False),  # another kind
        ("export", "lifts.lift", "/o/", "open", False),  # never granted
    ],
)
def test_a_right_is_a_sentence(right, kind, path, sensitivity, held) -> None:
    assert VIEWER.may(right, kind, path, sensitivity) is held


@pytest.mark.parametrize(
    ("given", "masked"),
    [("王小明", "王**"), ("王明", "王*"), ("欧阳小明", "欧阳**"), ("", "")],
)
def test_a_name_keeps_its_surname(given: str, masked: str) -> None:
    assert masking.name(given) == masked


def test_numbers_are_masked_in_free_text() -> None:
    # 11010519491231002X is the sample of the published standard: its check digit holds.
    text = "电话13812345678，证号11010519491231002X，案卷号123456789012345678。"
    assert masking.free_text(text) == (
        "电话138****5678，证号1****************X，案卷号123456789012345678。"
    )


def test_logs_hold_no_phone_numbers(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 1, "拨打 %s", ("13812345678",), None)
    assert masking.LogFilter().filter(record)
    assert record.getMessage() == "拨打 138****5678"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "use",
    [
        list,
        lambda rows: rows.count(),
        lambda rows: rows.exists(),
        lambda rows: rows.first(),
        lambda rows: rows.update(title="x"),
        lambda rows: rows.delete(),
        lambda rows: list(rows.values_list("id")),
        lambda rows: list(rows.iterator()),
    ],
)
def test_rows_are_not_reached_without_a_viewer(use) -> None:
    for model in (Entry, Unit):
        with pytest.raises(Unscoped):
            use(model.objects.filter(title="x"))


def test_a_viewer_reaches_only_the_own_units(cast: Cast) -> None:
    grid = cast.viewers["grid"]
    seen = Unit.objects.seen_by(grid, "see").values_list("code", flat=True)
    assert list(seen) == ["c1"]
    assert Unit.objects.seen_by(cast.viewers["auditor"], "see").count() == 0
