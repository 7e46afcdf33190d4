"""指标目录（口径）: every indicator with its definition, its versions and who confirmed them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiezhen.indicators import operations, queries
from jiezhen.indicators.views import board, files
from jiezhen.indicators.views.number import _version
from jiezhen.packs.registry import catalogue
from jiezhen.records import wording
from jiezhen.records.sheets import Head
from jiezhen.trail.once import once
from jiezhen.web.components import Action, Cell, Choice, Column, Crumb, Row, Table
from jiezhen.web.pages import StaffRequest, render, staff

HEADS = (
    Head("名称", width=20),
    Head("指标", width=24),
    Head("单位", width=8),
    Head("分类", width=12),
    Head("口径", width=60),
    Head("版本", "number"),
    Head("确认", width=20),
    Head("其他叫法", width=30),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What the template of the catalogue is given."""

    title: str
    crumbs: tuple[Crumb, ...]
    tabs: tuple[Choice, ...]
    actions: tuple[Action, ...]
    table: Table
    chosen: Any
    versions: tuple[queries.Version, ...]
    told: tuple[str, ...]
    may_approve: bool


@staff
@require_GET
def listing(request: StaffRequest) -> HttpResponse:
    """List the indicators of a theme, or one of them with its versions (`?name=`)."""
    known = board.themes()
    theme, name = request.GET.get("theme", ""), request.GET.get("name", "")
    chosen = board.spec_of(name) if name else None
    specs = known.get(theme) or [s for some in known.values() for s in some]
    if chosen is not None:
        specs = [chosen]
    noted = queries.notes(request.viewer, [s.name for s in specs])
    columns = (
        Column(_("指标")),
        Column(_("单位")),
        Column(_("口径")),
        Column(_("版本"), "number"),
        Column(_("确认")),
    )
    rows = []
    for spec in specs:
        version = noted.version(spec.name)
        rows.append(
            Row(
                (
                    Cell(
                        wording.title(spec),
                        href=f"/indicators/{spec.name}",
                        note="、".join(spec.also[:3]),
                    ),
                    spec.unit,
                    spec.definition_sentence(),
                    Cell(str(version.version), href=f"/indicators/catalogue?name={spec.name}"),
                    Cell(version.approved_by, why=_("还没有人确认")),
                )
            )
        )
    held = tuple(noted.versions.get(name, ())) or ((noted.version(name),) if name else ())
    current = noted.version(name) if name else None
    return render(
        request,
        "indicators/catalogue.html",
        Page(
            title=_("指标目录"),
            crumbs=(Crumb(_("指标"), "/indicators"), Crumb(_("指标目录"))),
            tabs=(
                Choice(
                    _("全部"),
                    "/indicators/catalogue",
                    len(catalogue().indicators),
                    not theme and not name,
                ),
                *(
                    Choice(t, f"/indicators/catalogue?theme={t}", len(s), t == theme)
                    for t, s in known.items()
                ),
            ),
            actions=(Action(_("导出Excel"), f"/indicators/catalogue.xlsx?theme={theme}"),),
            table=Table(_("指标目录"), columns, tuple(rows), wide=True),
            chosen=chosen,
            versions=held,
            told=tuple(_version(v) for v in held),
            may_approve=bool(current and not current.approved_by)
            and request.viewer.may("indicators.target", path=request.viewer.office_path),
        ),
    )


@staff
@require_GET
def listing_file(request: StaffRequest, form: str) -> HttpResponse:
    """Hand out the catalogue of a theme, or all of it."""
    known = board.themes()
    specs = known.get(request.GET.get("theme", "")) or [s for x in known.values() for s in x]
    noted = queries.notes(request.viewer, [s.name for s in specs])
    rows = [
        (
            s.name,
            s.title,
            s.unit,
            s.theme,
            s.definition_sentence(),
            noted.version(s.name).version,
            noted.version(s.name).approved_by,
            "、".join(s.also),
        )
        for s in specs
    ]
    return files.answer(form, _("指标目录"), HEADS, rows)


@staff
@require_POST
@once
def approve(request: StaffRequest, name: str) -> HttpResponse:
    """Confirm the version of a definition that is in force."""
    board.spec_of(name)
    try:
        operations.approve(request.viewer, name, request.at)
        messages.info(request, _("已确认口径。"))
    except operations.NotAllowed as refused:
        return HttpResponse(str(refused), status=403)
    except operations.UnableToSet as unable:
        messages.info(request, str(unable))
    return HttpResponseRedirect(f"/indicators/catalogue?name={name}")
