"""What an import would do and did, in numbers and in a sentence."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.records import shapes, wording
from jiezhen.records.models import Batch, StagedRow

STATES = ("new", "update", "same", "bad", "maybe", "skipped", "created", "updated")


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a batch by what they are. `before` is the number of records before it."""

    rows: int = 0
    checked: int = 0
    new: int = 0
    update: int = 0
    same: int = 0
    bad: int = 0
    maybe: int = 0
    skipped: int = 0
    created: int = 0
    updated: int = 0
    before: int = 0

    @property
    def good(self) -> int:
        """Return the rows that can be written, those among them that change nothing too."""
        return self.new + self.update + self.same

    @property
    def ready(self) -> int:
        """Return the rows that writing would change something by."""
        return self.new + self.update


def counts_of(batch: Batch) -> Counts:
    """Return the counts of a batch as they were last taken."""
    return Counts(**{k: v for k, v in batch.counts.items() if k in Counts.__slots__})


def recount(viewer: Viewer, batch: Batch) -> None:
    """Count the rows of a batch by state; the caller saves."""
    rows = StagedRow.objects.filter(batch=batch)
    found: dict[str, Any] = dict(rows.values_list("state").annotate(Count("id")))
    batch.counts |= {state: found.get(state, 0) for state in STATES}
    if batch.committed_at is None:
        batch.counts["before"] = active(viewer, batch.kind)


def active(viewer: Viewer, kind: str) -> int:
    """Return how many records of a kind the viewer sees; withdrawn ones do not count."""
    spec = shapes.kind_of(kind)
    rows = shapes.model_of(kind).objects.seen_by(viewer, "see", kind, spec.sensitivity)
    return int(rows.filter(kind=kind, withdrawn_at=None).count())


def effect(batch: Batch) -> str:
    """Return what writing would do: the count before and after, new and changed rows."""
    counts, title = counts_of(batch), wording.title(shapes.kind_of(batch.kind))
    if not counts.ready:
        return _("{title}不会有变化，现有{before}条。").format(title=title, before=counts.before)
    return _("{title}将从{before}条变为{after}条（新增{new}条，更新{update}条）。").format(
        title=title, before=counts.before, after=counts.before + counts.new,
        new=counts.new, update=counts.update,
    )  # fmt: skip


def done(batch: Batch) -> str:
    """Return what was written, or that it was taken back."""
    counts = counts_of(batch)
    if batch.state == "taken_back":
        return _("已整批撤回。")
    return _("已导入：新增{created}条，更新{updated}条。").format(
        created=counts.created, updated=counts.updated
    )
