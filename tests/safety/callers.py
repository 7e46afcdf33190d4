"""Complaints whose callers must stay hidden, in the hands of those whom they are about."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import connection

from jiezhen.conftest import AT, PASSWORD
from jiezhen.effects.tasks import rounds
from jiezhen.matters import operations as matters
from jiezhen.matters import tasks
from jiezhen.packs import registry
from jiezhen.people.masking import LogFilter
from jiezhen.people.models import Account
from jiezhen.records import files, operations
from jiezhen.units import operations as units
from jiezhen.units import queries

from .addresses import ADDRESSES, CASE
from .crawling import Answer, open_as
from .office import Made, build
from .payloads import id_number

PACK = Path(__file__).parent / "pack"
COMPLAINT = "canary.case"
NAME = "甄画眉"
MOBILE = "13800531417"
SPACED = ("138-0053-1417", "138 0053 1417", "１３８００５３１４１７")
LAND = "021-54310977"
ID = id_number("31011219880612431")
HOME = "听雪路77弄6号901室"
SECRETS = (NAME, MOBILE, "54310977", ID, HOME)
#: What nobody said, of the same shapes: what finds a complaint by these finds it by anything.
DECOYS = (
    "甄百灵",
    "13800531428",
    "54310988",
    id_number("31011219880612455"),
    "听雪路78弄7号902室",
)
FREE = (
    f"我叫{NAME}，{NAME}女士，手机{MOBILE}或{SPACED[0]}或{SPACED[1]}或{SPACED[2]}，"
    f"宅电{LAND}，证件{ID}，家住{HOME}。"
)
SUBJECT = "松涛居民区"
INSIDE = "inside"


@dataclass
class Planted:
    """An office with one complaint of each kind about the unit that handles it."""

    made: Made
    rows: dict[str, Any] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def paths(self) -> list[str]:
        """Return every address, those of complaints once for each kind."""
        found: dict[str, None] = {}
        for address in ADDRESSES.values():
            for kind, row in self.rows.items():
                made = replace(self.made, records={**self.made.records, (CASE, "c1"): row})
                paths = address.paths(made, "c1")
                found |= dict.fromkeys(p.replace(CASE, kind) for p in paths)
        return list(found)

    def questions(self) -> list[tuple[str, str]]:
        """Return addresses that ask for the secrets, each with one that asks for what nobody has."""
        lists = ["/search?q={}", "/matters?q={}", "/matters?tab=all&q={}"]
        for kind in self.rows:
            lists += [f"/matters/kinds/{kind}?q={{}}", f"/api/records/{kind}?q={{}}"]
            lists += [f"/records/{kind}/suggest?q={{}}", f"/matters/kinds/{kind}.csv?q={{}}"]
            lists += [f"/api/records/{kind}?{name}={{}}" for name in ("caller", "phone")]
        pairs = zip(SECRETS, DECOYS, strict=True)
        return [(p.format(s), p.format(d)) for s, d in pairs for p in lists]


@contextmanager
def heard() -> Iterator[list[str]]:
    """Collect what the log would hold, behind the filter that production puts before it."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep(logging.INFO)
    handler.addFilter(LogFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)


def plant() -> Planted:
    """Make the office, its complaints, and somebody inside their subject who may do everything."""
    made = build("yunxiu")
    account = Account.objects.create_user(INSIDE, PASSWORD, name="全松涛")
    for role in registry.catalogue().roles:
        units.post(made.cast.system, account, "yunxiu", role, AT)
    units.post(made.cast.system, account, "c1", "grid", AT)
    made.cast.accounts[INSIDE] = account
    viewer = queries.viewer_of(account.pk, AT)
    assert viewer is not None
    made.cast.viewers[INSIDE] = viewer
    planted = Planted(made)
    for kind in (COMPLAINT, CASE):
        planted.rows[kind] = _complain(made, kind)
    tasks.tell(AT)
    rounds.spread(AT)
    return planted


def _complain(made: Made, kind: str) -> Any:
    desk, fields = made.cast.viewers["city"], registry.catalogue().kinds[kind].fields
    about = next(n for n, f in fields.items() if f.subject)
    # Where somebody lives is known as theirs only where the kind asks for it.
    free = FREE if "home" in fields else FREE.replace(HOME, "附近")
    values = {
        "subject": f"楼道堆物 {free}",
        "content": free,
        "caller": NAME,
        "phone": MOBILE,
        "identity": ID,
        "home": HOME,
        about: SUBJECT,
        "order_number": "SHTS1",
        "received_on": "2023-07-03",
        "place": f"松涛路5号 {FREE.replace(HOME, '附近')}",
    }
    values = {n: v for n, v in values.items() if n in fields}
    row = matters.open_matter(desk, kind, values, AT).matter
    matters.move(desk, kind, row.pk, "dispatch", {}, AT, unit="c1", note=f"派给松涛 {free}")
    desk = made.cast.viewers["section"]
    matters.say(desk, kind, row.pk, free, AT)
    picture = f"附图地址：https://pictures.example/{MOBILE}.jpg"
    matters.hear(desk, [kind], row.code, matters.Words(free, picture, "1"), AT)
    matters.contact(desk, kind, row.pk, "missed", AT, words=free)
    matters.supervise(made.cast.viewers["city"], kind, row.pk, AT, words=free)
    asked = next(iter(registry.catalogue().kinds[kind].flow_spec.requests.items()))
    try:
        matters.ask(
            desk, kind, row.pk, asked[0], AT, reason=next(iter(asked[1].reasons)), words=free,
            amount=1, article="",
        )  # fmt: skip
    except operations.Refused:
        assert kind != COMPLAINT
    row.refresh_from_db()
    operations.change(desk, kind, row.pk, {"answer": free}, row.version, AT, why=free)
    row.refresh_from_db()
    proof = files.ready(f"{NAME}_{MOBILE}_{LAND}_{ID}.txt", b"proof")
    files.attach(desk, row, "proof", proof, AT)
    row.refresh_from_db()
    return row


def leaked(text: str) -> list[str]:
    """Return the secrets in a text, however their digits are spaced or shaped."""
    plain = unicodedata.normalize("NFKC", text)
    tight = re.sub(r"(?<=\d)[- ](?=\d)", "", plain)
    return [s for s in (*SECRETS, *SPACED) if s in text or s in plain or s in tight]


def crawl(planted: Planted, who: str, paths: list[str]) -> list[Answer]:
    """Open addresses as somebody."""
    client = planted.made.client(who)
    return [open_as(client, who, path) for path in paths]


def tables() -> dict[str, str]:
    """Return everything that the database holds as text, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = "\n".join(str(row) for row in cursor.fetchall())
    return found
