"""Who may come in: strangers, other offices; and senseless addresses."""

import json

import pytest
from django.test import Client

from .addresses import ADDRESSES
from .conftest import Two
from .crawling import open_as
from .doors import form_for
from .living import none
from .office import OFFICIALS, ROLES


def test_strangers_are_sent_to_sign_in(two: Two) -> None:
    wrong = []
    for route, address in ADDRESSES.items():
        for path in address.paths(two.here, "c1"):
            for method in ("POST",) if address.posts else ("GET", "POST"):
                got = open_as(Client(), "stranger", path, method)
                if address.open:
                    fine = got.status < 500
                elif route.startswith("api/"):
                    fine = got.status in (401, 405) and "message" in (
                        json.loads(got.body or "{}") if got.status == 401 else {"message": 1}
                    )
                else:
                    fine = got.status == 302 and got.headers["Location"].startswith("/login?next=")
                if not fine or set(got.wrote):
                    wrong.append((str(got), got.wrote))
    none(wrong)


@pytest.mark.parametrize("who", ROLES)
def test_another_office_is_not_there(two: Two, who: str) -> None:
    client, wrong = two.here.client(who), []
    for address in ADDRESSES.values():
        if address.whose not in ("office", "unit"):
            continue
        for path in address.paths(two.there, "c1"):
            for method in ("POST",) if address.posts else ("GET", "POST"):
                part = (
                    {"headers": {"HX-Request": "true"}}
                    if path.endswith("/row") and method == "GET"
                    else {}
                )
                got = open_as(client, who, path, method, **part, **form_for(path, method))
                # Somebody without any right to such pages is refused before the object is looked up.
                allowed = (
                    (404, 403, 405) if who in OFFICIALS or _closed(two, who, path) else (404, 405)
                )
                if got.status not in allowed or set(got.wrote) - {"trail_nonce"}:
                    wrong.append((str(got), got.wrote))
    none(wrong)


def _closed(two: Two, who: str, path: str) -> bool:
    """Say whether the page is closed to somebody in their own office, too."""
    for address in ADDRESSES.values():
        theirs, own = (address.paths(m, "c1") for m in (two.there, two.here))
        if path in theirs:
            mine = own[theirs.index(path)]
            return (
                open_as(
                    two.here.client(who),
                    who,
                    mine,
                    "GET" if not address.posts else "POST",
                    **form_for(mine, "POST" if address.posts else "GET"),
                ).status
                == 403
            )
    return False


JUNK = (
    "²",
    "9" * 30,
    "9" * 5000,
    "-1",
    "0",
    "\u0000",
    "a b",
    "%00",
    "'\"<x>",
    "None",
    "１２",
    "1e9",
    "\ud800",
    "2023-13-99",
)
PARAMETERS = (
    "page",
    "from",
    "after",
    "before",
    "c",
    "period",
    "unit",
    "names",
    "theme",
    "pick",
    "lamp",
    "lead",
    "due",
    "task",
    "q",
    "state",
    "who",
    "what",
    "on",
    "day",
    "kind",
    "sort",
    "columns",
    "column",
    "selected",
    "field",
    "name",
    "view",
    "against",
    "joined",
    "left",
    "elder",
    "_unit",
    "next",
    "item",
    "open",
    "year",
)


@pytest.mark.slow
def test_senseless_questions_break_nothing(two: Two) -> None:
    """One request holds one junk value in every parameter; a failing one is then narrowed."""
    wrong = []
    for who in ("planner", "section", "auditor"):
        client = two.here.client(who)
        for address in ADDRESSES.values():
            for path in address.paths(two.here, "c1")[:2]:
                for junk in JUNK if address.posts is False else ():
                    if _breaks(client, path, dict.fromkeys(PARAMETERS, junk)):
                        bad = [p for p in PARAMETERS if _breaks(client, path, {p: junk})]
                        wrong.append((who, path, bad, junk[:20]))
    none(wrong)


def _breaks(client: Client, path: str, query: dict[str, str]) -> bool:
    bare = path.partition("?")[0]
    clean = {
        k: v.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for k, v in query.items()
    }
    response = client.get(bare, clean)
    response.close()
    return response.status_code >= 500


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 25, "9" * 400])
def test_senseless_numbers_in_addresses_break_nothing(two: Two, number: str) -> None:
    wrong = []
    for path in (
        f"/plans/{number}",
        f"/plans/{number}/list",
        f"/plans/{number}/list.csv",
        f"/plans/2023/docs/{number}",
        f"/plans/{number}/docs/1",
        f"/imports/{number}",
        f"/imports/{two.here.batch}/rows/{number}",
        f"/admin/people/{number}/sees",
        f"/n/{'z' * 16}",
        f"/n/{number[:16]}",
        f"/plans/2023/docs/{number}/changes",
        "/records/no.such",
        "/registers/no.such",
        "/matters/kinds/no.such",
        "/services/no.such",
        "/projects/no.such",
        "/api/records/no.such",
        "/imports/templates/no.such.xlsx",
        "/matters/%00",
        "/records/hotline.case/%00",
        "/tasks/%00",
        "/indicators/no_such",
        "/api/figures?indicator=x&period=x",
        "/api/figures?indicator=x&period=2023",
        "/api/figures?indicator=lifts_completed&period=2023&unit=x",
        "/api/records/hotline.case/%00",
        "/api/records/hotline.case?after=x&unit=%00",
    ):
        for who in ("section", "security"):
            got = open_as(two.here.client(who), who, path)
            if got.status >= 500:
                wrong.append(str(got))
    none(wrong)
