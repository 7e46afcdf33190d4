"""What every page under /admin does: ask for a right, and show the tabs that one may open."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from jiezhen.people.access import Viewer
from jiezhen.web.components import Choice
from jiezhen.web.pages import ADMINISTRATION


def need(viewer: Viewer, *rights: str) -> None:
    """Refuse with 403 who holds none of the rights."""
    if not any(viewer.may(right) for right in rights):
        raise PermissionDenied(_("没有管理这一页的权限。需要的话，找系统管理员。"))


def admin_tabs(viewer: Viewer, here: str) -> tuple[Choice, ...]:
    """Return the tabs of the pages that the viewer may open."""
    every = (
        ("status", _("状态"), "/admin", ADMINISTRATION),
        ("people", _("用户与角色"), "/admin/people", ("people.edit",)),
        ("units", _("单元与网格"), "/admin/units", ("units.edit",)),
        ("packs", _("业务包"), "/admin/packs", ("packs.edit",)),
        ("tokens", _("接口令牌"), "/admin/tokens", ("people.edit",)),
        ("effects", _("消息出口"), "/admin/effects", ("effects.edit",)),
        ("portal", _("公众门户"), "/admin/portal", ("packs.edit",)),
        ("audit", _("审计"), "/admin/audit", ("audit.see",)),
    )
    return tuple(
        Choice(title, href, current=key == here)
        for key, title, href, rights in every
        if any(viewer.may(right) for right in rights)
    )
