"""An office whose public pages have something to say."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jiezhen.conftest import AT, Cast
from jiezhen.kernel.periods import Period
from jiezhen.packs import registry
from jiezhen.portal.operations.fronts import set_front
from jiezhen.records import operations as records
from jiezhen.reports.models import Report
from jiezhen.reports.operations import settling, writing
from jiezhen.reports.operations.writing import Skeleton
from jiezhen.reports.rules.tokens import Chip

HALF = Period.parse("2023H1")
REACH = {
    "phone": "021-00000000",
    "hours": "8:30—17:30",
    "counter": "云岫路1号社区事务受理服务中心",
    "route": "地铁口向东200米",
    "open311": "key",
}


def nonce(page: str) -> str:
    """Return the nonce of the first form that has one."""
    found = re.search(r'name="_nonce" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def post(client: Client, page: str, address: str = "", **given: Any) -> Any:
    """Open a page and send its form."""
    seen = client.get(page).content.decode()
    return client.post(address or page, {"_nonce": nonce(seen), **given})


@pytest.fixture
def stranger(cast: Cast, still: datetime) -> Client:
    """Return a browser in which nobody is signed in, in front of an office that can be reached."""
    set_front(cast.system, AT, words=REACH)
    return Client()


@pytest.fixture
def homes(cast: Cast) -> Callable[..., None]:
    """Return what adapts homes of the elderly: so many in a unit."""

    def adapt(unit: str, many: int) -> None:
        for n in range(many):
            values = {
                "category": "elderly",
                "address": f"沧源路{unit}{n}号",
                "completed_on": "2023-05-01",
            }
            given = {"state": "completed"}
            records.create(
                cast.system, "eldercare.adaptation", cast.unit(unit), values, AT, given=given
            )

    return adapt


@pytest.fixture
def publish(cast: Cast) -> Callable[[str], Report]:
    """Return what writes, freezes and publishes a report with a text."""

    def make(text: str, title: str = "2023年上半年工作报告") -> Report:
        planner = cast.viewers["planner"]
        report = writing.create(planner, title, HALF, AT, sections=[Skeleton("民生", text)])
        settling.freeze(cast.system, report.pk, AT)
        return settling.publish(cast.system, report.pk, AT)

    return make


def chip(name: str, **more: Any) -> str:
    """Return an indicator's chip as a text holds it."""
    return Chip(name, **more).token


PACK = Path(__file__).parent / "pack"
TROUBLE = {
    "subject": "垃圾桶满了没人收",
    "class": "road",
    "content": "三天没有收，请打13800001234找王小明",
    "place": "沧源路123弄5号",
    "caller": "王小明",
    "phone": "13800001234",
}


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch) -> registry.Catalogue:
    """Put the sample pack in force, beside the roles of the product."""
    found = registry.load([registry.BUILT_IN / "office", PACK])
    monkeypatch.setattr(registry, "_current", found)
    return found


@pytest.fixture
def square(pack: registry.Catalogue, cast: Cast, still: datetime) -> Client:
    """Return a stranger's browser in front of an office that offers one thing behind each door."""
    set_front(cast.system, AT, words=REACH)
    return Client()


def send(client: Client, kind: str, **values: str) -> Any:
    """Send a form as its last page does; the answer leads to the receipt."""
    first = client.get(f"/p/report/{kind}").content.decode()
    given = {"_nonce": nonce(first), "step": "check", "go": "send", **values}
    return client.post(f"/p/report/{kind}", given)


def code_of(client: Client, answer: Any) -> str:
    """Return the caller's code from the receipt to which an answer leads."""
    page = client.get(answer.headers["Location"]).content.decode()
    found = re.search(r"data-code>([A-Z0-9]{10})<", page)
    assert found, page
    return found[1]
