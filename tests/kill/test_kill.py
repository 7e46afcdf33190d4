"""Kill the real application at random while people write and files come in.

Promised: what was confirmed is there, nothing is half there, an import counts once, and a
form that is sent again after a lost answer makes one record. JIEZHEN_KILLS says how often
it is killed (50 where CI is set, else 5), JIEZHEN_KILL_SECONDS how long at most.
"""

import http.client
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .evidence import Evidence
from .server import Server

KILLS = int(os.environ.get("JIEZHEN_KILLS", "50" if os.environ.get("CI") else "5"))
SECONDS = float(os.environ.get("JIEZHEN_KILL_SECONDS", "240"))
ROWS = 400
_CUT = (OSError, http.client.HTTPException)

pytestmark = pytest.mark.slow


@dataclass
class Witness:
    """What the clients know: confirmed, and sent without an answer."""

    confirmed: set[str] = field(default_factory=set)
    unanswered: dict[str, str] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Prepare a home; whatever still runs afterwards is killed."""
    home = Server(tmp_path / "home")
    home.prepare()
    yield home
    home.kill()


def register(server: Server, witness: Witness, token: str, nonce: str) -> None:
    """Send one form; only an answer makes it confirmed."""
    sent = {"_unit": "c1", "token": token, "_nonce": nonce}
    try:
        status, where = server.post("/records/kill.case/new", sent)
    except _CUT:
        witness.unanswered[token] = nonce
        return
    if status == 302 and "kill.case" in where:
        witness.confirmed.add(token)
        witness.unanswered.pop(token, None)
    else:
        witness.refused.append(f"{token}: {status}")


def bring(server: Server, witness: Witness, name: str) -> None:
    """Import one file to its end; a file that was cut off is brought again later."""
    sent = {"kind": "kill.item", "unit": "c1", "_nonce": uuid.uuid4().hex}
    try:
        status, where = server.post("/imports/new", sent, witness.files[name])
        if status == 302:
            status, _next = server.post(f"{where}/commit", {"_nonce": uuid.uuid4().hex})
    except _CUT:
        return
    if status == 302:
        witness.imported.add(name)
    else:
        witness.refused.append(f"{name}: {status}")


def file_of(name: str) -> bytes:
    """Return a file whose rows carry its name."""
    lines = [f"{name}-{n},{n}" for n in range(ROWS)]
    return ("演练条目,演练数量\n" + "\n".join(lines)).encode()


def work(server: Server, witness: Witness, stop: threading.Event, number: int) -> None:
    """Write until the round ends; the third client brings files."""
    while not stop.is_set():
        if number == 2:
            name = f"f{len(witness.files)}"
            witness.files[name] = file_of(name)
            bring(server, witness, name)
        else:
            register(server, witness, uuid.uuid4().hex, uuid.uuid4().hex)


def one_round(server: Server, witness: Witness, chance: random.Random) -> None:
    """Start, write from three clients, kill at a random moment."""
    server.start()
    stop = threading.Event()
    clients = [
        threading.Thread(target=work, args=(server, witness, stop, n), daemon=True)
        for n in range(3)
    ]
    for client in clients:
        client.start()
    time.sleep(chance.uniform(0.2, 2.0))
    stop.set()  # no new request begins; those that are under way are cut off
    server.kill()
    for client in clients:
        client.join(70)


def judge(server: Server, witness: Witness, *, thorough: bool = False) -> None:
    """Compare what the clients know with what lies in the file."""
    evidence = Evidence(server.home)
    try:
        cases, items = evidence.cases(), evidence.items()
        assert evidence.faults(thorough=thorough) == []
    finally:
        evidence.close()
    assert witness.confirmed - set(cases) == set(), "confirmed and lost"
    assert [t for t, n in cases.items() if n > 1] == [], "twice there"
    unknown = set(cases) - witness.confirmed - set(witness.unanswered)
    assert unknown == set(), "there without having been sent"
    assert {name: n for name, n in items.items() if n != ROWS} == {}, "half an import"
    assert witness.imported - set(items) == set(), "confirmed import lost"


def test_nothing_confirmed_is_lost_and_nothing_is_half_there(server: Server) -> None:
    seed = int(os.environ.get("JIEZHEN_KILL_SEED", time.time_ns() % 10**6))
    chance, witness = random.Random(seed), Witness()
    until, done = time.monotonic() + SECONDS, 0
    while done < KILLS and (done < 3 or time.monotonic() < until):
        one_round(server, witness, chance)
        done += 1
        judge(server, witness, thorough=done % 10 == 0)
    lost_answers = len(witness.unanswered)
    server.start()
    for token, nonce in list(witness.unanswered.items()):
        register(server, witness, token, nonce)
    for name in witness.files:
        bring(server, witness, name)
    server.kill()
    judge(server, witness, thorough=True)
    told = (
        f"{done} kills, seed {seed}: {len(witness.confirmed)} confirmed, "
        f"{lost_answers} unanswered, {len(witness.files)} files"
    )
    print(told)  # noqa: T201  # what a release quotes
    assert witness.refused == [], told
    assert witness.unanswered == {}
    assert witness.imported == set(witness.files)
    assert len(witness.confirmed) >= done, told
    jiezhen = Path(sys.executable).with_name("jiezhen")
    verified = subprocess.run(
        [str(jiezhen), "trail", "verify"], env=server.environment, check=False,
        capture_output=True, timeout=120,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout.decode() + verified.stderr.decode()
