"""Post every column of every table with every form: only what the form declares changes."""

import pytest
from django.apps import apps

from jiezhen.conftest import AT
from jiezhen.matters.models import Matter
from jiezhen.registers.models import Entry
from jiezhen.trail.models import Entry as TrailEntry

from .addresses import CASE, ENTRY, SITE
from .conftest import Two
from .office import BUSINESS, OFFICIALS

COLUMNS = {
    f.attname: "1"
    for m in apps.get_models()
    if m.__module__.startswith("jiezhen.")
    for f in m._meta.concrete_fields
} | {
    f.name: "1"
    for m in apps.get_models()
    if m.__module__.startswith("jiezhen.")
    for f in m._meta.concrete_fields
}
#: Names that a form of the records rightly takes.
DECLARED = {
    "name",
    "category",
    "hours",
    "address",
    "beds",
    "subject",
    "content",
    "answer",
    "source",
    "phone",
    "state",
    "kind",
    "on",
    "title",
    "text",
    "why",
    "note",
    "field",
    "code",
}
HOSTILE = {n: v for n, v in COLUMNS.items() if n not in DECLARED}


@pytest.mark.parametrize("who", (*BUSINESS, *OFFICIALS))
def test_a_changed_record_keeps_its_system_columns(two: Two, who: str) -> None:
    row = two.here.record(SITE)
    there = two.there.cast.system.office_id
    hostile = HOSTILE | {
        "office_id": there,
        "office": there,
        "unit_id": two.there.cast.unit("c1").id,
        "kind": CASE,
        "code": "X-1",
        "state": "closed",
        "created_by_id": 99,
        "withdrawn_at": AT.isoformat(),
        "version": 77,
        "title": "篡改",
        "on": "1999-01-01",
    }
    values = {"name": "新名", "category": "canteen", "_version": row.version}
    got = two.here.post(who, f"/records/{SITE}/{row.code}/edit", **(hostile | values))
    fresh = Entry.objects.for_system("test").get(pk=row.pk)
    unchanged = (
        "office_id",
        "unit_id",
        "kind",
        "code",
        "on",
        "until",
        "source",
        "batch_id",
        "created_at",
        "created_by_id",
        "withdrawn_at",
    )
    assert [n for n in unchanged if getattr(fresh, n) != getattr(row, n)] == []
    if who in ("section", "city", "grid"):
        assert got.status_code == 302
        assert (fresh.title, fresh.version) == ("新名", row.version + 1)
        assert set(fresh.data) <= {"name", "category", "hours", "address", "beds"}
    else:
        assert got.status_code in (403, 404)
        assert (fresh.data, fresh.version) == (row.data, row.version)


def test_a_new_record_takes_its_office_and_maker_from_who_is_signed_in(two: Two) -> None:
    data = HOSTILE | {
        "_unit": "c1",
        "order_number": "M1",
        "subject": "井盖",
        "received_on": "2023-07-01",
        "answered_by": "",  # a column elsewhere, a choice of the case here
        "state": "closed",
        "closed_on": "2020-01-01",
        "code": "RX-1999-1",
    }
    got = two.here.post("section", f"/matters/new?kind={CASE}", **data)
    assert got.status_code == 302
    row = Matter.objects.for_system("test").latest("pk")
    section = two.here.cast.viewers["section"]
    assert (row.office_id, row.created_by_id, row.source) == (
        section.office_id,
        section.account_id,
        "form",
    )
    assert (row.state, row.closed_on, row.version) == ("received", None, 1)
    assert row.code != "RX-1999-1" and row.created_at == AT and row.withdrawn_at is None


def test_the_api_refuses_what_is_not_a_field(two: Two) -> None:
    for name in (
        "office_id",
        "unit_id",
        "version",
        "id",
        "created_at",
        "withdrawn_at",
        "state",
        "id_number__hash",
        "_unit",
        "__class__",
    ):
        body = {"unit": "c1", "values": {"name": "某", "category": "canteen", name: 1}}
        got = two.here.send("section", f"records/{SITE}", body)
        assert got.status_code == 422 and name in got.content.decode(), name
    for name in ("office_id", "created_at", "version", "source", "batch_id", "created_by_id"):
        body = {
            "unit": "c1",
            "values": {"name": "某", "category": "canteen"},
            "given": {name: "1"},
        }
        assert two.here.send("section", f"records/{SITE}", body).status_code == 422, name


def test_a_record_cannot_be_written_into_another_office_or_unit(two: Two) -> None:
    before = Entry.objects.for_system("test").count()
    for who, unit in (
        ("section", "songxi"),
        ("section", str(two.there.cast.unit("c1").id)),
        ("grid", "c3"),
        ("neighbour", "c1"),
        ("leader", "c1"),
        ("administrator", "c1"),
    ):
        body = {"unit": unit, "values": {"name": "某", "category": "canteen"}}
        assert two.here.send(who, f"records/{SITE}", body).status_code in (403, 404, 422), (
            who,
            unit,
        )
        got = two.here.post(who, f"/records/{SITE}/new", _unit=unit, name="某", category="canteen")
        assert got.status_code in (403, 404, 422), (who, unit)
    assert Entry.objects.for_system("test").count() == before


def test_a_record_cannot_take_another_records_file_or_link(two: Two) -> None:
    body = {
        "unit": "c1",
        "values": {
            "order_number": "F1",
            "subject": "井盖",
            "received_on": "2023-07-01",
            "proof": [two.there.files["c1"]],
        },
    }
    got = two.here.send("section", f"records/{CASE}", body)
    assert got.status_code == 422
    foreign = two.here.client("section").get(f"/files/{two.there.files['c1']}")
    assert foreign.status_code == 404
    link = two.there.record(ENTRY)
    body = {"unit": "c1", "values": {"elder": link.pk, "visited_on": "2023-07-01"}}
    assert two.here.send("section", "records/eldercare.visit", body).status_code == 422


@pytest.mark.parametrize("who", [*BUSINESS, "auditor"])
def test_nobody_else_hires_or_adds_units(two: Two, who: str) -> None:
    before = TrailEntry.objects.count()
    for path, data in (
        (
            "/admin/people",
            {
                "username": "x1",
                "name": "某",
                "unit": "c1",
                "role": "section",
                "password": "long-enough-2023",
            },
        ),
        (
            "/admin/people/active",
            {"username": two.here.cast.accounts["city"].username, "active": "no"},
        ),
        ("/admin/tokens", {"username": two.here.cast.accounts["section"].username, "title": "t"}),
        ("/admin/units", {"code": "c8", "title": "某", "level": "community", "parent": "p1"}),
    ):
        got = two.here.post(who, path, **(HOSTILE | data))
        two.here.cast.accounts["city"].refresh_from_db()
        assert two.here.cast.accounts["city"].is_active
        assert got.status_code in (302, 403, 404, 422), path
    assert TrailEntry.objects.count() == before


def test_an_administrator_acts_only_in_the_own_office(two: Two) -> None:
    theirs = two.there.cast.accounts["section"]
    two.here.post("administrator", "/admin/people/active", username=theirs.username, active="no")
    theirs.refresh_from_db()
    assert theirs.is_active
    got = two.here.post("administrator", "/admin/tokens", username=theirs.username, title="t")
    assert got.status_code == 422
    assert (
        two.here.post("administrator", "/admin/tokens/revoke", token=two.there.token).status_code
        == 404
    )
    from jiezhen.people.models import Token

    assert Token.objects.get(pk=two.there.token).revoked_at is None
