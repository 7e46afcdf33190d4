"""The report of document 000: begun from its text, its numbers live, exported and read back."""

import random
import re
from dataclasses import dataclass, field

from django.test import Client

from jiezhen.reading import read
from jiezhen.reading.model import Document, Paragraph
from jiezhen.reports.models import Report
from jiezhen.reports.queries.content import Content, content
from jiezhen.reports.queries.numbers import Where, key_of, numbers
from jiezhen.reports.rules import forms, tokens
from jiezhen.reports.rules.tokens import Chip

from . import doors
from .gold import Gold, Origin
from .world import World

PERIOD = "2023H1"
_ASPECTS = {"target": "target", "growth": "growth"}
#: Chinese numerals in which a small count is told (八大行动); no digit of them can slip.
SPELT = "一二三四五六七八九"


@dataclass
class Written:
    """The report as it stands, and how each of its numbers was to be written."""

    report: Report
    world: World
    forms: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def whole(self) -> Content:
        """Return the report with its numbers as they are now."""
        return content(self.world.cast.viewers["planner"], self.report, self.world.at)


def bare(text: str) -> str:
    """Return words without the blanks and breaks of a layout."""
    return "".join(text.split())


def write(world: World) -> Written:
    """Begin a report with the document's text and put a live number in every figure's place."""
    client = world.cast.client("planner")
    answer = doors.post(
        client,
        "/reports/new",
        title="2023年上半年工作总结和下半年工作计划",
        period=PERIOD,
        begin="report",
        text=world.text,
    )
    found = re.search(r"/reports/(\d+)", answer.url)
    assert found, answer.url
    report = Report.objects.for_system("test").get(pk=found[1])
    written = Written(report, world)
    lines = _lines(world, _chips(written))
    for section in report.sections.all():
        told = tokens.rewrite(section.text, lambda _order, chip: chip.was)
        chosen: list[str] = []
        text = "\n".join(
            _numbered(lines.get(line, [line]), chosen) for line in told.split("\n") if line
        )
        _save(client, report, section.pk, section.title, text, chosen)
    report.refresh_from_db()
    return written


def _save(
    client: Client, report: Report, section: int, title: str, text: str, chosen: list[str]
) -> None:
    """Save a section as its editor does."""
    page = f"/reports/{report.pk}?s={section}&edit=1"
    version = report.sections.get(pk=section).version
    answer = doors.post(
        client,
        f"/reports/{report.pk}/sections/{section}",
        page,
        title=title,
        text=text,
        chip=chosen,
        version=version,
    )
    assert answer.status_code == 302


def _numbered(pieces: list[str | Chip], chosen: list[str]) -> str:
    """Return a line as the editor shows it: every live number with its place in the list."""
    said = []
    for piece in pieces:
        if isinstance(piece, str):
            said.append(piece)
            continue
        chosen.append(piece.token)
        said.append(f"【{len(chosen)}：{piece.indicator[:8]}】")
    line = "".join(said)
    return line if line.endswith(("。", "；", "”", "》")) else f"{line}。"


def _chips(written: Written) -> dict[str, Chip]:
    """Return the live number of every figure in the form in which the document writes it."""
    world = written.world
    found = {
        ident: chip_of(origin)
        for ident, origin in world.origins.items()
        if not is_spelt(world.gold[ident])
    }
    where = Where("", PERIOD)
    known = numbers(world.cast.viewers["planner"], found.values(), where, world.at)
    for ident, chip in found.items():
        number, words = known[key_of(chip, where)], words_of(world, world.gold[ident])
        form = forms.nearest(forms.forms(number), words)
        found[ident] = Chip(chip.indicator, "", chip.period, chip.aspect, chip.base, form)
        written.forms[ident] = words, forms.written(number, form)
    return found


def chip_of(origin: Origin) -> Chip:
    """Return the live number that a figure stands for."""
    period = "" if origin.period == PERIOD else origin.period
    base = str(origin.told["base"])[:4] if origin.how == "growth" else ""
    return Chip(
        origin.indicator,
        period=period,
        aspect=_ASPECTS.get(origin.how, "value"),  # type: ignore[arg-type]
        base="" if base == "2022" else base,
    )


def is_spelt(figure: Gold) -> bool:
    """Say whether a figure is told in a word: 八大."""
    return not any(sign.isdigit() for sign in figure.span)


def start_of(world: World, figure: Gold) -> int:
    """Return where the words of a figure begin, 超 before it included."""
    before = world.text[: figure.start].rstrip(" ")
    return len(before) - 1 if before.endswith("超") else figure.start


def words_of(world: World, figure: Gold) -> str:
    """Return the words of a figure, 超 before it included."""
    return bare(world.text[start_of(world, figure) : figure.end])


def _lines(world: World, chips: dict[str, Chip]) -> dict[str, list[str | Chip]]:
    """Return the lines that hold figures, by their words, with live numbers in their places."""
    found: dict[str, list[str | Chip]] = {}
    document = read(world.text)
    for paragraph in document.paragraphs:
        inside = [world.gold[i] for i in chips if _within(world.gold[i], paragraph)]
        if inside:
            words = bare(world.text[paragraph.start : paragraph.end])
            found[words] = _line(world, document, paragraph, inside, chips)
    assert sum(isinstance(p, Chip) for line in found.values() for p in line) == len(chips)
    return found


def _within(figure: Gold, paragraph: Paragraph) -> bool:
    return paragraph.start <= figure.start and figure.end <= paragraph.end


def _line(
    world: World,
    document: Document,
    paragraph: Paragraph,
    inside: list[Gold],
    chips: dict[str, Chip],
) -> list[str | Chip]:
    pieces: list[str | Chip] = []
    at = paragraph.start
    for figure in inside:
        pieces += [bare(document.text[at : start_of(world, figure)]), chips[figure.id]]
        at = figure.end
    pieces.append(bare(document.text[at : paragraph.end]))
    return pieces


def slips(text: str, start: int, end: int, dice: random.Random, most: int = 3) -> list[str]:
    """Return the text with one digit of a figure changed, several times."""
    places = [at for at in range(start, end) if text[at].isdigit()]
    dice.shuffle(places)
    found = [_slip(text, at, "0123456789", dice) for at in places[:most]]
    if not places:
        found = [_slip(text, at, SPELT, dice) for at in range(start, end) if text[at] in SPELT]
    return found


def _slip(text: str, at: int, signs: str, dice: random.Random) -> str:
    other = dice.choice([sign for sign in signs if sign != text[at]])
    return text[:at] + other + text[at + 1 :]
