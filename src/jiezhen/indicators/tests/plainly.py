"""The same figures counted a second time in plain Python, row by row, sharing no code."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from jiezhen.kernel import clock
from jiezhen.packs.registry import catalogue


def columns(row, unit_code, on):
    """Return what expressions may know of a row as of a day."""
    values = {k: v["text"] if isinstance(v, dict) else v for k, v in row.data.items()}
    values |= {
        "code": row.code,
        "unit_code": unit_code,
        "today": on,
        "created_on": clock.day_of(row.created_at),
        "opened_on": getattr(row, "opened_on", None) or row.on,
    }
    if hasattr(row, "state"):
        values |= {"state": row.state, "closed_on": row.closed_on, "due_on": row.due_on}
        values |= {f"entered_{state}_on": day for state, day in row.entered.items()}
        values |= {"returns": row.returns, "extended": row.extended}
        for timer, told in row.timers.items():
            values |= {f"{timer}_met": told.get("met"), f"{timer}_hours": told.get("hours")}
            values |= {f"{timer}_{k}_on": told[k][:10] for k in ("due", "done") if k in told}
    else:
        values |= {"valid_from": row.on, "valid_until": row.until}
    return values


def day(value):
    """Return a stored day."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def counted(name, rows, codes, start, until, on: date):
    """Return the rows that count, with their values."""
    definition = catalogue().indicators[name].definition
    found = []
    for row, code in rows:
        if row.kind != definition.kind.name or row.withdrawn_at or code not in codes:
            continue
        known = columns(row, code, on)
        if definition.where is not None and definition.where.evaluate(known) is not True:
            continue
        if definition.on:
            when = day(known.get(definition.on))
            if when is None or not start <= when < until or when > on:
                continue
        else:
            latest = min(date.fromordinal(until.toordinal() - 1), on)
            begun, ended = known["valid_from"], known["valid_until"]
            if (begun and begun > latest) or (ended and ended <= latest):
                continue
        value = definition.value.evaluate(known) if definition.value else 1
        if value is not None:
            found.append((row, value))
    return found


def figure(name, rows, codes, start, until, at: datetime):
    """Return the value of an indicator over rows, in base units."""
    definition = catalogue().indicators[name].definition
    measure, on = definition.indicator.measure, clock.day_of(at)
    if measure == "ratio":
        top, bottom = (
            figure(p.indicator.name, rows, codes, start, until, at) for p in definition.parts
        )
        return None if not bottom else Fraction(top) / Fraction(bottom)
    values = [v for _row, v in counted(name, rows, codes, start, until, on)]
    if measure in ("count", "stock"):
        return len(values)
    if measure == "distinct":
        return len(set(values))
    if measure != "sum" and not values:
        return None
    money = 100 if definition.value.type == "money" else 1
    numbers = sorted(Fraction(Decimal(str(v))) / money for v in values)
    if measure == "percentile":
        at_least = Fraction(str(definition.indicator.at)) * len(numbers)
        return next(v for n, v in enumerate(numbers, 1) if n >= at_least)
    return {
        "sum": lambda: sum(numbers),
        "average": lambda: sum(numbers) / len(numbers),
        "minimum": lambda: numbers[0],
        "maximum": lambda: numbers[-1],
    }[measure]()
