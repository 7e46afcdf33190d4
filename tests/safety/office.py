"""A small office with something behind every address, and canaries where persons stand."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.indicators import operations as indicators
from jiezhen.indicators import queries as figures
from jiezhen.kernel.periods import Period
from jiezhen.matters import operations as matters
from jiezhen.packs.registry import catalogue
from jiezhen.plans.operations import commitments, decisions, documents, sources, tasks
from jiezhen.records import files, operations
from jiezhen.reports.operations import drafts, writing
from jiezhen.units import operations as units

from .payloads import MARKUP, TEMPLATES, id_number

ROLES = (
    "leader",
    "planner",
    "section",
    "city",
    "grid",
    "neighbour",
    "auditor",
    "administrator",
    "security",
)
#: Who may see at least one kind of business record.
BUSINESS = ("leader", "planner", "section", "city", "grid", "neighbour")
OFFICIALS = ("auditor", "administrator", "security")

NAME = "甄雀儿"
PHONE = "13900424242"
ID = id_number("31011219490317842")
OTHER_IDS = [id_number(f"31011219530224{n}") for n in (551, 553, 557)]
FREE_PHONE = "13700313131"
FREE_ID = id_number("31011219520911337")
CANARIES = (NAME, PHONE, ID, *OTHER_IDS, FREE_PHONE, FREE_ID)
FREE = f"请回电{FREE_PHONE}，证件{FREE_ID}。"
FREE_MARKUP = FREE + " ".join((*MARKUP, *TEMPLATES))

PLAN = """云岫街道2023年工作计划

一、民生服务
全年完成加装电梯36台，由社区服务办牵头。
年内完成居家适老化改造75户。
推进松涛居民区社区食堂建设，9月底前建成启用。
{more}
"""


def nonce() -> str:
    """Return a nonce as a page would carry it."""
    return secrets.token_urlsafe(18)


@dataclass
class Made:
    """One office: its people and the names of what lies in it."""

    code: str
    cast: Cast
    records: dict[tuple[str, str], Any] = field(default_factory=dict)
    document: Any = None
    task: str = ""
    decision: int = 0
    batch: int = 0
    row: int = 0
    target: int = 0
    live: str = ""
    frozen: str = ""
    token: int = 0
    file: int = 0
    files: dict[str, int] = field(default_factory=dict)
    report: int = 0
    section: int = 0
    draft: int = 0
    keys: dict[str, str] = field(default_factory=dict)
    _clients: dict[str, Client] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """Return the browser of somebody, signed in once; a failure is a page, as in production."""
        if who not in self._clients:
            self._clients[who] = self.cast.client(who)
            self._clients[who].raise_request_exception = False
        return self._clients[who]

    def sign_out(self) -> None:
        """Forget every browser."""
        self._clients.clear()

    def post(self, who: str, href: str, /, **data: Any) -> Any:
        """Post a form with a fresh nonce."""
        return self.client(who).post(href, {"_nonce": nonce(), **data})

    def send(self, who: str, href: str, body: Any, key: str = "", method: str = "post") -> Any:
        """Send JSON to the API with a key of its own."""
        send = getattr(self.client(who), method)
        return send(
            f"/api/{href}",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": key or nonce()},
        )

    def record(self, kind: str, unit: str = "c1") -> Any:
        """Return the seeded record of a kind in a unit."""
        return self.records[kind, unit]


def build(code: str, free: str = FREE_MARKUP, *, second: bool = False) -> Made:
    """Make an office with records of every shape, a plan, tasks, an import and numbers.

    The second office has more of everything, so that its codes are not those of the first.
    """
    made = Made(code, build_cast(code))
    for number, unit in enumerate(("c2", "p2", "c1", "c3") if second else ("c1", "c3")):
        _records(made, unit, free, [ID, *OTHER_IDS][number])
    _plan(made, free, 2 if second else 1)
    _import(made)
    _numbers(made)
    _report(made, free)
    key = units.issue_token(
        made.cast.viewers["administrator"], _username(made, "section"), "接口", AT
    )
    made.keys["section"] = key
    from jiezhen.people.models import Token

    made.token = Token.objects.latest("pk").pk
    return made


def _username(made: Made, who: str) -> str:
    return str(made.cast.accounts[who].username)


def _records(made: Made, unit: str, free: str, ident: str) -> None:
    viewer, where = made.cast.viewers["section"], made.cast.unit(unit)

    def put(kind: str, **values: Any) -> Any:
        row = operations.create(viewer, kind, where, values, AT)
        made.records[kind, unit] = row
        return row

    put(
        "eldercare.service_point",
        name=f"食堂{unit}",
        category="canteen",
        address="松涛路1号",
        hours=free,
    )
    put("lifts.lift", registration=f"31{unit}", address="沧源路1号", keeper=free)
    elder = put("eldercare.elder", name=NAME, id_number=ident, phone=PHONE, address="沧源路9号")
    put("eldercare.visit", elder=elder.code, visited_on="2023-06-01", found=free)
    put("eldercare.ramp", place="沧源路2号", installed_on="2023-05-02", quantity=2)
    put(
        "lifts.retrofit",
        address=f"沧源路{unit}弄",
        contact=NAME,
        contact_phone=PHONE,
        estate=free,
        contract="658000",
    )
    case = put(
        "hotline.case",
        order_number=f"SH{unit}",
        subject=f"楼道堆物{MARKUP[2]}",
        content=free,
        caller=NAME,
        phone=PHONE,
        received_on="2023-06-20",
        place=f"松涛路 {free}",
    )
    matters.say(viewer, "hotline.case", case.pk, free, AT)
    operations.change(viewer, "hotline.case", case.pk, {"answer": free}, case.version, AT)
    case.refresh_from_db()
    kept = files.attach(
        viewer, case, "proof", files.ready(f"凭证{MARKUP[1]}.txt", free.encode()), AT
    )
    made.files[unit] = kept.pk
    case.refresh_from_db()


def _report(made: Made, free: str) -> None:
    viewer = made.cast.viewers["planner"]
    report = writing.create(viewer, f"2023年上半年总结{MARKUP[0]}", Period.parse("2023H1"), AT)
    section = writing.add_section(viewer, report.pk, f"一、民生{MARKUP[3]}", AT)
    writing.insert(viewer, report.pk, section.pk, f"加装电梯36台。{free[:900]}", AT)
    made.report, made.section = report.pk, section.pk
    words = drafts.receive_words(f"上半年加装电梯36台，其中甲小区20台、乙小区10台。{free}")
    made.draft = drafts.open_draft(viewer, words, AT, period="2023H1").pk


def _plan(made: Made, free: str, confirmed: int) -> None:
    viewer = made.cast.viewers["planner"]
    source = sources.from_words(PLAN.format(more=free))
    document = documents.upload(viewer, source, AT).document
    made.document = document
    lead = made.cast.unit("fwb").code
    chosen = commitments.Choice(lead=lead, due_on=date(2023, 12, 31))
    for number in range(1, confirmed + 1):
        commitments.confirm(viewer, document.pk, number, AT, chosen)
    from jiezhen.plans.models import Task

    made.task = (
        Task.objects.for_system("seeding").filter(office_id=viewer.office_id).latest("pk").code
    )
    tasks.say(viewer, made.task, free, AT)
    made.decision = decisions.send_up(
        viewer, made.task, decisions.Question(f"资金缺口{MARKUP[4]}", ("追加", MARKUP[5])), AT
    ).pk


def _import(made: Made) -> None:
    text = (
        "姓名,身份证号,联系电话,单元\n"
        f"{NAME}甲,{id_number('31011219500101123')},{PHONE},c1\n"
        f"{NAME}乙,{ID[:-1]}0,{PHONE}1,c1\n{NAME},{ID},{PHONE},没有的居委\n"
    )
    file = SimpleUploadedFile("老人.csv", text.encode())
    answer = made.post("section", "/imports/new", kind="eldercare.elder", unit="c1", file=file)
    made.batch, made.row = int(answer["Location"].split("/")[2]), 3


def _numbers(made: Made) -> None:
    viewer = made.cast.viewers["planner"]
    office = next(u for u in figures.frame(viewer, AT).units if u.id == viewer.office_id)
    year = Period.parse("2023")
    made.target = indicators.set_target(viewer, "lifts_completed", office, year, Decimal(36), AT)
    made.live = figures.link_for("lifts_completed", office, year).removeprefix("/n/")
    wanted = [indicators.Wanted("lifts_completed", office, year)]
    made.frozen = indicators.freeze(viewer, wanted, AT)[0].href.removeprefix("/n/")
    statistic = next(iter(catalogue().statistics))
    months = Period.parse("2023-05") if catalogue().statistics[statistic].by == "month" else year
    indicators.supply(viewer, statistic, indicators.Number(office, months, Decimal(5), "区里"), AT)
