"""The queue over all kinds of matters."""

from django.http import HttpResponse

from jiezhen.matters import queries
from jiezhen.matters.queries import weekly as week
from jiezhen.matters.views.queue_page import queue_page
from jiezhen.matters.views.weekly_page import part_page, weekly_page
from jiezhen.web.pages import StaffRequest, render, staff


@staff
def queue(request: StaffRequest) -> HttpResponse:
    """Show what is to be done, over all kinds, the most urgent first."""
    viewer = request.viewer
    asked = queries.Asked.read(request.GET.dict())
    found = queries.queue(viewer, asked, request.at)
    faults = (
        queries.route_faults(viewer, request.at)
        if viewer.may("matters.dispatch") or viewer.may("packs.edit")
        else []
    )
    page = queue_page(viewer, found, request.at, faults)
    return render(request, "matters/queue.html", page)


@staff
def weekly(request: StaffRequest) -> HttpResponse:
    """Show the list that the weekly meeting starts from; `?part=` shows one part of it as a whole."""
    name = request.GET.get("part", "")
    if name in week.PARTS:
        one = week.part(request.viewer, name, request.GET.get("after", "")[:400], request.at)
        return render(request, "matters/week_part.html", part_page(name, one, request.at))
    found = week.weekly(request.viewer, request.at)
    return render(request, "matters/weekly.html", weekly_page(request.viewer, found, request.at))
