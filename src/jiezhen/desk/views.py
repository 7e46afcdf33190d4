"""今日 and search."""

from django.http import HttpResponse

from jiezhen.web.pages import StaffRequest, render, staff


@staff
def today(request: StaffRequest) -> HttpResponse:
    """Show what waits for this person today."""
    return render(request, "desk/today.html", {"at": request.at})


@staff
def today_on_paper(request: StaffRequest) -> HttpResponse:
    """Show the same on one sheet of A4."""
    return render(request, "desk/today.html", {"at": request.at})


@staff
def search(request: StaffRequest) -> HttpResponse:
    """Answer a question for a number, and find records."""
    return render(request, "desk/search.html", {"query": request.GET.get("q", "")})
