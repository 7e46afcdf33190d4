"""The plan of document 000: uploaded, confirmed row by row, linked to what counts it."""

import re
from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.plans.models import Commitment, Document, Target

from . import doors
from .world import World

PLAN_ENDS = "> 主要经济指标"


@dataclass
class Plan:
    """What became of the plan: its page, and which indicator was proposed for each number."""

    document: Document
    here: str
    proposed: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def part(text: str) -> str:
    """Return the part of the document that promises: it stands before the results."""
    return text[: text.index(PLAN_ENDS)]


def bring_in(world: World) -> Plan:
    """Upload the plan, confirm every number of it and link it to the indicator that counts it."""
    client = world.cast.client("planner")
    file = SimpleUploadedFile("下半年工作计划.txt", part(world.text).encode(), "text/plain")
    answer = doors.post(
        client, "/plans/upload", "/plans", file=file, year=2023, title="2023年下半年工作计划"
    )
    found = re.search(r"/plans/\d+/docs/(\d+)", answer.url)
    assert found, answer.url
    document = Document.objects.for_system("test").get(pk=found[1])
    plan = Plan(document, f"/plans/{document.year}/docs/{document.pk}")
    for ident in world.by("target"):
        _confirm(world, client, plan, ident)
    return plan


def rows_of(plan: Plan, start: int) -> list[Commitment]:
    """Return the rows that promise the number at an offset, in the order of the text."""
    rows = Commitment.objects.for_system("test").filter(document=plan.document)
    holding = Target.objects.filter(commitment__in=rows, start=start).values("commitment")
    return list(rows.filter(pk__in=holding).order_by("position", "number"))


def _confirm(world: World, client: Client, plan: Plan, ident: str) -> None:
    origin, figure = world.origins[ident], world.gold[ident]
    rows = rows_of(plan, figure.start)
    assert len(rows) == len(origin.indicators), (ident, [r.object for r in rows])
    for row, indicator in zip(_in_order(rows, figure.objects), origin.indicators, strict=True):
        assert row.targets.count() == 1, (ident, row.words)
        page = f"{plan.here}?c={row.number}"
        plan.proposed[ident, indicator] = _offered(client.get(page).content.decode())
        doors.post(
            client,
            f"{plan.here}/rows/{row.number}/confirm",
            page,
            lead="fwb",
            due_on="2023-12-31",
            indicator=indicator,
            period=origin.period,
        )


def _offered(page: str) -> list[str]:
    """Return the indicators that the page of a row proposes, the first one first."""
    group = re.search(r'<optgroup label="建议">(.*?)</optgroup>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', group[1]) if group else []


def _in_order(rows: list[Commitment], objects: tuple[str, ...]) -> list[Commitment]:
    """Return rows that share one number in the order in which the document names them."""

    def place(row: Commitment) -> int:
        return next((n for n, o in enumerate(objects) if row.object[-5:] in o), len(objects))

    return sorted(rows, key=place) if len(rows) > 1 else rows
