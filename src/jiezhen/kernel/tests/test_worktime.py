"""Calendars, words and failures of working time."""

import json
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest

from jiezhen.kernel.clock import ZONE
from jiezhen.kernel.tests.worktime_tools import CALENDARS, at
from jiezhen.kernel.worktime import (
    NATIONAL,
    BadTime,
    Calendar,
    after_pause,
    due,
    extended,
    spent,
    warn_at,
    words,
)


def test_the_national_calendar_is_the_library_up_to_its_last_year():
    first, last = date(2004, 1, 1), NATIONAL.known_until()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [NATIONAL.is_workday(day) for day in days[::7]] == [
        chinese_calendar.is_workday(day) for day in days[::7]
    ]
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(last + timedelta(days=1))


def test_beyond_the_library_weekends_alone_are_off():
    first = NATIONAL.known_until() + timedelta(days=1)
    for n in range(400):
        day = first + timedelta(days=n)
        assert NATIONAL.is_workday(day) == (day.weekday() < 5)


def test_the_office_stands_above_the_nation():
    own = Calendar(days_off={date(2023, 6, 25)}, days_on={date(2023, 6, 22)})
    assert [NATIONAL.is_workday(date(2023, 6, d)) for d in (21, 22, 25)] == [True, False, True]
    assert [own.is_workday(date(2023, 6, d)) for d in (21, 22, 25)] == [True, True, False]
    assert own.periods(date(2023, 6, 25)) == ()
    assert own.periods(date(2023, 6, 22)) == NATIONAL.hours[0][1]


def test_hours_hold_from_their_date_in_whatever_order_they_are_given():
    winter, summer = ((time(9), time(12)),), ((time(8), time(11)),)
    one = Calendar(hours=((date(2023, 6, 1), summer), (date(2023, 1, 1), winter)))
    two = Calendar(hours=((date(2023, 1, 1), winter), (date(2023, 6, 1), summer)))
    assert one == two
    assert hash(one) == hash(two)
    assert one.table is two.table
    assert one.periods(date(2022, 5, 31)) == winter
    assert one.periods(date(2023, 5, 31)) == winter
    assert one.periods(date(2023, 6, 1)) == summer


@pytest.mark.parametrize(
    "given",
    [
        {"days_off": {date(2023, 7, 3)}, "days_on": {date(2023, 7, 3)}},
        {"hours": ()},
        {"hours": ((date(2023, 1, 1), ()),)},
        {"hours": ((date(2023, 1, 1), ((time(9), time(9)),)),)},
        {"hours": ((date(2023, 1, 1), ((time(9), time(12)), (time(11), time(17)))),)},
        {"hours": ((date(2023, 1, 1), ((time(13), time(17)), (time(8), time(11)))),)},
        {"hours": ((date(2023, 1, 1), ((time(8), time(11)),)),) * 2},
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(given):
    with pytest.raises(BadTime) as caught:
        Calendar(**given)
    assert caught.value.message.endswith("。")
    assert caught.value.message_en


START = datetime(2023, 7, 4, 10, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "amount", "unit"),
    [
        (datetime(2023, 7, 4, 10), 1, "work_day"),  # noqa: DTZ001
        (START, -1, "work_day"),
        (START, float("nan"), "work_hour"),
        (START, float("inf"), "urgent_hour"),
        (START, 1, "fortnight"),
        (START, 1e6, "work_day"),
        (START, 1e6, "work_hour"),
        (START, 1e9, "calendar_day"),
        (datetime(1991, 12, 31, tzinfo=ZONE), 1, "work_day"),
        (datetime(2099, 12, 31, 18, tzinfo=ZONE), 1, "work_hour"),
        (datetime(2099, 12, 31, 16, tzinfo=ZONE), 0.5, "work_day"),
    ],
)
def test_what_cannot_be_reckoned_is_said(start, amount, unit):
    with pytest.raises(BadTime) as caught:
        due(start, amount, unit, NATIONAL)
    assert caught.value.message.endswith("。")


def test_the_last_moment_of_the_table_is_still_reckoned():
    last = datetime(2099, 12, 31, 16, 30, tzinfo=ZONE)
    assert due(last, 1, "work_hour", NATIONAL) == last.replace(hour=17)
    assert spent(last, last.replace(hour=23), "work_hour", NATIONAL) == 1
    with pytest.raises(BadTime):
        spent(last, last.replace(hour=23), "work_day", NATIONAL)


def test_moments_of_other_zones_are_read_in_shanghai():
    told = due(datetime(2023, 6, 21, 1, 12, tzinfo=UTC), 5, "work_day", NATIONAL)
    assert told == at("2023-06-29 09:12")
    assert told.tzinfo is ZONE


def test_a_pause_runs_on_the_clock_of_the_deadline():
    """A night's pause costs a working clock nothing and another clock the night."""
    night = at("2023-07-04 18:00"), at("2023-07-05 08:00")
    end = at("2023-07-06 10:00")
    assert after_pause(end, *night, "work_hour", NATIONAL) == end
    assert after_pause(end, *night, "work_day", NATIONAL) == end
    assert after_pause(end, *night, "urgent_hour", NATIONAL) == at("2023-07-07 00:00")


def test_an_extension_by_nothing_leaves_even_a_sunday_alone():
    sunday = at("2023-07-09 12:00")
    assert extended(sunday, 0, "work_day", NATIONAL) == sunday
    assert extended(sunday, 1, "work_day", NATIONAL) == at("2023-07-11 08:30")


@pytest.mark.parametrize(
    ("start", "end", "unit", "warn"),
    [
        ("2023-07-04 08:30", "2023-07-04 17:30", "work_hour", "2023-07-04 15:37:30"),
        ("2023-06-21 09:12", "2023-06-29 09:12", "work_day", "2023-06-27 16:19:30"),
        ("2023-07-04 15:00", "2023-07-06 15:00", "work_day", "2023-07-06 09:45"),
        ("2023-07-03 08:30", "2023-07-07 08:30", "work_day", "2023-07-06 08:30"),
        ("2023-07-04 22:00", "2023-07-05 02:00", "urgent_hour", "2023-07-05 01:00"),
        ("2023-07-01 10:00", "2023-07-09 10:00", "calendar_day", "2023-07-07 10:00"),
        ("2023-07-04 10:00", "2023-07-04 09:00", "work_day", "2023-07-04 09:00"),
    ],
)
def test_the_warning_comes_with_a_quarter_left_and_in_working_time(start, end, unit, warn):
    assert warn_at(at(start), at(end), unit, NATIONAL) == at(warn)


def test_the_share_of_the_warning_can_be_chosen():
    start, end = at("2023-07-04 08:30"), at("2023-07-04 17:30")
    assert warn_at(start, end, "work_hour", NATIONAL, 0) == end
    assert warn_at(start, end, "work_hour", NATIONAL, 1) == start
    assert warn_at(start, end, "work_hour", NATIONAL, 0.6) == at("2023-07-04 13:00")


@pytest.mark.parametrize(
    ("now", "end", "unit", "zh", "en"),
    [
        ("2023-06-21 09:12", "2023-06-29 09:12", "work_day", "剩5个工作日", "5 working days left"),
        ("2023-06-21 09:13", "2023-06-29 09:12", "work_day", "剩4个工作日", "4 working days left"),
        ("2023-06-28 09:12", "2023-06-29 09:12", "work_day", "剩1个工作日", "1 working day left"),
        ("2023-06-28 09:13", "2023-06-29 09:12", "work_day", "剩7小时29分", "7 h 29 min left"),
        ("2023-06-28 17:10", "2023-06-29 09:30", "work_day", "剩1小时20分", "1 h 20 min left"),
        ("2023-07-04 10:00", "2023-07-04 14:35", "work_hour", "剩3小时05分", "3 h 05 min left"),
        ("2023-07-04 10:00", "2023-07-04 11:00", "work_hour", "剩1小时", "1 h left"),
        ("2023-07-04 10:00", "2023-07-04 10:19", "work_hour", "剩19分钟", "19 min left"),
        ("2023-07-04 10:00:01", "2023-07-04 10:01", "work_hour", "剩不到1分钟", "less than 1 min left"),
        ("2023-07-04 10:00", "2023-07-04 10:00", "work_hour", "剩不到1分钟", "less than 1 min left"),
        ("2023-07-07 18:00", "2023-07-10 08:30", "work_day", "上班即到期", "due when work begins"),
        ("2023-07-07 18:00", "2023-07-10 08:50", "work_day", "剩20分钟", "20 min left"),
        ("2023-07-03 09:12", "2023-06-29 09:12", "work_day", "超期2个工作日", "2 working days over"),
        ("2023-06-29 09:47", "2023-06-29 09:12", "work_day", "超期35分钟", "35 min over"),
        ("2023-06-29 09:12:30", "2023-06-29 09:12", "work_day", "超期不到1分钟", "less than 1 min over"),
        ("2023-07-09 12:00", "2023-07-07 17:00", "work_hour", "超期30分钟", "30 min over"),
        ("2023-07-04 22:00", "2023-07-05 02:30", "urgent_hour", "剩4小时30分", "4 h 30 min left"),
        ("2023-07-04 22:00", "2023-07-06 21:00", "urgent_hour", "剩47小时", "47 h left"),
        ("2023-07-04 22:00", "2023-07-06 22:00", "urgent_hour", "剩2天", "2 days left"),
        ("2023-07-04 10:00", "2023-07-10 12:00", "calendar_day", "剩6天", "6 days left"),
        ("2023-07-04 10:00", "2023-07-05 09:00", "calendar_day", "剩23小时", "23 h left"),
        ("2023-07-06 10:00", "2023-07-05 10:00", "calendar_day", "超期1天", "1 day over"),
    ],
)  # fmt: skip
def test_what_is_left_or_in_excess_in_words(now, end, unit, zh, en):
    told = words(at(now), at(end), unit, NATIONAL)
    assert (told.zh, told.en) == (zh, en)
    assert told.light == ("red" if zh.startswith("超期") else "green")


def test_the_light_is_yellow_from_the_warning_and_red_after_the_deadline():
    start, end = at("2023-07-04 08:30"), at("2023-07-04 17:30")
    warn = warn_at(start, end, "work_hour", NATIONAL)

    def line(now):
        return words(now, end, "work_hour", NATIONAL, warn).line

    second = timedelta(seconds=1)
    assert line(warn - second) == "正常 剩1小时52分"
    assert line(warn) == "快到期 剩1小时52分"
    assert line(end) == "快到期 剩不到1分钟"
    assert line(end + second) == "超期 不到1分钟"
    assert line(at("2023-07-07 08:30")) == "超期 2个工作日"
    late = words(end + second, end, "work_hour", NATIONAL, warn)
    assert (late.lamp, late.line_en) == (("超期", "Overdue"), "Overdue: less than 1 min over")


def test_words_are_plain_values():
    told = words(START, START + timedelta(hours=1), "work_hour", CALENDARS["own"])
    assert json.dumps([told.light, told.zh, told.en], ensure_ascii=False) == (
        '["green", "剩1小时", "1 h left"]'
    )
