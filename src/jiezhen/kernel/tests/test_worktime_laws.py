"""What must hold for every start, amount, unit and calendar."""

from datetime import date, datetime, time, timedelta

from hypothesis import assume, example, given
from hypothesis import strategies as st

from jiezhen.kernel.clock import ZONE
from jiezhen.kernel.tests.worktime_tools import CALENDARS, at
from jiezhen.kernel.worktime import (
    NATIONAL,
    UNITS,
    Calendar,
    after_pause,
    due,
    extended,
    spent,
    warn_at,
    words,
)

WORKING = ("work_day", "work_hour")
SECOND = timedelta(seconds=1)
#: Two offices that share no hour with each other, day by day in turn.
STRANGE = Calendar(
    hours=tuple(
        (date(2023, 7, day), ((time(8), time(12)),) if day % 2 else ((time(13), time(17)),))
        for day in range(1, 31)
    )
)
#: Calendars whose hours never change: on them sums are exact.
STEADY = [c for c in CALENDARS.values() if len(c.hours) == 1]

calendars = st.sampled_from([*CALENDARS.values(), STRANGE])
steady = st.sampled_from(STEADY)
units = st.sampled_from(UNITS)
working = st.sampled_from(WORKING)
#: Moments gather where something happens: hours of opening and closing, a quarter of a year.
moments = st.one_of(
    st.datetimes(datetime(2021, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    st.builds(
        datetime.combine,
        st.dates(date(2023, 5, 25), date(2023, 10, 15)),
        st.sampled_from([time(*c) for c in ((0,), (8, 30), (11, 30), (12,), (13,), (13, 30), (17, 30), (23,))]),
    ),
).map(lambda moment: moment.replace(tzinfo=ZONE))  # fmt: skip
amounts = st.one_of(st.integers(0, 40), st.sampled_from([0.25, 0.5, 1.5]), st.floats(0, 60))


def works(moment: datetime, calendar: Calendar, closing: bool) -> bool:
    """Say whether a moment is working time, told from the calendar alone."""
    clock = moment.timetz().replace(tzinfo=None)
    return any(
        a <= clock < b or (closing and clock == b) for a, b in calendar.periods(moment.date())
    )


def worked(first: datetime, last: datetime, calendar: Calendar) -> timedelta:
    """Return the working time between two moments by walking through every day."""
    total, day = timedelta(), first.date()
    while day <= last.date():
        for a, b in calendar.periods(day):
            opens, closes = (datetime.combine(day, clock, ZONE) for clock in (a, b))
            total += max(timedelta(), min(closes, last) - max(opens, first))
        day += timedelta(days=1)
    return total


@given(moments, amounts, units, calendars, moments)
def test_a_later_start_is_never_due_earlier(start, amount, unit, calendar, other):
    first, last = sorted((start, other))
    assert due(first, amount, unit, calendar) <= due(last, amount, unit, calendar)


@given(moments, amounts, units, calendars, st.integers(0, 3600))
def test_a_start_a_little_later_is_never_due_earlier(start, amount, unit, calendar, seconds):
    assert due(start, amount, unit, calendar) <= due(
        start + seconds * SECOND, amount, unit, calendar
    )


@given(moments, amounts, amounts, units, calendars)
@example(at("2023-07-04 08:30"), 1, 1 + 1e-12, "work_day", NATIONAL)
@example(at("2023-07-04 08:30"), 0, 1e-13, "work_hour", NATIONAL)
@example(at("2023-07-04 17:29"), 1 - 1e-12, 1, "work_day", CALENDARS["summer"])
def test_more_time_is_never_due_earlier(start, one, two, unit, calendar):
    less, more = sorted((one, two))
    assert start <= due(start, less, unit, calendar) <= due(start, more, unit, calendar)


@given(moments, amounts, working, calendars)
def test_a_deadline_lies_in_working_time(start, amount, unit, calendar):
    end = due(start, amount, unit, calendar)
    assert works(end, calendar, closing=amount != int(amount) or unit == "work_hour")


@given(moments, st.integers(0, 60), working, calendars)
def test_a_start_outside_working_time_counts_from_the_next_working_moment(
    start, amount, unit, calendar
):
    begun = due(start, 0, unit, calendar)
    assert works(begun, calendar, closing=False)
    assert worked(start, begun, calendar) == timedelta()
    assert due(start, amount, unit, calendar) == due(begun, amount, unit, calendar)


@given(moments, st.integers(0, 60), steady)
def test_whole_working_days_end_at_the_time_of_day_at_which_they_begin(start, days, calendar):
    begun, end = (due(start, n, "work_day", calendar) for n in (0, days))
    assert end.timetz() == begun.timetz()
    between = (begun.date() + timedelta(days=n + 1) for n in range((end - begun).days))
    assert sum(map(calendar.is_workday, between)) == days


@given(moments, st.integers(0, 60), calendars)
def test_where_hours_change_the_time_of_day_stays_if_that_day_works_then(start, days, calendar):
    begun, end = (due(start, n, "work_day", calendar) for n in (0, days))
    if end.timetz() != begun.timetz():
        day = begun.date()
        for _ in range(days):
            day += timedelta(days=1)
            while not calendar.is_workday(day):
                day += timedelta(days=1)
        assert not works(datetime.combine(day, begun.timetz()), calendar, closing=False)


@given(moments, amounts, units, calendars)
def test_what_is_spent_until_the_deadline_is_what_was_given(start, amount, unit, calendar):
    assume(calendar is not STRANGE or unit != "work_day")
    end = due(start, amount, unit, calendar)
    found = spent(start, end, unit, calendar)
    assert abs(found - amount) < 1 / 7200
    if float(amount).is_integer():
        assert found == amount


@given(moments, moments, calendars)
def test_working_hours_are_what_a_walk_through_the_days_finds(one, two, calendar):
    first, last = sorted((one, two))
    last = min(last, first + timedelta(days=90))
    found = spent(first, last, "work_hour", calendar)
    assert abs(found - worked(first, last, calendar) / timedelta(hours=1)) < 1e-9


@given(moments, moments, moments, units, calendars)
def test_spent_grows_and_is_never_negative(one, two, three, unit, calendar):
    first, middle, last = sorted((one, two, three))
    assert spent(last, first, unit, calendar) == 0
    assert spent(first, first, unit, calendar) == 0
    assert 0 <= spent(first, middle, unit, calendar) <= spent(first, last, unit, calendar)


@given(moments, moments, units, calendars)
def test_an_empty_pause_changes_nothing(end, moment, unit, calendar):
    assert after_pause(end, moment, moment, unit, calendar) == end
    assert after_pause(end, moment, moment - SECOND, unit, calendar) == end


@given(moments, moments, moments, working, calendars)
def test_a_pause_without_working_time_costs_nothing(end, one, two, unit, calendar):
    first = due(one, 0, "work_hour", calendar)
    if first > one:  # the time before the next working moment
        assert after_pause(end, one, first, unit, calendar) == end
    saturday = at("2023-07-08 00:00")
    assert after_pause(end, saturday, saturday + timedelta(days=2), unit, NATIONAL) == end


@given(moments, moments, st.timedeltas(timedelta(), timedelta(days=40)), units, steady)
def test_a_pause_moves_the_deadline_by_the_time_that_did_not_run(
    start, paused, length, unit, calendar
):
    end = due(start, 0, unit, calendar)
    moved = after_pause(end, paused, paused + length, unit, calendar)
    lost = spent(paused, paused + length, unit, calendar)
    assert abs(spent(end, moved, unit, calendar) - lost) < 1e-8
    if unit in WORKING:
        assert worked(end, moved, calendar) == worked(paused, paused + length, calendar)


@given(moments, moments, st.timedeltas(timedelta(), timedelta(days=40)), amounts, units, steady)
def test_an_extension_and_a_pause_come_to_the_same_in_either_order(
    end, paused, length, amount, unit, calendar
):
    pause = paused, paused + length, unit, calendar
    one = after_pause(extended(end, amount, unit, calendar), *pause)
    two = extended(after_pause(end, *pause), amount, unit, calendar)
    assert abs(worked(*sorted((one, two)), calendar)) <= timedelta(microseconds=2)
    if float(amount).is_integer() or unit not in WORKING:
        assert one == two


@given(moments, amounts, amounts, working, steady)
def test_two_extensions_are_one(end, one, two, unit, calendar):
    twice = extended(extended(end, one, unit, calendar), two, unit, calendar)
    once = extended(end, one + two, unit, calendar)
    assert worked(*sorted((twice, once)), calendar) <= timedelta(microseconds=2)


@given(moments, amounts, units, calendars, st.floats(0, 1))
def test_the_warning_lies_between_start_and_deadline(start, amount, unit, calendar, share):
    end = due(start, amount, unit, calendar)
    warn = warn_at(start, end, unit, calendar, share)
    assert start <= warn <= end
    if unit in WORKING and warn < end:
        assert works(warn, calendar, closing=False)
    length = worked if unit in WORKING else lambda first, last, _: last - first
    total, left = length(start, end, calendar), length(warn, end, calendar)
    assert abs(left - total * share) <= timedelta(microseconds=1)


@given(moments, moments, units, calendars)
def test_words_never_say_that_nothing_is_left(now, end, unit, calendar):
    told = words(now, end, unit, calendar)
    assert "剩0" not in told.zh and "超期0" not in told.zh
    assert not told.en.startswith("0")
    assert (told.light == "red") == (now > end) == told.zh.startswith("超期")


@given(moments, st.integers(1, 60), steady)
def test_words_count_the_working_days_that_are_given(start, days, calendar):
    begun, end = (due(start, n, "work_day", calendar) for n in (0, days))
    assert words(begun, end, "work_day", calendar).zh == f"剩{days}个工作日"
    assert words(end, begun, "work_day", calendar).zh == f"超期{days}个工作日"
