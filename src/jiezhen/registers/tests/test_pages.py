"""底数 through the doors that people use."""

import re
from datetime import date

import pytest

from jiezhen.conftest import Cast, build_cast
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.records.tests.test_record_page import send
from jiezhen.registers.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def test_it_counts_each_register_within_the_viewers_units(cast: Cast) -> None:
    world.firm(cast, "松涛面馆", "c1")
    world.firm(cast, "望岳面馆", "c3")
    world.firm(build_cast("beiyun"), "北云面馆", "c1")
    assert "2条" in page(cast.client("section"), "/registers")
    assert "1条" in page(cast.client("grid"), "/registers")
    assert "住户" not in page(cast.client("leader"), "/registers").split("<main")[1]


def test_each_register_opens_from_its_tab(cast: Cast) -> None:
    row = world.firm(cast, "松涛面馆", "c1")
    shown = page(cast.client("section"), "/registers/demo.home")
    assert 'href="/registers/demo.firm"' in shown
    listed = page(cast.client("section"), "/registers/demo.firm")
    assert f"/registers/demo.firm/{row.code}" in listed
    assert "松涛面馆" in page(cast.client("section"), f"/registers/demo.firm/{row.code}")
    page(cast.client("section"), "/registers/demo.case", 404)


def test_entries_of_another_unit_or_office_are_absent(cast: Cast) -> None:
    row = world.firm(cast, "望岳面馆", "c3")
    other = build_cast("beiyun")
    world.firm(other, "北云面馆")
    far = world.firm(other, "北云面馆二")
    page(cast.client("grid"), f"/registers/demo.firm/{row.code}", 404)
    page(cast.client("section"), f"/registers/demo.firm/{far.code}", 404)


def test_an_entry_keeps_its_first_day_without_which_it_counts_in_no_period(cast: Cast) -> None:
    client, href = cast.client("section"), "/records/demo.firm/new"
    shown = page(client, href)
    assert "起用日期" in shown
    assert 'value="2023-07-03"' in shown
    leads = send(client, href, _unit="c1", name="松涛面馆", _valid_from="2023年3月1日")
    row = Entry.objects.for_system("test").get(code=re.search(r"QY-\d+-\d+", leads)[0])
    assert row.on == date(2023, 3, 1)
    refused = send(client, href, 422, _unit="c1", name="松涛书店", _valid_from="三月")
    assert "不是日期" in refused
    send(client, href, _unit="c1", name="松涛书店", _valid_from="")
    assert Entry.objects.for_system("test").get(title="松涛书店").on is None
