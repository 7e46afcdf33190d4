"""服务 through the doors that people use."""

import pytest

from jiezhen.conftest import Cast, build_cast
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.records.tests.test_record_page import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def visit(cast: Cast, unit: str = "c1", who: str = "grid", **values: object) -> str:
    given = {"_unit": unit, "purpose": "看望", "visited_on": "2023-7-3", "people": "46"} | values
    return send(cast.client(who), "/services/new?kind=demo.visit", **given)


def test_it_asks_for_the_count_first(cast: Cast) -> None:
    shown = page(cast.client("grid"), "/services/new")
    assert "最近用过" in shown
    form = shown.split("data-guard")[1]
    assert form.index('name="people"') < form.index('name="purpose"') < form.index('name="home"')
    assert 'value="2023-07-03"' in form


def test_the_receipt_adds_up_the_unit_and_links_to_the_records(cast: Cast) -> None:
    visit(cast, visited_on="2023-2-1", people="100")
    visit(cast, who="section", unit="c3", people="7")
    to = visit(cast)
    assert to == "/services/demo.visit/ZF-2023-000003/receipt"
    shown = page(cast.client("grid"), to)
    assert "编号ZF-2023-000003" in shown
    assert "46人次" in shown
    assert "146人次" in shown
    listed = page(cast.client("grid"), "/services/demo.visit?visited_on=2023-07-03&unit=c1")
    assert "：1条" in listed


def test_the_overview_shows_kinds_and_latest(cast: Cast) -> None:
    visit(cast)
    shown = page(cast.client("grid"), "/services")
    assert "走访" in shown
    assert "46人次" in shown
    assert "看望" not in page(cast.client("neighbour"), "/services")


def test_visits_lead_to_their_form(cast: Cast) -> None:
    answer = cast.client("grid").get("/visits/new")
    assert answer.headers["Location"] == "/services/new?kind=demo.visit"


def test_services_of_another_unit_or_office_are_absent(cast: Cast) -> None:
    visit(cast, who="section", unit="c3")
    other = build_cast("beiyun")
    for _n in range(2):
        visit(other, unit="c1", who="section")
    page(cast.client("section"), "/services/demo.visit/ZF-2023-000001")
    for who, code in (("grid", "ZF-2023-000001"), ("section", "ZF-2023-000002")):
        for more in ("", "/receipt"):
            page(cast.client(who), f"/services/demo.visit/{code}{more}", 404)
    page(cast.client("section"), "/services/demo.home", 404)


def test_who_may_not_register_finds_no_form(cast: Cast) -> None:
    page(cast.client("leader"), "/services/new?kind=demo.visit", 403)
    assert "没有可以登记的种类" in page(cast.client("leader"), "/services/new")
    assert world.PACK.exists()
