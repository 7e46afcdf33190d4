"""The kinds and records that the tests of records and of the engines share."""

from pathlib import Path
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.packs import registry
from jiezhen.records import operations
from jiezhen.records.models import Row

PACK = Path(__file__).parent / "pack"
ID_NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
def packs(monkeypatch: pytest.MonkeyPatch, settings: Any) -> registry.Catalogue:
    """Put the test's kinds and the office's roles in force, with the pages that they need."""
    settings.ROOT_URLCONF = "jiezhen.records.tests.urls"
    found = registry.load([registry.BUILT_IN / "office", PACK])
    monkeypatch.setattr(registry, "_current", found)
    return found


def home(cast: Cast, unit: str = "c1", who: str = "section", **values: object) -> Row:
    """Register a household."""
    full = {"address": "沧源路123弄5号", "head": "张建国", "phone": "13812345678"} | values
    return operations.create(cast.viewers[who], "demo.home", cast.unit(unit), full, AT)


def firm(cast: Cast, name: str, unit: str = "c1", **values: object) -> Row:
    """Register a firm."""
    given = {"name": name} | values
    return operations.create(cast.viewers["section"], "demo.firm", cast.unit(unit), given, AT)


def case(cast: Cast, subject: str = "楼道堆物", unit: str = "c1", **values: object) -> Row:
    """Register a case."""
    given = {"subject": subject} | values
    return operations.create(cast.viewers["section"], "demo.case", cast.unit(unit), given, AT)


def nonce(page: str) -> str:
    """Return the nonce of the first form of a page."""
    return page.split('name="_nonce" value="')[1].split('"')[0]
