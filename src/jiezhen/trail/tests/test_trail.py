"""The trail takes rows, refuses edits, and finds what was changed, missing or cut."""

import random

import pytest
from django.db import DatabaseError, connection, transaction

from jiezhen.conftest import AT, Cast
from jiezhen.trail import operations, queries
from jiezhen.trail.models import Entry, Seal


@pytest.fixture
def sealed(cast: Cast, settings, tmp_path) -> Cast:
    settings.WITNESS = tmp_path
    for n in range(40):
        operations.append(cast.viewers["section"], "test.thing.done", f"thing:{n}", AT, why="因")
    operations.seal()
    operations.checkpoint(AT)
    return cast


def tamper(sql: str, *params: object) -> None:
    """Do what a database administrator could do: drop the guard, then edit."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE trail_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE trail_seal DISABLE TRIGGER USER")
        else:
            for table in ("trail_entry", "trail_seal"):
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        cursor.execute(sql, params)


def test_it_is_whole_when_nobody_touched_it(sealed: Cast) -> None:
    assert queries.verify() == []
    assert Seal.objects.count() == Entry.objects.count()


@pytest.mark.parametrize(
    "verb",
    [
        "UPDATE trail_entry SET why='x'",
        "DELETE FROM trail_entry",
        "UPDATE trail_seal SET digest='x'",
        "DELETE FROM trail_seal",
    ],
)
def test_the_database_refuses_edits(sealed: Cast, verb: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)


def test_it_finds_a_changed_row(sealed: Cast) -> None:
    entry = random.choice(list(Entry.objects.all()))
    tamper("UPDATE trail_entry SET why='另一个理由' WHERE id=%s", entry.pk)
    assert any("改动" in f.message for f in queries.verify())


def test_it_finds_a_missing_row(sealed: Cast) -> None:
    entry = random.choice(list(Entry.objects.all()))
    tamper("DELETE FROM trail_entry WHERE id=%s", entry.pk)
    assert any("删除" in f.message for f in queries.verify())


def test_it_finds_a_missing_seal(sealed: Cast) -> None:
    tamper("DELETE FROM trail_seal WHERE seq=%s", 7)
    assert any("删" in f.message for f in queries.verify())


def test_it_finds_a_cut_tail(sealed: Cast) -> None:
    keep = Seal.objects.get(seq=10)
    tamper("DELETE FROM trail_entry WHERE id>%s", keep.entry_id)
    tamper("DELETE FROM trail_seal WHERE seq>%s", 10)
    assert [f.message for f in queries.verify()] == ["尾部记录被截去"]


def test_it_finds_a_forged_checkpoint(sealed: Cast, tmp_path) -> None:
    file = next(tmp_path.glob("*.json"))
    file.write_text(file.read_text().replace("2023", "2022"))
    assert any("签名" in f.message for f in queries.verify())


def test_sealing_again_seals_only_what_is_new(sealed: Cast) -> None:
    assert operations.seal() == 0
    operations.append(sealed.system, "test.thing.done", "thing:x", AT)
    assert operations.seal() == 1
    assert queries.verify() == []


def test_it_speaks_sm3_where_the_machine_does(cast: Cast) -> None:
    import hashlib

    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3")
    operations.append(cast.system, "test.thing.done", "thing:x", AT)
    operations.seal("sm3")
    assert queries.verify() == []
    assert set(Seal.objects.values_list("algorithm", flat=True)) == {"sm3"}


def test_only_an_auditor_reads_the_audit_and_only_of_the_own_office(sealed: Cast) -> None:
    assert queries.entries(sealed.viewers["auditor"]).count() == Entry.objects.count()
    assert queries.entries(sealed.viewers["leader"]).count() == 0
    assert queries.entries(sealed.viewers["administrator"]).count() == 0
