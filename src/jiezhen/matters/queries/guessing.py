"""What category a text probably belongs to, by what the office chose before.

Learned from the office's own cases and from no other's. Off until there are enough of them, and
while what was learned is no better than always naming the largest class.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.kernel.kept import Kept
from jiezhen.matters import rules
from jiezhen.matters.facts import flow_of
from jiezhen.matters.models import Matter
from jiezhen.matters.rules import apart, learning
from jiezhen.packs.schema import Guess, Kind
from jiezhen.people.access import Viewer
from jiezhen.records import display, fields, wording

_log = logging.getLogger(__name__)
#: A larger file is not ours.
MOST_BYTES = 256 * 2**20
#: So many new cases, or such a part of those learned from, are worth learning again.
NEW_CASES, NEW_SHARE = 50, 0.05


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed value: its key, its title, its probability, and what a form holds for it."""

    key: str
    title: str
    share: float
    writing: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """At most three proposals, the likeliest first, and how far to trust them.

    `off` says why nothing is proposed; blank when proposing is on. `accuracy` and `accuracy3`
    are parts of 1: how often the first, and one of three, was right on unseen cases.
    """

    off: str
    field: str
    top: tuple[Proposal, ...] = ()
    accuracy: float = 0
    accuracy3: float = 0
    cases: int = 0
    trained_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How learning stands for one kind: on or why not, what was measured, class by class."""

    kind: Kind
    off: str
    measures: learning.Measures | None
    trained_at: datetime | None
    classes: tuple[tuple[str, int, int, int], ...]
    left_out: tuple[tuple[str, int], ...]


def guess_of(kind: Kind) -> Guess:
    """Return what the kind proposes.

    Raises:
        LookupError: It proposes nothing.
    """
    if kind.guess is None:
        raise LookupError(kind.name)
    return kind.guess


def proposals(viewer: Viewer, kind: Kind, values: Mapping[str, Any]) -> Proposals:
    """Return the likeliest values of the kind's field for what a new record says.

    `values` are raw or stored. People in the words are masked first, as in the cases.

    Raises:
        LookupError: The kind proposes nothing.
    """
    name = guess_of(kind).field
    model = model_of(viewer.office_id, kind)
    off = off_because(viewer, kind, model)
    if off or not isinstance(model, learning.Model):
        return Proposals(off, name)
    likely = model.propose(words_of(kind, values), most=len(model.labels))
    told = model.measures
    return Proposals(
        "", name, tuple(_titled(viewer, kind, likely)[:3]),
        told.accuracy, told.accuracy3, told.cases, _moment(model),
    )  # fmt: skip


def is_on(viewer: Viewer, kind: Kind) -> bool:
    """Say whether the kind proposes something now; costs no statement."""
    if kind.guess is None:
        return False
    model = model_of(viewer.office_id, kind)
    return isinstance(model, learning.Model) and not _weak(model)


def standing(viewer: Viewer, kind: Kind) -> Standing:
    """Return how learning stands, for those who look after packs."""
    found = model_of(viewer.office_id, kind)
    off = off_because(viewer, kind, found)
    if not isinstance(found, learning.Model):
        return Standing(kind, off, None, None, (), ())
    told = found.measures
    keys = [*told.classes, *told.left_out]
    titles = {p.key: p.title for p in _titled(viewer, kind, [(k, 0.0) for k in keys])}
    classes = [(titles.get(k, k), c[0], c[1], c[2]) for k, c in told.classes.items()]
    left_out = tuple((titles.get(k, k), n) for k, n in told.left_out.items())
    ordered = tuple(sorted(classes, key=lambda c: (-c[1], c[0])))
    return Standing(kind, off, told, _moment(found), ordered, left_out)


def off_because(
    viewer: Viewer, kind: Kind, model: "learning.Model | learning.BadModel | None"
) -> str:
    """Return why nothing is proposed, as a sentence; blank when proposing is on."""
    if isinstance(model, learning.Model):
        weak = _("训练过，但不比总猜最多的一类准，先不推荐。件数多了再训练。")
        return weak if _weak(model) else ""
    missing = learning.shortage(counts(viewer, kind))
    if missing:
        return told_missing(missing)
    if model is not None:
        return _("训练结果的文件坏了，没有用它。请点“重新训练”。")
    return _("件数够了，还没有训练。系统每天训练一次。")


def told_missing(missing: learning.Shortage) -> str:
    """Return what is missing as a sentence."""
    if missing.cases:
        return _("还差{n}件才能推荐：要{least}件派出或办结的，现在{now}件。").format(
            n=missing.cases, least=learning.LEAST_CASES, now=missing.counted
        )
    return _("还差{n}类才能推荐：要{least}类，每类至少{each}件。").format(
        n=missing.classes, least=learning.LEAST_CLASSES, each=learning.LEAST_EACH
    )


def _weak(model: learning.Model) -> bool:
    return model.measures.accuracy <= model.measures.largest


def cases(viewer: Viewer, kind: Kind) -> "QuerySet[Matter]":
    """Return the cases that are learned from: the office's own, sorted and sent on.

    Those of all its units count, whoever asks; what is withdrawn, carried by another case, or
    still waits in its first state does not.
    """
    name = guess_of(kind).field
    start = rules.start(flow_of(kind))
    rows = Matter.objects.for_system("the office learns from all its own cases").filter(
        office_id=viewer.office_id, kind=kind.name, withdrawn_at=None, merged_into=None
    )
    found: QuerySet[Matter] = rows.filter(~Q(state=start) | Q(closed_on__isnull=False)).filter(
        **{f"data__{name}__isnull": False}
    )
    return found


def counts(viewer: Viewer, kind: Kind) -> Counter[str]:
    """Return how many cases there are of each value: one statement."""
    label = KT(f"data__{guess_of(kind).field}")
    rows = cases(viewer, kind).order_by().values(label=label).annotate(n=Count("id"))
    return Counter({str(row["label"]): row["n"] for row in rows if row["label"]})


def learned_from(viewer: Viewer, kind: Kind) -> tuple[list[str], list[str]]:
    """Return texts and labels of the newest cases, oldest first; only masked words leave."""
    name = guess_of(kind).field
    newest = cases(viewer, kind).order_by("-id").values_list("data", flat=True)
    texts, labels = [], []
    for data in reversed(list(newest[: learning.MOST_CASES])):
        text, label = words_of(kind, data), str(data.get(name) or "")
        if text and label:
            texts.append(text)
            labels.append(label)
    return texts, labels


def words_of(kind: Kind, values: Mapping[str, Any]) -> str:
    """Return the words that are read, without the people in them."""
    parts = []
    for name in guess_of(kind).text:
        spec, value = kind.fields[name], values.get(name)
        if spec.party or spec.type in fields.PERSONAL:
            continue
        said = value.get("text") if isinstance(value, dict) else value
        parts.append(said if isinstance(said, str) else "")
    return apart.without("\n".join(filter(None, parts))).strip()


def due(viewer: Viewer, kind: Kind, at: datetime) -> bool:
    """Say whether enough is new to learn again; at most once a day."""
    model = model_of(viewer.office_id, kind)
    now = counts(viewer, kind)
    if learning.shortage(now):
        return False
    if not isinstance(model, learning.Model):
        return True
    if clock.day_of(_moment(model)) >= clock.day_of(at):
        return False
    before = int(model.about.get("counted", 0))
    new = now.total() - before
    return new >= NEW_CASES or new >= NEW_SHARE * before > 0


def path_of(office_id: int, kind: str) -> Path:
    """Return where what was learned for an office and a kind is kept."""
    return Path(settings.HOME) / "models" / str(office_id) / f"{kind}.model"


def wish_of(file: Path) -> Path:
    """Return the mark that somebody asked to learn again."""
    return file.with_suffix(".wanted")


def key() -> bytes:
    """Return the key of the seals of what was learned."""
    return b"learned:" + settings.SECRET_KEY.encode()


#: A look costs one question to the file system, so that a new model holds at once.
_kept: Kept[str, "learning.Model | learning.BadModel"] = Kept(seconds=0)


def model_of(office_id: int, kind: Kind) -> "learning.Model | learning.BadModel | None":
    """Return what was learned: None when nothing was, `BadModel` when it may not be used."""
    file = path_of(office_id, kind.name)
    try:
        seen = file.stat()
    except OSError:
        return None
    found = _kept.get(
        str(file), lambda: (seen.st_mtime_ns, seen.st_size, seen.st_ino), lambda: _read(file)
    )
    if isinstance(found, learning.Model) and found.about.get("guess") != told(office_id, kind):
        return None
    return found


def told(office_id: int, kind: Kind) -> str:
    """Return what a model has to be about to be used for an office and a kind."""
    guess = guess_of(kind)
    return f"{office_id} {kind.name}: {guess.field} of {', '.join(guess.text)}"


def _read(file: Path) -> "learning.Model | learning.BadModel":
    try:
        if file.stat().st_size > MOST_BYTES:
            return learning.BadModel("too large")
        return learning.unpacked(learning.unsealed(file.read_bytes(), key()))
    except (learning.BadModel, OSError) as bad:
        _log.warning("%s is not used: %s", file.name, bad)
        return bad if isinstance(bad, learning.BadModel) else learning.BadModel(str(bad))


def _moment(model: learning.Model) -> datetime:
    return datetime.fromisoformat(str(model.about["trained_at"]))


def _titled(viewer: Viewer, kind: Kind, likely: list[tuple[str, float]]) -> list[Proposal]:
    """Return what the viewer may be told: options that still exist, records that they see."""
    spec = kind.fields[guess_of(kind).field]
    if spec.type == "choice":
        options = wording.options(spec)
        return [Proposal(k, options[k], share, k) for k, share in likely if k in options]
    to = str(spec.to)
    ids = {int(k) for k, _share in likely if k.isdecimal()}
    links = display.links_of(viewer, [(to, i) for i in ids])
    found = []
    for label, share in likely:
        link = links.get((to, int(label))) if label.isdecimal() else None
        if link is not None:
            found.append(Proposal(label, link.title, share, link.writing))
    return found
