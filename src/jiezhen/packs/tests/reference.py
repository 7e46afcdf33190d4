"""Counting the cases of packs in plain Python: slow, small, and independent of the engine."""

from datetime import date

from jiezhen.kernel.periods import Period

#: Cases are told as of a day on which all their periods are over.
TODAY = "2027-01-05"
_MET = {None: None, True: "yes", False: "no"}


def figure(definition, case):
    """Return the figure of an indicator over the records of a case; None when there is none."""
    spec = definition.indicator
    if spec.measure == "ratio":
        top, bottom = (figure(part, case) for part in definition.parts)
        return top / bottom if bottom else None
    if spec.measure == "given":
        return _given(definition.statistic, case)
    rows = [row for row in _rows(definition, case) if _counts(definition, row, case.span)]
    if spec.measure in ("count", "stock"):
        return len(rows)
    found = [definition.value.evaluate(row) for row in rows]
    found = [value for value in found if value is not None]
    if spec.measure == "distinct":
        return len(set(found))
    if definition.value.type == "money":
        found = [value / 100 for value in found]
    if spec.measure == "sum":
        return round(sum(found), 6)
    return sum(found) / len(found) if found else None


def _rows(definition, case):
    for record in case.records:
        if record.kind == definition.kind.name:
            yield _row(definition.kind, record)


def _row(kind, record):
    row = {
        name: round(value * 100) if kind.fields[name].type == "money" else value
        for name, value in record.values.items()
    }
    for name in ("opened_on", "closed_on", "due_on", "valid_from", "valid_until"):
        row[name] = getattr(record, name)
    row |= {"returns": record.returns, "extended": record.extended, "today": TODAY}
    for name, timer in record.timers.items():
        row |= {f"{name}_due_on": timer.due, f"{name}_done_on": timer.done}
        row |= {f"{name}_hours": timer.hours, f"{name}_met": _MET[timer.met]}
    row["state"] = record.state or (kind.flow_spec.start if kind.flow_spec else None)
    for state, day in record.entered.items():
        row[f"entered_{state}_on"] = day
    row |= {"returns": record.returns, "extended": record.extended}
    for name, timer in record.timers.items():
        row |= {f"{name}_met": timer.met, f"{name}_hours": timer.hours}
        row |= {f"{name}_due_on": timer.due, f"{name}_done_on": timer.done}
    return row


def _counts(definition, row, period):
    where = definition.where
    if where is not None and where.evaluate(row) is not True:
        return False
    if definition.indicator.measure == "stock":
        begun, ended = row["valid_from"], row["valid_until"]
        return bool(begun) and begun < period.until.isoformat() <= (ended or "9999")
    day = row.get(definition.on)
    return bool(day) and date.fromisoformat(day) in period


def _given(statistic, case):
    own = [g for g in case.statistics if g.statistic == statistic.name]
    exact = [g.value for g in own if Period.parse(str(g.period)) == case.span]
    if exact:
        return exact[0]
    inside = [g for g in own if case.span.contains(Period.parse(str(g.period)))]
    if not inside or statistic.roll == "none":
        return None
    if statistic.roll == "latest":
        return max(inside, key=lambda g: Period.parse(str(g.period)).until).value
    return sum(g.value for g in inside)
