"""今日 and search."""

from django.http import HttpResponse

from jiezhen.desk import queries
from jiezhen.desk import today as waiting
from jiezhen.web.pages import StaffRequest, render, staff


@staff
def today(request: StaffRequest) -> HttpResponse:
    """Show what waits for this person today."""
    return render(request, "desk/today.html", waiting.today(request.viewer, request.at))


@staff
def today_on_paper(request: StaffRequest) -> HttpResponse:
    """Show the same on one sheet of A4."""
    return render(request, "desk/today_print.html", waiting.today(request.viewer, request.at))


@staff
def search(request: StaffRequest) -> HttpResponse:
    """Answer a question for a number, and find records by the words of their titles."""
    asked = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "desk/search.html",
        {
            "query": asked,
            "search_query": asked,
            "answer": queries.answer(request.viewer, asked, request.at) if asked else None,
            "found": queries.found(request.viewer, asked) if asked else [],
        },
    )
