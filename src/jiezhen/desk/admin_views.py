"""管理: people, packs, tokens, audit, status; units have `unit_views`.

The three administrators are different people: system, security, audit. A page that a
viewer holds no right for answers 403; there is no superuser.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiezhen.desk import forms, queries
from jiezhen.kernel import clock
from jiezhen.matters import queries as matters
from jiezhen.packs.registry import catalogue
from jiezhen.people.access import RIGHTS, SENSITIVITIES
from jiezhen.records import wording
from jiezhen.trail import queries as trail
from jiezhen.trail.once import once
from jiezhen.units import operations as unit_operations
from jiezhen.units import queries as unit_queries
from jiezhen.web.administration import admin_tabs, need
from jiezhen.web.components import Action, Cell, Column, Pager, Row, Table
from jiezhen.web.pages import ADMINISTRATION, StaffRequest, render, staff

AUDIT_PAGE = 50


@staff
def status(request: StaffRequest) -> HttpResponse:
    """Show on one page whether all is well."""
    need(request.viewer, *ADMINISTRATION)
    rows = tuple(
        Row((item.title, Cell(item.value, lamp=item.lamp, note=item.why)))
        for item in queries.status(request.at)
    )
    table = Table(_("状态"), (Column(_("项目")), Column(_("现在"))), rows)
    return render(
        request,
        "desk/admin_list.html",
        {
            "title": _("管理"),
            "tabs": admin_tabs(request.viewer, "status"),
            "table": table,
        },
    )


@staff
@once
def people(request: StaffRequest) -> HttpResponse:
    """List the accounts; make one."""
    need(request.viewer, "people.edit")
    units = unit_queries.units_of_office(request.viewer.office_id)
    form = forms.NewAccount(
        request.POST or None,
        units=[(u.code, u.title) for u in units],
        roles=[(name, wording.title(role)) for name, role in catalogue().roles.items()],
    )
    code = 200
    if request.method == "POST":
        if form.is_valid() and _hire(request, form):
            messages.info(request, _("账号建好了。请把初始密码当面告诉本人。"))
            return HttpResponseRedirect("/admin/people")
        code = 422
    return render(
        request,
        "desk/admin_people.html",
        {
            "title": _("用户与角色"),
            "tabs": admin_tabs(request.viewer, "people"),
            "form": form,
            "people": unit_queries.people_of(request.viewer),
            "roles": {name: wording.title(role) for name, role in catalogue().roles.items()},
            "submit": _("建账号"),
        },
        status=code,
    )


def _hire(request: StaffRequest, form: forms.NewAccount) -> bool:
    given = form.cleaned_data
    try:
        unit_operations.hire(request.viewer, given, given["unit"], given["role"], request.at)
    except (unit_operations.UnableToHire, unit_operations.UnableToAdd) as refused:
        form.add_error(None, str(refused))
        return False
    return True


@staff
@require_POST
@once
def set_active(request: StaffRequest) -> HttpResponse:
    """Close or open an account."""
    active = request.POST.get("active") == "yes"
    try:
        unit_operations.set_active(
            request.viewer, request.POST.get("username", ""), request.at, active=active
        )
    except unit_operations.UnableToHire as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect("/admin/people")
    messages.info(request, _("账号已启用。") if active else _("账号已停用，已登录的立即退出。"))
    return HttpResponseRedirect("/admin/people")


@staff
def sees(request: StaffRequest, account_id: int) -> HttpResponse:
    """Say in sentences what another person may see and do."""
    other = unit_queries.viewer_as(request.viewer, account_id, request.at)
    if other is None:
        raise Http404
    titles = {u.path: u.title for u in unit_queries.units_of_office(request.viewer.office_id)}
    depth = dict(zip(SENSITIVITIES, (_("公开"), _("内部"), _("个人信息"), _("保密")), strict=True))
    rows = tuple(
        Row(
            (
                titles.get(g.path, g.path),
                _(RIGHTS.get(g.may, g.may)),
                _("全部") if g.kinds == "*" else g.kinds,
                depth[g.sensitivity],
            )
        )
        for g in other.grants
    )
    columns = tuple(Column(t) for t in (_("在哪些单元"), _("能做什么"), _("哪些记录"), _("深到")))
    title = _("{name}能看到什么").format(name=other.name)
    return render(
        request,
        "desk/admin_list.html",
        {
            "title": title,
            "tabs": admin_tabs(request.viewer, "people"),
            "table": Table(title, columns, rows),
        },
    )


@staff
@once
def tokens(request: StaffRequest) -> HttpResponse:
    """List machine tokens; issue one and show its key once."""
    need(request.viewer, "people.edit")
    key, problem = "", ""
    if request.method == "POST":
        try:
            key = unit_operations.issue_token(
                request.viewer,
                request.POST.get("username", ""),
                request.POST.get("title", "")[:100] or _("接口"),
                request.at,
            )
        except unit_operations.UnableToHire as refused:
            problem = str(refused)
    response = render(
        request,
        "desk/admin_tokens.html",
        {
            "title": _("接口令牌"),
            "tabs": admin_tabs(request.viewer, "tokens"),
            "key": key,
            "problem": problem,
            "tokens": queries.tokens(request.viewer),
            "people": unit_queries.people_of(request.viewer),
        },
        status=422 if problem else 200,
    )
    response.shown_once = True  # type: ignore[attr-defined]
    return response


@staff
@require_POST
@once
def revoke(request: StaffRequest) -> HttpResponse:
    """End a token."""
    try:
        token = int(request.POST.get("token", ""))
        unit_operations.revoke_token(request.viewer, token, request.at)
    except (ValueError, unit_operations.UnableToHire):
        raise Http404 from None
    messages.info(request, _("令牌已作废。"))
    return HttpResponseRedirect("/admin/tokens")


@staff
def packs(request: StaffRequest) -> HttpResponse:
    """List the packs that are loaded."""
    need(request.viewer, "packs.edit")
    rows = tuple(
        Row(
            (
                Cell(p.title, f"/admin/packs/{p.name}"),
                Cell(p.name, code=True),
                Cell(str(p.kinds)),
                Cell(str(p.indicators)),
                p.source,
            )
        )
        for p in queries.packs()
    )
    columns = (
        Column(_("业务包")),
        Column(_("名称")),
        Column(_("种类"), "number"),
        Column(_("指标"), "number"),
        Column(_("依据")),
    )
    return render(
        request,
        "desk/admin_list.html",
        {
            "title": _("业务包"),
            "tabs": admin_tabs(request.viewer, "packs"),
            "table": Table(_("业务包"), columns, rows),
        },
    )


@staff
def pack(request: StaffRequest, name: str) -> HttpResponse:
    """Show one pack: its kinds with their fields, its indicators with their definitions."""
    need(request.viewer, "packs.edit")
    found = queries.pack(name)
    if found is None:
        raise Http404
    return render(
        request,
        "desk/admin_pack.html",
        {
            "title": found.title,
            "tabs": admin_tabs(request.viewer, "packs"),
            "pack": found,
            "learning": [matters.standing(request.viewer, k) for k in found.kinds if k.guess],
        },
    )


@staff
def audit(request: StaffRequest) -> HttpResponse:
    """Show the trail as sentences, filtered by who, what, on what and day."""
    need(request.viewer, "audit.see")
    asked = {k: request.GET.get(k, "").strip() for k in ("who", "what", "on", "day")}
    found = queries.audit(trail.entries(request.viewer), asked)
    pages = Paginator(found, AUDIT_PAGE)
    page = pages.get_page(request.GET.get("page", "1"))
    rows = tuple(
        Row(
            (
                e.at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M"),
                e.actor,
                queries.action_words(e.action),
                Cell(e.on, code=True),
                e.why,
            )
        )
        for e in page.object_list
    )
    columns = tuple(Column(t) for t in (_("时间"), _("谁"), _("做了什么"), _("对象"), _("理由")))
    more: dict[str, Any] = {"asked": asked, "total": pages.count}
    query = request.GET.copy()

    def turn(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    more["pager"] = Pager(
        page.start_index(),
        page.end_index(),
        pages.count,
        previous=turn(page.number - 1) if page.has_previous() else "",
        next=turn(page.number + 1) if page.has_next() else "",
    )
    return render(
        request,
        "desk/admin_audit.html",
        {
            "title": _("审计"),
            "tabs": admin_tabs(request.viewer, "audit"),
            "table": Table(_("审计"), columns, rows),
            **more,
            "actions": (Action(_("核对审计链"), "/admin"),),
        },
    )
