"""Ask for more time, a pause, to send back or to hang; decide; resume."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiezhen.matters import rules
from jiezhen.matters.facts import as_matter, flow_of, refresh
from jiezhen.matters.models import Matter, Request
from jiezhen.matters.operations import moving, steps
from jiezhen.matters.queries import setting
from jiezhen.matters.rules import timers
from jiezhen.packs.flows import Amount
from jiezhen.packs.flows import Request as Spec
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes
from jiezhen.records.models import Row
from jiezhen.trail import operations as trail


class UnableToAsk(records.Refused):
    """It cannot be asked for now; the message says why and what to do instead."""


def _refuse(field: str, message: str) -> None:
    raise UnableToAsk(records.Problem(field, message))


@transaction.atomic
def ask(  # noqa: PLR0913  # what is asked for has this many parts
    viewer: Viewer,
    kind: str,
    record_id: int,
    name: str,
    at: datetime,
    *,
    reason: str,
    words: str = "",
    article: str = "",
    amount: float | None = None,
) -> Request:
    """Ask for what the flow offers; without a review it takes effect at once.

    `reason` is one of the listed ones; `amount` is in the unit of the request's `most`.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        UnableToAsk: The state, the deadline, the reason, the article or the count forbids it.
    """
    spec = shapes.kind_of(kind)
    row = _locked(viewer, spec, record_id)
    wanted = flow_of(spec).requests.get(name)
    if wanted is None:
        raise UnableToAsk(records.Problem("", _("没有这种申请。")))
    _may_ask(viewer, row, wanted, name, at)
    said = steps.words(row.pk, spec, words)
    _complete(wanted, row, reason, said, article, amount)
    request = Request(
        matter=row,
        office_id=row.office_id,
        name=name,
        reason=reason,
        words=said,
        article=article.strip()[:60],
        amount=amount,
        asked_at=at,
        asked_by_id=viewer.account_id,
        asked_by=viewer.name,
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as problem:
        raise UnableToAsk(records.Problem("", _("已经有一份同样的申请在等审批。"))) from problem
    note = _told(wanted, reason, said)
    trail.append(viewer, "matter.asked", f"{kind}:{row.code}", at, why=note[:400])
    steps.append(viewer, row, f"ask.{name}", row.state, at, note=note)
    if not wanted.nodes:
        _grant(viewer, spec, wanted, request, at)
    else:
        _wait(row, spec)
    return request


def _told(wanted: Spec, reason: str, words: str) -> str:
    title = wanted.reasons.get(reason, reason)
    return f"{title}：{words}"[:1000] if words else title


def _locked(viewer: Viewer, spec: Kind, record_id: int) -> Matter:
    rows = Matter.objects.seen_by(viewer, "change", spec.name, spec.sensitivity)
    found = rows.select_for_update(of=("self",)).select_related("unit")
    row = found.filter(kind=spec.name, pk=record_id).first()
    if row is None:
        raise records.NotAllowed(records.Problem("", _("没有修改这条记录的权限。")))
    records.refuse_withdrawn(row)
    return as_matter(row)


def _may_ask(viewer: Viewer, row: Matter, wanted: Spec, name: str, at: datetime) -> None:
    path = row.unit.path
    if not any(viewer.may(r, row.kind, path) for r in wanted.by):
        raise records.NotAllowed(
            records.Problem("", _("没有“{what}”的权限。").format(what=wanted.title))
        )
    _refuse_too_late(row, wanted)
    if wanted.in_time and _late(row, wanted, at):
        _refuse("", _("已经超过时限，不能再{what}。").format(what=wanted.title))
    granted = row.requests.filter(name=name, state="granted").count()
    if wanted.effect == "extend" and granted >= wanted.times:
        _refuse("", _("最多{what}{n}次。").format(what=wanted.title, n=wanted.times))


def _refuse_too_late(row: Matter, wanted: Spec) -> None:
    """Refuse what cannot take effect any more: the matter went on, or stands still already."""
    if not rules.may_ask(flow_of(shapes.kind_of(row.kind)), wanted, row.state):
        _refuse("", _("现在不能{what}。").format(what=wanted.title))
    if wanted.effect == "pause" and row.paused_at is not None:
        _refuse("", _("已经暂停了。要改理由，先恢复再暂停。"))


def _late(row: Matter, wanted: Spec, at: datetime) -> bool:
    names = wanted.timers or tuple(row.timers)
    going = [row.timers[n] for n in names if timers.running(row.timers.get(n))]
    return any("paused" not in item and at > timers.moment(item["due"]) for item in going)


def _complete(
    wanted: Spec, row: Matter, reason: str, words: str, article: str, amount: float | None
) -> None:
    problems: list[records.Problem] = []
    if reason not in wanted.reasons:
        problems.append(records.Problem("reason", _("请从清单里选理由。")))
    if wanted.words and not words:
        problems.append(records.Problem("words", _("请写理由。")))
    if wanted.article and not _article(row, wanted.article, article):
        problems.append(records.Problem("article", _("请选依据的条款，清单里没有就不能退回。")))
    if wanted.effect == "extend":
        most = wanted.most
        if amount is None or amount <= 0:
            problems.append(records.Problem("amount", _("请写延多久。")))
        elif most is not None and amount > most.amount:
            problems.append(records.Problem("amount", _("最多{most}。").format(most=length(most))))
    if problems:
        raise UnableToAsk(*problems)


def _article(row: Matter, kind: str, code: str) -> bool:
    """Say whether the duty list has this article."""
    rows = shapes.model_of(kind).objects.for_system("the duty list is open to the office")
    return bool(
        code.strip()
        and rows.filter(
            office_id=row.office_id, kind=kind, code=code.strip(), withdrawn_at=None
        ).exists()
    )


def length(amount: Amount) -> str:
    """Return a length of time in words: 5个工作日."""
    units = {
        "work_day": _("{n}个工作日"),
        "work_hour": _("{n}个工作小时"),
        "urgent_hour": _("{n}小时"),
        "calendar_day": _("{n}天"),
    }
    return units[amount.unit].format(n=f"{amount.amount:g}")


@transaction.atomic
def decide(
    viewer: Viewer, request_id: int, at: datetime, *, grant: bool, words: str = ""
) -> Request:
    """Agree to a request or refuse it; the last review lets it take effect.

    Raises:
        records.NotAllowed: It is not there, or not for this viewer to decide.
        UnableToAsk: It was decided already, a refusal has no words, or what was asked for is
            not possible any more.
    """
    request, row = _to_decide(viewer, request_id)
    spec = shapes.kind_of(row.kind)
    wanted = flow_of(spec).requests[request.name]
    node = wanted.nodes[request.node]
    if grant:
        records.refuse_withdrawn(row)
        _refuse_too_late(row, wanted)
    said = steps.words(row.pk, spec, words)
    if not grant and not said:
        _refuse("words", _("不同意要写理由。"))
    request.answers = [
        *request.answers,
        {"node": node.title, "by": viewer.name, "at": at.isoformat(), "yes": grant, "words": said},
    ]
    verdict = _("同意") if grant else _("不同意")
    note = f"{node.title}：{verdict}" + (f"，{said}" if said else "")
    trail.append(viewer, "matter.decided", f"{row.kind}:{row.code}", at, why=note[:400])
    steps.append(viewer, row, f"decide.{request.name}", row.state, at, note=note[:1000])
    if grant and request.node + 1 < len(wanted.nodes):
        request.node += 1
        request.save()
        return request
    if not grant:
        request.state, request.decided_at = "refused", at
        request.save()
        _wait(row, spec)
        return request
    _grant(viewer, spec, wanted, request, at)
    return request


def _to_decide(viewer: Viewer, request_id: int) -> tuple[Request, Matter]:
    """Return a request that waits for this viewer's decision, and its matter; both are locked."""
    found = _both(viewer, request_id)
    if found is None:
        raise records.NotAllowed(records.Problem("", _("没有这份申请，或没有审批的权限。")))
    request, row = found
    spec = shapes.kind_of(row.kind)
    if request.state != "asked":
        _refuse("", _("这份申请已经办完了。"))
    node = flow_of(spec).requests[request.name].nodes[request.node]
    if not any(viewer.may(r, row.kind, row.unit.path, spec.sensitivity) for r in node.by):
        raise records.NotAllowed(records.Problem("", _("没有审批这份申请的权限。")))
    if request.asked_by_id == viewer.account_id and viewer.account_id:
        raise records.NotAllowed(records.Problem("", _("自己的申请要由别人审批。")))
    return request, row


def _both(viewer: Viewer, request_id: int) -> tuple[Request, Matter] | None:
    """Return a request of the viewer's office and its matter, locked in the order of every deed.

    The matter comes first, as a move locks it: nobody moves it while its request is decided.
    """
    requests = Request.objects.filter(office_id=viewer.office_id, pk=request_id)
    matters = Matter.objects.for_system("the request's own").select_related("unit")
    wanted = matters.filter(pk__in=requests.values("matter_id"))
    row = wanted.select_for_update(of=("self",)).first()
    request = requests.select_for_update().first()
    return None if row is None or request is None else (request, as_matter(row))


def _wait(row: Matter, spec: Kind) -> None:
    """Let a matter wait for a decision, or for what its state waits for."""
    now = steps.waiting(row, spec)
    if row.waits != now:
        Matter.objects.for_system("its request").filter(pk=row.pk).update(waits=now)
        row.waits = now


def _grant(viewer: Viewer, spec: Kind, wanted: Spec, request: Request, at: datetime) -> None:
    request.state, request.decided_at = "granted", at
    request.save()
    row = request.matter
    if wanted.effect == "move":
        _move(viewer, wanted, request, at)
        return

    def apply(given: Row) -> None:
        changed = as_matter(given)
        found = dict(changed.timers)
        calendar = setting.calendar()
        for name in wanted.timers or tuple(found):
            timer = flow_of(spec).timers.get(name)
            item = found.get(name)
            if timer is None or item is None or not timers.running(item):
                continue
            if wanted.effect == "extend" and wanted.most and request.amount:
                more = Amount(amount=request.amount, unit=wanted.most.unit)
                found[name] = timers.extended(item, more, calendar)
            elif wanted.effect == "pause" and timer.pauses:
                found[name] = timers.paused(item, at)
        changed.timers = found
        if wanted.effect == "pause":
            changed.paused_at = at
        else:
            changed.extended += 1
        changed.waits = steps.waiting(changed, spec)
        refresh(changed, spec)

    action = "paused" if wanted.effect == "pause" else "extended"
    records.rewrite(steps.own(viewer), row.kind, row.pk, at, apply, action=action)


def _move(viewer: Viewer, wanted: Spec, request: Request, at: datetime) -> None:
    """Make the move that was asked for."""
    row, note = request.matter, _told(wanted, request.reason, request.words) + _basis(request)
    try:
        moving.move(steps.own(viewer), row.kind, row.pk, str(wanted.move), {}, at, note=note)
    except rules.MoveForbidden as forbidden:
        raise UnableToAsk(records.Problem("", forbidden.message)) from forbidden


def _basis(request: Request) -> str:
    return _("（依据{article}）").format(article=request.article) if request.article else ""


@transaction.atomic
def take_back(viewer: Viewer, request_id: int, at: datetime) -> Request:
    """Take one's own request back while nobody has decided.

    Raises:
        UnableToAsk: It is not one's own, or was decided.
    """
    found = _both(viewer, request_id)
    mine = found is not None and found[0].asked_by_id == viewer.account_id
    if found is None or not mine or found[0].state != "asked":
        raise UnableToAsk(records.Problem("", _("只能撤回自己的、还没审批的申请。")))
    request, row = found
    request.state, request.decided_at = "taken_back", at
    request.save()
    spec = shapes.kind_of(row.kind)
    trail.append(viewer, "matter.request.taken_back", f"{row.kind}:{row.code}", at)
    steps.append(viewer, row, f"drop.{request.name}", row.state, at)
    _wait(row, spec)
    return request


@transaction.atomic
def resume(viewer: Viewer, kind: str, record_id: int, at: datetime) -> Matter:
    """Let the clocks of a paused matter go on; deadlines move by the time that did not run.

    Raises:
        records.NotAllowed: The viewer may not change the matter.
        UnableToAsk: It is not paused.
    """
    spec = shapes.kind_of(kind)
    row = _locked(viewer, spec, record_id)
    if row.paused_at is None:
        _refuse("", _("这件没有暂停。"))

    def apply(given: Row) -> None:
        changed = as_matter(given)
        calendar = setting.calendar()
        changed.timers = {
            n: timers.woken(item, at, calendar) if "paused" in item else item
            for n, item in changed.timers.items()
        }
        changed.paused_at = None
        refresh(changed, spec)

    changed = as_matter(records.rewrite(viewer, kind, record_id, at, apply, action="resumed"))
    steps.append(viewer, changed, "resumed", changed.state, at)
    return changed


def offered(viewer: Viewer, row: Matter, at: datetime) -> list[tuple[str, Spec]]:
    """Return what the viewer may ask for with a matter now."""
    if row.withdrawn_at is not None or row.merged_into_id is not None:
        return []
    found = []
    for name, wanted in flow_of(shapes.kind_of(row.kind)).requests.items():
        try:
            _may_ask(viewer, row, wanted, name, at)
        except records.Refused:
            continue
        found.append((name, wanted))
    return found
