"""底数: the registers, a register's list, and the page of one entry."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from jiezhen.records import access, list_views, places, tables, wording
from jiezhen.records import views as records
from jiezhen.registers import queries
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, render, staff


@staff
def index(request: StaffRequest) -> HttpResponse:
    """Show every register with the number of its entries."""
    found = queries.registers(request.viewer)
    rows = tuple(
        web.Row(
            (
                web.Cell(wording.title(r.kind), places.listing(r.kind.name)),
                web.Cell(f"{r.entries}{_('条')}", places.listing(r.kind.name), number=True),
            )
        )
        for r in found
    )
    columns = (web.Column(_("底数")), web.Column(_("现有"), "number"))
    return render(
        request,
        "registers/index.html",
        {
            "title": _("底数"),
            "table": web.Table(_("底数"), columns, rows),
            "empty_title": _("没有可以看的底数。"),
            "empty_why": _("需要的话，找本单元负责人。"),
            "actions": (web.Action(_("导入Excel"), "/imports/new"),)
            if request.viewer.may("import")
            else (),
        },
    )


@staff
def listing(request: StaffRequest, kind: str) -> HttpResponse:
    """Show one register."""
    _entry_or_404(request, kind)
    tabs = tables.kind_tabs(access.kinds(request.viewer, "entry"), kind, "/registers")
    return list_views.list_response(request, kind, tabs=tabs)


@staff
def entry(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Show one entry with the timeline from all engines."""
    _entry_or_404(request, kind)
    return records.record_response(request, records.record_or_404(request, kind, code))


def _entry_or_404(request: StaffRequest, kind: str) -> None:
    if records.kind_or_404(request, kind).shape != "entry":
        raise Http404
