"""Deeds for several matters at once, and the weekly list."""

import re

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters import operations
from jiezhen.matters.models import Matter, Request
from jiezhen.matters.queries import weekly
from jiezhen.matters.tests.conftest import again, at, opened
from jiezhen.people.access import Viewer
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.trail.models import Entry as Trail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]

CASE = "trial.case"
PLACE = "沧源路123弄5号"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Wednesday, 21 June 2023, ten o'clock."""
    monkeypatch.setenv("JIEZHEN_NOW", at("2023-06-21 10:00").isoformat())


def keys(*rows: Matter) -> list[str]:
    return [f"{row.kind}:{row.pk}" for row in rows]


def do(
    cast: Cast,
    deed: str,
    rows: list[Matter],
    status: int = 302,
    who: str = "city",
    **values: object,
) -> str:
    """Choose rows, fill in the form of a deed, and return what is shown then."""
    client = cast.client(who)
    selected = keys(*rows)
    name = {"name": str(values["name"])} if "name" in values else {}
    shown = client.get("/matters/bulk", {"do": deed, "selected": selected, **name})
    assert shown.status_code == 200
    for row in rows:
        assert row.code in shown.content.decode()
    answer = client.post(
        "/matters/bulk",
        {
            "_nonce": world.nonce(shown.content.decode()),
            "do": deed,
            "selected": selected,
            **values,
        },
    )
    assert answer.status_code == status, answer.content.decode()[:2000]
    if status == 302:
        return page(client, answer.headers["Location"])
    return answer.content.decode("utf-8-sig")


def test_chosen_rows_are_dispatched_and_failures_are_told_by_row(cast: Cast, desk: Viewer) -> None:
    one, two, closed = opened(desk), opened(desk), opened(desk)
    operations.move(desk, CASE, closed.pk, "refuse", {}, at("2023-06-21 09:30"))
    said = do(cast, "move", [one, two, closed], 200, unit="c2")
    assert "1件没有办" in said
    assert "派单：办了2件。" in said
    assert closed.code in said
    assert "现在不能派单。" in said
    assert one.code not in said
    assert [again(r).unit.code for r in (one, two)] == ["c2", "c2"]
    assert again(closed).state == "returned"
    told = do(cast, "move", [one, two], unit="c1")
    assert "派单：办了2件。" in told
    nowhere = do(cast, "move", [one], 200, unit="")
    assert "请选派给哪个单元。" in nowhere


def test_alike_ones_are_merged_with_what_makes_them_alike(cast: Cast, desk: Viewer) -> None:
    rows = [opened(desk, place=PLACE, **{"class": "complaint"}) for _n in range(3)]
    client = cast.client("city")
    shown = page(
        client, "/matters/bulk?do=merge&" + "&".join(f"selected={k}" for k in keys(*rows))
    )
    assert "同一地址、都是投诉" in shown
    told = do(cast, "merge", rows, into=rows[1].pk)
    assert f"已并案，{rows[1].code}带着办。" in told
    assert [again(r).merged_into_id for r in rows] == [rows[1].pk, None, rows[1].pk]
    alone = page(client, f"/matters/bulk?do=merge&selected={keys(rows[0])[0]}")
    assert "类型相同" in alone


def test_more_time_is_asked_for_several(cast: Cast, desk: Viewer) -> None:
    rows = [opened(desk), opened(desk)]
    client = cast.client("city")
    choose = page(client, "/matters/bulk?do=ask&" + "&".join(f"selected={k}" for k in keys(*rows)))
    assert 'value="extend"' in choose
    told = do(cast, "ask", rows, name="extend", reason="rain", amount="2")
    assert "延期：办了2件。" in told
    assert Request.objects.filter(state="asked").count() == 2
    again_asked = do(cast, "ask", rows, 200, name="extend", reason="rain", amount="2")
    assert "已经有一份同样的申请在等审批。" in again_asked


def test_several_are_given_to_a_person_and_taken_out_as_a_file(cast: Cast, desk: Viewer) -> None:
    rows = [opened(desk, caller="赵明华", phone="13912345678") for _n in range(2)]
    for row in rows:
        operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:20"), unit="c1")
    do(cast, "assign", rows, handler="grid")
    assert {again(r).handler_id for r in rows} == {cast.accounts["grid"].pk}
    file = do(cast, "export", rows, 200)
    lines = file.splitlines()
    assert len(lines) == 3
    assert "李松涛" in lines[1]
    assert "赵" not in file
    assert Trail.objects.filter(action="matters.exported").count() == 1


def test_rows_of_others_are_not_chosen(cast: Cast, desk: Viewer) -> None:
    row = opened(desk)
    operations.move(desk, CASE, row.pk, "dispatch", {}, at("2023-06-21 09:20"), unit="c1")
    answer = cast.client("neighbour").get("/matters/bulk", {"do": "assign", "selected": keys(row)})
    assert answer.status_code == 302
    assert cast.client("city").get("/matters/bulk?do=assign&selected=x:y").status_code == 302


def test_the_week_begins_with_what_is_late_pressed_and_repeated(cast: Cast, desk: Viewer) -> None:
    late = opened(desk, "2023-06-12 09:00", **{"class": "consult"})
    newly = opened(desk, "2023-06-19 09:00", **{"class": "consult"})
    pressed = opened(desk)
    operations.supervise(desk, CASE, pressed.pk, at("2023-06-21 09:30"), words="抓紧")
    redone = opened(desk)
    for name in ("dispatch", "contact", "finish"):
        operations.move(
            desk, CASE, redone.pk, name, {}, at("2023-06-21 09:40"), unit="c1" if name == "dispatch" else ""
        )  # fmt: skip
    operations.move(desk, CASE, redone.pk, "redo", {}, at("2023-06-21 09:50"), note="没清")
    for moment in ("2023-03-01 09:00", "2023-06-20 09:00"):
        opened(desk, moment, subject="噪声扰民", place=PLACE, caller="赵明华", phone="13912345678")
    shown = page(cast.client("city"), "/matters/weekly")
    parts = {title: shown.split(f"<h2>{title}")[1].split("</section>")[0] for title in (
        "现在超期的", "这一周超期的", "这一周重办的", "督办的",
        "同一地点又来的（近一年）", "同一来电人又来的（近一年）",
    )}  # fmt: skip
    assert late.code in parts["现在超期的"]
    assert late.code not in parts["这一周超期的"]
    assert newly.code in parts["这一周超期的"]
    assert redone.code in parts["这一周重办的"]
    assert pressed.code in parts["督办的"]
    assert PLACE in parts["同一地点又来的（近一年）"]
    assert "2件" in parts["同一地点又来的（近一年）"]
    assert "赵**" in parts["同一来电人又来的（近一年）"]
    assert "139****5678" in parts["同一来电人又来的（近一年）"]
    assert "13912345678" not in shown
    assert "同一来电人" not in page(cast.client("leader"), "/matters/weekly")
    assert "这一周没有要研究的。" in page(cast.client("neighbour"), "/matters/weekly")


def test_callers_are_not_told_to_whom_they_are_about(cast: Cast, desk: Viewer) -> None:
    for moment in ("2023-06-19 09:00", "2023-06-20 09:00"):
        row = opened(desk, moment, caller="赵明华", phone="13912345678", about="松涛居民区")
        operations.move(desk, CASE, row.pk, "dispatch", {}, at(moment), unit="c1")
    assert "赵**" in page(cast.client("city"), "/matters/weekly")
    assert "赵**" not in page(cast.client("grid"), "/matters/weekly")


def test_a_part_that_is_cut_says_how_many_are_left_and_opens_as_a_whole(
    cast: Cast, desk: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "SHOWN", 2)
    late = [opened(desk, f"2023-06-{day} 09:00", **{"class": "consult"}) for day in (12, 13, 14)]
    pressed = [opened(desk) for _n in range(5)]
    for n, row in enumerate(reversed(pressed)):
        operations.supervise(desk, CASE, row.pk, at(f"2023-06-21 09:3{n}"), words="抓紧")
    client = cast.client("city")
    shown = page(client, "/matters/weekly")
    parts = {
        t: shown.split(f"<h2>{t}")[1].split("</section>")[0] for t in ("现在超期的", "督办的")
    }
    assert "3件" in parts["现在超期的"] and "还有1件" in parts["现在超期的"]
    assert "5件" in parts["督办的"] and "还有3件" in parts["督办的"]
    assert 'href="/matters/weekly?part=pressed"' in parts["督办的"]
    whole = page(client, "/matters/weekly?part=overdue")
    assert late[0].code in whole and late[1].code in whole and late[2].code not in whole
    assert "1—2 / 3件" in whole
    # All five, each once, in the order in which they were supervised, and back again.
    told, address = [], "/matters/weekly?part=pressed"
    while address:
        here = page(client, address)
        told += [r.code for r in reversed(pressed) if r.code in here]
        following = re.search(r'href="([^"]*after=[^"]*)"[^>]*>下一页', here)
        address = following[1].replace("&amp;", "&") if following else ""
    assert told == [r.code for r in reversed(pressed)]
    back = re.search(r'href="([^"]*after=[^"]*)"[^>]*>上一页', here)
    assert back is not None
    assert pressed[2].code in page(client, back[1].replace("&amp;", "&"))
    assert "没有这样的事项。" in page(cast.client("neighbour"), "/matters/weekly?part=pressed")
    assert "一周一研" in page(client, "/matters/weekly?part=nothing")


def test_repeats_that_are_cut_say_so(
    cast: Cast, desk: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "REPEATED", 1)
    monkeypatch.setattr("jiezhen.matters.views.weekly_page.REPEATED", 1)
    for place in (PLACE, "剑川路400弄2号"):
        for moment in ("2023-06-19 09:00", "2023-06-20 09:00"):
            opened(desk, moment, place=place)
    shown = page(cast.client("city"), "/matters/weekly")
    assert "只列来得最多的1个。" in shown
    assert (PLACE in shown) != ("剑川路400弄2号" in shown)


def test_neighbours_are_not_named_as_one_household(cast: Cast, desk: Viewer) -> None:
    for number in ("1", "3"):
        point = {"text": f"沧源路123弄{number}号", "lon": 121.41, "lat": 31.01}
        operations.open_matter(
            desk, CASE, {"subject": "噪声扰民"}, at("2023-06-20 09:00"), place=point
        )
    shown = page(cast.client("city"), "/matters/weekly")
    part = shown.split("<h2>同一地点又来的（近一年）")[1].split("</section>")[0]
    assert "号一带</strong>" in part
    assert "沧源路123弄1号" in part and "沧源路123弄3号" in part
