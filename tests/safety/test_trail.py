"""Every deed leaves a row; a deed whose row cannot be written does not happen."""

import re

import pytest
from django.db import DatabaseError, connection
from django.db.models import JSONField

from jiezhen.trail import operations as trail
from jiezhen.trail.models import Entry

from .addresses import CASE, ENTRY, LIFT, RAMP, SITE, VISIT
from .conftest import Two
from .living import none
from .office import ID, NAME, OTHER_IDS, PHONE, Made
from .payloads import id_number

NEW = {"_unit": "c1", "category": "canteen", "name": "新点位"}


def deeds(made: Made) -> list[tuple[str, str, dict[str, object]]]:
    """Return who posts what where; each is valid by itself on the seeded office."""
    case, doc = made.record(CASE), f"/plans/2023/docs/{made.document.pk}"
    here, office = f"/records/{SITE}/{made.record(SITE).code}", made.cast.system
    edit = {"name": "改名", "category": "canteen", "_version": made.record(SITE).version}
    report = f"/reports/{made.report}"
    return [
        ("section", f"/records/{SITE}/new", NEW),
        ("section", f"{here}/edit", edit),
        ("section", f"{here}/withdraw", {"why": "重复"}),
        ("section", f"/records/{ENTRY}/find", {"text": NAME}),
        (
            "section",
            f"/records/{ENTRY}/{made.record(ENTRY).code}/reveal",
            {"field": "phone", "reason": "先行联系"},
        ),
        ("section", f"/records/{ENTRY}.csv", {"why": "上门走访"}),
        (
            "section",
            f"/matters/new?kind={CASE}",
            {"_unit": "c1", "order_number": "D1", "subject": "井盖", "received_on": "2023-07-01"},
        ),
        ("section", f"/matters/{case.code}/moves/dispatch", {"unit": "c1"}),
        ("section", f"/matters/{case.code}/say", {"note": "到场"}),
        (
            "section",
            f"/services/new?kind={VISIT}",
            {"_unit": "c1", "elder": made.record(ENTRY).code, "visited_on": "2023-07-01"},
        ),
        ("section", f"/imports/{made.batch}/rows/3", {"c1": ID}),
        ("section", f"/imports/{made.batch}/commit", {}),
        ("planner", "/plans/upload", {"text": "2023年计划\n完成绿化30亩。", "year": "2023"}),
        ("planner", f"{doc}/rows/2/confirm", {}),
        ("planner", f"{doc}/rows/3/ignore", {}),
        ("planner", f"/tasks/{made.task}/note", {"text": "推进", "kind": "progress"}),
        ("planner", f"/tasks/{made.task}/light", {"colour": "yellow", "reason": "晚"}),
        ("planner", f"/tasks/{made.task}/close", {"why": "完成"}),
        ("leader", f"/decisions/{made.decision}", {"answer": "同意", "line": "照办"}),
        ("planner", f"/indicators/lifts_completed/target/{made.target}/withdraw", {"why": "改"}),
        (
            "planner",
            "/indicators/lifts_completed/target",
            {"period": "2023", "value": "40", "comparator": ">=", "source": "会议"},
        ),
        ("planner", "/reports/new", {"title": "新报告", "period": "2023H1", "begin": "empty"}),
        ("planner", f"{report}/sections", {"title": "二、其他"}),
        ("planner", "/check", {"text": "完成30户。", "period": "2023H1"}),
        (
            "administrator",
            "/admin/people",
            {
                "username": f"new{office.office_id}",
                "name": "新人",
                "unit": "c1",
                "role": "grid",
                "password": "long-enough-2023",
            },
        ),
        (
            "administrator",
            "/admin/people/active",
            {"username": made.cast.accounts["city"].username, "active": "no"},
        ),
        (
            "administrator",
            "/admin/tokens",
            {"username": made.cast.accounts["grid"].username, "title": "t"},
        ),
        (
            "security",
            "/admin/units",
            {"code": "c9", "title": "新居民区", "level": "community", "parent": "p1"},
        ),
        (
            "planner",
            "/password",
            {
                "old_password": "cloud-peak-2023",
                "new_password1": "another-peak-2024",
                "new_password2": "another-peak-2024",
            },
        ),
    ]


#: Not deeds in the office: carrying a list's filters under a name of one's own, a row of an
#: import judged anew before anything is written.
NO_TRAIL = ("/rows/3",)


def test_every_deed_leaves_a_row(two: Two) -> None:
    silent, refused = [], []
    for who, path, data in deeds(two.here):
        before = Entry.objects.count()
        got = two.here.post(who, path, **data)
        if got.streaming:
            list(got.streaming_content)
        if got.status_code not in (200, 302):
            words = re.sub(r"<[^>]+>|\s+", " ", got.content.decode())
            refused.append((who, path, got.status_code, words[words.find("没") :][:160]))
        elif Entry.objects.count() == before and not path.endswith(NO_TRAIL):
            silent.append((who, path))
    none(refused + silent)


def test_a_deed_whose_row_cannot_be_written_does_not_happen(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_rows: object) -> None:
        raise DatabaseError("no room for the trail")

    todo = deeds(two.here)
    monkeypatch.setattr(trail, "insert", broken)
    kept = []
    for who, path, data in todo:
        if path.endswith(NO_TRAIL):
            continue
        two.here.client(who)
        before = _content()
        got = two.here.post(who, path, **data)
        after = _content()
        if got.status_code < 500 or before != after:
            changed = [t for t in after if after[t] != before.get(t)]
            kept.append((who, path, got.status_code, changed))
    none(kept)


def _content() -> dict[str, object]:
    """Return a fingerprint of every table but the sessions."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if not table.startswith(("django_session", "axes_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = hash(repr(sorted(map(repr, cursor.fetchall()))))
    return found


def test_a_reveal_shows_one_field_for_one_reason_and_is_on_record(two: Two) -> None:
    elder, client = two.here.record(ENTRY), two.here.client("section")
    href = f"/records/{ENTRY}/{elder.code}"
    page = f"/registers/{ENTRY}/{elder.code}"
    assert PHONE not in client.get(page).content.decode()
    assert two.here.post("section", f"{href}/reveal", field="phone", reason="").status_code == 422
    rows = Entry.objects.filter(action__endswith="revealed")
    assert not rows.exists()
    assert (
        two.here.post("section", f"{href}/reveal", field="phone", reason="先行联系").status_code
        == 302
    )
    entry = rows.get()
    assert (entry.why, entry.on) == ("先行联系", f"{ENTRY}:{elder.code}")
    shown = client.get(page).content.decode()
    assert PHONE in shown and ID not in shown
    assert PHONE not in str(entry.after) and ID not in str(entry.after)
    assert two.here.post(
        "leader", f"{href}/reveal", field="phone", reason="先行联系"
    ).status_code in (403, 404)
    assert PHONE not in two.here.client("grid").get(page).content.decode()


def test_an_export_in_full_needs_a_reason_and_the_right(two: Two) -> None:
    def export(who: str, kind: str, **data: str) -> str:
        got = two.here.post(who, f"/records/{kind}.csv", **data)
        body = b"".join(got.streaming_content) if got.streaming else got.content
        return body.decode()

    assert ID not in export("section", ENTRY)
    assert ID in export("section", ENTRY, why="上门走访")
    last = Entry.objects.filter(action="records.list.exported").latest("pk")
    assert last.why == "上门走访" and last.after["revealed"]
    assert PHONE not in export("leader", CASE, why="想看")


def test_no_id_number_lies_open_in_the_database(two: Two) -> None:
    """Fields for id numbers, waiting rows of imports, history, trail and nonces are scanned."""
    number = id_number("31011219600606101")
    two.here.post("section", f"/records/{ENTRY}/new", _unit="c1", name="钱某", id_number=number)
    two.here.send(
        "section",
        f"records/{ENTRY}",
        {"unit": "c1", "values": {"name": "孙某", "id_number": id_number("31011219610606102")}},
    )
    two.here.post("section", f"/records/{ENTRY}/find", text=ID)
    wanted = (
        ID,
        *OTHER_IDS,
        number,
        id_number("31011219610606102"),
        id_number("31011219500101123"),
    )
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                found += [(table, n) for n in wanted if n in repr(row)]
    assert found == []
    assert JSONField  # every column is read as it lies, JSON included


def test_the_kinds_of_the_test_are_there() -> None:
    from jiezhen.packs.registry import catalogue

    assert {ENTRY, SITE, CASE, LIFT, VISIT, RAMP} <= set(catalogue().kinds)
