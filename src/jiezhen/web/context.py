"""What every page is given: preferences and the menus.

Pages of higher packages may put their own `nav`, `nav_phone`, `new_items` and `office_name` into
the context; items a person may not use are left out there, never greyed.
"""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jiezhen.web import device
from jiezhen.web.components import NavItem
from jiezhen.web.preferences import Preferences

# The letter behind `g`, and the first part of the path.
PLACES: tuple[tuple[str, str], ...] = (
    ("t", "/"),
    ("p", "/plans"),
    ("m", "/matters"),
    ("f", "/services"),
    ("x", "/projects"),
    ("d", "/registers"),
    ("z", "/indicators"),
    ("b", "/reports"),
)
# Second-level pages that live under another first-level item.
BELONGS = {
    "/tasks": "/plans",
    "/sensing": "/matters",
    "/visits": "/services",
    "/policies": "/services",
    "/imports": "/registers",
    "/n": "/indicators",
    "/check": "/reports",
}


def _under(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/")


def place_of(path: str) -> str:
    """Return the first-level address a path stands under, or an empty string."""
    for href, place in BELONGS.items():
        if _under(path, href):
            return place
    for _key, href in PLACES[1:]:
        if _under(path, href):
            return href
    return "/" if path == "/" else ""


def navigation(path: str, absent: frozenset[str] = frozenset()) -> tuple[NavItem, ...]:
    """Return the eight first-level items in their fixed order, without the absent addresses."""
    titles = (
        _("今日"),
        _("计划"),
        _("事项"),
        _("服务"),
        _("项目"),
        _("底数"),
        _("指标"),
        _("报告"),
    )
    here = place_of(path)
    return tuple(
        NavItem(key, title, href, href == here)
        for (key, href), title in zip(PLACES, titles, strict=True)
        if href not in absent
    )


def phone_tabs(path: str) -> tuple[NavItem, ...]:
    """Return the four tabs at the foot of a phone."""
    here = place_of(path)
    reporting = path == "/matters/new" or _under(path, "/report")
    return (
        NavItem("today", _("今日"), "/", here == "/"),
        NavItem("report", _("上报"), "/report", reporting),
        NavItem("matters", _("事项"), "/matters", here == "/matters" and not reporting),
        NavItem("registers", _("查底数"), "/registers", here == "/registers"),
    )


def new_items() -> tuple[NavItem, ...]:
    """Return what 「+新建」 offers."""
    return (
        NavItem("matter", _("上报事项"), "/report"),
        NavItem("service", _("登记服务"), "/services/new"),
        NavItem("visit", _("登记走访"), "/visits/new"),
        NavItem("task", _("新建任务"), "/tasks/new"),
        NavItem("import", _("导入Excel"), "/imports/new"),
    )


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor: preferences, the three menus, and where a preference form returns."""
    account_id = getattr(getattr(request, "viewer", None), "account_id", 0)
    return {
        "account_key": device.key_of(account_id) if account_id else "",
        "preferences": Preferences.of(request.COOKIES),
        "nav": navigation(request.path),
        "nav_phone": phone_tabs(request.path),
        "new_items": new_items(),
        "wall": request.GET.get("wall") == "1",
    }
