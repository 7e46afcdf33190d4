"""What the pages that cross engines read."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiezhen.indicators import queries as indicators
from jiezhen.kernel import clock
from jiezhen.kernel.worktime import NATIONAL, PACKAGE
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Indicator, Kind
from jiezhen.people import masking
from jiezhen.people.access import Viewer
from jiezhen.people.models import Token
from jiezhen.records import access, lookups, places, wording
from jiezhen.trail.models import Entry, Seal
from jiezhen.web import fonts, formats
from jiezhen.web.components import Lamp

#: Trail actions in words; an unknown one is shown as it is written.
ACTIONS = {
    "created": "登记",
    "changed": "修改",
    "withdrawn": "撤回",
    "brought_back": "恢复",
    "moved": "流转",
    "undone": "撤回一步",
    "revealed": "看了个人信息",
    "exported": "导出",
    "imported": "导入",
    "taken_back": "整批撤回",
    "signed_in": "登录",
    "frozen": "冻结数字",
    "confirmed": "确认",
    "assigned": "指定",
    "posted": "任职",
    "founded": "建街镇",
    "added": "加单元",
    "ended": "停用单元",
    "split": "分设",
    "merge": "合并",
    "learned": "训练类别推荐",
    "learning_asked": "要求重新训练",
}


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One line of the status page."""

    title: str
    value: str
    lamp: Lamp | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PackLine:
    """One pack of the list: how many kinds and indicators it brings."""

    name: str
    title: str
    kinds: int
    indicators: int
    source: str


@dataclass(frozen=True, slots=True)
class PackPage:
    """One pack with what it declares."""

    name: str
    title: str
    kinds: list[Kind]
    indicators: list[Indicator]


def status(at: datetime) -> list[StatusItem]:
    """Return whether the parts of the installation are well."""
    sealed = Seal.objects.order_by("-seq").first()
    waiting = Entry.objects.count() - (sealed.seq if sealed else 0)
    witness = sorted(Path(settings.WITNESS).glob("*.json"))
    database = (
        f"SQLite {sqlite3.sqlite_version}"
        if connection.vendor == "sqlite"
        else f"PostgreSQL {connection.pg_version // 10000}"  # type: ignore[attr-defined]
    )
    font = fonts.draws_chinese()
    return [
        StatusItem(_("时间"), at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M")),
        StatusItem(_("数据库"), database, Lamp("green")),
        StatusItem(
            _("审计封存"),
            _("已封{sealed}条，待封{waiting}条").format(
                sealed=sealed.seq if sealed else 0, waiting=waiting
            ),
            Lamp("green") if waiting < 1000 else Lamp("yellow"),
        ),
        StatusItem(
            _("最近检查点"),
            _checkpoint_words(witness),
            Lamp("green") if witness else Lamp("grey"),
            why="" if witness else _("还没有检查点。请把检查点文件夹设到另一台机器上。"),
        ),
        StatusItem(
            _("图表字体"),
            _("有中文字体") if font else _("没有中文字体，导出的图片会没有字"),
            Lamp("green") if font else Lamp("yellow", _("滞后")),
        ),
        _holidays(clock.day_of(at)),
        StatusItem(_("业务包"), str(len(catalogue().packs))),
    ]


def _holidays(today: date) -> StatusItem:
    short = NATIONAL.runs_out(today)
    why = _(
        "国务院公布下一年放假安排后，请运维升级 {package} 并重新启动，时限才会算进放假和调休。"
    )
    return StatusItem(
        _("节假日"),
        _("知道到{day}").format(day=formats.day(NATIONAL.known_until())),
        Lamp("yellow", _("快到期")) if short else Lamp("green"),
        why=why.format(package=PACKAGE) if short else "",
    )


def _checkpoint_words(witness: list[Path]) -> str:
    if not witness:
        return "—"
    said = json.loads(witness[-1].read_text("utf-8"))
    at = datetime.fromisoformat(said["at"]).astimezone(clock.ZONE)
    return _("{at}，{size}条").format(at=at.strftime("%Y-%m-%d %H:%M"), size=said["size"])


def tokens(viewer: Viewer) -> list[Token]:
    """Return the office's tokens that still hold; their keys are not kept."""
    rows = Token.objects.filter(
        account__postings__unit__office_id=viewer.office_id, revoked_at=None
    )
    return list(rows.select_related("account").distinct().order_by("-created_at"))


def packs() -> list[PackLine]:
    """Return the loaded packs in the order of their names."""
    found = catalogue()
    return [
        PackLine(
            name,
            wording.title(pack),
            sum(kind.pack == name for kind in found.kinds.values()),
            sum(indicator.pack == name for indicator in found.indicators.values()),
            pack.source.document,
        )
        for name, pack in sorted(found.packs.items())
    ]


def pack(name: str) -> PackPage | None:
    """Return one pack with its kinds and indicators."""
    found = catalogue()
    head = found.packs.get(name)
    if head is None:
        return None
    return PackPage(
        name,
        wording.title(head),
        [k for k in found.kinds.values() if k.pack == name],
        [i for i in found.indicators.values() if i.pack == name],
    )


def audit(entries: QuerySet[Entry], asked: dict[str, str]) -> QuerySet[Entry]:
    """Narrow the trail by who, what, on what and a day."""
    if asked["who"]:
        entries = entries.filter(actor__contains=asked["who"])
    if asked["what"]:
        entries = entries.filter(action__endswith=asked["what"])
    if asked["on"]:
        entries = entries.filter(on__contains=asked["on"])
    if asked["day"]:
        try:
            day = date.fromisoformat(asked["day"])
        except ValueError:
            return entries.none()
        begin = datetime.combine(day, time(), clock.ZONE)
        entries = entries.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    return entries


def action_words(action: str) -> str:
    """Return a trail action in words."""
    return ACTIONS.get(action.rsplit(".", 1)[-1], action)


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """One record whose title holds the words, or whose number they are."""

    title: str
    code: str
    kind: str
    href: str


def found(viewer: Viewer, text: str, most: int = 10) -> list[FoundRecord]:
    """Return records of any kind by the words of their titles or their number: one statement a shape.

    The number is the product's own or the one from elsewhere by which a kind is keyed.

    Id numbers and phone numbers are never looked up here, because a search stands in an
    address: they have a form of their own.
    """
    words = text.split()[:4]
    if not words or masking.free_text(text) != text:
        return []
    listed: list[FoundRecord] = []
    for shape in ("entry", "matter", "activity"):
        kinds = access.kinds(viewer, shape)
        rows = access.rows_of_many(viewer, kinds)
        if rows is None:
            continue
        for word in words:
            numbered = Q(natural_key__in=lookups.keys_for(kinds, word))
            rows = rows.filter(Q(title__icontains=word) | Q(code__iexact=word) | numbered)
        rows = rows.filter(withdrawn_at=None).order_by("-id")[:most]
        listed += [
            FoundRecord(
                title or code,
                code,
                wording.title(catalogue().kinds[kind]),
                places.page(kind, code),
            )
            for title, code, kind in rows.values_list("title", "code", "kind")
        ]
    return listed


def answer(viewer: Viewer, text: str, at: datetime) -> indicators.Answer | None:
    """Return the answer to a question for a number; None when no indicator is near."""
    if masking.free_text(text) != text:
        return None
    given = indicators.ask(viewer, text, at)
    return given if given.told or given.near else None
