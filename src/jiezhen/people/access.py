"""What a viewer may do: a right is a sentence of who, where, what and how deep.

「谁 在哪些单元 能看/改 哪些底数和事项」 plus a level of sensitivity. There is no
superuser and no bypass: a right that is not granted is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from django.utils.translation import gettext_noop

#: How sensitive a kind is, from open to secret. A grant reaches up to its level.
SENSITIVITIES = ("open", "inner", "personal", "secret")

#: Every right there is, with the words that the administration pages show.
RIGHTS: dict[str, str] = {
    "see": gettext_noop("查看"),
    "change": gettext_noop("登记和修改"),
    "import": gettext_noop("导入"),
    "export": gettext_noop("导出"),
    "reveal": gettext_noop("看个人信息"),
    "report": gettext_noop("反映问题"),
    "parties.see": gettext_noop("联系诉求人"),
    "matters.dispatch": gettext_noop("派单"),
    "matters.approve": gettext_noop("审批申请"),
    "matters.supervise": gettext_noop("督办"),
    "plans.edit": gettext_noop("整理计划"),
    "plans.confirm": gettext_noop("确认承诺"),
    "plans.decide": gettext_noop("拍板"),
    "reports.edit": gettext_noop("写报告"),
    "reports.freeze": gettext_noop("冻结数字"),
    "reports.publish": gettext_noop("发布"),
    "indicators.target": gettext_noop("定目标"),
    "indicators.supply": gettext_noop("填报外部数据"),
    "units.edit": gettext_noop("管理单元"),
    "people.edit": gettext_noop("管理用户"),
    "packs.edit": gettext_noop("管理业务包"),
    "effects.edit": gettext_noop("管理消息出口"),
    "audit.see": gettext_noop("查审计"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One sentence: `may` do, on `kinds` (a glob), up to `sensitivity`, under `path`."""

    may: str
    kinds: str
    sensitivity: str
    path: str

    def reaches(self, kind: str | None, sensitivity: str | None) -> bool:
        """Say whether the grant speaks of this kind at this sensitivity."""
        if kind is not None and not fnmatchcase(kind, self.kinds):
            return False
        if sensitivity is None:
            return True
        return SENSITIVITIES.index(sensitivity) <= SENSITIVITIES.index(self.sensitivity)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking, and what they may do. Built once a request in `units.queries`.

    `post` says in words where they work: the unit, or the role for the whole office.
    """

    account_id: int
    name: str
    office_id: int
    office_path: str
    office_name: str = ""
    unit_id: int = 0
    unit_path: str = ""
    unit_title: str = ""
    post: str = ""
    roles: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = field(default=())

    def paths(
        self, right: str, kind: str | None = None, sensitivity: str | None = None
    ) -> tuple[str, ...]:
        """Return the unit paths under which the right is held; none: not held."""
        found = {g.path for g in self.grants if g.may == right and g.reaches(kind, sensitivity)}
        return tuple(sorted(p for p in found if not _covered(p, found)))

    def may(
        self,
        right: str,
        kind: str | None = None,
        path: str | None = None,
        sensitivity: str | None = None,
    ) -> bool:
        """Say whether the right is held, for this kind and at this unit when given."""
        paths = self.paths(right, kind, sensitivity)
        return bool(paths) if path is None else any(path.startswith(p) for p in paths)

    def whole_office(self, right: str, kind: str | None = None) -> bool:
        """Say whether the right covers the whole office."""
        return self.office_path in self.paths(right, kind)


def _covered(path: str, others: Iterable[str]) -> bool:
    return any(path != other and path.startswith(other) for other in others)


def system_viewer(office_id: int, office_path: str, name: str) -> Viewer:
    """Return a viewer for work that nobody started by hand: schedules, demonstration."""
    grants = tuple(Grant(right, "*", "secret", office_path) for right in RIGHTS)
    return Viewer(0, name, office_id, office_path, office_name=name, grants=grants)


def public_viewer(
    office_id: int,
    office_path: str,
    office_name: str,
    offered: Iterable[str] = (),
    linked: Iterable[str] = (),
) -> Viewer:
    """Return a viewer for somebody without an account, who may report the kinds that are offered.

    Of what is kept it sees only the `linked` kinds, to which words of residents may be tied. What
    residents read is published, and the queries that hand it out say so themselves.
    """
    reports = [Grant("report", kind, "secret", office_path) for kind in offered]
    seen = [Grant("see", kind, "inner", office_path) for kind in linked]
    return Viewer(
        0, "居民", office_id, office_path, office_name=office_name, grants=(*reports, *seen)
    )
