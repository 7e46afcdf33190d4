"""Forms made from fields: which controls, which writings come back, what is carried over."""

from typing import Any

import pytest

from jiezhen.conftest import Cast
from jiezhen.packs.registry import catalogue
from jiezhen.records import display, forms
from jiezhen.records.operations import Problem
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def form(kind: str, **more: Any) -> forms.Record:
    return forms.Record(catalogue().kinds[kind], **more)


CONTROLS = [
    ("demo.firm", "name", 'type="text"'),
    ("demo.firm", "sort", 'type="radio"'),
    ("demo.firm", "listed", 'value="yes"'),
    ("demo.firm", "rent", 'inputmode="decimal"'),
    ("demo.firm", "since", 'placeholder="2026-3-1"'),
    ("demo.home", "remark", "<textarea"),
    ("demo.home", "phone", 'inputmode="tel"'),
    ("demo.home", "id_number", "data-nodraft"),
    ("demo.visit", "home", 'list="id_home_list"'),
    ("demo.visit", "home", 'hx-get="/records/demo.home/suggest?field=home"'),
]


@pytest.mark.parametrize(("kind", "name", "html"), CONTROLS)
def test_each_type_has_its_control(kind: str, name: str, html: str) -> None:
    assert html in str(form(kind)[name])


def test_files_are_not_asked_for_in_forms() -> None:
    assert "paper" not in form("demo.work").fields


def test_labels_are_the_packs_and_only_what_is_needed_is_required() -> None:
    made = form("demo.firm")
    assert made["name"].label == "名称"
    assert made.fields["name"].required
    assert not made.fields["area"].required
    assert "平方米" in made["area"].help_text


def test_problems_stand_at_their_fields_without_repeating_the_label() -> None:
    made = form("demo.firm", data={"area": "x"})
    made.blame([Problem("area", "面积：“x”不是数。"), Problem("", "整条的问题。")])
    assert made.errors["area"] == ["“x”不是数。"]
    assert made.non_field_errors() == ["整条的问题。"]


def test_values_come_back_as_one_would_write_them(cast: Cast) -> None:
    row = world.firm(
        cast,
        "面馆",
        rent="65.8万元",
        area="12.5",
        since="2020-01-01",
        listed="是",
        place="沧源路1号",
        sort="商铺",
    )
    kind = catalogue().kinds["demo.firm"]
    assert forms.initial(row, kind, {}) == {
        "name": "面馆",
        "rent": "658000",
        "area": "12.5",
        "since": "2020-01-01",
        "listed": "yes",
        "place": "沧源路1号",
        "sort": "shop",
    }


def test_a_link_comes_back_as_code_and_title(cast: Cast) -> None:
    firm = world.firm(cast, "面馆")
    links = display.links_of(cast.viewers["section"], {("demo.firm", firm.pk)})
    spec = catalogue().kinds["demo.visit"].fields["firm"]
    assert forms.writing(firm.pk, spec, links) == f"{firm.code} 面馆"
    assert forms.writing(firm.pk, spec, {}) == f"#{firm.pk}"


def test_the_point_of_an_address_stays_with_its_words(cast: Cast) -> None:
    row = world.firm(cast, "面馆", place={"text": "沧源路1号", "lon": 121.4, "lat": 31.0})
    kept = form("demo.firm", data={"place": "沧源路1号"}, row=row).values()
    assert kept["place"]["lon"] == 121.4
    assert form("demo.firm", data={"place": "沧源路2号"}, row=row).values()["place"] == "沧源路2号"


def test_only_the_kinds_own_fields_leave_the_form() -> None:
    made = form("demo.firm", data={"name": "面馆", "code": "X", "office_id": "9", "_unit": "c1"})
    assert set(made.values()) == set(catalogue().kinds["demo.firm"].fields)


def test_proposals_are_found_by_code_title_and_address(cast: Cast) -> None:
    row = world.home(cast)
    client = cast.client("grid")
    for words in ("沧源路", row.code, "沧源 5号"):
        shown = page(client, f"/records/demo.home/suggest?field=home&home={words}")
        assert f'value="{row.code} 沧源路123弄5号 张**"' in shown
    assert row.code not in page(client, "/records/demo.home/suggest?q=别处")
    page(cast.client("leader"), "/records/demo.home/suggest?q=沧源路", 404)


def test_a_form_may_be_filled_from_the_address_but_not_with_people(cast: Cast) -> None:
    shown = page(
        cast.client("grid"), "/records/demo.home/new?address=沧源路9号&head=张三&_unit=c1"
    )
    assert 'value="沧源路9号"' in shown
    assert "张三" not in shown.split("<main")[1]


def test_every_kind_of_record_is_offered_to_who_may_register(cast: Cast) -> None:
    shown = page(cast.client("grid"), "/new")
    for title in ("住户", "企业", "走访", "诉求", "工程"):
        assert title in shown
    assert "没有可以登记的种类" in page(cast.client("leader"), "/new")
