"""Days and moments with which no clock can reckon are refused in words, at every door."""

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import again, at, opened
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records.tests.world import nonce

pytestmark = pytest.mark.django_db
HOT = "hotline.case"
GIVEN = {"subject": "堆物", "received_on": "2023-06-21"}
NOW = at("2023-06-21 09:12")


@pytest.mark.parametrize("day", ["1900-01-01", "0001-01-01", "2100-01-01", "9999-12-31"])
def test_a_deadline_that_no_calendar_knows_is_refused(desk: Viewer, cast: Cast, day: str) -> None:
    for kind, values in ((HOT, GIVEN), ("trial.call", {"who": "值班长"})):
        with pytest.raises(records.Refused, match="1992 年至 2099 年"):
            operations.open_matter(cast.system, kind, values, NOW, given={"due_on": day})
    assert not Matter.objects.for_system("t").exists()


def test_the_last_day_that_is_known_is_a_deadline(desk: Viewer, cast: Cast) -> None:
    given = {"due_on": "2099-12-31"}
    row = operations.open_matter(cast.system, HOT, GIVEN, NOW, given=given).matter
    assert again(row).timers["first"]["due"].startswith("2099-12-31T23:59:59")


@pytest.mark.parametrize("moment", ["1900-01-01 00:00", "1991-12-31 23:59"])
def test_a_clock_does_not_begin_before_there_were_calendars(
    desk: Viewer, cast: Cast, moment: str
) -> None:
    with pytest.raises(records.Refused, match="1992 年至 2099 年"):
        operations.open_matter(cast.system, HOT, GIVEN | {"ordered_at": moment}, NOW)


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01"])
def test_a_matter_is_not_brought_in_from_before_there_were_calendars(
    desk: Viewer, cast: Cast, day: str
) -> None:
    with pytest.raises(records.Refused, match="1992 年至 2099 年"):
        operations.open_matter(cast.system, HOT, GIVEN, NOW, given={"opened_on": day})


def test_the_form_says_so(desk: Viewer, cast: Cast) -> None:
    client = cast.client("city")
    page = f"/matters/new?kind={HOT}"
    posted = {**GIVEN, "_unit": "yunxiu", "_nonce": nonce(client.get(page).content.decode())}
    for wrong in ({"_due_on": "9999-12-31"}, {"ordered_at": "1900-01-01 00:00"}):
        answer = client.post(page, posted | wrong)
        assert answer.status_code == 422
        assert "1992 年至 2099 年" in answer.content.decode()


def test_a_key_of_thousands_of_digits_chooses_nothing(desk: Viewer, cast: Cast) -> None:
    row = opened(desk)
    keys = [f"trial.case:{'9' * 5000}", f"trial.case:{row.pk}"]
    answer = cast.client("city").get("/matters/bulk", {"do": "export", "selected": keys})
    assert answer.status_code == 200 and row.code in answer.content.decode()


@pytest.mark.parametrize("hours", [0, 10**9])
def test_a_standard_that_is_no_time_limit_does_not_keep_findings_out(
    desk: Viewer, cast: Cast, hours: int
) -> None:
    values = {"small": "0101", "a": hours, "b": hours, "c": hours, "unit_": "urgent_hour"}
    records.create(cast.system, "trial.standard", cast.unit("yunxiu"), values, NOW)
    if hours:
        with pytest.raises(records.Refused, match="1992 年至 2099 年"):
            opened(desk, small="0101")
    else:
        # Without a limit in the register the table of the pack holds.
        assert opened(desk, small="0101").timers["total"]["unit"] == "work_day"
