"""The course of a matter as a file: what was done, when, by whom, also with what names it."""

import io
import json
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiezhen.kernel import clock
from jiezhen.matters import operations
from jiezhen.matters.queries.course import Line, may_take_out
from jiezhen.matters.queries.course import course as lines_of
from jiezhen.matters.views.work import matter_or_404
from jiezhen.records import sheets
from jiezhen.records.exports import FORMATS
from jiezhen.web.pages import StaffRequest, staff


@staff
@require_GET
def course(request: StaffRequest, code: str, fmt: str) -> HttpResponse:
    """Hand out the course of a matter; it stays on record that somebody took it."""
    row = matter_or_404(request, code)
    if fmt not in FORMATS:
        raise Http404(fmt)
    if not may_take_out(request.viewer, row):
        raise PermissionDenied(_("没有导出的权限。"))
    lines = lines_of(request.viewer, row)
    operations.note_course(request.viewer, row, len(lines), request.at)
    answer = HttpResponse(_written(lines, fmt, row.code), content_type=FORMATS[fmt])
    name = quote(f"{row.code}_{_('经过')}.{fmt}")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _written(lines: Sequence[Line], fmt: str, title: str) -> bytes:
    heads = (
        sheets.Head(_("时间"), "time", 17),
        sheets.Head(_("编号"), width=18),
        sheets.Head(_("什么事"), width=28),
        sheets.Head(_("做了什么"), width=24),
        sheets.Head(_("谁"), width=12),
        sheets.Head(_("说明"), width=40),
    )
    table = [(x.at.astimezone(clock.ZONE), x.code, x.title, x.what, x.who, x.text) for x in lines]
    if fmt == "json":
        titles = [head.title for head in heads]
        told = [dict(zip(titles, map(_plain, row), strict=True)) for row in table]
        return json.dumps(told, ensure_ascii=False).encode()
    if fmt == "csv":
        return b"".join(sheets.csv_lines(heads, table))
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        sheet = book.sheet(title, heads)
        for row in table:
            sheet.row(row)
    return out.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
