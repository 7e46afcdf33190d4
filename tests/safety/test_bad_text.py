"""Thirty and more hostile texts through every intake: they come out as the text they are."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiezhen.records import sheets
from jiezhen.records.models import StagedRow
from jiezhen.registers.models import Entry

from .addresses import CASE, SITE
from .conftest import Two
from .crawling import open_as, text_of
from .living import alive, formulas, none
from .office import ID, PHONE
from .payloads import ALL, FORMULAS, MARKUP

KEPT = [p for p in ALL if len(p) < 200]


def sites(two: Two) -> dict[str, str]:
    rows = Entry.objects.for_system("test").filter(
        office_id=two.here.cast.system.office_id, kind=SITE
    )
    return {str(r.data["name"]): r.code for r in rows}


def shown_safely(two: Two, paths: list[str]) -> None:
    wrong = []
    for path in paths:
        got = open_as(two.here.client("section"), "section", path)
        if got.status != 200:
            wrong.append(str(got))
        elif path.partition("?")[0].endswith((".xlsx", ".csv")):
            wrong += [(path, f) for f in formulas(got.body, path)]
        elif got.kind == "text/html":
            wrong += [(path, f) for f in alive(got.body.decode())]
    none(wrong)


LISTS = [
    f"/registers/{SITE}",
    f"/registers/{SITE}?q=jzx",
    f"/records/{SITE}.csv",
    f"/records/{SITE}.xlsx",
    "/registers",
    "/search?q=jzx",
    "/",
]


def test_through_the_form(two: Two) -> None:
    for number, text in enumerate(KEPT):
        got = two.here.post(
            "section",
            f"/records/{SITE}/new",
            _unit="c1",
            name=f"{text} {number}",
            category="canteen",
            hours=text,
            address=text,
        )
        assert got.status_code == 302, text
    kept = sites(two)
    assert {f"{t} {n}".strip() for n, t in enumerate(KEPT)} <= set(kept)
    shown_safely(two, LISTS + [f"/registers/{SITE}/{c}" for c in list(kept.values())[:12]])


def test_through_the_api(two: Two) -> None:
    for number, text in enumerate(KEPT):
        body = {
            "unit": "c1",
            "values": {"name": f"{text} {number}", "category": "canteen", "hours": text},
        }
        assert two.here.send("section", f"records/{SITE}", body).status_code == 201, text
    told = two.here.client("section").get(f"/api/records/{SITE}?total=1").json()
    assert told["total"] >= len(KEPT)
    shown_safely(two, LISTS)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_through_an_import(two: Two, ending: str) -> None:
    out = io.BytesIO()
    heads = [
        sheets.Head("名称"),
        sheets.Head("类别"),
        sheets.Head("开放时间"),
        sheets.Head("单元"),
    ]
    rows = [(f"{text} {n}", "社区食堂", text, "c1") for n, text in enumerate(KEPT)]
    if ending == "xlsx":
        with sheets.SafeBook(out) as book:
            page = book.sheet("表", heads)
            for row in rows:
                page.row(row)
    else:
        out.write(b"".join(sheets.csv_lines(heads, rows)))
    name = "<img jzx src=x onerror=alert(1)>." + ending
    got = two.here.post(
        "section",
        "/imports/new",
        kind=SITE,
        unit="c1",
        file=SimpleUploadedFile(name, out.getvalue()),
    )
    assert got.status_code == 302, text_of(got.content)[-2000:]
    batch = int(got["Location"].rstrip("/").split("/")[2])
    paths = [f"/imports/{batch}", "/imports", f"/imports/{batch}/leftovers.xlsx"]
    if StagedRow.objects.filter(batch_id=batch, state="raw").exists():
        paths = [f"/imports/{batch}/columns"]
    shown_safely(two, paths)
    two.here.post("section", f"/imports/{batch}/commit")
    shown_safely(two, [*LISTS, f"/imports/{batch}"])


def test_through_a_plan_a_report_and_a_draft(two: Two) -> None:
    text = "云岫街道2023年计划\n\n" + "\n".join(
        f"全年完成{t}改造{n}户。" for n, t in enumerate(KEPT, 1)
    )
    got = two.here.post("planner", "/plans/upload", text=text, title=MARKUP[0], year="2023")
    assert got.status_code == 302
    plan = got["Location"]
    got = two.here.post("planner", f"/reports/{two.here.report}/sections", title=MARKUP[2])
    assert got.status_code == 302
    got = two.here.post("planner", "/check", text=text[:5000], period="2023H1")
    assert got.status_code == 302
    wrong = []
    for path in (
        plan,
        f"{plan}?c=3",
        "/plans",
        "/tasks",
        f"/reports/{two.here.report}",
        "/reports",
        got["Location"],
        "/check",
    ):
        page = open_as(two.here.client("planner"), "planner", path)
        wrong += [(path, page.status)] if page.status != 200 else []
        wrong += [(path, f) for f in alive(page.body.decode())]
    none(wrong)


def test_through_notes_reasons_and_names(two: Two) -> None:
    case, task = two.here.record(CASE), two.here.task
    for text in (*MARKUP[:8], *FORMULAS[:3]):
        assert two.here.post("section", f"/matters/{case.code}/say", note=text).status_code == 302
        assert (
            two.here.post("planner", f"/tasks/{task}/note", text=text, kind="progress").status_code
            == 302
        )
        two.here.post("planner", f"/tasks/{task}/light", colour="yellow", reason=text)
    file = SimpleUploadedFile('"><img jzx src=x onerror=alert(1)>.txt', b"words")
    two.here.post("section", f"/records/{CASE}/{case.code}/files", field="proof", file=file)
    two.here.post("section", f"/records/{CASE}/{case.code}/withdraw", why=MARKUP[1])
    shown_safely(
        two,
        [
            f"/matters/{case.code}",
            f"/records/{CASE}/{case.code}/history",
            f"/tasks/{task}",
            "/tasks",
            "/tasks.csv",
            "/tasks.xlsx",
            f"/matters/kinds/{CASE}.csv",
            "/",
        ],
    )
    page = open_as(two.here.client("auditor"), "auditor", "/admin/audit")
    none(alive(page.body.decode()))


@pytest.mark.parametrize("text", ["空\u0000字", "半\ud800个", "\u0001\u0002控制"])
def test_text_that_no_database_keeps_breaks_nothing(two: Two, text: str) -> None:
    """NUL, half a surrogate pair, control characters: taken cleaned or refused, never a failure."""
    wrong = []
    safe = text.encode("utf-8", "replace").decode()
    for path, data in (
        (f"/records/{SITE}/new", {"_unit": "c1", "name": safe, "category": "canteen"}),
        (f"/matters/{two.here.record(CASE).code}/say", {"note": safe}),
        (f"/tasks/{two.here.task}/note", {"text": safe, "kind": "progress"}),
        ("/records/eldercare.elder/find", {"text": safe + "某"}),
    ):
        got = two.here.post("section", path, **data)
        wrong += [(path, got.status_code)] if got.status_code >= 500 else []
    body = {
        "unit": "c1",
        "values": {"name": text, "category": "canteen", "address": {"text": text}},
    }
    wrong += (
        [("api", s)]
        if (s := two.here.send("section", f"records/{SITE}", body).status_code) >= 500
        else []
    )
    none(wrong)


@pytest.mark.parametrize(
    "value",
    [
        ["a"],
        {"a": 1},
        10**400,
        True,
        "x" * 20000,
        [[]],
        {"text": ["x"]},
        {"lon": "x"},
        -1,
        1e308,
    ],
)
def test_values_of_any_shape_break_nothing(two: Two, value: object) -> None:
    wrong = []
    for kind, fields in (
        (
            CASE,
            (
                "subject",
                "received_on",
                "place",
                "phone",
                "contacted_at",
                "repeated",
                "proof",
                "source",
                "caller",
            ),
        ),
        ("lifts.retrofit", ("address", "doors", "contract", "lift", "report")),
        ("eldercare.elder", ("id_number", "name", "born_on")),
    ):
        for name in fields:
            body = {"unit": "c1", "values": {name: value}}
            got = two.here.send("section", f"records/{kind}", body)
            wrong += [(kind, name, got.status_code)] if got.status_code >= 500 else []
    none(wrong)


def test_a_name_with_a_number_in_it_is_not_shown_in_full(two: Two) -> None:
    """Somebody writes a phone or id number into the subject: titles are masked, too."""
    got = two.here.post(
        "section",
        f"/matters/new?kind={CASE}",
        _unit="c1",
        order_number="T1",
        subject=f"找{PHONE}或{ID}",
        received_on="2023-07-01",
        content="x",
    )
    assert got.status_code == 302
    wrong = []
    for who, path in (
        ("leader", "/matters"),
        ("leader", f"/matters/kinds/{CASE}"),
        ("leader", "/"),
        ("leader", "/search?q=找1"),
        ("leader", f"/matters/kinds/{CASE}.csv"),
        ("leader", f"/api/records/{CASE}"),
        ("section", got["Location"]),
    ):
        page = open_as(two.here.client(who), who, path)
        wrong += [(who, path, n) for n in (PHONE, ID) if n in page.text]
    none(wrong)
