"""What one does on a matter's page, through its forms."""

import re

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter, Move, Request
from jiezhen.matters.tests.conftest import again, at, opened
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.trail.models import Entry as Trail
from jiezhen.units import operations as unit_operations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]

CASE = "trial.case"
PHONE = "13912345678"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Wednesday, 21 June 2023, ten o'clock."""
    monkeypatch.setenv("JIEZHEN_NOW", at("2023-06-21 10:00").isoformat())


def here(row: Matter, more: str = "") -> str:
    return f"/matters/{row.code}{more}"


def press(
    cast: Cast, who: str, row: Matter, part: str, status: int = 302, **values: object
) -> str:
    """Open the page, post one of its forms with its nonce, and return what follows."""
    client = cast.client(who)
    nonce = world.nonce(page(client, here(row)))
    answer = client.post(here(row, part), {"_nonce": nonce, **values})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return page(client, answer.headers["Location"]) if status == 302 else answer.content.decode()


def called(desk: Viewer, moment: str = "2023-06-21 09:12", **values: object) -> Matter:
    given = {"caller": "赵明华", "phone": PHONE, "place": "沧源路123弄5号", **values}
    row = opened(desk, moment, **given)
    return operations.move(desk, CASE, row.pk, "dispatch", {}, at(moment), unit="c1")


def test_a_move_that_assigns_asks_for_the_unit(cast: Cast, desk: Viewer) -> None:
    row = opened(desk)
    form = page(cast.client("city"), here(row, "/moves/dispatch"))
    assert "派给" in form
    assert "松涛居民区" in form
    said = press(cast, "city", row, "/moves/dispatch", 422, _version="1")
    assert "请选派给哪个单元。" in said
    shown = press(cast, "city", row, "/moves/dispatch", _version="1", unit="c1")
    assert again(row).unit.code == "c1"
    assert "派单 → 已派单" in shown


def test_two_dispatchers_one_move_and_a_conflict_that_is_told(cast: Cast, desk: Viewer) -> None:
    row = opened(desk)
    client = cast.client("city")
    form = page(client, here(row, "/moves/dispatch"))
    values = {"_nonce": world.nonce(form), "_version": "1", "unit": "c1"}
    press(cast, "section", row, "/moves/dispatch", _version="1", unit="c2")
    answer = client.post(here(row, "/moves/dispatch"), values)
    assert answer.status_code == 422
    assert "改过这条" in answer.content.decode()
    assert again(row).unit.code == "c2"
    assert Move.objects.filter(matter=row, name="dispatch").count() == 1


def test_a_double_click_moves_once(cast: Cast, desk: Viewer) -> None:
    row = opened(desk)
    client = cast.client("city")
    form = page(client, here(row, "/moves/dispatch"))
    values = {"_nonce": world.nonce(form), "_version": "1", "unit": "c1"}
    answers = [client.post(here(row, "/moves/dispatch"), values) for _press in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert Move.objects.filter(matter=row, name="dispatch").count() == 1


def test_the_caller_is_masked_and_shown_once_for_a_purpose(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    shown = page(cast.client("grid"), here(row))
    assert "赵**" in shown
    assert "139****5678" in shown
    assert PHONE not in shown
    party = re.search(r'name="party" value="(\d+)"', shown)
    assert party is not None
    told = press(cast, "grid", row, "/reveal", 200, party=party[1], reason="先行联系")
    assert f'href="tel:{PHONE}"' in told
    assert "赵明华" in told
    seen = Trail.objects.filter(action="matter.party.revealed")
    assert [(s.actor, s.why) for s in seen] == [("李松涛", "先行联系")]
    assert PHONE not in page(cast.client("grid"), here(row))
    assert "请写为什么要看。" in press(cast, "grid", row, "/reveal", 422, party=party[1])


def test_the_number_is_read_and_dialled_where_it_was_asked_for(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    client = cast.client("city")
    shown = page(client, here(row))
    assert "沧源路123弄5号" in re.search(r'class="page-lede">(.*?)</div>', shown, re.S)[1]
    assert f'action="{here(row, "/reveal")}#callers"' in shown and 'id="callers"' in shown


def test_whom_it_is_about_reads_only_that_it_is_not_open(cast: Cast, desk: Viewer) -> None:
    row = called(desk, about="松涛居民区")
    shown = page(cast.client("grid"), here(row))
    assert "诉求人信息不向本单元开放" in shown
    assert "赵**" not in shown
    party = row.parties.get().pk
    told = press(cast, "grid", row, "/reveal", 403, party=party, reason="先行联系")
    assert PHONE not in told
    assert "赵**" in page(cast.client("city"), here(row))


def test_a_call_that_is_answered_stops_the_clock(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    assert "没接" in press(cast, "grid", row, "/contact", outcome="missed")
    assert again(row).state == "dispatched"
    shown = press(cast, "grid", row, "/contact", outcome="reached", words="约了下午")
    assert "按时完成" in shown
    assert "用时" in shown
    assert again(row).state == "handling"


def test_a_request_is_asked_and_decided_by_another(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    form = page(cast.client("grid"), here(row, "/ask/extend"))
    assert "最多5个工作日" in form
    assert "天气" in form
    said = press(cast, "grid", row, "/ask/extend", 422, reason="rain", amount="9")
    assert "最多5个工作日。" in said
    shown = press(cast, "grid", row, "/ask/extend", reason="rain", amount="3", words="连续下雨")
    assert "等审批" in shown
    assert "同意</button>" not in shown
    ident = Request.objects.get().pk
    before = again(row).timers["total"]["due"]
    leader = page(cast.client("leader"), here(row))
    assert "3个工作日" in leader
    assert "不同意要写理由。" in press(
        cast, "leader", row, f"/requests/{ident}", 422, verdict="no"
    )
    assert row.code in page(cast.client("leader"), "/matters?tab=decide")
    press(cast, "leader", row, f"/requests/{ident}", verdict="yes")
    assert again(row).timers["total"]["due"] > before
    other = opened(desk)
    press(cast, "leader", other, f"/requests/{ident}", 404, verdict="yes")


def test_a_pause_needs_a_listed_reason_and_stops_the_clocks(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    assert "请从清单里选理由。" in press(cast, "grid", row, "/ask/pause", 422, reason="tired")
    shown = press(cast, "grid", row, "/ask/pause", reason="absent")
    assert "恢复计时" in shown
    assert again(row).paused_at is not None
    assert "paused" not in shown
    press(cast, "grid", row, "/resume")
    assert again(row).paused_at is None


def test_sending_back_names_an_article_of_the_duty_list(cast: Cast, desk: Viewer) -> None:
    duty = records.create(desk, "trial.duty", cast.unit("yunxiu"), {"name": "第三条"}, AT)
    row = called(desk)
    assert "第三条" in page(cast.client("grid"), here(row, "/ask/return"))
    assert "请选依据的条款" in press(
        cast, "grid", row, "/ask/return", 422, reason="not_ours", article="没有"
    )
    press(cast, "grid", row, "/ask/return", reason="not_ours", article=duty.code)
    assert again(row).state == "returned"


def test_it_is_given_to_a_person_and_pressed_for(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    unit_operations.post(cast.system, cast.accounts["section"], "c2", "grid", AT)
    shown = press(cast, "grid", row, "/assign", handler="grid")
    assert "已指定承办人。" in shown
    assert again(row).handler_id == cast.accounts["grid"].pk
    assert "不在这个单元" in press(cast, "grid", row, "/assign", 422, handler="neighbour")
    press(cast, "grid", row, "/assign", handler="")
    assert again(row).handler_id == 0
    assert "/supervise" not in page(cast.client("grid"), here(row))
    assert "请写督办要求。" in press(cast, "city", row, "/supervise", 422)
    assert "督办" in press(cast, "city", row, "/supervise", words="今天见人")
    assert again(row).supervised_at is not None


def test_doubles_are_offered_merged_and_parted(cast: Cast, desk: Viewer) -> None:
    one = called(desk, "2023-06-20 09:00", **{"class": "complaint"})
    two = called(desk, **{"class": "complaint"})
    shown = page(cast.client("city"), here(two))
    assert "同一地址" in shown
    assert "最近12个月来电 2次" in shown
    assert "同一地点近一年 2件" in shown
    told = press(cast, "city", two, "/merge", other=one.code, into="other")
    assert f"已并案，{one.code}带着办。" in told
    assert again(two).merged_into_id == one.pk
    assert "并入的" in page(cast.client("city"), here(one))
    press(cast, "city", two, "/unmerge")
    assert again(two).merged_into_id is None


def test_one_that_is_several_is_split(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    form = page(cast.client("city"), here(row, "/split"))
    assert "第1件" in form
    assert "请写拆成哪几件" in press(cast, "city", row, "/split", 422)
    shown = press(cast, "city", row, "/split", about1="楼道堆物", about2="路灯", unit2="c2")
    children = Matter.objects.for_system("test").filter(parent=row).order_by("id")
    assert [(c.title, c.unit.code) for c in children] == [("楼道堆物", "c1"), ("路灯", "c2")]
    assert "下级事项" in shown


def test_who_called_is_in_no_edit_form_list_or_file(cast: Cast, desk: Viewer) -> None:
    row = called(desk)
    client = cast.client("section")
    edit = page(client, f"/records/trial.case/{row.code}/edit")
    listed = page(client, "/matters/kinds/trial.case?columns=subject,caller,phone")
    record = page(client, here(row)).split('id="callers"')[0]
    answer = client.get("/matters/kinds/trial.case.csv")
    file = b"".join(answer).decode("utf-8-sig") if answer.streaming else answer.content.decode()
    for text in (edit, listed, file, record):
        assert "楼道堆物" in text
        assert "诉求人" not in text
        assert "赵明华" not in text
        assert "赵**" not in text
        assert "5678" not in text
    saved = client.post(
        f"/records/trial.case/{row.code}/edit",
        {"_nonce": world.nonce(edit), "_version": str(row.version), "subject": "堆物已清"},
    )
    assert saved.status_code == 302
    assert again(row).title == "堆物已清"


@pytest.mark.parametrize(
    "part", ["/contact", "/resume", "/assign", "/supervise", "/merge", "/split", "/reveal"]
)
def test_nobody_of_another_unit_reaches_it(cast: Cast, desk: Viewer, part: str) -> None:
    row = called(desk)
    answer = cast.client("neighbour").post(
        here(row, part), {"_nonce": "n" * 20, "handler": "neighbour", "words": "x"}
    )
    assert answer.status_code == 404
