"""One case at the same moment from many hands: one case, one move, nothing lost.

The real server, two processes of it, on a SQLite file and on PostgreSQL where one answers; what
comes out is read from its database by the driver alone.
"""

import contextlib
import http.client
import json
import os
import re
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from tests.kill.server import Server

SCRIPT = Path(__file__).parent / "prepare_dispatchers.py"
KIND = "hotline.case"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def served(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Server]:
    """Serve the product on a fresh database."""
    server = Server(tmp_path_factory.mktemp("home"), workers=2, script=SCRIPT)
    there = os.environ.get("JIEZHEN_TEST_PG", "")
    if request.param == "postgres" and not there:
        pytest.skip("JIEZHEN_TEST_PG names no PostgreSQL")
    with (
        fresh_database(there) if request.param == "postgres" else contextlib.nullcontext("") as at
    ):
        server.database = at
        server.prepare()
        server.start()
        try:
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def fresh_database(there: str) -> Iterator[str]:
    """Make a database beside the one that is named, and drop it afterwards."""
    name = f"together_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(there, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
        try:
            yield there.rsplit("/", 1)[0] + "/" + name
        finally:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def asked(server: Server, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a question to the server's database."""
    if server.database:
        with psycopg.connect(server.database) as link:
            return link.execute(sql).fetchall()
    with contextlib.closing(sqlite3.connect(server.home / "jiezhen.sqlite3")) as link:
        return link.execute(sql).fetchall()


def together(work: Callable[[int], Any], how_many: int) -> list[Any]:
    """Do something in many threads at the same moment and return what each got."""
    got: list[Any] = [None] * how_many
    start = threading.Barrier(how_many)

    def one(place: int) -> None:
        start.wait()
        got[place] = work(place)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def send(
    server: Server, path: str, body: dict[str, Any], key: str, who: int = 0
) -> tuple[int, dict[str, Any]]:
    """Send a machine's write and return status and answer."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    line.request("POST", path, json.dumps(body).encode(), heads(server, key, who))
    answer = line.getresponse()
    said = answer.read()
    line.close()
    return answer.status, json.loads(said)


def heads(server: Server, key: str, who: int = 0) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {server.told[who]}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }


def case(number: str) -> dict[str, Any]:
    return {
        "values": {"order_number": number, "subject": "楼道堆物", "received_on": "2023-07-03"},
        "twins": False,
    }


def taken_in(server: Server, number: str) -> str:
    """Open a case and return its code."""
    status, said = send(server, f"/api/matters/{KIND}", case(number), f"open-{number}")
    assert status == 201, said
    return str(said["code"])


def cases(server: Server, number: str) -> int:
    wanted = f"SELECT id FROM matters_matter WHERE data->>'order_number' = '{number}'"
    return len(asked(server, wanted))


def moves(server: Server, code: str, name: str) -> list[tuple[Any, ...]]:
    return asked(
        server,
        "SELECT v.id, v.unit_id FROM matters_move v JOIN matters_matter m ON m.id = v.matter_id"
        f" WHERE m.code = '{code}' AND v.name = '{name}' AND v.name <> 'opened'",
    )


def test_a_delivery_repeated_ten_times_at_once_is_one_case(served: Server) -> None:
    got = together(
        lambda _n: send(served, f"/api/matters/{KIND}", case("TEN-1"), "delivery-1"), 10
    )
    assert {status for status, _said in got} == {201}
    assert len({said["code"] for _status, said in got}) == 1
    assert cases(served, "TEN-1") == 1


def test_the_same_order_number_with_other_keys_is_one_case(served: Server) -> None:
    got = together(
        lambda n: send(served, f"/api/matters/{KIND}", case("SAME-1"), f"other-{n}"), 10
    )
    assert sorted(status for status, _said in got) == [201] + [409] * 9
    assert cases(served, "SAME-1") == 1


def test_two_dispatchers_on_one_case_make_one_move(served: Server) -> None:
    code = taken_in(served, "TWO-1")
    got = together(
        lambda n: send(
            served,
            f"/api/records/{KIND}/{code}/moves/dispatch",
            {"unit": f"c{n + 1}", "version": 1},
            f"dispatch-{n}",
            who=n,
        ),
        2,
    )
    assert sorted(status for status, _said in got) == [200, 409], got
    lost = next(said for status, said in got if status == 409)
    assert lost["message"]
    assert len(moves(served, code, "dispatch")) == 1


def test_a_double_click_makes_one_move(served: Server) -> None:
    code = taken_in(served, "CLICK-1")
    page = f"/matters/{code}/moves/dispatch"
    shown = served.page(page)
    nonce = re.search(r'name="_nonce" value="([^"]+)"', shown)
    version = re.search(r'name="_version" value="(\d+)"', shown)
    assert nonce is not None
    assert version is not None
    fields = {"_nonce": nonce[1], "_version": version[1], "unit": "c1"}
    got = together(lambda _n: served.post(page, fields), 3)
    assert {status for status, _to in got} == {302}, got
    assert len(moves(served, code, "dispatch")) == 1


def test_an_update_that_another_system_sends_ten_times_at_once_is_one(served: Server) -> None:
    code = taken_in(served, "UPDATE-1")

    def post(_n: int) -> tuple[int, Any]:
        fields = {
            "api_key": served.told[0],
            "service_request_id": code,
            "update_id": "77",
            "description": "又堆起来了",
        }
        line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        heading = {"Content-Type": "application/x-www-form-urlencoded"}
        path = "/open311/v2/servicerequestupdates.json"
        line.request("POST", path, urlencode(fields), heading)
        answer = line.getresponse()
        said = json.loads(answer.read())
        line.close()
        return answer.status, said

    got = together(post, 10)
    assert got == [(200, [{"update_id": f"{code}-2"}])] * 10
    assert len(moves(served, code, "added")) == 1


def test_a_lost_answer_and_a_retry_are_one_case_and_the_first_answer(served: Server) -> None:
    body = json.dumps(case("LOST-1")).encode()
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    line.request("POST", f"/api/matters/{KIND}", body, heads(served, "lost-1"))
    line.close()  # the answer never arrives
    first = send(served, f"/api/matters/{KIND}", case("LOST-1"), "lost-1")
    again = send(served, f"/api/matters/{KIND}", case("LOST-1"), "lost-1")
    assert first[0] == again[0] == 201
    assert first[1] == again[1]
    assert cases(served, "LOST-1") == 1


def test_nothing_is_lost_when_many_send_many(served: Server) -> None:
    got = together(
        lambda n: [
            send(served, f"/api/matters/{KIND}", case(f"MANY-{n}-{m}"), f"many-{n}-{m}")[0]
            for m in range(5)
        ],
        8,
    )
    assert [status for one in got for status in one] == [201] * 40
    counted = asked(served, "SELECT count(*), count(DISTINCT code) FROM matters_matter")
    assert counted[0][0] == counted[0][1]
    trail = asked(served, "SELECT count(*) FROM trail_entry WHERE action = 'matter.created'")
    assert trail[0][0] == counted[0][0]
