"""Put files to a record, open them, take them away."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiezhen.records import files, operations, places, queries
from jiezhen.records.access import NoSuchRecord
from jiezhen.trail import once
from jiezhen.web.pages import StaffRequest, render, staff

#: A file never runs as a page of ours, whatever a browser makes of it.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def _row(request: StaffRequest, kind: str, code: str) -> queries.Row:
    try:
        return queries.record_for(request.viewer, kind, code)
    except NoSuchRecord as absent:
        raise Http404 from absent


@staff
def attach(request: StaffRequest, kind: str, code: str) -> HttpResponse:
    """Put one or more files to a field of a record."""
    row = _row(request, kind, code)
    if request.method != "POST":
        return HttpResponseRedirect(places.page(kind, code))
    sent = request.FILES.getlist("file")[: files.MOST]
    read = [files.ready(f.name or "", f.read(files.MOST_BYTES + 1)) for f in sent]

    def work() -> HttpResponse:
        fresh = row
        try:
            if not read:
                raise operations.Refused(operations.Problem("file", _("请选文件。")))
            for file in read:
                files.attach(
                    request.viewer, fresh, request.POST.get("field", ""), file, request.at
                )
                fresh = queries.record_for(request.viewer, kind, code)
        except operations.Refused as refused:
            return _refusal(request, kind, code, str(refused))
        return HttpResponseRedirect(places.page(kind, code))

    return once.perform_form(request, work)


def _refusal(request: StaffRequest, kind: str, code: str, said: str) -> HttpResponse:
    context = {"title": _("文件没有放进去"), "said": said, "href": places.page(kind, code)}
    return render(request, "records/files_refused.html", context, status=422)


@staff
@once.once
def remove(request: StaffRequest, kind: str, code: str, file_id: int) -> HttpResponse:
    """Take a file from a record."""
    row = _row(request, kind, code)
    if request.method == "POST":
        try:
            files.remove(request.viewer, row, file_id, request.at)
        except NoSuchRecord as absent:
            raise Http404 from absent
        except operations.Refused as refused:
            return _refusal(request, kind, code, str(refused))
        messages.info(request, _("已拿掉。修改记录里还能看到。"))
    return HttpResponseRedirect(places.page(kind, code))


@staff
def download(request: StaffRequest, file_id: int) -> HttpResponse:
    """Hand out a file, always to be kept and never to be shown as a page."""
    try:
        kept = files.opened(request.viewer, file_id, request.at)
        content = files.path_of(kept.digest).open("rb")
    except (NoSuchRecord, FileNotFoundError) as absent:
        raise Http404 from absent
    response = FileResponse(
        content, as_attachment=True, filename=kept.name, content_type=kept.media
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return cast("HttpResponse", response)  # Django gives the two no common name
