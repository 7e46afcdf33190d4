"""The columns of timers in figures, on the page of a number and in lists."""

from datetime import date, timedelta

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import queries
from jiezhen.indicators.queries.counting import counts_for
from jiezhen.kernel.periods import Period
from jiezhen.packs.registry import catalogue
from jiezhen.records import queries as records

pytestmark = pytest.mark.usefixtures("still")


def due(day, **more):
    return {"due": f"{day}T16:30:00+08:00", **more}


@pytest.fixture
def cases(write):
    """Four cases: contacted in time, late, overdue and running, running in time."""
    told = [
        {"contact": due("2023-06-02", met="yes", hours=2.5, done="2023-06-01T23:59:00+08:00")},
        {"contact": due("2023-06-05", met="no", hours=12, done="2023-06-06T08:00:00+08:00")},
        {"contact": due("2023-07-02"), "handle": due("2023-07-02")},
        {"contact": due("2023-07-03"), "handle": due("2023-07-03")},
    ]
    return [
        write("counting.case", "c1", _timers=timers, _opened_on=date(2023, 6, 1), _returns=n)
        for n, timers in enumerate(told)
    ]


def listed(cast, **query):
    found = records.listing(cast.viewers["city"], "counting.case", query, AT, size=2)
    return [line.code for line in found.lines], found


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"contact_met": "yes"}, ["T1"]),
        ({"contact_met": "否"}, ["T2"]),
        ({"contact_met__none": "1", "contact_due_on__max": "2023-07-02"}, ["T3"]),
        ({"contact_due_on": "2023-07-03"}, ["T4"]),
        ({"contact_done_on__min": "2023-06-06"}, ["T2"]),
        ({"contact_hours__min": "12"}, ["T2"]),
        ({"contact_hours__max": "2.5小时"}, ["T1"]),
        ({"returns__min": "3"}, ["T4"]),
    ],
)
def test_a_list_is_narrowed_by_what_timers_came_to(cast, cases, query, codes):
    found, page = listed(cast, **query)
    assert found == codes
    assert not page.notes


def test_a_list_is_sorted_by_a_deadline_page_by_page(cast, cases):
    first, page = listed(cast, sort="-contact_due_on")
    rest, _page = listed(cast, sort="-contact_due_on", after=page.next)
    assert first + rest == ["T4", "T3", "T2", "T1"]


def test_a_list_shows_the_columns_of_timers(cast, cases):
    columns = "contact_met,contact_due_on,contact_done_on,contact_hours,returns"
    page = cast.client("city").get(f"/matters/kinds/counting.case?columns={columns}")
    text = page.content.decode()
    for words in ("先行联系按时", "2023年6月2日", "2023年6月1日", "2.5小时", "重办次数"):
        assert words in text, words


def test_overdue_depends_on_the_as_of_day(cast, cases):
    leader = cast.viewers["leader"]
    assert queries.figure(leader, "t_late", "all", "2023", AT).value == 1
    assert queries.figure(leader, "t_late", "all", "2023", AT + timedelta(days=1)).value == 2
    spec = catalogue().indicators["t_late"]
    assert "没有填写办理按时 且 办理期限早于统计日" in spec.definition_sentence()


def test_the_page_of_a_number_says_why_a_case_is_not_overdue(cast, cases):
    unit = cast.unit("yunxiu")
    link = queries.link_for("t_late", unit, Period.parse("2023"))
    page = cast.client("city").get(link).content.decode()
    assert "办理期限不早于统计日" in page


def test_the_record_counts_for_what_its_timers_say(cast, cases):
    row = cases[2]
    spec = catalogue().indicators["t_late"].definition
    assert counts_for(row, spec, date(2023, 7, 3)) == date(2023, 7, 2)
    assert counts_for(row, spec, date(2023, 7, 2)) is None
