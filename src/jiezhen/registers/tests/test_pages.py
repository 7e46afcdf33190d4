"""底数 through the doors that people use."""

import pytest

from jiezhen.conftest import Cast, build_cast
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page

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
