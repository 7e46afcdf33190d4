"""Who a machine is: found by its token in one short statement.

Machines call often, so the statement is fixed text and the viewer that the same rows make is
made once; every call still asks the database whether token, account and postings hold.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from jiezhen.kernel import clock
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Role
from jiezhen.people.access import Grant, Viewer
from jiezhen.people.models import Account, Token
from jiezhen.units import rules
from jiezhen.units.models import Posting, Unit

_SQL = (
    "SELECT a.id, a.name, a.username, p.role, p.valid_from, p.valid_until,"  # noqa: S608
    " u.id, u.path, u.title, o.id, o.path, o.title"
    f" FROM {Token._meta.db_table} t"
    f" JOIN {Account._meta.db_table} a ON a.id = t.account_id"
    f" JOIN {Posting._meta.db_table} p ON p.account_id = a.id"
    f" JOIN {Unit._meta.db_table} u ON u.id = p.unit_id"
    f" JOIN {Unit._meta.db_table} o ON o.id = u.office_id"
    " WHERE t.digest = %s AND t.revoked_at IS NULL AND a.is_active"
    " AND (t.expires_at IS NULL OR t.expires_at > %s) ORDER BY p.id"
)


def viewer_by_token(digest: str, at: datetime) -> Viewer | None:
    """Return the viewer whose machine token has this digest, None when it does not hold."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [digest, connection.ops.adapt_datetimefield_value(at)])
        rows = tuple(map(tuple, cursor.fetchall()))
    if not rows:
        return None
    return _viewer(rows, clock.day_of(at), _Roles(catalogue().roles))


class _Roles:
    """The roles in force, told apart by what they are and not by what is in them."""

    def __init__(self, roles: Any) -> None:
        self.roles: dict[str, Role] = roles

    def __hash__(self) -> int:
        return id(self.roles)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Roles) and other.roles is self.roles


@lru_cache(maxsize=256)
def _viewer(rows: tuple[tuple[Any, ...], ...], on: date, known: _Roles) -> Viewer | None:
    held = [row for row in rows if rules.valid(clock.as_day(row[4]), clock.as_day(row[5]), on)]
    if not held:
        return None
    first = held[0]
    office_id, office_path, office_title = first[9:12]
    grants = [
        Grant(right.may, right.kinds, right.sensitivity, row[7])
        for row in held
        if row[9] == office_id and row[3] in known.roles
        for right in known.roles[row[3]].rights
    ]
    role = known.roles.get(first[3])
    return Viewer(
        account_id=first[0],
        name=first[1] or first[2],
        office_id=office_id,
        office_path=office_path,
        office_name=office_title,
        unit_id=first[6],
        unit_path=first[7],
        unit_title=first[8],
        post=first[8] if first[6] != office_id else (role.title if role else ""),
        roles=tuple(dict.fromkeys(row[3] for row in held)),
        grants=tuple(grants),
    )
