"""The page of a record and what one does there."""

import re

import pytest
from django.test import Client

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.records import operations
from jiezhen.records.models import Row
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.registers.models import Entry
from jiezhen.trail.models import Entry as Trail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def send(client: Client, address: str, status: int = 302, /, **values: object) -> str:
    """Open a form, post it with its nonce, and return where it leads or what it says."""
    shown = client.get(address)
    nonce = world.nonce(shown.content.decode()) if shown.status_code == 200 else "n" * 20
    answer = client.post(address, {"_nonce": nonce, **values})
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:3000])
    return answer.headers.get("Location", "") or answer.content.decode()


def fresh(row: Row) -> Row:
    found = type(row).objects.for_system("test").get(pk=row.pk)
    assert isinstance(found, Row)
    return found


def at(row: Row, more: str = "") -> str:
    return f"/records/{row.kind}/{row.code}{more}"


def test_it_shows_facts_masked_and_leaves_a_row_of_who_looked(cast: Cast) -> None:
    row = world.home(cast, id_number=world.ID_NUMBER)
    shown = page(cast.client("grid"), at(row))
    assert "张**" in shown
    assert "138****5678" in shown
    assert world.ID_NUMBER not in shown
    assert "1****************X" in shown
    seen = Trail.objects.get(action="records.record.seen")
    assert (seen.actor, seen.on) == ("李松涛", f"demo.home:{row.code}")
    looked = page(cast.client("section"), at(row, "/looks"))
    assert "李松涛" in looked


def test_it_registers_through_the_form(cast: Cast) -> None:
    client = cast.client("grid")
    to = send(
        client,
        "/records/demo.visit/new",
        _unit="c1",
        purpose="看望",
        visited_on="20230701",
        people="2人次",
    )
    assert to.endswith("/receipt")
    assert "编号ZF-2023-000001" in page(client, to)
    row = operations.shapes.model_of("demo.visit").objects.for_system("test").get()
    assert row.data == {"purpose": "看望", "visited_on": "2023-07-01", "people": 2}
    assert (row.unit.code, row.on.isoformat()) == ("c1", "2023-07-01")


def test_it_says_what_is_wrong_at_the_field(cast: Cast) -> None:
    said = send(
        cast.client("grid"),
        "/records/demo.visit/new",
        422,
        _unit="c1",
        purpose="",
        visited_on="2023-2-30",
        people="三个",
    )
    assert "要改：" in said
    assert "有3处要改" in said
    assert "请填事由。" in said
    assert "2023年2月没有30日" in said
    assert 'aria-invalid="true"' in said
    assert 'value="2023-2-30"' in said


def test_a_grid_worker_cannot_register_in_another_unit(cast: Cast) -> None:
    said = send(
        cast.client("grid"),
        "/records/demo.visit/new",
        422,
        _unit="c3",
        purpose="看望",
        visited_on="2023-7-1",
        people="1",
    )
    assert "请选单元。" in said


def test_it_changes_a_record_and_keeps_covered_fields(cast: Cast) -> None:
    row = world.home(cast)
    client = cast.client("section")
    shown = page(client, at(row, "/edit"))
    assert "张建国" not in shown
    assert "现在是张**。不改就空着。" in shown
    send(
        client,
        at(row, "/edit"),
        _version="1",
        address="沧源路123弄6号",
        head="",
        phone="",
        id_number="",
        lives_alone="yes",
        age="82",
        remark="",
        _why="搬家",
    )
    changed = fresh(row)
    assert changed.data["head"] == "张建国"
    assert changed.data["phone"] == "13812345678"
    assert changed.data["address"] == {"text": "沧源路123弄6号"}
    assert changed.version == 2
    told = page(client, at(row, "/history"))
    assert "搬家" in told
    assert "沧源路123弄5号" in told
    assert "张建国" not in told


def test_it_clears_a_covered_field_only_when_asked(cast: Cast) -> None:
    row = world.home(cast)
    send(
        cast.client("section"),
        at(row, "/edit"),
        _version="1",
        address="沧源路123弄5号",
        phone="",
        phone__clear="on",
    )
    assert "phone" not in fresh(row).data


def test_posting_system_fields_changes_nothing(cast: Cast) -> None:
    row = world.firm(cast, "山阳面馆")
    before = fresh(row)
    names = [f.name for f in Entry._meta.get_fields()] + [
        f.attname for f in Entry._meta.concrete_fields
    ]
    forged = {n: "99" for n in names if n != "state"} | {
        "_unit_id": "99",
        "_state": "closed",
        "id_number__hash": "x",
        "_withdrawn_at": "2023-01-01",
        "name__hash": "y",
        "source": "api",
        "state_since": "x",
        "_unit": "c3",
    }
    send(
        cast.client("section"),
        at(row, "/edit"),
        **(forged | {"_version": "1", "name": "山阳面馆"}),
    )
    after = fresh(row)
    for field in Entry._meta.concrete_fields:
        if field.name == "data":
            continue
        assert getattr(after, field.attname) == getattr(before, field.attname), field.name
    assert after.data == before.data


def test_a_new_record_takes_no_system_field_from_the_form(cast: Cast) -> None:
    send(
        cast.client("section"),
        "/records/demo.case/new",
        _unit="c1",
        subject="漏水",
        state="closed",
        opened_on="2001-01-01",
        closed_on="2001-01-01",
        code="SQ-1",
        version="9",
        source="api",
        office_id="77",
        created_by_id="77",
        withdrawn_at="2001-01-01",
        until="2001-1-1",
    )
    row = operations.shapes.model_of("demo.case").objects.for_system("test").get()
    assert (row.state, row.version, row.source) == ("received", 1, "form")
    assert row.code == "SQ-2023-000001"
    assert row.opened_on.isoformat() == "2023-07-03"
    assert row.closed_on is None
    assert row.withdrawn_at is None
    assert row.created_by_id == cast.accounts["section"].pk


def test_two_people_at_once_see_both_versions_and_choose(cast: Cast) -> None:
    row = world.firm(cast, "山阳面馆", area=100, since="2020-01-01")
    operations.change(
        cast.viewers["city"], row.kind, row.pk, {"area": "120", "since": "2021-01-01"}, 1, AT
    )
    client = cast.client("section")
    shown = client.get(at(row, "/edit")).content.decode()
    answer = client.post(
        at(row, "/edit"),
        {
            "_nonce": world.nonce(shown),
            "_version": "1",
            "name": "山阳面馆",
            "area": "150",
            "since": "2020-01-01",
            "rent": "",
            "place": "",
            "sort": "",
            "listed": "",
            "f.state": "",
        },
    )
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "别人在08:00改过这条。" in said
    assert "150平方米" in said
    assert "120平方米" in said
    # The area was changed by both and is asked for; the date only by the other one.
    assert re.search(r'name="_pick_area" value="mine" checked', said)
    assert re.search(r'name="_pick_since" value="theirs" checked', said)
    assert fresh(row).data["area"] == 120
    answer = client.post(
        at(row, "/edit"),
        {
            "_nonce": world.nonce(said),
            "_version": "2",
            "name": "山阳面馆",
            "area": "150",
            "since": "2020-01-01",
            "_pick_area": "mine",
            "_pick_since": "theirs",
        },
    )
    assert answer.status_code == 302
    assert fresh(row).data["area"] == 150
    assert fresh(row).data["since"] == "2021-01-01"


def test_it_withdraws_with_a_reason_and_brings_back(cast: Cast) -> None:
    row = world.firm(cast, "山阳面馆")
    client = cast.client("section")
    assert "请写撤回的理由" in send(client, at(row, "/withdraw"), 422, why=" ")
    send(client, at(row, "/withdraw"), why="登错了")
    assert fresh(row).withdrawn_at is not None
    assert "山阳面馆" not in page(client, "/records/demo.firm")
    assert "山阳面馆" in page(client, "/records/demo.firm?withdrawn=1")
    shown = page(client, at(row))
    assert "撤回了，不再计入任何数" in shown
    client.post(at(row, "/bring-back"), {"_nonce": world.nonce(shown)})
    assert fresh(row).withdrawn_at is None


def test_a_reveal_opens_one_field_for_a_minute_and_is_on_record(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = world.home(cast, id_number=world.ID_NUMBER)
    client = cast.client("section")
    shown = page(client, at(row))
    to = client.post(
        at(row, "/reveal"), {"_nonce": world.nonce(shown), "field": "phone", "reason": "先行联系"}
    )
    assert to.status_code == 302
    answer = client.get(at(row))
    opened = answer.content.decode()
    assert "13812345678" in opened
    assert "张建国" not in opened
    assert world.ID_NUMBER not in opened
    assert answer.headers["Refresh"].startswith("60; url=/records/demo.home/")
    entry = Trail.objects.get(action="records.field.revealed")
    assert (entry.why, entry.after) == ("先行联系", {"field": "phone"})
    assert "13812345678" not in str(Trail.objects.values_list())
    other = page(client, at(world.home(cast, address="剑川路9号", head="李四")))
    assert "13812345678" not in other
    monkeypatch.setenv("JIEZHEN_NOW", "2023-07-03T08:01:01+08:00")
    assert "13812345678" not in page(client, at(row))


def test_without_the_right_nothing_opens_and_it_says_whom_to_ask(cast: Cast) -> None:
    row = world.home(cast)
    client = cast.client("city")
    shown = page(client, at(row))
    assert "没有权限看姓名和电话。需要的话，找本单元负责人。" in shown
    assert f"{row.code}/reveal" not in shown
    answer = client.post(
        at(row, "/reveal"), {"_nonce": "n" * 20, "field": "phone", "reason": "先行联系"}
    )
    assert answer.status_code == 403
    assert not Trail.objects.filter(action="records.field.revealed").exists()


@pytest.mark.parametrize(("field", "reason"), [("address", "x"), ("nothing", "x"), ("phone", " ")])
def test_a_reveal_needs_a_personal_field_and_a_reason(cast: Cast, field: str, reason: str) -> None:
    row = world.home(cast)
    client = cast.client("section")
    shown = page(client, at(row))
    answer = client.post(
        at(row, "/reveal"), {"_nonce": world.nonce(shown), "field": field, "reason": reason}
    )
    assert answer.status_code == 422


def test_people_are_found_by_post_alone_and_only_in_own_units(cast: Cast) -> None:
    row = world.home(cast, id_number=world.ID_NUMBER)
    far = world.home(cast, "c3", address="望岳路1号", head="张建国", phone="13900001111")
    client = cast.client("grid")
    for text in ("张建国", "5678", world.ID_NUMBER.lower(), "138 1234 5678"):
        said = send(client, "/records/demo.home/find", 200, text=text)
        assert row.code in said, text
        assert far.code not in said
        assert "张建国" not in said.replace('value="张建国"', "")
    assert "请写姓名" in send(client, "/records/demo.home/find", 422, text="5")
    assert Trail.objects.filter(action="records.people.searched").count() == 4
    assert "5678" not in str(Trail.objects.filter(action="records.people.searched").values_list())
    shown = page(client, f"/records/demo.home?q={world.ID_NUMBER}")
    assert "不写进网址" in shown
    assert "没有“phone”这个筛选条件" in page(client, "/records/demo.home?phone=13812345678")


DETAILS = ("", "/receipt", "/edit", "/history", "/looks", "/withdraw")


@pytest.mark.parametrize("more", DETAILS)
def test_a_record_of_another_unit_or_office_is_absent(cast: Cast, more: str) -> None:
    row = world.home(cast, "c3", address="望岳路1号")
    other = build_cast("beiyun")
    world.home(other, "c1", address="北云路1号")
    far = world.home(other, "c1", address="北云路2号")
    page(cast.client("section"), at(row, more))
    for client, which in (
        (cast.client("grid"), row),
        (cast.client("section"), far),
        (cast.client("leader"), row),
    ):
        page(client, at(which, more), 404)


@pytest.mark.parametrize("more", ["/reveal", "/bring-back", "/edit", "/withdraw"])
def test_nobody_posts_to_a_record_of_another_unit(cast: Cast, more: str) -> None:
    row = world.home(cast, "c3", address="望岳路1号")
    answer = cast.client("grid").post(
        at(row, more),
        {"_nonce": "n" * 20, "field": "phone", "reason": "x", "why": "x", "address": "y"},
    )
    assert answer.status_code == 404
    assert fresh(row).version == 1


def test_lists_and_proposals_hold_only_own_units(cast: Cast) -> None:
    world.firm(cast, "松涛面馆", "c1")
    world.firm(cast, "望岳面馆", "c3")
    other = build_cast("beiyun")
    world.firm(other, "北云面馆", "c1")
    grid = cast.client("grid")
    for address in (
        "/records/demo.firm",
        "/records/demo.firm/suggest?q=面馆",
        "/records/demo.firm?unit=c3&q=面馆",
    ):
        shown = page(grid, address)
        assert "望岳面馆" not in shown
        assert "北云面馆" not in shown
    assert "松涛面馆" in page(grid, "/records/demo.firm")
    assert "北云面馆" not in page(cast.client("section"), "/records/demo.firm")


def test_a_link_to_a_record_of_another_office_is_refused(cast: Cast) -> None:
    far = world.firm(build_cast("beiyun"), "北云面馆")
    unit, viewer = cast.unit("c1"), cast.viewers["section"]
    for written in (far.pk, far.code + " 北云面馆", "北云面馆"):
        with pytest.raises(operations.Refused) as refused:
            operations.create(
                viewer,
                "demo.visit",
                unit,
                {"purpose": "看", "visited_on": "2023-07-01", "people": 1, "firm": written},
                AT,
            )
        assert refused.value.problems[0].field == "firm"


def test_the_timeline_gathers_what_names_the_record(cast: Cast) -> None:
    row = world.home(cast)
    for kind, values in (
        (
            "demo.visit",
            {"purpose": "夏季看望", "visited_on": "2023-06-28", "people": 1, "home": row.code},
        ),
        ("demo.case", {"subject": "楼道灯坏", "home": row.code}),
    ):
        operations.create(cast.viewers["section"], kind, cast.unit("c1"), values, AT)
    operations.create(
        cast.viewers["section"],
        "demo.visit",
        cast.unit("c3"),
        {"purpose": "望岳看望", "visited_on": "2023-06-28", "people": 1, "home": row.code},
        AT,
    )
    shown = page(cast.client("grid"), at(row))
    assert "走访 夏季看望" in shown
    assert "诉求 楼道灯坏" in shown
    assert "望岳看望" not in shown


def test_signed_out_people_are_sent_to_sign_in(cast: Cast) -> None:
    answer = Client().get("/records/demo.home")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=")


def test_who_may_do_nothing_with_a_kind_finds_nothing(cast: Cast) -> None:
    page(cast.client("auditor"), "/records/demo.home", 404)
    page(cast.client("leader"), "/records/demo.home", 404)
    page(cast.client("leader"), "/records/demo.firm")
    page(cast.client("leader"), "/records/demo.firm/new", 403)
    page(cast.client("section"), "/records/no.kind", 404)


def test_pressing_twice_registers_once(cast: Cast) -> None:
    client = cast.client("section")
    nonce = world.nonce(page(client, "/records/demo.firm/new"))
    sent = {"_nonce": nonce, "_unit": "c1", "name": "山阳面馆"}
    first, second = (client.post("/records/demo.firm/new", sent) for _n in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Entry.objects.for_system("test").filter(kind="demo.firm").count() == 1
