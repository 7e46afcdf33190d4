"""Twice is once: forms, machine writes, and two people at one record."""

import re

from django.db import connection

from jiezhen.conftest import AT
from jiezhen.effects.models import Webhook
from jiezhen.matters.models import Matter, Move
from jiezhen.records import operations
from jiezhen.registers.models import Entry
from jiezhen.trail.models import Nonce

from .addresses import CASE, ENTRY, SITE
from .conftest import Two
from .office import NAME, PHONE, nonce

NEW_CASE = {
    "_unit": "c1",
    "order_number": "N1",
    "subject": "路灯不亮",
    "received_on": "2023-07-01",
}


def cases() -> int:
    return Matter.objects.for_system("test").filter(kind=CASE).count()


def test_a_form_posted_twice_writes_once(two: Two) -> None:
    before, key = cases(), nonce()
    first = two.here.client("section").post(
        f"/matters/new?kind={CASE}", {"_nonce": key, **NEW_CASE}
    )
    second = two.here.client("section").post(
        f"/matters/new?kind={CASE}", {"_nonce": key, **NEW_CASE}
    )
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert cases() == before + 1


def test_a_lost_answer_is_given_again_although_the_number_is_taken(two: Two) -> None:
    """The first try made the record and its answer got lost: the second finds the number taken."""
    body = {"unit": "c1", "values": {k: v for k, v in NEW_CASE.items() if k != "_unit"}}
    body["values"]["order_number"] = "N77"
    first = two.here.send("section", f"records/{CASE}", body, "lost")
    again = two.here.send("section", f"records/{CASE}", body, "lost")
    other = two.here.send("section", f"records/{CASE}", body, "another")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    assert 400 <= other.status_code < 500


def test_a_repeat_does_not_complain_of_the_first_time(two: Two) -> None:
    """The second press finds nothing left to remove; nobody has to read about it."""
    administrator = two.here.client("administrator")
    made = {"title": "值班群", "address": "http://10.1.2.3/x", "shape": "wecom"}
    two.here.post("administrator", "/admin/effects", **made, patterns="*", sensitivity="inner")
    hook = Webhook.objects.for_system("test").latest("pk").pk
    two.here.post("administrator", f"/admin/effects/{hook}/pause")
    sent = {"_nonce": nonce()}
    for _press in range(2):
        answer = administrator.post(f"/admin/effects/{hook}/remove", sent)
        assert (answer.status_code, answer["Location"]) == (302, "/admin/effects")
    page = administrator.get("/admin/effects").content.decode()
    assert "消息出口已删除。" in page and "可能已经删了" not in page
    two.here.post("administrator", f"/admin/effects/{hook}/remove")
    assert "可能已经删了" in administrator.get("/admin/effects").content.decode()


def test_a_nonce_with_other_content_is_refused(two: Two) -> None:
    before, key, href = cases(), nonce(), f"/matters/new?kind={CASE}"
    two.here.client("section").post(href, {"_nonce": key, **NEW_CASE})
    other = two.here.client("section").post(
        href, {"_nonce": key, **NEW_CASE, "order_number": "N2"}
    )
    assert other.status_code == 409
    assert cases() == before + 1


def test_a_form_without_nonce_is_refused_and_says_what_to_do(two: Two) -> None:
    before = cases()
    answer = two.here.client("section").post(f"/matters/new?kind={CASE}", NEW_CASE)
    assert answer.status_code == 400
    assert "刷新" in answer.content.decode()
    assert cases() == before


def test_every_posted_deed_happens_once(two: Two) -> None:
    """The same press again changes no table: word of progress, move, task's note, light."""
    case = two.here.record(CASE)
    for who, href, data in (
        ("section", f"/matters/{case.code}/say", {"note": "已到现场"}),
        ("section", f"/matters/{case.code}/moves/dispatch", {"unit": "c1"}),
        ("planner", f"/tasks/{two.here.task}/note", {"text": "推进中", "kind": "progress"}),
        ("planner", f"/tasks/{two.here.task}/light", {"colour": "yellow", "reason": "材料晚到"}),
        (
            "planner",
            "/indicators/lifts_completed/target",
            {"period": "2023", "value": "40", "comparator": ">=", "source": "会议"},
        ),
    ):
        sent = {"_nonce": nonce(), **data}
        first = two.here.client(who).post(href, sent)
        assert first.status_code == 302, (href, first.status_code)
        counted = _all_rows()
        assert two.here.client(who).post(href, sent).status_code == 302
        assert _all_rows() == counted, href
    assert Move.objects.filter(matter_id=case.pk, note="已到现场").count() == 1


def _all_rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names():
            if table != "django_session":
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found


def test_a_second_editor_sees_the_differences_and_nothing_is_lost(two: Two) -> None:
    row = two.here.record(SITE)
    href = f"/records/{SITE}/{row.code}/edit"
    page = two.here.client("section").get(href).content.decode()
    seen = {
        n: re.findall(rf'name="{n}"[^>]*value="([^"]*)"', page)[0] for n in ("name", "_version")
    }
    mine = {
        "name": "我的名字",
        "category": "canteen",
        "address": "松涛路1号",
        "hours": "九点",
        "_version": seen["_version"],
    }
    theirs = mine | {"name": "别人的名字", "hours": "八点"}
    assert two.here.post("city", href, **theirs).status_code == 302
    second = two.here.post("section", href, **mine)
    assert second.status_code == 409
    text = second.content.decode()
    assert "我的名字" in text and "别人的名字" in text
    kept = Entry.objects.for_system("test").get(pk=row.pk)
    assert (kept.data["name"], kept.version) == ("别人的名字", row.version + 1)


def test_machine_writes_need_a_key_and_keep_their_word(two: Two) -> None:
    body = {"unit": "c1", "values": {"name": "新食堂", "category": "canteen"}}
    client, href = two.here.client("section"), f"/api/records/{SITE}"
    bare = client.post(href, body, content_type="application/json")
    assert bare.status_code == 400 and "Idempotency-Key" in bare.json()["message"]
    first = two.here.send("section", f"records/{SITE}", body, "k1")
    again = two.here.send("section", f"records/{SITE}", body, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    other = two.here.send("section", f"records/{SITE}", body | {"unit": "c2"}, "k1")
    assert other.status_code == 409
    assert Entry.objects.for_system("test").filter(title="新食堂").count() == 1


def test_a_refused_write_frees_its_key(two: Two) -> None:
    body = {"unit": "c1", "values": {"name": "又一食堂"}}
    assert two.here.send("section", f"records/{SITE}", body, "k2").status_code == 422
    body["values"]["category"] = "canteen"
    assert two.here.send("section", f"records/{SITE}", body, "k2").status_code == 201


def test_a_token_is_shown_once_and_kept_nowhere(two: Two) -> None:
    answer = two.here.post(
        "administrator",
        "/admin/tokens",
        username=two.here.cast.accounts["section"].username,
        title="接口",
    )
    key = re.search(r"jz_[\w-]+", answer.content.decode())
    assert answer.status_code == 200 and key
    assert not Nonce.objects.filter(answer__contains=key[0]).exists()


def test_what_was_asked_about_a_person_cannot_be_guessed_from_the_nonce(two: Two) -> None:
    import hashlib

    key = nonce()
    data = {"_nonce": key, "text": PHONE}
    href = f"/records/{ENTRY}/find"
    assert two.here.client("section").post(href, data).status_code == 200
    kept = Nonce.objects.get(key__endswith=f":{key}")
    plain = repr((href, sorted({k: [v] for k, v in data.items()}.items()))).encode()
    assert kept.digest != hashlib.sha256(plain).hexdigest()
    assert PHONE not in kept.answer and NAME not in kept.answer


def test_a_stale_version_through_the_api_is_a_conflict(two: Two) -> None:
    row = two.here.record(SITE)
    operations.change(
        two.here.cast.viewers["section"], SITE, row.pk, {"hours": "十点"}, row.version, AT
    )
    answer = two.here.send(
        "section",
        f"records/{SITE}/{row.code}",
        {"values": {"hours": "九点"}, "version": row.version},
        method="patch",
    )
    assert answer.status_code == 409
    assert Entry.objects.for_system("test").get(pk=row.pk).data["hours"] == "十点"
