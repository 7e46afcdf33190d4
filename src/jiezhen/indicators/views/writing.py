"""Setting targets and entering numbers that somebody outside supplied."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiezhen.indicators import operations, queries
from jiezhen.indicators.forms import ReasonForm, SupplyForm, TargetForm
from jiezhen.indicators.queries.supplied import history_rows
from jiezhen.indicators.rules import COMPARATORS, amounts
from jiezhen.indicators.views import board, number, scope
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Statistic
from jiezhen.records import wording
from jiezhen.trail.once import once
from jiezhen.units.queries import UnitRow
from jiezhen.web.components import Cell, Column, Crumb, Row, Table
from jiezhen.web.pages import StaffRequest, render, staff


@staff
@require_http_methods(["GET", "POST"])
@once
def target(request: StaffRequest, name: str) -> HttpResponse:
    """Set the target of an indicator for the scope's unit."""
    spec = board.spec_of(name)
    where = scope.read(request)
    if not request.viewer.may("indicators.target", path=where.unit.path):
        raise PermissionDenied(_("没有在这个单元定目标的权限。需要的话，找党政办。"))
    posted = request.POST if request.method == "POST" else None
    form = TargetForm(posted, unit=spec.unit, initial={"period": where.period.code})
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        operations.set_target(
            request.viewer,
            name,
            where.unit,
            given["period"],
            given["value"],
            request.at,
            comparator=given["comparator"],
            source=given["source"],
        )
        messages.info(
            request,
            _("已定目标：{title}{period}。").format(
                title=wording.title(spec), period=wording.period(given["period"])
            ),
        )
        return HttpResponseRedirect(where.link(f"/indicators/{name}", period=given["period"].code))
    noted = queries.notes(request.viewer, [name])
    return render(
        request,
        "indicators/target.html",
        {
            "title": _("定目标：{title}").format(title=wording.title(spec)),
            "crumbs": (
                Crumb(_("指标"), "/indicators"),
                Crumb(wording.title(spec), f"/indicators/{name}"),
                Crumb(_("定目标")),
            ),
            "scope": where.chips(),
            "form": form,
            "submit": _("定目标"),
            "name": name,
            "back_href": where.link(f"/indicators/{name}"),
            "targets": [
                {
                    "id": t.id,
                    "period": wording.period(t.period),
                    "unit": where.frame.by_id[t.unit_id].title,
                    "value": amounts.written(t.value, amounts.base_unit(spec.unit), spec.decimals),
                    "comparator": _(COMPARATORS[t.comparator]),
                    "by": t.set_by,
                    "source": t.source,
                }
                for t in noted.targets.get(name, ())
                if t.unit_id in where.frame.by_id
            ],
        },
        status=422 if posted is not None else 200,
    )


@staff
@require_POST
@once
def withdraw_target(request: StaffRequest, name: str, number_: int) -> HttpResponse:
    """Take a target back, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return HttpResponse(_("请写为什么取消这个目标。"), status=422)
    try:
        operations.withdraw_target(request.viewer, number_, request.at, form.cleaned_data["why"])
    except operations.NotAllowed as refused:
        raise Http404(str(refused)) from refused
    messages.info(request, _("已取消目标。"))
    return HttpResponseRedirect(f"/indicators/{name}/target")


@staff
@require_GET
def statistics(request: StaffRequest) -> HttpResponse:
    """List the statistics that somebody outside supplies."""
    specs = list(catalogue().statistics.values())
    often = {"month": _("每月"), "quarter": _("每季"), "half": _("每半年"), "year": _("每年")}
    columns = (Column(_("统计数")), Column(_("单位")), Column(_("谁提供")), Column(_("多久一次")))
    rows = tuple(
        Row(
            (
                Cell(wording.title(s), href=f"/indicators/supply/{s.name}"),
                s.unit,
                s.supplier,
                often[s.by],
            )
        )
        for s in specs
    )
    return render(
        request,
        "web/list.html",
        {
            "title": _("外部数据"),
            "table": Table(_("外部数据"), columns, rows),
            "crumbs": (Crumb(_("指标"), "/indicators"), Crumb(_("外部数据"))),
            "empty_title": _("没有外部数据。"),
            "empty_why": _("业务包里没有要别人提供的数。"),
        },
    )


@staff
@require_http_methods(["GET", "POST"])
@once
def supply(request: StaffRequest, name: str) -> HttpResponse:
    """Enter or revise a supplied number; every revision stays in the list below."""
    spec = catalogue().statistics.get(name)
    if spec is None:
        raise Http404(name)
    frame = queries.frame(request.viewer, request.at)
    paths = request.viewer.paths("indicators.supply")
    units = [u for u in frame.units if any(u.path.startswith(p) for p in paths)]
    posted = request.POST if request.method == "POST" else None
    if posted is not None and not units:
        raise PermissionDenied(_("没有填报外部数据的权限。需要的话，找党政办。"))
    choices = [(u.code, u.title) for u in units]
    form = SupplyForm(posted, spec=spec, units=choices, initial=_initial(request, frame))
    if posted is not None and form.is_valid():
        problem = _append(request, spec, form.cleaned_data, frame)
        if not problem:
            messages.info(
                request,
                _("已记下：{title}{period}。").format(
                    title=wording.title(spec), period=wording.period(form.cleaned_data["period"])
                ),
            )
            return HttpResponseRedirect(f"/indicators/supply/{name}")
        form.add_error(None, problem)
    history = history_rows(request.viewer.office_id, [name], request.at)
    return render(
        request,
        "indicators/supply.html",
        {
            "title": _("外部数据：{title}").format(title=wording.title(spec)),
            "spec": spec,
            "crumbs": (
                Crumb(_("指标"), "/indicators"),
                Crumb(_("外部数据"), "/indicators/supply"),
                Crumb(wording.title(spec)),
            ),
            "form": form if units else None,
            "submit": _("记下这个数"),
            "history": number.supplied_table(tuple(reversed(history)), spec.unit),
        },
        status=422 if posted is not None else 200,
    )


def _initial(request: StaffRequest, frame: queries.Frame) -> dict[str, Any]:
    return {
        "period": request.GET.get("period", "")[:8],
        "unit": request.GET.get("unit", frame.office.code)[:40],
    }


def _append(
    request: StaffRequest, spec: Statistic, given: dict[str, Any], frame: queries.Frame
) -> str:
    """Append the number; the form's row is the one that is revised. Returns what is wrong."""
    unit: UnitRow = frame.find(given["unit"])
    known = [
        r
        for r in history_rows(request.viewer.office_id, [spec.name], request.at)
        if (r.unit_id, r.period) == (unit.id, given["period"].code)
    ]
    latest = known[-1].id if known else None
    said = given["revises"]
    if said is not None and said != latest:
        return _("别人刚改过这个数。请看看现在的数再改。")
    base = given["base"]
    numbers = operations.Number(
        unit,
        given["period"],
        amounts.from_base(given["value"], spec.unit),
        given["source"],
        base=None if base is None else amounts.from_base(base, spec.unit),
        growth=given["growth"],
    )
    try:
        operations.supply(request.viewer, spec.name, numbers, request.at, revises=latest)
    except operations.UnableToSet as unable:
        return str(unable)
    return ""
