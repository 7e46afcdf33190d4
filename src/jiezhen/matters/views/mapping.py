"""The map of matters, and what it draws as GeoJSON."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from jiezhen.matters import queries
from jiezhen.matters.queries.mapped import MOST, Mapped, mapped
from jiezhen.matters.views.queue_page import due_cell, folded, scope_chips, tab_titles
from jiezhen.web import components as web
from jiezhen.web import maps
from jiezhen.web.pages import StaffRequest, render, staff

#: Lines in the list below the map; the queue has them all.
LISTED = 50


@dataclass(frozen=True, slots=True)
class MapPage:
    """What `matters/map.html` shows."""

    title: str
    tabs: tuple[web.Choice, ...]
    scope: tuple[web.Chip, ...]
    folded: web.Folded
    drawn: maps.UnitMap
    table: web.Table
    source: str
    told: tuple[str, ...]
    actions: tuple[web.Action, ...]
    crumbs: tuple[web.Crumb, ...]


@staff
def page(request: StaffRequest) -> HttpResponse:
    """Show the map: heat by grid as a picture for every browser, points where it can draw them."""
    asked = queries.Asked.read(request.GET.dict())
    found = mapped(request.viewer, asked, request.at, LISTED)
    regions = [
        maps.Region(
            u.code,
            u.title,
            n,
            _address(asked, unit=u.code),
            _("{n}件").format(n=n),
            u.polygon,
            u.code == asked.unit,
        )
        for u, n in found.regions
    ]
    titles = tab_titles()
    scope = tuple(scope_chips(asked, found.kinds, found.units))
    shown = MapPage(
        _("事项地图"),
        tuple(
            web.Choice(titles[t], _address(asked, tab=t), None, t == asked.tab)
            for t in queries.tabs(found.kinds, asked.tab)
        ),
        scope,
        folded(asked, scope),
        maps.choropleth(regions, title=_("各单元的事项")),
        _table(found, request),
        "/matters/map.json" + _address(asked),
        _told(found),
        (web.Action(_("事项队列"), "/matters" + _address(asked)),),
        (web.Crumb(_("事项"), "/matters"), web.Crumb(_("地图"))),
    )
    return render(request, "matters/map.html", shown)


def _address(asked: queries.Asked, **changed: str) -> str:
    parts = {k: v for k, v in (asked.parts | changed).items() if v and k != "n"}
    return "?" + urlencode(parts)


def _told(found: Mapped) -> tuple[str, ...]:
    told = [_("不知道地点的，算在承办单元。")]
    if found.nowhere:
        told.append(_("{n}件不在这些单元里，没有画进来。").format(n=found.nowhere))
    if found.asked.tab in {"closed", "all"}:
        told.append(_("只画近一年的。"))
    told.append(_("地图上最多画{n}个点，先画最急的。").format(n=MOST))
    return tuple(told)


def _table(found: Mapped, request: StaffRequest) -> web.Table:
    columns = tuple(web.Column(t) for t in (_("什么事"), _("在哪里"), _("单元"), _("时限")))
    rows = tuple(
        web.Row(
            (web.Cell(x.title, x.href), x.place, x.unit, due_cell(x, request.at)),
        )
        for x in found.points
    )
    return web.Table(_("地图上的事项，最急的在前"), columns, rows)


@staff
def points(request: StaffRequest) -> HttpResponse:
    """Answer the units and the points as GeoJSON, for the viewer alone; `more` tells the cap."""
    asked = queries.Asked.read(request.GET.dict())
    found = mapped(request.viewer, asked, request.at)
    tops = maps.breaks(n for _unit, n in found.regions)
    answer = {
        "type": "FeatureCollection",
        "features": [_point(line) for line in found.points],
        "units": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": _geometry(u.polygon),
                    "properties": {
                        "code": u.code,
                        "title": u.title,
                        "count": n,
                        "step": maps.step_of(n, tops),
                        "href": "/matters/map" + _address(asked, unit=u.code),
                    },
                }
                for u, n in found.regions
                if u.polygon
            ],
        },
        "cap": MOST,
        "more": found.more,
    }
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _geometry(polygon: Any) -> Any:
    return polygon.get("geometry") if polygon.get("type") == "Feature" else polygon


def _point(line: queries.Line) -> dict[str, Any]:
    lamp = line.clock.lamp if line.clock and line.closed_on is None else "grey"
    word = f"{line.clock.word} {line.clock.rest}" if line.clock else line.state
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [line.lon, line.lat]},
        "properties": {
            "code": line.code,
            "title": line.title,
            "lamp": lamp,
            "word": word,
            "href": line.href,
        },
    }
