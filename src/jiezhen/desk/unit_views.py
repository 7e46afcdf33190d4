"""单元与网格: the tree of units, files brought in, splits and merges, and what takes them back.

The pages stand here and not in `units`, because a table is read with the sandbox of `records`.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.desk import unit_forms, unit_pages
from jiezhen.kernel import clock
from jiezhen.records import sandbox
from jiezhen.trail.once import once, perform_form
from jiezhen.units import operations, queries, rules
from jiezhen.units.operations import importing, reshaping
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules import boundaries
from jiezhen.units.rules.coordinates import System
from jiezhen.units.rules.geometry import BadShape
from jiezhen.web.administration import admin_tabs, need
from jiezhen.web.components import Action, Crumb
from jiezhen.web.pages import StaffRequest, render, staff, whole

_HOME = "/admin/units"


@staff
@once
def units(request: StaffRequest) -> HttpResponse:
    """Show the tree of units; add one."""
    need(request.viewer, "units.edit")
    known = queries.units_of_office(request.viewer.office_id)
    form = unit_forms.NewUnit(
        request.POST or None,
        units=[(u.code, u.title) for u in known if u.valid_until is None],
        levels=[(k, v) for k, v in rules.LEVELS.items() if k != "office"],
    )
    code = 200
    if request.method == "POST":
        code = 422
        if form.is_valid():
            try:
                operations.add_units(request.viewer, [form.cleaned_data], request.at)
            except operations.UnableToAdd as refused:
                form.add_error(None, str(refused))
            else:
                messages.info(request, _("单元加好了。"))
                return HttpResponseRedirect(_HOME)
    return render(
        request,
        "desk/units.html",
        {
            "title": _("单元与网格"),
            "tabs": admin_tabs(request.viewer, "units"),
            "form": form,
            "lines": unit_pages.lines(known, clock.day_of(request.at)),
            "changes": unit_pages.changes_table(queries.changes(request.viewer)),
            "actions": (Action(_("导入单元表或边界"), f"{_HOME}/import"),),
            "submit": _("加单元"),
        },
        status=code,
    )


@staff
def bring_in(request: StaffRequest) -> HttpResponse:
    """Take a file and check it; a child process reads it before any transaction begins."""
    need(request.viewer, "units.edit")
    if request.method != "POST":
        return _bring_in_page(request, unit_forms.BringIn(initial={"what": "tree"}))
    form = unit_forms.BringIn(request.POST, request.FILES)
    if not form.is_valid():
        return perform_form(request, lambda: _bring_in_page(request, form, 422))
    try:
        keep = _reader(form.cleaned_data["what"])(request, form)
    except sandbox.Unreadable as unreadable:
        form.add_error("file", unreadable.message)
        return perform_form(request, lambda: _bring_in_page(request, form, 422))
    except BadShape as bad:
        form.add_error("file", str(bad))
        return perform_form(request, lambda: _bring_in_page(request, form, 422))

    def kept() -> HttpResponse:
        try:
            return HttpResponseRedirect(f"{_HOME}/changes/{keep().pk}")
        except operations.UnableToAdd as refused:
            form.add_error("file", str(refused))
            return _bring_in_page(request, form, 422)

    return perform_form(request, kept)


def _reader(what: str) -> Callable[[StaffRequest, unit_forms.BringIn], Callable[[], Any]]:
    return _read_boundaries if what == "boundaries" else _read_tree


def _read_tree(request: StaffRequest, form: unit_forms.BringIn) -> Callable[[], Any]:
    file = form.cleaned_data["file"]
    sheet = sandbox.read(file.read())
    return lambda: importing.check_tree(request.viewer, sheet.rows, file.name, request.at)


def _read_boundaries(request: StaffRequest, form: unit_forms.BringIn) -> Callable[[], Any]:
    file = form.cleaned_data["file"]
    system: System = form.cleaned_data["system"] or "wgs84"
    drawn = boundaries.read_file(file.read(), system)
    return lambda: importing.check_boundaries(request.viewer, drawn, file.name, request.at)


def _bring_in_page(
    request: StaffRequest, form: unit_forms.BringIn, status: int = 200
) -> HttpResponse:
    title = _("导入单元表或边界")
    context = {
        "title": title,
        "form": form,
        "crumbs": _crumbs(title),
        "submit": _("检查这个文件"),
        "back_href": _HOME,
    }
    return render(request, "desk/units_import.html", context, status=status)


def _crumbs(title: str) -> tuple[Crumb, ...]:
    return (Crumb(_("单元与网格"), _HOME), Crumb(title))


@staff
@once
def change(request: StaffRequest, change_id: int) -> HttpResponse:
    """Show what a file would change, or what a change did; write it or take it back."""
    need(request.viewer, "units.edit")
    found = queries.change(request.viewer, change_id)
    if found is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        back = request.POST.get("do") == "take_back"
        work = reshaping.take_back if back else importing.carry_out
        try:
            work(request.viewer, change_id, request.at)
        except operations.UnableToAdd as refused:
            problem = str(refused)
        else:
            messages.info(request, _("已撤回。") if back else _("已写入。"))
            return HttpResponseRedirect(f"{_HOME}/changes/{change_id}")
    page = unit_pages.change_page(found)
    context = {
        "title": page.title,
        "crumbs": _crumbs(found.title),
        "change": found,
        "page": page,
        "problem": problem,
    }
    return render(request, "desk/units_change.html", context, status=422 if problem else 200)


@staff
@once
def split(request: StaffRequest, code: str) -> HttpResponse:
    """Split a unit into several on a day."""
    need(request.viewer, "units.edit")
    old, below = _unit(request, code)
    parts = min(max(whole(request.GET.get("parts")), 2), unit_forms.MOST_PARTS)
    form = unit_forms.Split(
        request.POST or None,
        below=below,
        parts=parts,
        initial={"on": clock.day_of(request.at).isoformat()},
    )

    def work() -> Any:
        made = [reshaping.Part(*given) for given in form.given()]
        return reshaping.split(request.viewer, code, made, form.cleaned_data["on"], request.at)

    more = f"?parts={parts + 1}" if parts < unit_forms.MOST_PARTS else ""
    title = _("分设：{unit}").format(unit=old.title)
    return _shaped(request, form, work, {"title": title, "submit": _("分设"), "more": more})


@staff
@once
def merge(request: StaffRequest, code: str) -> HttpResponse:
    """Merge units below one into one of them or a new one on a day."""
    need(request.viewer, "units.edit")
    parent, below = _unit(request, code)
    form = unit_forms.Merge(
        request.POST or None, below=below, initial={"on": clock.day_of(request.at).isoformat()}
    )

    def work() -> Any:
        given = form.cleaned_data
        into = reshaping.Part(given["code"], given["title"])
        return reshaping.merge(request.viewer, given["units"], into, given["on"], request.at)

    title = _("合并：{unit}的下级").format(unit=parent.title)
    return _shaped(request, form, work, {"title": title, "submit": _("合并")})


def _unit(request: StaffRequest, code: str) -> tuple[UnitRow, list[UnitRow]]:
    """Return a unit of the office and the ones right below it that are in force."""
    on = clock.day_of(request.at)
    known = queries.units_of_office(request.viewer.office_id)
    found = next((u for u in known if u.code == code and u.valid_until is None), None)
    if found is None:
        raise Http404
    below = [
        u
        for u in known
        if u.parent_id == found.id and rules.valid(u.valid_from, u.valid_until, on)
    ]
    return found, below


def _shaped(
    request: StaffRequest, form: Any, work: Callable[[], Any], context: dict[str, Any]
) -> HttpResponse:
    """Carry out a split or merge that was sent, or show its form."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = work()
            except operations.UnableToAdd as refused:
                form.add_error(None, str(refused))
            else:
                messages.info(request, _("已写入。"))
                return HttpResponseRedirect(f"{_HOME}/changes/{done.pk}")
    context |= {"form": form, "crumbs": _crumbs(context["title"]), "back_href": _HOME}
    return render(request, "desk/units_shape.html", context, status=status)
