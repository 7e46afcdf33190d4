"""The shown tables as files: xlsx, csv, json, with the same scope and rights as their page."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpResponse, JsonResponse

from jiezhen.indicators.queries import Figure
from jiezhen.indicators.rules import amounts
from jiezhen.packs.registry import catalogue
from jiezhen.records import sheets
from jiezhen.records.sheets import Head

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIGURES = (
    Head("指标", width=24),
    Head("单元", width=18),
    Head("期间", width=16),
    Head("数", "number"),
    Head("单位", width=8),
    Head("同比", width=20),
    Head("环比", width=20),
    Head("目标", "number"),
    Head("灯", width=10),
    Head("说明", width=50),
    Head("口径版本", "number"),
    Head("出处", width=24),
)
#: The parts of one number; no names are in it.
SHARES = (
    Head("单元", width=20),
    Head("数", "number"),
    Head("单位", width=8),
    Head("记录", "number"),
    Head("出处", width=24),
)


def shown(value: Decimal | None, unit: str) -> Decimal | None:
    """Return a value in the indicator's own unit, as a spreadsheet should have it."""
    return None if value is None else amounts.from_base(value, unit).normalize()


def figure_rows(figures: Sequence[Figure]) -> list[tuple[Any, ...]]:
    """Return figures as rows of `FIGURES`."""
    rows = []
    for f in figures:
        unit = catalogue().indicators[f.indicator].unit
        rows.append(
            (
                f.title,
                f.unit.title,
                f.period.title,
                shown(f.value, unit),
                unit,
                f.year.words if f.year else "",
                f.previous.words if f.previous else "",
                shown(f.target.value, unit) if f.target else None,
                f.light.word if f.light else "",
                f.light.why if f.light else f.why,
                f.version,
                f.href,
            )
        )
    return rows


def answer(
    form: str, title: str, heads: Sequence[Head], rows: Sequence[Sequence[Any]]
) -> HttpResponse:
    """Return a table as a file of the wanted form.

    Raises:
        Http404: There is no such form.
    """
    if form == "json":
        listed = [{h.title: _plain(v) for h, v in zip(heads, row, strict=True)} for row in rows]
        return JsonResponse(listed, safe=False, json_dumps_params={"ensure_ascii": False})
    if form == "csv":
        body, kind = b"".join(sheets.csv_lines(heads, rows)), "text/csv; charset=utf-8"
    elif form == "xlsx":
        out = io.BytesIO()
        with sheets.SafeBook(out) as book:
            sheet = book.sheet(title, heads)
            for row in rows:
                sheet.row(row)
        body, kind = out.getvalue(), XLSX
    else:
        raise Http404
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{title}.{form}')}"
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
