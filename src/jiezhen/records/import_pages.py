"""What the pages of an import show: steps, counts, faulty cells with their cures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import shapes, wording
from jiezhen.records.imports import staging, stored, undoing
from jiezhen.records.imports.summary import Counts, counts_of, done, effect
from jiezhen.records.imports.targets import STATE, UNIT, targets
from jiezhen.records.models import Batch, StagedRow
from jiezhen.trail import once
from jiezhen.units import queries as unit_queries
from jiezhen.web import components as web
from jiezhen.web import formats

#: Faulty rows on one page.
PAGE = 50
_STEPS = (
    gettext_noop("选文件"), gettext_noop("对列"), gettext_noop("检查"), gettext_noop("完成"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the wizard: its name, whether it is done or the present one."""

    number: int
    title: str
    done: bool
    current: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One fault: where, what stands there, what may stand there instead, and why.

    `options` make a list of values, `choices` the answers to a possible double. Each form
    has a nonce of its own, because several are sent from one page.
    """

    number: int
    column: int
    title: str
    now: str
    why: str
    near: str
    nonce: str
    options: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    first: bool = False
    lines: int = 1
    editable: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """All faults of one row; its part of the page is exchanged alone."""

    number: int
    lines: tuple[Line, ...]
    mended: str = ""


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column of the file: its heading, some of its cells, and what it may mean."""

    index: int
    title: str
    samples: str
    target: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every step of one import."""

    batch: Batch
    kind_title: str
    counts: Counts
    effect: str
    steps: tuple[Step, ...]
    unused: str
    said: str
    sheet: str


def head(batch: Batch, step: int) -> Head:
    """Return the head of a batch at a step from 1 to 4."""
    kind = shapes.kind_of(batch.kind)
    counts = counts_of(batch)
    used = staging.match_of(batch)
    titles = [t for c, t in enumerate(batch.columns["titles"]) if t and c not in used]
    said = done(batch) if batch.committed_at else ""
    ready = batch.state in ("checked", "committed")
    text = effect(batch) if ready else ""
    return Head(
        batch, wording.title(kind), counts, text, steps(batch, step), "、".join(titles), said,
        batch.sheet,
    )  # fmt: skip


def steps(batch: Batch | None, current: int) -> tuple[Step, ...]:
    """Return the four steps; columns can be opened again until rows are written."""
    again = batch is not None and batch.state in ("checking", "checked")
    hrefs = {2: f"/imports/{batch.pk}/columns"} if again and batch is not None else {}
    return tuple(
        Step(n, _(title), n < current, n == current, hrefs.get(n, "") if n != current else "")
        for n, title in enumerate(_STEPS, 1)
    )


def groups(
    viewer: Viewer, batch: Batch, *, after: int = 0, most: int = PAGE
) -> tuple[list[Group], int]:
    """Return the faulty rows behind a row number, and the number that the next page begins after.

    Zero means that there is no next page.
    """
    rows = StagedRow.objects.filter(batch=batch, state__in=("bad", "maybe"), number__gt=after)
    found = list(rows.order_by("number")[: most + 1])
    following = found[most - 1].number if len(found) > most else 0
    made = _Lines(viewer, batch)
    return [made.group(row) for row in found[:most]], following


def group_of(viewer: Viewer, batch: Batch, number: int) -> Group:
    """Return one row's faults; a row without any says what became of it."""
    row = StagedRow.objects.get(batch=batch, number=number)
    return _Lines(viewer, batch).group(row)


class _Lines:
    """Makes the lines of one batch; lists of values are looked up once."""

    def __init__(self, viewer: Viewer, batch: Batch) -> None:
        self.batch, self.kind = batch, shapes.kind_of(batch.kind)
        self.titles: Sequence[str] = batch.columns["titles"]
        self.match = staging.match_of(batch)
        self.targets = targets(self.kind)
        units = unit_queries.units_of(viewer, right="change")
        self.units = tuple(u.title for u in units if u.valid_until is None)

    def group(self, row: StagedRow) -> Group:
        """Return the faults of a row."""
        if row.state not in ("bad", "maybe"):
            return Group(row.number, (), _mended(row))
        cells = stored.open_cells(self.kind, row.cells)
        told = row.problems
        lines = [
            self._line(row, cells, problem, first=n == 0, count=len(told))
            for n, problem in enumerate(told)
        ]
        return Group(row.number, tuple(lines))

    def _line(
        self, row: StagedRow, cells: list[Any], told: dict[str, Any], *, first: bool, count: int
    ) -> Line:
        column, target = told["column"], told["target"]
        title = self.titles[column] if 0 <= column < len(self.titles) else ""
        if not title and target in self.targets:
            title = self.targets[target].title
        now = str(cells[column]) if 0 <= column < len(cells) else ""
        choices = self._choices(row) if row.state == "maybe" else ()
        return Line(
            row.number, column, title, self._covered(target, now), told["message"],
            told.get("near", ""), once.fresh(), self._options(target, told.get("near", "")),
            choices, first, count, editable=column >= 0 and not choices,
        )  # fmt: skip

    def _covered(self, target: str, now: str) -> str:
        """Return a cell's text; of an id number only its last four characters."""
        field = self.kind.fields.get(target)
        if field is not None and field.type == "id_number" and len(now) > 4:
            return "*" * (len(now) - 4) + now[-4:]
        return now

    def _options(self, target: str, near: str) -> tuple[str, ...]:
        field, flow = self.kind.fields.get(target), self.kind.flow_spec
        if target == UNIT:
            # A unit may be named otherwise; the name that was meant stays in the list.
            more = (near,) if near and near not in self.units else ()
            return more + self.units
        if target == STATE and flow:
            return tuple(state.title for state in flow.states.values())
        if field is not None and field.type == "flag":
            return ("是", "否")
        return tuple(field.options.values()) if field is not None else ()

    def _choices(self, row: StagedRow) -> tuple[tuple[str, str], ...]:
        other = row.values.get("other", {})
        if "row" in other:
            use = _("用这一行，不用第{n}行").format(n=other["row"])
            return (("merge", use), ("skip", _("跳过这一行")))
        return (("merge", _("合并")), ("new", _("新增")), ("skip", _("跳过")))


def _mended(row: StagedRow) -> str:
    return {
        "new": _("可以导入，会新增。"), "update": _("可以导入，会更新已有的一条。"),
        "same": _("与已有的一条相同，不用导入。"), "skipped": _("不导入这一行。"),
    }.get(row.state, _("已经导入。"))  # fmt: skip


def column_lines(batch: Batch) -> list[ColumnLine]:
    """Return the columns of a file with samples; cells of a kind with id numbers stay shut."""
    kind = shapes.kind_of(batch.kind)
    rows = list(StagedRow.objects.filter(batch=batch).order_by("number")[:3])
    match = staging.match_of(batch)
    cells = [] if stored.secret(kind) else [stored.open_cells(kind, r.cells) for r in rows]
    found = []
    for index, title in enumerate(batch.columns["titles"]):
        samples = [str(row[index]) for row in cells if index < len(row) and row[index] != ""]
        target = match.get(index, "")
        if title or samples:
            found.append(ColumnLine(index, title, "、".join(samples)[:60], target))
    return found


def target_options(kind: Kind) -> list[tuple[str, str]]:
    """Return what a column may mean, for the lists of the page."""
    return [
        (t.name, t.title + (_("（必填）") if t.required else "")) for t in targets(kind).values()
    ]


def table_of(viewer: Viewer, batches: Sequence[Batch], at: datetime) -> web.Table:
    """Return past imports as a table."""
    columns = (
        web.Column(_("文件")), web.Column(_("导入什么")), web.Column(_("时间")),
        web.Column(_("谁")), web.Column(_("结果")),
    )  # fmt: skip
    rows = [
        web.Row(
            (
                web.Cell(text=batch.file or f"#{batch.pk}", href=f"/imports/{batch.pk}"),
                wording.title(shapes.kind_of(batch.kind)),
                formats.moment(batch.created_at),
                str(batch.created_by or _("系统")),
                _result(batch, at),
            )
        )
        for batch in batches
    ]
    return web.Table(_("导入记录"), columns, tuple(rows))


def _result(batch: Batch, at: datetime) -> str:
    if batch.committed_at:
        return done(batch) + ("" if not undoing.may_take_back(batch, at) else _("可撤回。"))
    return {
        "matching": _("等着对列"), "checking": _("正在检查"), "checked": _("检查完，还没导入"),
    }.get(batch.state, "")  # fmt: skip
