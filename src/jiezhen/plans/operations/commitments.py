"""Confirm, assign, split, merge and set aside what a document was read to promise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans.models import Commitment, Target
from jiezhen.plans.operations import access, goals, tasks
from jiezhen.plans.queries import scope
from jiezhen.plans.rules import rows, splitting
from jiezhen.records.operations import Problem, Refused
from jiezhen.trail import operations as trail

_KEPT = "confirmed"


class UnableToSplit(Refused):
    """The words have no joint at which they could be taken apart."""


class UnableToMerge(Refused):
    """There is no row before this one that it could join."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a commitment. Dates are inclusive; blanks mean: nobody, no link."""

    lead: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    starts_on: date | None = None
    indicator: str = ""
    scope: str = ""
    period: str = ""


@transaction.atomic
def confirm(
    viewer: Viewer, document_id: int, number: int, at: datetime, choice: Choice | None = None
) -> Commitment:
    """Confirm a commitment, with what was chosen for it; with a lead it becomes a task.

    Shape: the commitment. Confirming again with the same choice changes nothing.

    Raises:
        NotAllowed: The viewer may not confirm.
        Refused: A choice does not exist or the dates are in the wrong order.
    """
    access.need_confirm(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    before = _told(row)
    if choice is not None:
        _choose(viewer, row, choice)
    if row.state != _KEPT:
        row.state, row.confirmed_at, row.confirmed_by = _KEPT, at, viewer.name
    return _settle(viewer, row, before, at, "confirmed")


@transaction.atomic
def confirm_sure(viewer: Viewer, document_id: int, numbers: Iterable[int], at: datetime) -> int:
    """Confirm many commitments at once, and only those that were read with high confidence.

    Shape: how many were confirmed; the others stay as they are and wait for a person.

    Raises:
        NotAllowed: The viewer may not confirm.
    """
    access.need_confirm(viewer)
    wanted = set(numbers)
    found = scope.commitments(viewer, document_id).filter(
        number__in=wanted, state="proposed", confidence__gte=rows.SURE
    )
    done = 0
    for number in sorted(found.values_list("number", flat=True)):
        confirm(viewer, document_id, number, at)
        done += 1
    return done


@transaction.atomic
def unconfirm(viewer: Viewer, document_id: int, number: int, at: datetime) -> Commitment:
    """Take a confirmation back; its task leaves the lists and keeps its timeline.

    Raises:
        NotAllowed: The viewer may not confirm.
    """
    access.need_confirm(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    if row.state != _KEPT:
        return row
    before = _told(row)
    row.state, row.confirmed_at, row.confirmed_by = "proposed", None, ""
    tasks.withdraw(viewer, row, at)
    return _settle(viewer, row, before, at, "unconfirmed")


@transaction.atomic
def ignore(viewer: Viewer, document_id: int, number: int, at: datetime) -> Commitment:
    """Say that the words are no promise (说明性).

    Raises:
        NotAllowed: The viewer may not edit plans.
    """
    access.need_edit(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    if row.state == "ignored":
        return row
    if row.state == _KEPT:
        access.need_confirm(viewer)
        tasks.withdraw(viewer, row, at)
    before = _told(row)
    row.state = "ignored"
    return _settle(viewer, row, before, at, "ignored")


@transaction.atomic
def restore(viewer: Viewer, document_id: int, number: int, at: datetime) -> Commitment:
    """Bring a row back that was set aside or merged.

    Raises:
        NotAllowed: The viewer may not edit plans.
    """
    access.need_edit(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    if row.state not in ("ignored", "merged"):
        return row
    before = _told(row)
    if row.merged_into is not None:
        home = row.merged_into
        Target.objects.filter(commitment=home, start__gte=row.start, end__lte=row.end).update(
            commitment=row
        )
        home.end = min(home.end, row.start)
        _rewrite(home)
        row.merged_into = None
    row.state = "proposed"
    return _settle(viewer, row, before, at, "restored")


@transaction.atomic
def assign(
    viewer: Viewer, document_id: int, number: int, choice: Choice, at: datetime
) -> Commitment:
    """Choose lead, owner, dates and link without confirming; a confirmed one takes its task along.

    Raises:
        NotAllowed: The viewer may not edit plans.
        Refused: A choice does not exist or the dates are in the wrong order.
    """
    access.need_edit(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    if row.state == _KEPT:
        access.need_confirm(viewer)
    before = _told(row)
    _choose(viewer, row, choice)
    return _settle(viewer, row, before, at, "assigned")


@transaction.atomic
def link(
    viewer: Viewer, document_id: int, number: int, indicator: str, at: datetime, period: str = ""
) -> Commitment:
    """Say which indicator counts this commitment; an empty name takes the link away.

    Raises:
        NotAllowed: The viewer may not edit plans.
        Refused: There is no such indicator or period.
    """
    access.need_edit(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    before = _told(row)
    _link(row, indicator, row.scope, period)
    return _settle(viewer, row, before, at, "linked" if indicator else "unlinked")


@transaction.atomic
def split(viewer: Viewer, document_id: int, number: int, at: datetime) -> list[Commitment]:
    """Take a commitment apart: by its numbers when it has several, else at the joints of its words.

    Shape: the parts in order; the first one keeps the number, and all wait to be confirmed.

    Raises:
        NotAllowed: The viewer may not edit plans.
        UnableToSplit: There is nothing to take apart, or the row is confirmed.
    """
    access.need_edit(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    if row.state == _KEPT:
        raise UnableToSplit(Problem("", _("已经确认。要拆开，先撤回确认。")))
    text = row.document.text
    targets = list(row.targets.order_by("start"))
    spans = [(t.start, t.end) for t in targets]
    parts = (
        splitting.by_targets(text, row.start, row.end, spans)
        if len(targets) > 1
        else splitting.pieces(text, row.start, row.end)
    )
    if len(parts) < 2:
        raise UnableToSplit(Problem("", _("这一条没有可以拆开的地方。")))
    before = _told(row)
    made = _parts(row, parts, targets)
    trail.append(
        viewer,
        "plans.commitment.split",
        _name(row),
        at,
        before=before,
        after={"numbers": [m.number for m in made]},
    )
    return made


@transaction.atomic
def merge(viewer: Viewer, document_id: int, number: int, at: datetime) -> Commitment:
    """Join a commitment to the one before it; the joined row can be restored.

    Shape: the row before, with the words of both.

    Raises:
        NotAllowed: The viewer may not edit plans.
        UnableToMerge: There is none before it, or one of both is confirmed.
    """
    access.need_edit(viewer)
    row = access.locked_commitment(viewer, document_id, number)
    ahead = scope.commitments(viewer, document_id).exclude(state__in=("merged", "ignored"))
    home = ahead.filter(position__lt=row.position).order_by("-position").first()
    if home is None:
        raise UnableToMerge(Problem("", _("前面没有可以并入的一条。")))
    if _KEPT in (row.state, home.state):
        raise UnableToMerge(Problem("", _("已经确认的不能合并。先撤回确认。")))
    before = _told(home)
    most = home.targets.aggregate(most=Max("order"))["most"]
    for step, target in enumerate(row.targets.order_by("order"), 1):
        target.commitment, target.order = home, (-1 if most is None else most) + step
        target.save(update_fields=["commitment", "order"])
    home.start, home.end = min(home.start, row.start), max(home.end, row.end)
    _rewrite(home)
    row.state, row.merged_into = "merged", home
    row.save(update_fields=["state", "merged_into"])
    trail.append(
        viewer,
        "plans.commitment.merged",
        _name(row),
        at,
        before=before,
        after={"into": home.number},
    )
    return home


def _choose(viewer: Viewer, row: Commitment, choice: Choice) -> None:
    units = {u.code: u for u in scope.leads(viewer)}
    people = {p.id for p in scope.people(viewer)} if choice.owner_id else set()
    problems = []
    if choice.lead and choice.lead not in units:
        problems.append(Problem("lead", _("没有这个牵头单位。")))
    if choice.owner_id and choice.owner_id not in people:
        problems.append(Problem("owner", _("没有这个人。")))
    starts_on, due_on = choice.starts_on or row.starts_on, choice.due_on or row.due_on
    if starts_on > due_on:
        problems.append(Problem("due_on", _("期限早于开始日期。")))
    if problems:
        raise Refused(*problems)
    row.lead_id = units[choice.lead].id if choice.lead else None
    row.owner_id = choice.owner_id
    row.starts_on, row.due_on = starts_on, due_on
    _link(row, choice.indicator, choice.scope, choice.period)


def _link(row: Commitment, indicator: str, unit: str, period: str) -> None:
    if indicator and indicator not in catalogue().indicators:
        raise Refused(Problem("indicator", _("没有这个指标。")))
    try:
        code = Period.parse(period).code if period else period_of(row.starts_on, row.due_on)
    except BadPeriod as bad:
        raise Refused(Problem("period", bad.message)) from bad
    row.indicator, row.scope = indicator, unit if indicator else ""
    row.period = code if indicator else ""


def period_of(starts_on: date, due_on: date) -> str:
    """Return the period whose figure counts for these dates: the half year, else the year.

    A promise for 下半年 (from 1 July) is counted from July on, any other over its whole year.
    """
    year = due_on.year
    if (starts_on.year, starts_on.month) == (year, 7):
        return f"{year}H2"
    if starts_on.year == year and due_on <= date(year, 6, 30):
        return f"{year}H1"
    return str(year)


def _settle(
    viewer: Viewer, row: Commitment, before: dict[str, Any], at: datetime, action: str
) -> Commitment:
    """Save a row, carry it over to its task, and write the trail when anything changed."""
    row.save()
    after = _told(row)
    if after != before:
        trail.append(
            viewer,
            f"plans.commitment.{action}",
            _name(row),
            at,
            before={k: v for k, v in before.items() if after[k] != v},
            after={k: v for k, v in after.items() if before[k] != v},
        )
        tasks.create_from(viewer, row, at)
        moved = any(before[k] != after[k] for k in ("indicator", "scope", "period"))
        goals.follow(viewer, row, at, moved=moved)
    return row


def _parts(
    row: Commitment, parts: list[tuple[int, int]], targets: list[Target]
) -> list[Commitment]:
    text, document = row.document.text, row.document
    every = Commitment.objects.for_system("the document of a row the viewer was shown")
    numbers = every.filter(document=document).aggregate(most=Max("number"))["most"] or 0
    homes = [row]
    for step, _part in enumerate(parts[1:], 1):
        homes.append(
            Commitment(
                document=document,
                number=numbers + step,
                position=row.position,
                section=row.section,
                action=row.action,
                strength=row.strength,
                confidence=row.confidence,
                office_hint=row.office_hint,
                starts_on=row.starts_on,
                due_on=row.due_on,
                lead=row.lead,
                owner=row.owner,
            )
        )
    for home, (start, end) in zip(homes, parts, strict=True):
        inside = [t for t in targets if start <= t.start and t.end <= end]
        home.start, home.end, home.words = start, end, rows.joined(text[start:end])
        home.object = (inside[0].object if inside else home.words)[:200]
        home.save()
        for order, target in enumerate(inside):
            target.commitment, target.order = home, order
            target.save(update_fields=["commitment", "order"])
    return homes


def _rewrite(row: Commitment) -> None:
    row.words = rows.joined(row.document.text[row.start : row.end])
    row.save(update_fields=["start", "end", "words"])


def _told(row: Commitment) -> dict[str, Any]:
    return {
        "state": row.state,
        "words": row.words,
        "lead": row.lead_id,
        "owner": row.owner_id,
        "starts_on": row.starts_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "indicator": row.indicator,
        "scope": row.scope,
        "period": row.period,
    }


def _name(row: Commitment) -> str:
    return f"plans.commitment:{row.document_id}/{row.number}"
