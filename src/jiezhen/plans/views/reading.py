"""计划阅读: the text on the left, its commitments on the right, one chosen."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from jiezhen.kernel.periods import Period
from jiezhen.plans import forms
from jiezhen.plans.operations import commitments, versions
from jiezhen.plans.queries import reading, scope
from jiezhen.plans.queries.reading import Line, Page
from jiezhen.plans.views import shared
from jiezhen.records import wording
from jiezhen.records.operations import Problem, Refused
from jiezhen.trail.once import once
from jiezhen.units.queries import UnitRow
from jiezhen.web.components import Cell, Column, Crumb, Row, Table, Undo
from jiezhen.web.components import Problem as Wrong
from jiezhen.web.pages import StaffRequest, render, staff

STATES = {"confirmed": "已确认", "proposed": "待确认", "ignored": "说明性"}
#: How firmly a commitment is put; the reading writes the word.
STRENGTHS = (gettext_noop("必成"), gettext_noop("力争"), gettext_noop("推进"))


@dataclass(frozen=True, slots=True)
class Context:
    """What the templates of this page are given."""

    title: str
    crumbs: tuple[Crumb, ...]
    page: Page
    here: str
    table: Table
    line: Line | None
    state: str
    links: reading.Links | None
    leads: list[UnitRow]
    people: list[scope.Person]
    chosen: dict[str, str]
    periods: tuple[tuple[str, str], ...]
    may_edit: bool
    may_confirm: bool
    problems: tuple[Wrong, ...]
    wrong: dict[str, str]
    undo: Undo | None
    announce: str
    file_href: str
    has_changes: bool


@staff
@require_GET
def document(request: StaffRequest, year: int, ident: int) -> HttpResponse:
    """Show a document with its commitments; `?c=14` chooses one, `?joined=1` joins lines.

    Choosing a row asks for this address, too, and needs the panel of the row alone.
    """
    shared.need_read(request.viewer)
    context = _context(request, year, ident, _number(request))
    alone = shared.by_htmx(request) and request.headers.get("HX-Target") == "detail"
    return render(request, f"plans/{'parts/chosen' if alone else 'reading'}.html", context)


@staff
@require_POST
@once
def act(request: StaffRequest, year: int, ident: int, number: int, deed: str) -> HttpResponse:
    """Do one thing with one commitment, and show what comes next."""
    shared.need_read(request.viewer)
    shared.found(scope.document_for, request.viewer, year, ident)
    form = forms.Choose(request.POST)
    try:
        said = _carry_out(request, ident, number, deed, form)
    except Refused as refused:
        return _refused(request, year, ident, number, refused.problems)
    return _after(request, year, ident, number, deed, said)


@staff
@require_POST
@once
def bulk(request: StaffRequest, year: int, ident: int) -> HttpResponse:
    """Confirm the ticked rows that were read with high confidence, or give them all one lead."""
    shared.need_read(request.viewer)
    shared.found(scope.document_for, request.viewer, year, ident)
    numbers = [n for t in request.POST.getlist("selected") if (n := shared.whole(t))]
    back = f"/plans/{year}/docs/{ident}"
    if not numbers:
        messages.warning(request, _("请先在右边选中几条。"))
        return HttpResponseRedirect(back)
    if request.POST.get("do") == "assign":
        said = _assign_many(request, ident, numbers)
    else:
        done = shared.carried_out(
            commitments.confirm_sure, request.viewer, ident, numbers, request.at
        )
        said = _("确认了{n}条。").format(n=done)
        if done < len(numbers):
            said += _("其余{n}条把握不大或已处理，请逐条看。").format(n=len(numbers) - done)
    messages.success(request, said)
    return HttpResponseRedirect(back)


@staff
@once
def links(request: StaffRequest, year: int, ident: int) -> HttpResponse:
    """Link many rows at once: each pair of words and indicator is shown and ticked first."""
    shared.need_read(request.viewer)
    shared.need(request.viewer, "plans.edit", "plans.confirm")
    document = shared.found(scope.document_for, request.viewer, year, ident)
    here = f"/plans/{year}/docs/{ident}"
    if request.method == "POST":
        chosen = [c.split(":", 1) for c in request.POST.getlist("selected") if ":" in c]
        for number, indicator in chosen:
            shared.carried_out(
                commitments.link,
                request.viewer,
                ident,
                shared.whole(number),
                indicator,
                request.at,
            )
        messages.success(request, _("关联了{n}条。").format(n=len(chosen)))
        return HttpResponseRedirect(here)
    page = reading.page(request.viewer, document, request.at, None)
    return render(
        request,
        "plans/links.html",
        {
            "title": _("成批关联：{title}").format(title=document.title),
            "here": here,
            "offers": reading.offers(page),
            "crumbs": (
                Crumb(_("计划"), "/plans"),
                Crumb(document.title, here),
                Crumb(_("成批关联")),
            ),
        },
    )


def _assign_many(request: StaffRequest, ident: int, numbers: list[int]) -> str:
    lead = request.POST.get("lead", "")
    for number in numbers:
        line = shared.found(scope.commitment_for, request.viewer, ident, number)
        choice = commitments.Choice(
            lead=lead,
            owner_id=line.owner_id,
            indicator=line.indicator,
            scope=line.scope,
            period=line.period,
        )
        shared.carried_out(commitments.assign, request.viewer, ident, number, choice, request.at)
    return _("{n}条指定了牵头。").format(n=len(numbers))


def _carry_out(
    request: StaffRequest, ident: int, number: int, deed: str, form: forms.Choose
) -> str:
    """Carry out what a button stands for, and return what was done in words."""
    if deed in ("confirm", "assign") and not form.is_valid():
        raise Refused(*(Problem(f, str(e[0])) for f, e in form.errors.items()))
    viewer, at = request.viewer, request.at
    given = form.cleaned_data if form.is_valid() else {}
    choice = commitments.Choice(
        lead=given.get("lead", ""),
        owner_id=given.get("owner"),
        due_on=given.get("due_on"),
        indicator=given.get("indicator", ""),
        period=given.get("period", ""),
    )
    match deed:
        case "confirm":
            chosen = choice if "lead" in request.POST else None
            shared.carried_out(commitments.confirm, viewer, ident, number, at, chosen)
            return _("已确认第{n}条。").format(n=number)
        case "assign":
            shared.carried_out(commitments.assign, viewer, ident, number, choice, at)
            return _("第{n}条已保存。").format(n=number)
        case "split":
            made = shared.carried_out(commitments.split, viewer, ident, number, at)
            return _("拆成了{n}条。").format(n=len(made))
    simple = {
        "unconfirm": (commitments.unconfirm, _("第{n}条回到待确认。")),
        "ignore": (commitments.ignore, _("第{n}条不是承诺。")),
        "restore": (commitments.restore, _("第{n}条恢复了。")),
        "merge": (commitments.merge, _("第{n}条并到了上一条。")),
        "accept": (versions.accept, _("第{n}条采用了新的说法。")),
    }
    if deed not in simple:
        raise Http404(deed)
    operation, words = simple[deed]
    shared.carried_out(operation, viewer, ident, number, at)
    return words.format(n=number)


_BACK = {"confirm": "unconfirm", "ignore": "restore", "merge": "restore"}


def _after(
    request: StaffRequest, year: int, ident: int, number: int, deed: str, said: str
) -> HttpResponse:
    here = f"/plans/{year}/docs/{ident}"
    context = _context(request, year, ident, number, announce=said)
    chosen = number
    if deed in ("confirm", "ignore") and context.page.next_open is not None:
        chosen = context.page.next_open
    elif deed == "merge" and context.line is not None:
        chosen = context.line.number
    undo = None
    if deed in _BACK:
        undo = Undo(said, f"{here}/rows/{number}/{_BACK[deed]}", label=_("撤回"))
    if not shared.by_htmx(request):
        messages.success(request, said)
        return HttpResponseRedirect(f"{here}?c={chosen}{_joined(request)}")
    context = _context(request, year, ident, chosen, announce=said, undo=undo)
    response = render(request, "plans/parts/after.html", context)
    response["HX-Replace-Url"] = f"{here}?c={chosen}{_joined(request)}"
    return response


def _refused(
    request: StaffRequest, year: int, ident: int, number: int, found: list[Problem]
) -> HttpResponse:
    context = _context(request, year, ident, number, found=found)
    part = "plans/parts/after.html" if shared.by_htmx(request) else "plans/reading.html"
    return render(request, part, context, status=422)


def _joined(request: StaffRequest) -> str:
    return "&joined=1" if request.GET.get("joined") == "1" else ""


def _number(request: StaffRequest) -> int | None:
    return shared.whole(request.GET.get("c", "")) or None


def _context(
    request: StaffRequest,
    year: int,
    ident: int,
    number: int | None,
    *,
    found: list[Problem] | None = None,
    announce: str = "",
    undo: Undo | None = None,
) -> Context:
    viewer = request.viewer
    document = shared.found(scope.document_for, viewer, year, ident)
    page = reading.page(
        viewer, document, request.at, number, joined=request.GET.get("joined") == "1"
    )
    line, leads = page.chosen, scope.leads(viewer)
    here = f"/plans/{year}/docs/{ident}"
    kept = _kept(request)
    return Context(
        title=_("计划阅读：{title}").format(title=document.title),
        crumbs=(
            Crumb(_("计划"), "/plans"),
            Crumb(_("{year}年").format(year=year), f"/plans/{year}"),
            Crumb(document.file_name or document.title),
        ),
        page=page,
        here=here,
        table=_table(page, here, kept),
        line=line,
        state=_(STATES[line.state]) if line and line.state in STATES else "",
        links=reading.links(line) if line else None,
        leads=leads,
        people=scope.people(viewer),
        chosen=_chosen(request, line, leads, typed=bool(found)),
        periods=_periods(line),
        may_edit=scope.may_edit(viewer),
        may_confirm=viewer.may("plans.confirm"),
        problems=tuple(
            Wrong(f"choice_{p.field}" if p.field else "", p.message) for p in found or ()
        ),
        wrong={p.field: p.message for p in found or () if p.field},
        undo=undo,
        announce=announce,
        file_href=f"{here}/file" if document.digest else "",
        has_changes=document.replaces_id is not None,
    )


def _kept(request: StaffRequest) -> dict[str, Any]:
    return {"joined": "1"} if request.GET.get("joined") == "1" else {}


def _table(page: Page, here: str, kept: dict[str, Any]) -> Table:
    columns = (
        Column(_("承诺")),
        Column(_("力度")),
        Column(_("目标"), "number"),
        Column(_("已完成"), "number"),
        Column(_("灯")),
    )
    made = []
    for line in page.lines:
        number = str(line.number)
        link = format_html(
            '<a href="{}?{}">{}</a><span class="row-state row-{}">{}</span>',
            here,
            urlencode({"c": number, **kept}),
            line.title,
            line.state,
            _(STATES.get(line.state, line.state)),
        )
        targets = "、".join(line.targets)
        cells = (
            Cell(markup=link),
            _(line.strength) if line.strength else "",
            Cell(text=targets) if targets else Cell(text=_("节点"), note=line.milestone),
            shared.done_cell(line.progress) if targets else Cell(why=_("没有数字")),
            Cell(lamp=shared.lamp(line.progress)),
        )
        made.append(
            Row(
                cells,
                key=number,
                label=line.title,
                mark=number,
                current=page.chosen is not None and page.chosen.number == line.number,
            )
        )
    placed = [
        shared.Placed(page.document.title, x.section, x.progress.light, chosen=x == page.chosen)
        for x in page.lines
    ]
    return Table(_("承诺"), columns, tuple(made), selectable=True, groups=shared.chapters(placed))


def _chosen(
    request: StaffRequest, line: Line | None, leads: list[UnitRow], *, typed: bool
) -> dict[str, str]:
    """Return what the fields hold: after a refusal what was typed, else what is on record."""
    names = ("lead", "owner", "due_on", "indicator", "period")
    if typed and "due_on" in request.POST:
        return {name: request.POST.get(name, "") for name in names}
    if line is None:
        return dict.fromkeys(names, "")
    return {
        "lead": _lead(line, leads),
        "owner": str(line.owner_id or ""),
        "due_on": line.due_on.isoformat(),
        "indicator": line.indicator,
        "period": line.period,
    }


def _lead(line: Line | None, leads: list[UnitRow]) -> str:
    """Return the lead to offer: the chosen one, else the one that the words name."""
    if line is None or line.lead_code or not line.office_hint:
        return line.lead_code if line else ""
    hint = line.office_hint
    return next((u.code for u in leads if hint in (u.title, *u.also) or u.title in hint), "")


def _periods(line: Line | None) -> tuple[tuple[str, str], ...]:
    """Return the periods over which a row may be counted."""
    if line is None:
        return ()
    year = line.due_on.year
    codes = [str(year), f"{year}H1", f"{year}H2", *(f"{year}Q{q}" for q in range(1, 5))]
    if line.period and line.period not in codes:
        codes.insert(0, line.period)
    return tuple((code, wording.period(Period.parse(code))) for code in codes)
