"""What a list shows, as one sentence: 「独居 且 年龄不小于80：4条」."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.records import fields, wording
from jiezhen.records.filters import Condition, Query

#: Rows are counted one by one up to here; beyond it a list says 「10000+」.
LIMIT = 10_000


def count_text(total: int, unit: str = "") -> str:
    """Return how many there are: 4条, 10000+条."""
    many = f"{LIMIT}+" if total > LIMIT else str(total)
    return f"{many}{unit or _('条')}"


def sentence(query: Query, total: int, unit_title: str = "", linked: str = "") -> str:
    """Return the filters in words and how many records they leave; only the count without any.

    `linked` is the title of the record that a link filter names.
    """
    parts = [unit_title or query.unit] if query.unit else []
    if query.period is not None:
        parts.append(query.period.title_en if wording.english() else query.period.title)
    parts += [told(condition, linked) for condition in query.conditions]
    if query.q:
        parts.append(_("含“{q}”").format(q=query.q))
    if query.withdrawn:
        parts.append(_("已撤回"))
    count = count_text(total)
    if not parts:
        return _("共{count}").format(count=count)
    return _(" 且 ").join(parts) + _("：") + count


def told(condition: Condition, linked: str = "") -> str:
    """Return one condition in words."""
    column, test = condition.column, condition.test
    if test == "none":
        return _("没有{title}").format(title=column.title)
    if test == "has":
        return _("{title}含“{text}”").format(title=column.title, text=condition.values[0])
    if column.type == "flag" and test == "is":
        return _flag(condition)
    names = [value_text(condition, v, linked) for v in condition.values]
    if test == "min":
        said = _("{title}不早于{v}") if column.type in {"date", "time"} else _("{title}不小于{v}")
    elif test == "max":
        said = _("{title}不晚于{v}") if column.type in {"date", "time"} else _("{title}不大于{v}")
    elif column.type == "choice":
        return _("或").join(names)
    else:
        said = _("{title}是{v}")
    return said.format(title=column.title, v=_("或").join(names))


def _flag(condition: Condition) -> str:
    if set(condition.values) == {"yes"}:
        return condition.column.title
    if set(condition.values) == {"no"}:
        return _("不是{title}").format(title=condition.column.title)
    return _("{title}已填").format(title=condition.column.title)


def value_text(condition: Condition, value: Any, linked: str = "") -> str:
    """Return one value of a condition as people read it."""
    column = condition.column
    written = {
        "choice": lambda: column.options.get(value, str(value)),
        "money": lambda: f"{(Decimal(value) / 100).normalize():f}{_('元')}",
        "number": lambda: f"{Decimal(str(value)).normalize():f}{column.unit}",
        "link": lambda: linked or f"#{value}",
    }
    if column.type in written:
        return written[column.type]()
    if isinstance(value, date):
        return value.isoformat()
    return fields.shown(value, column.field, masked=True) if column.field else str(value)
