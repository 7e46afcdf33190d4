"""What strangers and other systems add to a matter in words. It stands in its course and moves nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.matters.facts import as_matter
from jiezhen.matters.models import Matter, Move, Party
from jiezhen.matters.operations import steps
from jiezhen.matters.queries.single import ADDED
from jiezhen.matters.rules import apart
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import sealing, shapes
from jiezhen.records.access import NoSuchRecord
from jiezhen.trail import operations as trail


class TooLong(records.Refused):
    """The words are longer than a word of progress may be."""


class Over(records.Refused):
    """The matter is closed: nobody would read what is added."""


class OtherWords(records.Refused):
    """The sender's number was used for other words."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is added: what somebody said, and what stands behind it in brackets.

    `key` is the number that the sender gave to it, `names` and `numbers` are those of who said it,
    which are kept nowhere.
    """

    said: str
    behind: str = ""
    key: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@transaction.atomic
def hear(viewer: Viewer, kinds: Iterable[str], code: str, words: Words, at: datetime) -> int:
    """Add words to an open matter of one of these kinds; the same key again adds nothing.

    The matter is locked: who closes it meanwhile comes before or after, and of two equal keys
    the second finds the first. Shape: which one it is among all steps of the matter.

    Raises:
        NoSuchRecord: The office has no such matter.
        records.NotAllowed: The viewer may not change the matter and did not report it.
        OtherWords: The sender's number was used for other words.
        Over: The matter is closed.
        TooLong: There are too many words.
    """
    rows = Matter.objects.for_system("who may add is asked below")
    rows = rows.select_for_update(of=("self",)).select_related("unit").order_by("-id")
    found = rows.filter(
        office_id=viewer.office_id, kind__in=list(kinds), code=code, withdrawn_at=None
    ).first()
    if found is None:
        raise NoSuchRecord(code)
    row = as_matter(found)
    if not _may(viewer, row):
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    digest = sealing.finger(f"{words.said}\x1f{words.behind}")
    earlier = row.moves.filter(name=ADDED, account_id=viewer.account_id, before__key=words.key)
    step = earlier.first() if words.key else None
    if step is None:
        if row.closed_on is not None:
            raise Over(records.Problem("", _("已经办结，不再收补充。")))
        step = note(viewer, row, words, at, digest=digest)
    elif step.before["digest"] != digest:
        raise OtherWords(records.Problem("", _("同一个编号已经用于别的补充。")))
    return row.moves.filter(pk__lte=step.pk).count()


def _may(viewer: Viewer, row: Matter) -> bool:
    """Say whether a viewer may add: who may change it, and who reported it wherever it went."""
    if viewer.account_id and row.created_by_id == viewer.account_id:
        return True
    kind = shapes.kind_of(row.kind)
    return viewer.may("change", row.kind, row.unit.path, kind.sensitivity)


@transaction.atomic
def note(
    viewer: Viewer,
    row: Matter,
    words: Words,
    at: datetime,
    *,
    digest: str = "",
    told: bool = False,
) -> Move:
    """Append words to the course of a matter, without who said them; the state stays.

    `told` says that nobody needs a notice of it.

    Raises:
        TooLong: There are too many words.
    """
    _refuse_long(words.said + words.behind)
    people = Party.objects.filter(matter_id=row.pk).values_list("name", "phone", "address")
    names, phones, homes = zip(*people, strict=True) if people else ((), (), ())
    text = f"{words.said}（{words.behind}）" if words.behind else words.said
    kept = apart.without(text, (*names, *words.names), (*phones, *words.numbers), homes)
    _refuse_long(kept)
    trail.append(viewer, f"matter.{ADDED}", f"{row.kind}:{row.code}", at)
    held = {"key": words.key, "digest": digest} if words.key else {}
    return steps.append(
        viewer, row, ADDED, row.state, at, note=kept.strip(), before=held, told=told
    )


def _refuse_long(text: str) -> None:
    if len(text) > steps.MOST_SAID:
        problem = _("太长了，最多{n}字。").format(n=steps.MOST_SAID)
        raise TooLong(records.Problem("note", problem))
