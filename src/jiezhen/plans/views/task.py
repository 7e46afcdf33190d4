"""One task: its facts and timeline, and what people do with it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiezhen.plans import forms
from jiezhen.plans.operations import decisions
from jiezhen.plans.operations import tasks as operations
from jiezhen.plans.queries import decisions as decision_queries
from jiezhen.plans.queries import timeline
from jiezhen.plans.queries.timeline import Whole
from jiezhen.plans.views import shared
from jiezhen.records.operations import Problem, Refused
from jiezhen.trail.once import once
from jiezhen.web.components import Bar, Crumb, Event, Fact
from jiezhen.web.components import Problem as Wrong
from jiezhen.web.formats import day
from jiezhen.web.pages import StaffRequest, render, staff


@staff
@require_GET
def page(request: StaffRequest, code: str) -> HttpResponse:
    """Show a task."""
    shared.need_read(request.viewer)
    return _page(request, code)


def _page(
    request: StaffRequest,
    code: str,
    form: object = None,
    wrong: str = "",
    status: int = 200,
    problems: tuple[Wrong, ...] = (),
) -> HttpResponse:
    whole = shared.found(timeline.whole, request.viewer, code, request.at)
    viewer = request.viewer
    return render(
        request,
        "plans/task.html",
        {
            "title": whole.row.title,
            "whole": whole,
            "facts": _facts(whole),
            "events": tuple(
                Event(
                    x.at,
                    _(x.kind) if x.kind else x.text,
                    x.actor,
                    x.text if x.kind else "",
                    quiet=not x.kind,
                )
                for x in whole.lines
            ),
            "crumbs": (Crumb(_("任务督办"), "/tasks"), Crumb(code)),
            "may_confirm": viewer.may("plans.confirm"),
            "may_decide": viewer.may("plans.decide"),
            "waiting": decision_queries.open_about(viewer, whole.task),
            "light_form": form if wrong == "light" else forms.Light(),
            "ask_form": form if wrong == "ask" else forms.Ask(),
            "nodes": "\n".join(f"{m.title} {m.due.isoformat()}" for m in whole.row.milestones),
            "wrong": wrong,
            "problems": problems,
            "bar": _bar(whole),
        },
        status=status,
    )


def _bar(whole: Whole) -> Bar | None:
    return shared.bar_of(whole.row.progress)


def _facts(whole: Whole) -> tuple[Fact, ...]:
    row = whole.row
    return (
        Fact(_("编号"), row.code),
        Fact(_("灯"), row.light.why, lamp=shared.lamp(row.progress)),
        Fact(_("牵头"), row.lead),
        Fact(_("责任人"), row.owner, why=_("还没有指定")),
        Fact(_("力度"), _(row.strength) if row.strength else ""),
        Fact(_("目标"), row.target or _("没有数字")),
        Fact(
            _("已完成"),
            " ".join(x for x in (row.progress.done, row.progress.note) if x),
            href=row.progress.href,
            number=bool(row.progress.href),
            why=_("还没有关联记录"),
        ),
        Fact(_("期限"), f"{day(row.starts_on)}—{day(row.due_on)}"),
        Fact(_("来源"), row.source, href=row.document_href),
    )


@staff
@require_POST
@once
def act(request: StaffRequest, code: str, deed: str) -> HttpResponse:
    """Do one thing with a task and come back to where it was done."""
    shared.need_read(request.viewer)
    shared.found(timeline.whole, request.viewer, code, request.at)
    try:
        said = _carry_out(request, code, deed)
    except Refused as refused:
        problems = tuple(
            Wrong(f"id_{p.field}" if p.field else "", p.message) for p in refused.problems
        )
        form: object = None
        if deed in ("light", "ask"):
            form = (forms.Light if deed == "light" else forms.Ask)(request.POST)
            for problem in refused.problems:
                form.add_error(problem.field or None, problem.message)
        return _page(request, code, form, deed, 422, problems)
    messages.success(request, said)
    return HttpResponseRedirect(f"/tasks/{code}")


def _carry_out(request: StaffRequest, code: str, deed: str) -> str:
    """Carry out what a button stands for, and return what was done in words."""
    viewer, at, post = request.viewer, request.at, request.POST
    if deed in ("close", "reopen"):
        return _closing(request, code, deed)
    if deed in ("node", "nodes"):
        return _milestones(request, code, deed)
    match deed:
        case "note":
            line = forms.Line(post)
            kind = line.cleaned_data["kind"] if line.is_valid() else ""
            shared.carried_out(
                operations.say, viewer, code, post.get("text", ""), at, kind or "progress"
            )
            return _("已记下。")
        case "light":
            shared.carried_out(
                operations.set_light,
                viewer,
                code,
                post.get("colour", ""),
                post.get("reason", ""),
                at,
            )
            return _("灯已改，理由写在旁边。")
        case "ask":
            ask = decisions.Question(
                post.get("question", ""), tuple(post.get("options", "").splitlines())
            )
            shared.carried_out(decisions.send_up, viewer, code, ask, at)
            return _("已报领导。")
    raise Http404(deed)


def _closing(request: StaffRequest, code: str, deed: str) -> str:
    if deed == "reopen":
        shared.carried_out(operations.reopen, request.viewer, code, request.at)
        return _("销号已撤回。")
    why = request.POST.get("why", "")
    shared.carried_out(operations.close, request.viewer, code, why, request.at)
    return _("已销号。")


def _milestones(request: StaffRequest, code: str, deed: str) -> str:
    viewer, at = request.viewer, request.at
    if deed == "nodes":
        shared.carried_out(operations.plan_milestones, viewer, code, _nodes(request), at)
        return _("节点已保存。")
    number = shared.whole(request.POST.get("node", ""), -1)
    shared.carried_out(operations.finish_milestone, viewer, code, number, at)
    return _("节点完成。")


def _nodes(request: StaffRequest) -> list[tuple[str, date]]:
    form = forms.Nodes(request.POST)
    if not form.is_valid():
        raise Refused(Problem("milestones", str(form.errors["milestones"][0])))
    return list(form.cleaned_data["milestones"])


@staff
@require_POST
@once
def decide(request: StaffRequest, ident: int) -> HttpResponse:
    """Answer a question that was sent up; the answer lands on the timeline."""
    shared.need_read(request.viewer)
    decision = shared.found(decision_queries.decision_for, request.viewer, ident)
    back = request.POST.get("next", "")
    if not (back.startswith("/") and not back.startswith(("//", "/\\"))):
        back = decision.href or "/"
    try:
        shared.carried_out(
            decisions.decide,
            request.viewer,
            ident,
            request.POST.get("answer", ""),
            request.POST.get("line", ""),
            request.at,
        )
    except Refused as refused:
        messages.warning(request, str(refused))
        return HttpResponseRedirect(back)
    messages.success(request, _("意见已记下，报送的人会看到。"))
    return HttpResponseRedirect(back)
