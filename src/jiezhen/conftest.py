"""The cast of the tests: one small office, and people who may do different things."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.test import Client

from jiezhen.kernel import clock
from jiezhen.people.access import Viewer
from jiezhen.people.models import Account
from jiezhen.units import operations as unit_operations
from jiezhen.units import queries as unit_queries
from jiezhen.units.queries import UnitRow

AT = datetime(2023, 7, 3, 8, 0, tzinfo=clock.ZONE)
PASSWORD = "cloud-peak-2023"

UNITS = [
    {"code": "p1", "title": "东片区", "level": "area", "parent": "yunxiu"},
    {"code": "c1", "title": "松涛居民区", "level": "community", "parent": "p1", "also": ["松涛"]},
    {"code": "c2", "title": "听泉居民区", "level": "community", "parent": "p1", "also": ["听泉"]},
    {"code": "p2", "title": "西片区", "level": "area", "parent": "yunxiu"},
    {"code": "c3", "title": "望岳居民区", "level": "community", "parent": "p2"},
    {"code": "fwb", "title": "社区服务办", "level": "department", "parent": "yunxiu"},
    {"code": "cgb", "title": "城市管理办", "level": "department", "parent": "yunxiu"},
]
PEOPLE = {
    "leader": ("林书记", "yunxiu", "leader"),
    "planner": ("王党政", "yunxiu", "planner"),
    "section": ("陈服务", "yunxiu", "section"),
    "city": ("赵城运", "yunxiu", "city"),
    "grid": ("李松涛", "c1", "grid"),
    "neighbour": ("孙望岳", "c3", "grid"),
    "auditor": ("周审计", "yunxiu", "auditor"),
    "administrator": ("吴管理", "yunxiu", "administrator"),
    "security": ("郑安全", "yunxiu", "security"),
}


@dataclass
class Cast:
    """The office, a viewer that acts for the machine, and everybody by role."""

    system: Viewer
    accounts: dict[str, Account]
    viewers: dict[str, Viewer]

    def unit(self, code: str) -> UnitRow:
        """Return a unit of the office."""
        return unit_queries.unit_for(self.system, code)

    def client(self, who: str) -> Client:
        """Return a browser in which somebody is signed in."""
        client = Client()
        client.force_login(self.accounts[who], backend="django.contrib.auth.backends.ModelBackend")
        return client


def build_cast(code: str = "yunxiu") -> Cast:
    """Make the office and its people in the database of the test."""
    system = unit_operations.found_office(code, "云岫街道", AT)
    rows = [{**u, "parent": code if u["parent"] == "yunxiu" else u["parent"]} for u in UNITS]
    unit_operations.add_units(system, rows, AT)
    accounts, viewers = {}, {}
    for who, (name, unit, role) in PEOPLE.items():
        username = who if code == "yunxiu" else f"{code}-{who}"
        account = Account.objects.create_user(username, PASSWORD, name=name)
        unit_operations.post(system, account, code if unit == "yunxiu" else unit, role, AT)
        viewer = unit_queries.viewer_of(account.pk, AT)
        assert viewer is not None
        accounts[who], viewers[who] = account, viewer
    return Cast(system, accounts, viewers)


@pytest.fixture
def cast(db: None) -> Cast:
    """Return a fresh office."""
    return build_cast()


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Let the clock stand still on 3 July 2023 at eight."""
    monkeypatch.setenv("JIEZHEN_NOW", AT.isoformat())
    return AT
