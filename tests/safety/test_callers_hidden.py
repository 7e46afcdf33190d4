"""Who complained stays hidden from whom it is about: every door, every role, every right."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from jiezhen.conftest import AT
from jiezhen.matters import operations as matters
from jiezhen.matters.models import Party
from jiezhen.matters.queries import callers as queries
from jiezhen.packs import registry
from jiezhen.records import operations as records
from jiezhen.trail.models import Entry

from .addresses import CASE
from .callers import (
    COMPLAINT,
    FREE,
    HOME,
    ID,
    INSIDE,
    MOBILE,
    NAME,
    PACK,
    SECRETS,
    Planted,
    crawl,
    heard,
    leaked,
    plant,
    tables,
)
from .living import none
from .office import ROLES

#: Where a caller is kept, sealed apart from the matter, and where the catalogues of words lie.
APART = {"matters_party"}
KINDS = (COMPLAINT, CASE)
#: Doors through which somebody of every role comes to a complaint.
ABOUT = ("matters", "/records/", "/notices", "/api/", "/admin/audit", "/search", "/p/", "/files")


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker) -> Iterator[Planted]:
    """Plant the complaints in a transaction that is undone after the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIEZHEN_NOW", AT.isoformat())
        patch.setenv("JIEZHEN_PACKS", str(PACK))
        registry.reload()
        with django_db_blocker.unblock(), transaction.atomic():
            with heard() as log:
                made = plant()
            made.log = log
            yield made
            transaction.set_rollback(True)
    registry.reload()


@pytest.fixture
def here(planted: Planted, db: None) -> Planted:
    """Give the complaints to one test; what it writes is undone."""
    planted.made.sign_out()
    return planted


def test_nothing_but_the_place_apart_holds_who_called(here: Planted) -> None:
    """Rows, history, trail, notices, announcements, nonces and file names, as they lie."""
    found = {t: leaked(text) for t, text in tables().items() if t not in APART}
    none({table: secrets for table, secrets in found.items() if secrets})
    person = Party.objects.get(matter=here.rows[COMPLAINT])
    assert (person.name, person.phone, person.address) == (NAME, MOBILE, HOME)
    assert ID not in person.id_number
    assert here.rows[COMPLAINT].unit.code == "c1"


def test_nothing_was_said_in_the_log(here: Planted) -> None:
    assert [line for line in here.log if leaked(line)] == []


def test_whom_it_is_about_finds_the_caller_behind_no_door(here: Planted) -> None:
    """Somebody inside the subject who holds every role of the office, at every address."""
    with heard() as log:
        answers = crawl(here, INSIDE, here.paths())
    none(sorted({(a.path, *leaked(a.text)) for a in answers if leaked(a.text)}))
    none([str(a) for a in answers if a.status >= 500])
    assert [line for line in log if leaked(line)] == []
    seen = [a for a in answers if a.status == 200 and here.rows[COMPLAINT].code in a.text]
    assert len(seen) > 10, "the complaint itself is to be read"


@pytest.mark.parametrize("who", ROLES)
def test_nobody_sees_the_caller_without_a_purpose(here: Planted, who: str) -> None:
    paths = [p for p in here.paths() if any(part in p for part in ABOUT)]
    answers = crawl(here, who, paths)
    none(sorted({(a.path, *leaked(a.text)) for a in answers if leaked(a.text)}))


def test_a_question_with_the_secret_finds_nothing(here: Planted) -> None:
    """A search that finds a complaint by its caller would confirm who called."""
    codes = {kind: row.code for kind, row in here.rows.items()}
    wrong = []
    for question, decoy in here.questions():
        found = _named(here, question, codes)
        if found and found - _named(here, decoy, codes):
            wrong.append((question, found))
    for kind in KINDS:
        for secret in SECRETS:
            got = here.made.post(INSIDE, f"/records/{kind}/find", text=secret)
            if codes[kind] in got.content.decode():
                wrong.append((f"/records/{kind}/find", secret))
    none(wrong)
    assert _named(here, "/search?q=楼道堆物", codes), "words that are no secret find it"


def _named(here: Planted, path: str, codes: dict[str, str]) -> set[str]:
    """Return the complaints that an answer names."""
    (answer,) = crawl(here, INSIDE, [path])
    assert answer.status < 500, path
    return {code for code in codes.values() if code in answer.text}


@pytest.mark.parametrize("kind", KINDS)
def test_doubles_do_not_tell_whose_number_it_is(here: Planted, kind: str) -> None:
    body = {"values": {"subject": "另一件事", "phone": MOBILE}}
    for who, tells in ((INSIDE, False), ("grid", False), ("section", True)):
        got = here.made.send(who, f"matters/{kind}/twins", body)
        assert got.status_code == 200
        told = [t for t in got.json() if "同一来电人" in t["why"]]
        assert bool(told) == tells, (who, told)


@pytest.mark.parametrize("kind", KINDS)
def test_the_caller_is_shown_for_a_purpose_and_each_time_is_on_record(
    here: Planted, kind: str
) -> None:
    row = here.rows[kind]
    person = Party.objects.get(matter=row)
    viewers = here.made.cast.viewers

    def reveal(who: str, purpose: str) -> queries.Shown:
        return matters.reveal_party(viewers[who], kind, row.pk, person.pk, purpose, AT)

    def noted() -> int:
        return Entry.objects.filter(action=queries.REVEALED).count()

    before = noted()
    for who in (INSIDE, "grid"):
        with pytest.raises(matters.NotForSubject):
            reveal(who, "联系")
    for who in ("neighbour", "auditor", "administrator", "security"):
        with pytest.raises(records.NotAllowed):
            reveal(who, "联系")
    with pytest.raises(records.Refused):
        reveal("section", "  ")
    assert noted() == before
    for count, who in enumerate(("section", "city", "section"), 1):
        shown = reveal(who, f"回访 {NAME} {MOBILE}")
        assert (shown.name, shown.phone) == (NAME, MOBILE)
        assert NAME in dict(shown.said)["content"]
        assert noted() == before + count
    assert not leaked("\n".join(t for n, t in tables().items() if n not in APART))


def test_who_was_corrected_or_withdrawn_with_words_is_not_told_either(here: Planted) -> None:
    """The reasons that people write for a change are words about the caller, too."""
    section = here.made.cast.viewers["section"]
    row = here.rows[COMPLAINT]
    row.refresh_from_db()
    records.change(
        section, COMPLAINT, row.pk, {"content": FREE + "更正"}, row.version, AT, why=FREE
    )
    records.withdraw(section, COMPLAINT, row.pk, AT, FREE)
    found = {t: leaked(text) for t, text in tables().items() if t not in APART}
    none({table: secrets for table, secrets in found.items() if secrets})
