"""Every address of the product with something to open behind it, and whose that is.

A new page has to be entered here: `test_crawl.py` fails for an address it does not know.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from .office import Made

ENTRY, SITE = "eldercare.elder", "eldercare.service_point"
CASE, LIFT = "hotline.case", "lifts.retrofit"
VISIT, RAMP = "eldercare.visit", "eldercare.ramp"
#: No shipped pack needs to have it: an unknown score is not there.
SCORE = "hotline"
EVERY = (ENTRY, CASE, VISIT)
_KIND = r"(?P<kind>[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)"
_FMT = r"\.(?P<fmt>xlsx|csv|json)$"
_FORM = r"\.(?P<form>xlsx|csv|json)$"
_NAME = r"(?P<name>[a-z][a-z0-9_]*)"
FILES = ("xlsx", "csv", "json")
Paths = Callable[[Made, str], list[str]]


@dataclass(frozen=True)
class Address:
    """What stands behind one address.

    `whose`: "page" holds no object; "shared" an object of all offices; "office" one of the
    office; "unit" one of a unit. `open` pages answer strangers. `posts` only takes POST.
    """

    whose: str
    paths: Paths
    open: bool = False
    posts: bool = False


def _page(*paths: str, open: bool = False, posts: bool = False, whose: str = "page") -> Address:  # noqa: A002
    return Address(whose, lambda made, unit: list(paths), open, posts)


def _office(path: str, *, posts: bool = False, open: bool = False) -> Address:  # noqa: A002
    def paths(made: Made, unit: str) -> list[str]:
        return [path.format(m=made, d=made.document.pk, x=x) for x in FILES if "{x}" in path] or [
            path.format(m=made, d=made.document.pk)
        ]

    return Address("office", paths, open, posts)


def _record(path: str, kinds: tuple[str, ...] = EVERY, *, posts: bool = False) -> Address:
    return Address(
        "unit",
        lambda made, unit: [path.format(kind=k, code=made.record(k, unit).code) for k in kinds],
        posts=posts,
    )


def _kinds(path: str, kinds: tuple[str, ...] = EVERY) -> Address:
    return Address(
        "shared",
        lambda made, unit: [
            path.format(kind=k, x=x) for k in kinds for x in (FILES if "{x}" in path else ("",))
        ],
    )


_DOC = "plans/<int:year>/docs/<int:ident>"
_REPORT = "reports/<int:ident>"
_TARGET = "indicators/<slug:name>/target"
ADDRESSES: dict[str, Address] = {
    "": _page("/"),
    "today/print": _page("/today/print"),
    "search": _page(
        "/search", "/search?q=楼道堆物", "/search?q=加装电梯完工 上半年", "/search?q=甄雀儿"
    ),
    "login": _page("/login", open=True),
    "logout": _page("/logout", open=True, posts=True),
    "password": _page("/password"),
    "manifest.webmanifest": _page("/manifest.webmanifest", open=True),
    "sw.js": _page("/sw.js", open=True),
    "offline": _page("/offline", open=True),
    "session.json": _page("/session.json", open=True),
    "admin": _page("/admin"),
    "admin/people": _page("/admin/people"),
    "admin/people/active": _page("/admin/people/active", posts=True),
    "admin/people/<int:account_id>/sees": Address(
        "office", lambda made, unit: [f"/admin/people/{made.cast.accounts['section'].pk}/sees"]
    ),
    "admin/tokens": _page("/admin/tokens"),
    "admin/tokens/revoke": _page("/admin/tokens/revoke", posts=True),
    "admin/units": _page("/admin/units"),
    "admin/units/import": _page("/admin/units/import"),
    "admin/units/changes/<int:change_id>": _page("/admin/units/changes/1"),
    "admin/units/<slug:code>/split": _page("/admin/units/c1/split", whose="shared"),
    "admin/units/<slug:code>/merge": _page("/admin/units/p1/merge", whose="shared"),
    "admin/packs": _page("/admin/packs"),
    "admin/packs/<slug:name>": _page("/admin/packs/hotline", whose="shared"),
    "admin/audit": _page(
        "/admin/audit", "/admin/audit?who=陈服务&what=created", "/admin/audit?page=2"
    ),
    "notices": _page("/notices", "/notices?page=2"),
    "notices/count": _page("/notices/count"),
    "notices/latest": _page("/notices/latest"),
    "notices/read": _page("/notices/read", posts=True),
    "notices/settings": _page("/notices/settings"),
    "admin/effects": _page("/admin/effects"),
    r"^admin/effects/(?P<hook_id>\d{1,18})/(?P<name>test|pause|resume|remove)$": _page(
        "/admin/effects/1/test", "/admin/effects/1/remove", posts=True
    ),
    r"^admin/effects/letters/(?P<table>event|message)/(?P<name>retry|drop)$": _page(
        "/admin/effects/letters/message/retry", posts=True
    ),
    "plans": _page("/plans"),
    "plans.<str:form>": _page(*(f"/plans.{x}" for x in FILES)),
    "plans/upload": _page("/plans/upload", posts=True),
    "plans/<int:year>": _page("/plans/2023", whose="shared"),
    "plans/<int:year>/list": _page("/plans/2023/list", whose="shared"),
    "plans/<int:year>/list.<str:form>": _page(
        *(f"/plans/2023/list.{x}" for x in FILES), whose="shared"
    ),
    _DOC: _office("/plans/2023/docs/{d}"),
    f"{_DOC}/file": _office("/plans/2023/docs/{d}/file"),
    f"{_DOC}/changes": _office("/plans/2023/docs/{d}/changes"),
    f"{_DOC}/bulk": _office("/plans/2023/docs/{d}/bulk", posts=True),
    f"{_DOC}/rows/<int:number>/<str:deed>": _office(
        "/plans/2023/docs/{d}/rows/2/ignore", posts=True
    ),
    "tasks": _page("/tasks", "/tasks?lamp=red"),
    "tasks.<str:form>": _page(*(f"/tasks.{x}" for x in FILES)),
    "tasks/new": _page("/tasks/new"),
    "tasks/notices": _page("/tasks/notices"),
    "tasks/<str:code>/edit": _office("/tasks/{m.task}/edit"),
    f"{_DOC}/links": _office("/plans/2023/docs/{d}/links"),
    "tasks/remind": _page("/tasks/remind"),
    "tasks/<str:code>": _office("/tasks/{m.task}"),
    "tasks/<str:code>/row": _office("/tasks/{m.task}/row"),
    "tasks/<str:code>/<str:deed>": _office("/tasks/{m.task}/note", posts=True),
    "decisions/<int:ident>": _office("/decisions/{m.decision}", posts=True),
    "matters": _page("/matters", "/matters?q=堆物"),
    "matters/new": _page("/matters/new", *(f"/matters/new?kind={k}" for k in (CASE, LIFT))),
    "matters/bulk": _page("/matters/bulk", posts=True),
    "matters/weekly": _page("/matters/weekly"),
    "matters/map": _page("/matters/map"),
    "matters/map.json": _page("/matters/map.json"),
    "matters/proposals": _page(f"/matters/proposals?kind={CASE}", posts=True),
    "matters/doubles": _page(f"/matters/doubles?kind={CASE}", posts=True),
    "matters/learning": _page(f"/matters/learning?kind={CASE}", posts=True),
    rf"^matters/kinds/{_KIND}{_FMT}": _kinds("/matters/kinds/{kind}.{x}", (CASE, LIFT)),
    "matters/kinds/<kind:kind>": _kinds("/matters/kinds/{kind}", (CASE, LIFT)),
    "matters/<str:code>": _record("/matters/{code}", (CASE, LIFT)),
    "matters/<str:code>/moves/<str:name>": Address(
        "unit",
        lambda made, unit: [
            f"/matters/{made.record(CASE, unit).code}/moves/dispatch",
            f"/matters/{made.record(LIFT, unit).code}/moves/announce",
        ],
    ),
    "matters/<str:code>/undo": _record("/matters/{code}/undo", (CASE, LIFT)),
    "matters/<str:code>/later": _record("/matters/{code}/later", (CASE, LIFT), posts=True),
    "matters/<str:code>/say": _record("/matters/{code}/say", (CASE, LIFT)),
    "matters/<str:code>/course.<str:fmt>": _record("/matters/{code}/course.json", (CASE, LIFT)),
    **{
        f"matters/<str:code>/{end}": _record(f"/matters/{{code}}/{path}", (CASE,), posts=True)
        for end, path in (
            *((n, n) for n in ("contact", "resume", "assign", "supervise", "merge", "unmerge")),
            *((n, n) for n in ("split", "reveal")),
            ("ask/<str:name>", "ask/extend"),
            ("requests/<int:ident>", "requests/1"),
        )
    },
    "report": _page("/report"),
    "report/likely": _page("/report/likely", posts=True),
    "report/supplement": _page("/report/supplement", posts=True),
    "report/paste": _page("/report/paste", posts=True),
    "report/receipt/<kind:kind>/<str:code>": _record(
        "/report/receipt/{kind}/{code}", (CASE, LIFT)
    ),
    "projects": _page("/projects"),
    rf"^projects/{_KIND}{_FMT}": _kinds("/projects/{kind}.{x}", (LIFT,)),
    "projects/<kind:kind>": _kinds("/projects/{kind}", (LIFT,)),
    "services": _page("/services"),
    "services/new": _page("/services/new", f"/services/new?kind={RAMP}"),
    "visits/new": _page("/visits/new"),
    rf"^services/{_KIND}{_FMT}": _kinds("/services/{kind}.{x}", (VISIT, RAMP)),
    "services/<kind:kind>": _kinds("/services/{kind}", (VISIT, RAMP)),
    "services/<kind:kind>/<str:code>": _record("/services/{kind}/{code}", (VISIT, RAMP)),
    "services/<kind:kind>/<str:code>/receipt": _record(
        "/services/{kind}/{code}/receipt", (VISIT, RAMP)
    ),
    "registers": _page("/registers"),
    rf"^registers/{_KIND}{_FMT}": _kinds("/registers/{kind}.{x}", (ENTRY, SITE)),
    "registers/<kind:kind>": _kinds("/registers/{kind}", (ENTRY, SITE)),
    "registers/<kind:kind>/<str:code>": _record("/registers/{kind}/{code}", (ENTRY, SITE)),
    "imports": _page("/imports"),
    "imports/new": _page("/imports/new"),
    "imports/templates/<str:kind>.xlsx": _kinds("/imports/templates/{kind}.xlsx"),
    **{
        f"imports/<int:batch_id>{end}": _office(f"/imports/{{m.batch}}{path}")
        for end, path in (
            ("", ""),
            ("/columns", "/columns"),
            ("/go", "/go"),
            ("/progress", "/progress"),
            ("/rows/<int:number>", "/rows/3"),
            ("/commit", "/commit"),
            ("/take-back", "/take-back"),
            ("/leftovers.xlsx", "/leftovers.xlsx"),
        )
    },
    "new": _page("/new"),
    rf"^records/{_KIND}{_FMT}": _kinds("/records/{kind}.{x}"),
    "records/<kind:kind>": _kinds("/records/{kind}"),
    "records/<kind:kind>/new": _kinds("/records/{kind}/new"),
    "records/<kind:kind>/find": _kinds("/records/{kind}/find"),
    "records/<kind:kind>/suggest": _kinds("/records/{kind}/suggest?q=路"),
    "records/<kind:kind>/columns": _kinds("/records/{kind}/columns?column=code"),
    "records/<kind:kind>/saved": _kinds("/records/{kind}/saved"),
    **{
        f"records/<kind:kind>/<str:code>{end}": _record(f"/records/{{kind}}/{{code}}{end}")
        for end in (
            "",
            "/receipt",
            "/edit",
            "/history",
            "/looks",
            "/reveal",
            "/withdraw",
            "/bring-back",
        )
    },
    "indicators": _page("/indicators", "/indicators?period=2023H1&unit=c1"),
    rf"^indicators{_FORM}": _page(*(f"/indicators.{x}" for x in FILES)),
    "indicators/catalogue": _page(
        "/indicators/catalogue", "/indicators/catalogue?name=lifts_completed"
    ),
    rf"^indicators/catalogue{_FORM}": _page(*(f"/indicators/catalogue.{x}" for x in FILES)),
    "indicators/compare": _page("/indicators/compare?names=lifts_completed"),
    rf"^indicators/compare{_FORM}": _page(
        *(f"/indicators/compare.{x}?names=lifts_completed" for x in FILES)
    ),
    "indicators/table": _page("/indicators/table"),
    rf"^indicators/table{_FORM}": _page(*(f"/indicators/table.{x}" for x in FILES)),
    "indicators/scores": _page("/indicators/scores"),
    "indicators/scores/<slug:name>": _page(f"/indicators/scores/{SCORE}", whose="shared"),
    rf"^indicators/scores/{_NAME}{_FORM}": _page(
        *(f"/indicators/scores/{SCORE}.{x}" for x in FILES), whose="shared"
    ),
    "indicators/scores/<slug:name>/deductions": _page(
        f"/indicators/scores/{SCORE}/deductions", whose="shared"
    ),
    "indicators/ask": _page("/indicators/ask?q=加装电梯完工"),
    "indicators/supply": _page("/indicators/supply"),
    "indicators/supply/<slug:name>": _page(
        "/indicators/supply/registered_volunteers", whose="shared"
    ),
    rf"^indicators/{_NAME}{_FORM}": _page(
        *(f"/indicators/lifts_completed.{x}" for x in FILES), whose="shared"
    ),
    "indicators/<slug:name>": _page("/indicators/lifts_completed", whose="shared"),
    "indicators/<slug:name>/approve": _page(
        "/indicators/lifts_completed/approve", posts=True, whose="shared"
    ),
    _TARGET: _page("/indicators/lifts_completed/target", whose="shared"),
    f"{_TARGET}/<int:number_>/withdraw": _office(
        "/indicators/lifts_completed/target/{m.target}/withdraw", posts=True
    ),
    rf"^n/(?P<code>[0-9a-z]{{6,16}}){_FORM}": _office("/n/{m.live}.{x}"),
    "n/<slug:code>": Address(
        "office", lambda made, unit: [f"/n/{made.live}", f"/n/{made.frozen}"]
    ),
    "files/<int:file_id>": Address("unit", lambda made, unit: [f"/files/{made.files[unit]}"]),
    "records/<kind:kind>/<str:code>/files": _record(
        "/records/{kind}/{code}/files", (CASE,), posts=True
    ),
    "records/<kind:kind>/<str:code>/files/<int:file_id>/remove": Address(
        "unit",
        lambda made, unit: [
            f"/records/{CASE}/{made.record(CASE, unit).code}/files/{made.files[unit]}/remove"
        ],
        posts=True,
    ),
    "reports": _page("/reports"),
    "reports/new": _page("/reports/new"),
    _REPORT: _office("/reports/{m.report}"),
    f"{_REPORT}.docx": _office("/reports/{m.report}.docx"),
    f"{_REPORT}/paper": _office("/reports/{m.report}/paper"),
    f"{_REPORT}/check": _office("/reports/{m.report}/check"),
    **{
        f"{_REPORT}/{end}": _office(f"/reports/{{m.report}}/{end}", posts=True)
        for end in ("sections", "freeze", "thaw", "publish", "correct")
    },
    **{
        f"{_REPORT}/sections/<int:section_id>{end}": _office(
            f"/reports/{{m.report}}/sections/{{m.section}}{end}", posts=True
        )
        for end in ("", "/insert", "/chip")
    },
    "check": _page("/check"),
    "check/assign": _page("/check/assign", posts=True),
    "check/<int:ident>": _office("/check/{m.draft}"),
    **{
        f"check/<int:ident>.{x}": _office(f"/check/{{m.draft}}.{x}")
        for x in ("docx", "txt", "json")
    },
    "check/<int:ident>/decide": _office("/check/{m.draft}/decide", posts=True),
    "p/": _page("/p/", "/p/?office=yunxiu", open=True),
    **{
        f"p/{end}": _page(f"/p/{end}", open=True)
        for end in (
            "reports",
            "commitments",
            "booking",
            "report",
            "progress",
            "suggest",
            "consultations",
            "answered",
        )
    },
    "p/report/<kind:kind>": _page(f"/p/report/{CASE}", open=True),
    "p/consultations/<str:code>": _page("/p/consultations/LFC-2023-000001", open=True),
    "p/photo/<str:token>": _page("/p/photo/nobody-has-this", open=True),
    "p/receipt": _page("/p/receipt?t=x", open=True),
    "p/progress/answer": _page("/p/progress/answer", open=True, posts=True),
    "p/matters/<str:code>": Address(
        "office", lambda made, unit: [f"/p/matters/{made.record(CASE, unit).code}"], open=True
    ),
    "p/q/<slug:code>": _page("/p/q/c1?office=yunxiu", open=True),
    "p/q/<slug:code>.svg": _page("/p/q/c1.svg?office=yunxiu", open=True),
    **{
        rf"^open311/{route}\.(?P<form>json|xml)$": _page(
            *(f"/open311/{path}.{x}?jurisdiction_id=yunxiu" for x in ("json", "xml")), open=True
        )
        for route, path in (
            ("discovery", "discovery"),
            ("v2/services", "v2/services"),
            ("v2/services/(?P<code>[^/]{1,80}?)", f"v2/services/{CASE}"),
            ("v2/requests", "v2/requests"),
            ("v2/requests/(?P<code>[^/]{1,80}?)", "v2/requests/RX-2023-000001"),
            ("v2/tokens/(?P<code>[^/]{1,80}?)", "v2/tokens/RX-2023-000001"),
            ("v2/servicerequestupdates", "v2/servicerequestupdates"),
        )
    },
    "admin/portal/codes": _page("/admin/portal/codes"),
    "p/reports/<int:ident>": _office("/p/reports/{m.report}", open=True),
    "p/reports/<int:ident>.docx": _office("/p/reports/{m.report}.docx", open=True),
    "p/n/<slug:code>": Address(
        "office", lambda made, unit: [f"/p/n/{made.live}", f"/p/n/{made.frozen}"], open=True
    ),
    "admin/portal": _page("/admin/portal"),
    "preferences": _page("/preferences", open=True, posts=True),
    "design": _page("/design", open=True),
    "api/openapi.json": _page("/api/openapi.json", open=True),
    "api/": _page("/api/", open=True),
    "api/kinds": _page("/api/kinds"),
    "api/records/<kind>": _kinds("/api/records/{kind}"),
    "api/records/<kind>/<code>": _record("/api/records/{kind}/{code}"),
    "api/records/<kind>/<code>/withdraw": _record(
        "/api/records/{kind}/{code}/withdraw", posts=True
    ),
    "api/records/<kind>/<code>/moves/<move>": _record(
        "/api/records/{kind}/{code}/moves/dispatch", (CASE,), posts=True
    ),
    "api/matters/<kind>": _page(f"/api/matters/{CASE}", posts=True),
    "api/matters/<kind>/proposals": _page(f"/api/matters/{CASE}/proposals", posts=True),
    "api/matters/<kind>/twins": _page(f"/api/matters/{CASE}/twins", posts=True),
    "api/matters/<kind>/<code>": _record("/api/matters/{kind}/{code}", (CASE,)),
    **{
        f"api/matters/<kind>/<code>/{end}": _record(
            f"/api/matters/{{kind}}/{{code}}/{path}", (CASE,), posts=True
        )
        for end, path in (
            ("contact", "contact"),
            ("requests/<name>", "requests/extend"),
            ("resume", "resume"),
        )
    },
    "api/requests/<request_id>": _page("/api/requests/1", posts=True),
    "api/imports/<kind>": _page("/api/imports/eldercare.ramp", posts=True),
    "api/indicators": _page("/api/indicators"),
    "api/figures": _page("/api/figures?indicator=lifts_completed&period=2023H1"),
    "api/where": _page("/api/where?text=沧源路123弄5号", "/api/where?lon=121.4&lat=31.0"),
    "api/read": _page("/api/read", posts=True),
    "api/check": _page("/api/check", posts=True),
}


def known_routes() -> Iterator[str]:
    """Return the route of every address of the product."""

    def walk(resolver: Any, before: str) -> Iterator[str]:
        for item in resolver.url_patterns:
            if isinstance(item, URLResolver):
                yield from walk(item, before + str(item.pattern))
            elif isinstance(item, URLPattern):
                yield before + str(item.pattern)

    yield from walk(get_resolver("jiezhen.conf.urls"), "")
