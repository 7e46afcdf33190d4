"""Every address × role × own and other unit × own and other office × signed out."""

import html
import logging
import re

import pytest

from .addresses import ADDRESSES, known_routes
from .conftest import Two
from .crawling import Answer, open_as
from .doors import form_for
from .living import alive, formulas, none
from .office import BUSINESS, CANARIES, OFFICIALS

#: What a GET may append: that somebody looked at a person, or took a list away.
LOOKS = {"trail_entry"}


def test_every_address_is_known() -> None:
    routes = set(known_routes())
    assert routes - set(ADDRESSES) == set(), "enter new addresses in addresses.py"
    assert set(ADDRESSES) - routes == set(), "these addresses are gone"


def test_no_page_breaks(answers: list[Answer], two: Two) -> None:
    none([str(a) for a in answers if a.status >= 500])


def test_a_get_writes_nothing_but_that_somebody_looked(answers: list[Answer], two: Two) -> None:
    none([(str(a), a.wrote) for a in answers if set(a.wrote) - LOOKS])


def test_pages_open_for_those_who_need_them(answers: list[Answer], two: Two) -> None:
    """Guards the crawl itself: most of it must not be a row of 403 and 404."""
    for who in ("section", "planner", "grid"):
        mine = [a for a in answers if a.who == who]
        assert sum(a.status == 200 for a in mine) > 80, who


def test_another_unit_is_not_there(answers: list[Answer], two: Two) -> None:
    wrong = []
    for who, own, other in (("grid", "c1", "c3"), ("neighbour", "c3", "c1")):
        theirs = {
            p for a in ADDRESSES.values() if a.whose == "unit" for p in a.paths(two.here, other)
        }
        mine = {p for a in ADDRESSES.values() if a.whose == "unit" for p in a.paths(two.here, own)}
        wrong += [
            str(a)
            for a in answers
            if a.who == who and a.path in theirs and a.status not in (404, 405)
        ]
        assert sum(a.status == 200 for a in answers if a.who == who and a.path in mine) > 20
        for path in sorted(theirs):
            got = open_as(two.here.client(who), who, path, "POST", **form_for(path, "POST"))
            if got.status not in (404, 405) or set(got.wrote) - {"trail_nonce"}:
                wrong.append((str(got), got.wrote))
    none(wrong)


def test_officials_open_no_business_record(answers: list[Answer], two: Two) -> None:
    records = {
        p
        for a in ADDRESSES.values()
        if a.whose == "unit"
        for unit in ("c1", "c3")
        for p in a.paths(two.here, unit)
    }
    wrong = [
        str(a)
        for a in answers
        if a.who in OFFICIALS and a.path in records and a.status not in (403, 404, 405)
    ]
    none(wrong)
    assert {a.who for a in answers if a.path in records and a.status == 200} <= set(BUSINESS)


def test_no_canary_is_shown_to_anybody(answers: list[Answer], two: Two) -> None:
    """Nobody revealed anything, so no page, file, list or API answer holds a canary in full."""
    wrong = set()
    for answer in answers:
        text = answer.text
        for canary in CANARIES:
            if canary in text and not _own_question(answer, canary) and not _own_words(answer):
                wrong.add((answer.who, re.sub(r"\d{4,}", "N", answer.path), canary))
    none(wrong)


def _own_question(answer: Answer, canary: str) -> bool:
    """A search page repeats the question of who asked it."""
    return canary in answer.path


def _own_words(answer: Answer) -> bool:
    """Say whether a page shows somebody's words to who may rewrite them; see docs/safety.md.

    Plans, reports and drafts are the office's own papers; a file is shown as it was put;
    the form that edits a text and the rows of an import that wait to be mended need it whole.
    """
    papers = ("/plans/", "/reports/", "/check", "/tasks", "/decisions", "/files/")
    return (
        answer.path.startswith(papers)
        or answer.path.endswith("/edit")
        or (answer.path.startswith("/imports/") and answer.who in ("section", "city"))
    )


def test_canaries_leave_no_log_line(
    seeded: Two, answers: list[Answer], two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    from jiezhen.people.masking import LogFilter

    caplog.handler.addFilter(LogFilter())
    with caplog.at_level(logging.DEBUG, "django.request"):
        for canary in CANARIES:
            two.here.client("section").get(f"/records/eldercare.elder/{canary}")
            logging.getLogger("jiezhen").warning("%s failed", canary)
    assert not [c for c in CANARIES[1:] if c in caplog.text]


def test_no_markup_comes_alive(answers: list[Answer], two: Two) -> None:
    wrong = {}
    for answer in answers:
        if answer.kind == "text/html":
            found = alive(answer.body.decode())
            if found:
                wrong[answer.path] = found
    none(wrong)
    assert any("&lt;img jzx" in a.body.decode() for a in answers if a.kind == "text/html")


def test_no_file_holds_a_formula_or_a_link(answers: list[Answer], two: Two) -> None:
    files = [
        a
        for a in answers
        if a.status == 200 and a.path.partition("?")[0].endswith((".xlsx", ".csv"))
    ]
    assert len(files) > 50
    none([(str(a), f) for a in files if (f := formulas(a.body, a.path))])


def test_every_answer_has_its_headers(answers: list[Answer], two: Two) -> None:
    wrong = []
    for answer in answers:
        got = {k.lower(): v for k, v in answer.headers.items()}
        page = answer.kind == "text/html"
        if (
            got.get("x-content-type-options") != "nosniff"
            or got.get("referrer-policy") != "same-origin"
        ):
            wrong.append((str(answer), "nosniff, referrer"))
        policy = got.get("content-security-policy", "")
        if page and (
            "default-src 'self'" not in policy
            or "frame-ancestors 'none'" not in policy
            or "unsafe" in policy
            or got.get("x-frame-options") != "DENY"
        ):
            wrong.append((str(answer), policy))
        open_page = answer.path.startswith(
            (
                *("/design", "/login", "/preferences", "/api/openapi.json"),
                # What a phone keeps without a network, and holds nothing of anybody.
                *("/manifest.webmanifest", "/sw.js", "/offline"),
                # What a resident writes comes back by the browser's own back button.
                "/p/report/",
            )
        )
        if (
            answer.status == 200
            and not open_page
            and "no-store" not in got.get("cache-control", "")
        ):
            wrong.append((str(answer), "may be stored", got.get("cache-control")))
    none(wrong)


def test_pages_hold_no_foreign_address(answers: list[Answer], two: Two) -> None:
    found = set()
    for answer in answers:
        if answer.kind == "text/html":
            for href in re.findall(
                r"""(?:src|href|action|hx-\w+)=["']((?:https?:)?//[^"']*)""", answer.body.decode()
            ):
                found.add((answer.path, html.unescape(href)))
    none(found)
