"""任务督办: the list with its lights, the chosen row, a new task, 催办."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiezhen.packs.registry import catalogue
from jiezhen.people.access import Viewer
from jiezhen.plans import forms
from jiezhen.plans.operations import notices
from jiezhen.plans.operations import tasks as operations
from jiezhen.plans.queries import listing as queries
from jiezhen.plans.queries import reminders, scope, timeline
from jiezhen.plans.queries.board import TaskRow
from jiezhen.plans.queries.listing import DUES, Listing, Query
from jiezhen.plans.rules import lights
from jiezhen.plans.views import shared
from jiezhen.records import wording
from jiezhen.records.operations import Refused
from jiezhen.trail.once import once
from jiezhen.units.queries import UnitRow
from jiezhen.web.components import (
    Action,
    Cell,
    Chip,
    Choice,
    Column,
    Crumb,
    Folded,
    Group,
    Lamp,
    Pager,
    Row,
    Table,
)
from jiezhen.web.components import Problem as Wrong
from jiezhen.web.formats import ago, day_near
from jiezhen.web.pages import StaffRequest, render, staff

if TYPE_CHECKING:
    from jiezhen.plans.models import Task

PAGE = 100
#: The filters of the address that are chips.
FILTERS = ("lead", "from", "due")


@dataclass(frozen=True, slots=True)
class Nothing:
    """What stands where the table would: what is missing, why, and the next step."""

    title: str
    why: str
    action: Action


@dataclass(frozen=True, slots=True)
class Context:
    """What the list's template is given."""

    title: str
    tabs: tuple[Choice, ...]
    scope: tuple[Chip, ...]
    folded: Folded
    table: Table
    actions: tuple[Action, ...]
    row: TaskRow | None
    may_work: bool
    may_confirm: bool
    pager: Pager | None
    here: str
    nothing: Nothing


@staff
@require_GET
def listing(request: StaffRequest) -> HttpResponse:
    """List the supervised tasks; `?lamp=red&lead=fwb&from=12&due=month`, `&task=` chooses one."""
    shared.need_read(request.viewer)
    query = Query.read(request.GET.dict())
    found = queries.listing(request.viewer, query, request.at)
    page = _page(request, len(found.rows))
    rows = found.rows[(page - 1) * PAGE : page * PAGE]
    codes = [r.code for r in rows]
    wanted = request.GET.get("task", "")
    code = wanted if wanted in codes else (codes[0] if codes else "")
    may_confirm = request.viewer.may("plans.confirm")
    row = next((r for r in rows if r.code == code), None)
    address = query.address()
    chips = _chips(found)
    context = Context(
        title=_("任务督办"),
        tabs=_tabs(found),
        scope=chips,
        folded=Folded.of(chips, f"/tasks?{query.address(**dict.fromkeys(FILTERS, ''))}"),
        table=_table(request, rows, query, code, selectable=may_confirm),
        actions=_actions(address, may_confirm=may_confirm),
        row=row,
        may_work=row is not None and _may_work(request, row),
        may_confirm=may_confirm,
        here=request.get_full_path(),
        pager=_pager(query, page, len(found.rows)),
        nothing=_nothing(found),
    )
    return render(request, "plans/tasks.html", context)


@staff
@require_GET
def detail(request: StaffRequest, code: str) -> HttpResponse:
    """Show the arithmetic of one light and what the lead unit says: a part of the list."""
    shared.need_read(request.viewer)
    if not shared.by_htmx(request):
        return HttpResponseRedirect(f"/tasks?task={code}")
    whole = shared.found(timeline.whole, request.viewer, code, request.at)
    return render(
        request,
        "plans/parts/task_detail.html",
        {
            "row": whole.row,
            "may_work": whole.may_work,
            "may_confirm": request.viewer.may("plans.confirm"),
        },
    )


def _may_work(request: StaffRequest, row: TaskRow) -> bool:
    return scope.may_work(request.viewer, row.lead_path, row.owner_id)


@staff
@once
def new(request: StaffRequest) -> HttpResponse:
    """Make a task that no document promised."""
    shared.need(request.viewer, "plans.confirm")
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        task = _written(request, form, operations.create)
        if task is not None:
            messages.success(request, _("已建任务，编号{code}。").format(code=task.code))
            return HttpResponseRedirect(f"/tasks/{task.code}")
    return _form_page(request, form, _("新建任务"), _("建任务"), "/tasks")


@staff
@once
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Change a task that no document promised; its nodes are changed on its own page."""
    shared.need(request.viewer, "plans.confirm")
    task = shared.found(scope.task_for, request.viewer, code)
    form = _form(request, task)
    if request.method == "POST" and form.is_valid():

        def replan(viewer: Viewer, free: operations.Free, at: datetime) -> "Task":
            return operations.replan(viewer, code, free, at)

        if _written(request, form, replan) is not None:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(f"/tasks/{code}")
    return _form_page(
        request, form, _("改任务 {code}").format(code=code), _("保存"), f"/tasks/{code}"
    )


def _form(request: StaffRequest, task: "Task | None") -> forms.NewTask:
    named = [(k, f"{wording.title(s)}（{s.unit}）") for k, s in catalogue().indicators.items()]
    initial = (
        None
        if task is None
        else {
            "title": task.title,
            "lead": task.lead.code,
            "owner": task.owner_id,
            "starts_on": task.starts_on.isoformat(),
            "due_on": task.due_on.isoformat(),
            "target": lights.amount(task.target, task.unit) if task.target is not None else "",
            "indicator": task.indicator,
        }
    )
    form = forms.NewTask(
        request.POST or None,
        initial=initial,
        leads=[(u.code, u.title) for u in scope.leads(request.viewer)],
        people=[(p.id, p.name) for p in scope.people(request.viewer)],
        indicators=sorted(named, key=lambda n: n[1]),
    )
    if task is not None:
        del form.fields["milestones"]
    return form


def _written(
    request: StaffRequest, form: forms.NewTask, work: Callable[..., "Task"]
) -> "Task | None":
    """Carry out an operation with the form; None when it was refused and the form says why."""
    free = _free(form, scope.leads(request.viewer))
    try:
        return shared.carried_out(work, request.viewer, free, request.at)
    except Refused as refused:
        for problem in refused.problems:
            form.add_error(problem.field or None, problem.message)
        return None


def _form_page(
    request: StaffRequest, form: forms.NewTask, title: str, submit: str, back: str
) -> HttpResponse:
    return render(
        request,
        "plans/new_task.html",
        {
            "title": title,
            "form": form,
            "submit": submit,
            "back_href": back,
            "crumbs": (Crumb(_("任务督办"), "/tasks"), Crumb(title)),
        },
        status=422 if form.errors else 200,
    )


def _free(form: forms.NewTask, leads: list[UnitRow]) -> operations.Free:
    given = form.cleaned_data
    target, unit = given["target"] or (None, "")
    return operations.Free(
        title=given["title"],
        lead=next(u for u in leads if u.code == given["lead"]),
        due_on=given["due_on"],
        starts_on=given["starts_on"],
        owner_id=given["owner"],
        target=target,
        unit=unit,
        indicator=given["indicator"],
        milestones=given.get("milestones", ()),
    )


@staff
@once
def remind(request: StaffRequest) -> HttpResponse:
    """Preview one message per unit for the chosen tasks; send them."""
    shared.need(request.viewer, "plans.confirm")
    given = request.POST if request.method == "POST" else request.GET
    codes = given.getlist("selected")
    if request.method == "POST":
        texts = {
            n: str(v)
            for k, v in request.POST.items()
            if k.startswith("text_") and (n := shared.whole(k[5:]))
        }
        try:
            sent = shared.carried_out(notices.remind, request.viewer, codes, texts, request.at)
        except Refused as refused:
            return _preview(request, codes, refused, 422)
        messages.success(request, _("发出催办{n}份。").format(n=len(sent)))
        return HttpResponseRedirect("/tasks")
    return _preview(request, codes)


def _preview(
    request: StaffRequest, codes: list[str], refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    drafts = reminders.preview(request.viewer, codes, request.at)
    return render(
        request,
        "plans/remind.html",
        {
            "title": _("催办预览"),
            "drafts": drafts,
            "crumbs": (Crumb(_("任务督办"), "/tasks"), Crumb(_("催办预览"))),
            "problems": [Wrong("", p.message) for p in refused.problems] if refused else (),
        },
        status=status,
    )


@staff
@require_GET
def notices_page(request: StaffRequest) -> HttpResponse:
    """Show the latest messages to the viewer's unit: what was assigned, what was reminded of."""
    shared.need_read(request.viewer)
    return render(
        request,
        "plans/notices.html",
        {
            "title": _("催办和通知"),
            "notices": reminders.notices_for(request.viewer, 50),
            "crumbs": (Crumb(_("任务督办"), "/tasks"), Crumb(_("催办和通知"))),
        },
    )


def _page(request: StaffRequest, total: int) -> int:
    pages = max(1, -(-total // PAGE))
    return min(max(shared.whole(request.GET.get("page", ""), 1), 1), pages)


def _pager(query: Query, page: int, total: int) -> Pager | None:
    if total <= PAGE:
        return None
    return Pager(
        (page - 1) * PAGE + 1,
        min(page * PAGE, total),
        total,
        _("项"),
        f"/tasks?{query.address(page=str(page - 1))}" if page > 1 else "",
        f"/tasks?{query.address(page=str(page + 1))}" if page * PAGE < total else "",
    )


def _tabs(found: Listing) -> tuple[Choice, ...]:
    query = found.query
    made = [
        Choice(
            _("全部"), f"/tasks?{query.address(lamp='')}", found.count(""), current=not query.lamp
        )
    ]
    for colour in lights.COLOURS:
        count = found.count(colour)
        word = shared.words((r.light for r in found.pool), colour)
        made.append(
            Choice(
                word,
                f"/tasks?{query.address(lamp=colour)}",
                count,
                current=query.lamp == colour,
                lamp=Lamp(colour, word),
            )
        )
    return tuple(made)


def _chips(found: Listing) -> tuple[Chip, ...]:
    query = found.query
    dues = [(name, str(_(title))) for name, title in DUES.items()]
    return (
        _chip(query, "lead", _("牵头"), found.leads),
        _chip(query, "from", _("来源"), found.sources),
        _chip(query, "due", _("期限"), dues),
    )


def _chip(query: Query, name: str, label: str, offered: Iterable[tuple[str, str]]) -> Chip:
    """Return the chip of one filter: everything, or one of what is offered."""
    now = {"lead": query.lead, "from": query.source, "due": query.due}[name]
    titles = {"": str(_("全部"))} | dict(offered)
    return Chip(
        titles.get(now, titles[""]),
        label,
        choices=tuple(
            Choice(title, f"/tasks?{query.address(**{name: value})}", current=value == now)
            for value, title in titles.items()
        ),
        clear=f"/tasks?{query.address(**{name: ''})}" if now and now in titles else "",
    )


def _actions(address: str, *, may_confirm: bool) -> tuple[Action, ...]:
    made = [
        Action(_("催办和通知"), "/tasks/notices"),
        Action(_("导出Excel"), f"/tasks.xlsx?{address}"),
    ]
    if may_confirm:
        made.insert(0, Action(_("新建任务"), "/tasks/new"))
    return tuple(made)


def _table(
    request: StaffRequest,
    rows: tuple[TaskRow, ...],
    query: Query,
    code: str,
    *,
    selectable: bool,
) -> Table:
    columns = (
        Column(_("任务")),
        Column(_("牵头")),
        Column(_("进度（竖线为序时）")),
        Column(_("灯")),
        Column(_("期限")),
        Column(_("最近进展")),
    )
    made = []
    for row in rows:
        link = format_html(
            '<a href="/tasks?{0}" hx-get="/tasks/{1}/row" hx-target="#detail"'
            ' hx-replace-url="/tasks?{0}">{2}</a>',
            query.address(task=row.code),
            row.code,
            row.title,
        )
        made.append(
            Row(
                (
                    Cell(markup=link),
                    row.lead,
                    _progress(row),
                    Cell(
                        lamp=shared.lamp(row.progress),
                        note=_("人工调整") if row.light.by_hand else "",
                    ),
                    day_near(row.due_on, request.at),
                    Cell(text=ago(row.progressed_at, request.at))
                    if row.progressed_at
                    else Cell(why=_("还没有进展")),
                ),
                key=row.code,
                label=row.title,
                current=row.code == code,
                mark=row.code,
            )
        )
    return Table(
        _("任务"),
        columns,
        tuple(made),
        selectable=selectable,
        groups=_groups(rows, code) if not query.lamp else (),
    )


def _groups(rows: tuple[TaskRow, ...], code: str) -> tuple[Group, ...]:
    """Return the colours that a phone folds the list by, red first as the rows are."""
    made = []
    for colour, same in groupby(rows, key=lambda r: r.light.colour):
        some = list(same)
        word = shared.words((r.light for r in some), colour)
        made.append(
            Group(
                word,
                len(some),
                _("{n}项").format(n=len(some)),
                lamp=Lamp(colour, word),
                open=colour == "red" or any(r.code == code for r in some),
            )
        )
    # 我的任务 are in another order: a colour that comes twice is no group.
    return tuple(made) if len({g.lamp for g in made}) == len(made) > 1 else ()


def _progress(row: TaskRow) -> Cell:
    bar = shared.bar_of(row.progress)
    if bar is not None:
        note = f"{row.progress.done} / {row.target} {row.progress.note}".strip()
        return Cell(bar=bar, note=note)
    if row.said:
        return Cell(text=row.said)
    return Cell(why=_("还没有关联记录")) if row.target else Cell(text=_("没有数字"))


def _nothing(found: Listing) -> Nothing:
    if found.board.rows:
        return Nothing(
            _("没有符合条件的任务。"), _("换个条件看看？"), Action(_("看全部"), "/tasks")
        )
    return Nothing(
        _("还没有任务。"),
        _("传一份计划，确认承诺并指定牵头，任务就有了。"),
        Action(_("传计划"), "/plans"),
    )
