"""项目: the kinds of long matters, and the board of each."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from jiezhen.matters import queries, rules
from jiezhen.matters.views import shown
from jiezhen.packs.schema import Kind
from jiezhen.records import list_views, places, wording
from jiezhen.records import views as records
from jiezhen.web import components as web
from jiezhen.web.pages import StaffRequest, render, staff


@staff
def index(request: StaffRequest) -> HttpResponse:
    """Show every kind of project with how many are open and ended."""
    found = queries.projects(request.viewer)
    rows = tuple(
        web.Row(
            (
                web.Cell(wording.title(p.kind), places.listing(p.kind.name)),
                web.Cell(f"{p.open}{_('个')}", places.listing(p.kind.name), number=True),
                web.Cell(f"{p.ended}{_('个')}", places.listing(p.kind.name), number=True),
            )
        )
        for p in found
    )
    columns = (
        web.Column(_("项目")),
        web.Column(_("在办"), "number"),
        web.Column(_("已结束"), "number"),
    )
    return render(
        request,
        "matters/projects.html",
        {
            "title": _("项目"),
            "table": web.Table(_("项目"), columns, rows),
            "empty_title": _("没有可以看的项目。"),
            "empty_why": _("需要的话，找本单元负责人。"),
        },
    )


@staff
def board(request: StaffRequest, kind: str) -> HttpResponse:
    """Show the board of a kind, or its table."""
    spec = _project_or_404(request, kind)
    if request.GET.get("view") == "table":
        return list_views.list_response(
            request,
            kind,
            "matters/table.html",
            tabs=shown.view_tabs(places.listing(kind), "table"),
            crumbs=(web.Crumb(_("项目"), "/projects"), web.Crumb(wording.title(spec))),
        )
    found = queries.board(request.viewer, spec, request.at, request.GET.get("unit", "")[:40])
    return render(request, "matters/board.html", shown.board_page(request.viewer, found))


def _project_or_404(request: StaffRequest, name: str) -> Kind:
    kind = records.kind_or_404(request, name)
    if not rules.is_project(kind, kind.flow_spec):
        raise Http404
    return kind
