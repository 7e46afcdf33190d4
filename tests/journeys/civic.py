"""What the scenarios of disputes, law, participation, firms and emergencies share.

Records come in by workbooks, the API, forms and residents' pages; figures are asked of the API.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client

from jiezhen.conftest import AT, Cast
from jiezhen.people.models import Account
from jiezhen.units import operations as units

from . import doors
from .making import Made

#: Days inside and outside the half year that the scenarios count.
INSIDE, FIRST, LAST = "2023-03-15", "2023-01-01", "2023-06-30"
BEFORE, AFTER = "2022-12-31", "2023-07-01"


@dataclass
class Office:
    """The office, and a machine that acts as its section."""

    cast: Cast
    machine: doors.Machine

    def post(self, path: str, body: Any) -> Any:
        """Post to the API and return the answer, whatever it is."""
        headers = {
            "Authorization": f"Bearer {self.machine.token}",
            "Idempotency-Key": uuid4().hex,
        }
        return Client().post(
            f"/api/{path}", body, content_type="application/json", headers=headers
        )

    def create(self, kind: str, unit: str = "c1", **values: Any) -> str:
        """Register a record by the API and return its code."""
        answer = self.post(f"records/{kind}", {"unit": unit, "values": values})
        assert answer.status_code == 201, answer.content.decode()
        return str(answer.json()["code"])

    def open(self, kind: str, unit: str = "c1", **values: Any) -> dict[str, Any]:
        """Open a matter by the API and return what it answers."""
        answer = self.post(f"matters/{kind}", {"unit": unit, "values": values})
        assert answer.status_code == 201, answer.content.decode()
        return dict(answer.json())

    def move(self, kind: str, code: str, name: str, *, unit: str = "", **values: Any) -> Any:
        """Make a move by the API and return the answer, whatever it is."""
        body = {"values": values, "note": "按流程办理", "unit": unit}
        return self.post(f"records/{kind}/{code}/moves/{name}", body)

    def moved(self, kind: str, code: str, name: str, *, unit: str = "", **values: Any) -> None:
        """Make a move that must be allowed."""
        answer = self.move(kind, code, name, unit=unit, **values)
        assert answer.status_code == 200, answer.content.decode()

    def load(self, kind: str, rows: Iterable[dict[str, Any]], unit: str = "c1") -> None:
        """Import rows by a workbook; every one of them must be good.

        `state` and `opened_on` are the system's own columns.
        """
        some = [_made(kind, unit, dict(row)) for row in rows]
        found = self.machine.take_in(kind, some)
        assert found["counts"]["created"] == len(some), found["problems"][:3]

    def withdraw(self, kind: str, code: str) -> None:
        """Take a record out of every figure."""
        self.machine.send(f"records/{kind}/{code}/withdraw", {"why": "重复登记"})

    def figures(self, *names: str, period: str = "2023H1") -> list[Any]:
        """Return figures of the whole office, as the API tells them."""
        address = f"/api/figures?indicator={','.join(names)}&period={period}"
        answer = Client().get(address, headers={"Authorization": f"Bearer {self.machine.token}"})
        assert answer.status_code == 200, answer.content.decode()
        return [found["value"] for found in answer.json()]

    def listed(self, kind: str) -> list[dict[str, Any]]:
        """Return the first records of a kind as the API lists them."""
        headers = {"Authorization": f"Bearer {self.machine.token}"}
        answer = Client().get(f"/api/records/{kind}", headers=headers)
        assert answer.status_code == 200, answer.content.decode()
        return list(answer.json()["items"])


def _made(kind: str, unit: str, row: dict[str, Any]) -> Made:
    given = {}
    if "state" in row:
        given["state"] = row.pop("state")
    if "opened_on" in row:
        given["opened_on"] = row["@opened_on"] = row.pop("opened_on")
    return Made(kind, unit, row, given)


def office_of(cast: Cast, who: str = "section") -> Office:
    """Return the office with a machine that acts as somebody."""
    return Office(cast, machine_of(cast, who))


def machine_of(cast: Cast, who: str) -> doors.Machine:
    """Return a machine that acts as somebody."""
    name = cast.accounts[who].username
    return doors.Machine(units.issue_token(cast.viewers["administrator"], name, f"接入{who}", AT))


def person(cast: Cast, username: str, name: str, unit: str, role: str) -> Client:
    """Post somebody more to the office and return their browser."""
    account = Account.objects.create_user(username, "cloud-peak-2023", name=name)
    units.post(cast.system, account, unit, role, AT)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    cast.accounts[username] = account
    return client


def many(number: int, row: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    """Return so many rows, each made of its running number."""
    return [row(n) for n in range(number)]


def parts(total: int, number: int) -> list[int]:
    """Divide a whole total into so many parts that add up to it."""
    least, more = divmod(total, number)
    return [least + (n < more) for n in range(number)]


def texts(client: Client, addresses: Sequence[str]) -> str:
    """Return everything that these pages show."""
    return "".join(client.get(address).content.decode(errors="replace") for address in addresses)
