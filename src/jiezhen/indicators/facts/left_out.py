"""Why a record is not in a figure: one reason for each record that nearly counted.

Records of other periods are no news. Told are those that belong to the period and fail a
condition, those without a date, those that were open but are dated later, and those that were
withdrawn. The reason is the first condition that is not met, else the first that is unknown.
"""

from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from jiezhen.indicators.facts.branches import Scope, kind_of
from jiezhen.indicators.rules.spans import Span
from jiezhen.kernel.expressions import Expression, parse
from jiezhen.packs.definitions import Definition
from jiezhen.records import facts
from jiezhen.records.facts import ROW

_WITHDRAWN, _NO_DATE, _LATER, _AHEAD, _NO_VALUE, _ENDED = "w", "d", "a", "f", "v", "e"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why records were left out: the code of the statement, and the words."""

    code: str
    words: str


def ever_valid(scope: Scope) -> exp.Expr:
    """Return the condition that an entry was valid on at least one day."""
    start, end = facts.validity(scope.kind)
    return exp.paren(
        exp.or_(
            exp.Is(this=start.copy(), expression=exp.Null()),
            exp.Is(this=end.copy(), expression=exp.Null()),
            exp.GT(this=end.copy(), expression=start.copy()),
        )
    )


def reasons(scope: Scope, definition: Definition, span: Span) -> tuple[exp.Expr, exp.Expr]:
    """Return the reason of a row (its code), and the condition that it is left out at all."""
    cases: list[exp.If] = []
    gone = exp.Not(this=_null(exp.column("withdrawn_at", table=ROW)))
    cases.append(_if(gone, _WITHDRAWN))
    parts = definition.where.conjuncts() if definition.where else ()
    trees = [part.sql(scope.columns) for part in parts]
    for place, tree in enumerate(trees):
        cases.append(_if(exp.Not(this=exp.paren(tree.copy())), f"n{place}"))
    for place, tree in enumerate(trees):
        cases.append(_if(_null(exp.paren(tree.copy())), f"u{place}"))
    timed, keep = _stock(scope, span) if not definition.on else _flow(scope, definition, span)
    cases += timed
    if definition.value is not None:
        cases.append(_if(_null(definition.value.sql(scope.columns)), _NO_VALUE))
    code = exp.Case(ifs=cases)
    return code, exp.and_(keep, exp.Not(this=_null(exp.paren(code.copy()))))


def _flow(scope: Scope, definition: Definition, span: Span) -> tuple[list[exp.If], exp.Expr]:
    day = facts.comparable_day(scope.kind, definition.on)
    bind = scope.bind
    start, until = (bind.put(edge.isoformat()) for edge in (span.start, span.until))
    cases = [
        _if(_null(day.copy()), _NO_DATE),
        _if(exp.GTE(this=day.copy(), expression=until.copy()), _LATER),
        _if(exp.GT(this=day.copy(), expression=bind.put(scope.on.isoformat())), _AHEAD),
    ]
    inside = exp.and_(
        exp.GTE(this=day.copy(), expression=start),
        exp.LT(this=day.copy(), expression=until.copy()),
    )
    opened = facts.opened(scope.kind)
    early = exp.LT(this=opened.copy(), expression=until.copy())
    if opened == day:
        return cases, exp.paren(exp.or_(inside, _null(day.copy())))
    missing = exp.and_(_null(day.copy()), exp.or_(_null(opened.copy()), early.copy()))
    later = exp.and_(
        exp.GTE(this=day.copy(), expression=until.copy()), early, _true(scope, definition)
    )
    return cases, exp.paren(exp.or_(inside, missing, later))


def _true(scope: Scope, definition: Definition) -> exp.Expr:
    """Return the whole condition: a record dated later is news only when it will count."""
    if definition.where is None:
        return exp.Boolean(this=True)
    return definition.where.sql(scope.columns)


def _stock(scope: Scope, span: Span) -> tuple[list[exp.If], exp.Expr]:
    start, end = facts.validity(scope.kind)
    limit = scope.bind.put(min(span.until, scope.limit).isoformat())
    begun = exp.or_(_null(start.copy()), exp.LT(this=start.copy(), expression=limit.copy()))
    first = scope.bind.put(span.start.isoformat())
    held = exp.or_(_null(end.copy()), exp.GTE(this=end.copy(), expression=first))
    ended = exp.LT(this=end.copy(), expression=limit.copy())
    return [_if(ended, _ENDED)], exp.and_(begun, held, ever_valid(scope))


def _if(condition: exp.Expr, code: str) -> exp.If:
    return exp.If(this=condition, true=exp.Literal.string(code))


def _null(tree: exp.Expr) -> exp.Expr:
    return exp.paren(exp.Is(this=tree, expression=exp.Null()))


def words(definition: Definition, code: str, span: Span, on: date) -> str:
    """Return a reason in Chinese words that stand behind a number of records."""
    kind = kind_of(definition)
    day = kind.columns()[definition.on].title if definition.on else ""
    last = date.fromordinal(span.until.toordinal() - 1)
    fixed = {
        _WITHDRAWN: "已撤回",
        _NO_DATE: f"没有填写{day}",
        _LATER: f"{day}在{_told(last)}之后",
        _AHEAD: f"{day}在{_told(on)}之后，还没到",
        _NO_VALUE: f"没有填写{definition.value.sentence()}" if definition.value else "",
        _ENDED: "这段时间结束前已停用",
    }
    if code in fixed:
        return fixed[code]
    part = definition.where.conjuncts()[int(code[1:])] if definition.where else None
    if part is None:
        return code
    if code.startswith("u"):
        titles = "、".join(kind.counting()[name].title for name in part.names)
        return f"{titles}没有填写，不能判断“{part.sentence()}”"
    return _opposite(part, definition)


def _opposite(part: Expression, definition: Definition) -> str:
    """Return the condition turned round: 状态为已验收 → 状态不是已验收."""
    return parse(f"NOT ({part.text})", kind_of(definition).counting()).sentence()


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
