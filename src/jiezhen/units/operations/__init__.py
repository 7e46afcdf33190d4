"""Found an office, add and end units, post people."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer, system_viewer
from jiezhen.people.models import Account, Token
from jiezhen.trail import operations as trail
from jiezhen.units import rules
from jiezhen.units.models import Posting, Unit
from jiezhen.units.operations.touching import UnableToAdd as UnableToAdd
from jiezhen.units.operations.touching import touch


@transaction.atomic
def found_office(code: str, title: str, at: datetime, *, title_en: str = "") -> Viewer:
    """Found an office as the root of its tree and return a viewer that acts for the system."""
    office = Unit.objects.create(
        code=code, title=title, title_en=title_en, level="office", path=f"/{code}/"
    )
    office.office = office
    office.save(update_fields=["office"])
    touch(office.pk)
    viewer = system_viewer(office.pk, office.path, title)
    trail.append(viewer, "units.office.founded", f"unit:{code}", at, after={"title": title})
    return viewer


@transaction.atomic
def add_units(viewer: Viewer, rows: list[dict[str, Any]], at: datetime) -> int:
    """Add units, parents before children; each row has code, title, level, parent code.

    Raises:
        UnableToAdd: The viewer may not, a level is unknown or a parent is missing.
    """
    if not viewer.may("units.edit"):
        raise UnableToAdd("没有管理单元的权限。")
    known = {
        u.code: u
        for u in Unit.objects.for_system("adding units").filter(office_id=viewer.office_id)
    }
    for row in rows:
        parent = known.get(row["parent"])
        if parent is None:
            raise UnableToAdd(f"没有上级单元“{row['parent']}”。")
        if row["level"] not in rules.LEVELS:
            raise UnableToAdd(f"没有层级“{row['level']}”，可用：{'、'.join(rules.LEVELS)}。")
        if row["code"] in known:
            raise UnableToAdd(f"单元编号“{row['code']}”已经有了。")
        known[row["code"]] = Unit.objects.create(
            office_id=viewer.office_id,
            parent=parent,
            path=rules.path_under(parent.path, row["code"]),
            **{k: v for k, v in row.items() if k != "parent"},
        )
        trail.append(
            viewer, "units.unit.added", f"unit:{row['code']}", at, after={"title": row["title"]}
        )
    touch(viewer.office_id)
    return len(rows)


@transaction.atomic
def end_unit(viewer: Viewer, code: str, on: date, at: datetime, successor: str = "") -> None:
    """End a unit on a day; its successor keeps figures comparable.

    Raises:
        UnableToAdd: The viewer may not, or the unit is not there.
    """
    if not viewer.may("units.edit"):
        raise UnableToAdd("没有管理单元的权限。")
    rows = Unit.objects.for_system("ending a unit").filter(office_id=viewer.office_id)
    unit = rows.filter(code=code).first()
    heir = rows.filter(code=successor).first() if successor else None
    if unit is None or (successor and heir is None):
        raise UnableToAdd(f"没有单元“{code if unit is None else successor}”。")
    unit.valid_until, unit.successor = on, heir
    unit.save(update_fields=["valid_until", "successor"])
    touch(viewer.office_id)
    trail.append(
        viewer,
        "units.unit.ended",
        f"unit:{code}",
        at,
        after={"until": on.isoformat(), "successor": successor},
    )


@transaction.atomic
def post(viewer: Viewer, account: Account, unit_code: str, role: str, at: datetime) -> Posting:
    """Post an account to a unit in a role.

    Raises:
        UnableToAdd: The viewer may not manage people, or the unit is not there.
    """
    if not viewer.may("people.edit"):
        raise UnableToAdd("没有管理用户的权限。")
    rows = Unit.objects.for_system("posting").filter(office_id=viewer.office_id)
    unit = rows.filter(code=unit_code).first()
    if unit is None:
        raise UnableToAdd(f"没有单元“{unit_code}”。")
    posting = Posting.objects.create(account=account, unit=unit, role=role)
    trail.append(
        viewer,
        "units.posting.added",
        f"account:{account.username}",
        at,
        after={"unit": unit_code, "role": role},
    )
    return posting


class UnableToHire(Exception):
    """The account cannot be made or changed; the message says why."""


@transaction.atomic
def hire(
    viewer: Viewer, person: dict[str, str], unit_code: str, role: str, at: datetime
) -> Account:
    """Make an account from username, name and password, and post it.

    Raises:
        UnableToHire: The viewer may not, the user name is taken or the role is unknown.
        UnableToAdd: The unit is not there.
    """
    if not viewer.may("people.edit"):
        raise UnableToHire("没有管理用户的权限。")
    if Account.objects.filter(username=person["username"]).exists():
        raise UnableToHire(f"用户名“{person['username']}”已经有了。")
    if role not in catalogue().roles:
        raise UnableToHire(f"没有角色“{role}”。")
    account = Account.objects.create_user(
        person["username"], person["password"], name=person["name"]
    )
    trail.append(viewer, "people.account.made", f"account:{account.username}", at)
    post(viewer, account, unit_code, role, at)
    return account


@transaction.atomic
def set_active(viewer: Viewer, username: str, at: datetime, *, active: bool) -> Account:
    """Let an account sign in or not; open sessions end at their next click.

    Raises:
        UnableToHire: The viewer may not, or it is the viewer's own account.
    """
    rows = Account.objects.filter(postings__unit__office_id=viewer.office_id).distinct()
    account = rows.filter(username=username).first()
    if account is None or not viewer.may("people.edit"):
        raise UnableToHire("没有这个账号，或没有管理用户的权限。")
    if account.pk == viewer.account_id:
        raise UnableToHire("不能停用自己的账号。")
    account.is_active = active
    account.save(update_fields=["is_active"])
    action = "people.account.opened" if active else "people.account.closed"
    trail.append(viewer, action, f"account:{username}", at)
    return account


@transaction.atomic
def issue_token(
    viewer: Viewer, username: str, title: str, at: datetime, *, days: int = 365
) -> str:
    """Issue a key with which a machine acts for an account, and return it once.

    Raises:
        UnableToHire: The viewer may not manage people and it is not their own account.
    """
    rows = Account.objects.filter(postings__unit__office_id=viewer.office_id).distinct()
    account = rows.filter(username=username, is_active=True).first()
    if account is None or not (viewer.may("people.edit") or account.pk == viewer.account_id):
        raise UnableToHire("没有这个账号，或没有管理用户的权限。")
    key = f"jz_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        account=account,
        title=title,
        digest=token_digest(key),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    trail.append(viewer, "people.token.issued", f"account:{username}", at, after={"title": title})
    return key


def token_digest(key: str) -> str:
    """Return what is kept of a token; the key itself is 256 bits of chance."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def revoke_token(viewer: Viewer, token_id: int, at: datetime) -> None:
    """End a token at once.

    Raises:
        UnableToHire: It is not there, or is somebody else's.
    """
    token = (
        Token.objects.select_related("account")
        .filter(pk=token_id, account__postings__unit__office_id=viewer.office_id)
        .first()
    )
    if token is None or not (viewer.may("people.edit") or token.account_id == viewer.account_id):
        raise UnableToHire("没有这个令牌。")
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    trail.append(viewer, "people.token.revoked", f"account:{token.account.username}", at)
