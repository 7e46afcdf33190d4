"""Rights and failures that the operations of this engine share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.reports.models import Report, Section


class UnableToWrite(Exception):
    """A report cannot be written; `field` is where the message belongs, blank for the whole page."""

    def __init__(self, message: str, field: str = "") -> None:
        self.message, self.field = message, field
        super().__init__(message)


class NotAllowed(UnableToWrite):
    """The viewer does not hold the right."""


class Conflict(UnableToWrite):
    """Somebody changed the section since it was opened; `section` holds theirs, `yours` the other text."""

    def __init__(self, section: Section, yours: str, when: str) -> None:
        self.section, self.yours = section, yours
        super().__init__(
            _("别人在{when}改过这一段。下面是两份的不同，请选一份。").format(when=when), "text"
        )


def need(viewer: Viewer, right: str) -> None:
    """Raise where a right is missing.

    Raises:
        NotAllowed: It is.
    """
    if not viewer.may(right):
        raise NotAllowed(_("没有这个权限。需要的话，找党政办。"))


def need_draft(report: Report) -> None:
    """Raise where the text may no longer be changed.

    Raises:
        UnableToWrite: The numbers are frozen, or the report is published.
    """
    if report.state == "published":
        raise UnableToWrite(_("已经发布，正文不再改。数有错的话，用“更正”。"))
    if report.frozen_at is not None:
        raise UnableToWrite(_("数字已经冻结，正文不再改。要改的话，先解冻。"))
