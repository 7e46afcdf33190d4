"""The types of field: how each is read, stored, shown and masked.

Stored forms (in `Row.data`): text, choice key, date "YYYY-MM-DD" and time "ISO with
offset" as strings; number as int or float; money as whole 分; flag "yes" or "no", as text
because the engines differ about booleans in JSON; place as {"text", "lon", "lat"}; link
as the other record's id; file as a list of attachment ids; id number sealed, with its
keyed hash beside it under `<field>__hash`.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from jiezhen.kernel import clock
from jiezhen.packs.schema import Field
from jiezhen.people import masking
from jiezhen.records import sealing

#: Types whose value names or reaches a person.
PERSONAL = frozenset({"person", "id_number", "phone"})
HASH = "__hash"
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
_TIME_BEHIND = re.compile(r"([T ]*\d{1,2}[:：]\d{2}.{0,20})?")
_UNITS = {"万元": 10000, "亿元": 10**8, "元": 1, "万": 10000, "亿": 10**8}


class Bad(Exception):
    """A value cannot be read; the message says what is wrong and how to write it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value may need: today, and how to find a linked record's id."""

    today: date
    link: Callable[[str, str | int], int | None]


#: So many characters a text may have; the sentence in `_text` names them.
LONGEST = 10_000


def _text(raw: Any, field: Field, _c: Context) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw).strip()
    if len(text) > LONGEST:
        raise Bad(_("太长了，最多10000字。"))
    return text


def _choice(raw: Any, field: Field, context: Context) -> str:
    text = _text(raw, field, context)
    for key, title in field.options.items():
        if text in {key, title}:
            return key
    near = get_close_matches(text, field.options.values(), n=1, cutoff=0.4)
    asked = _("您是说“{near}”吗？").format(near=near[0]) if near else _("请从清单里选。")
    raise Bad(_("没有“{text}”。").format(text=text) + asked)


def _plain(raw: Any) -> Decimal:
    text = str(raw).strip().replace(",", "").replace("，", "").replace(" ", "")
    text = text.translate(str.maketrans("０１２３４５６７８９．－", "0123456789.-"))
    try:
        found = Decimal(text)
    except InvalidOperation as problem:
        raise Bad(_("“{text}”不是数。请只写数字，如12.5。").format(text=raw)) from problem
    if not found.is_finite() or abs(found) > Decimal(10) ** 15:
        raise Bad(_("“{text}”超出范围。").format(text=raw))
    return found


def _number(raw: Any, field: Field, _c: Context) -> int | float:
    text = str(raw).strip()
    if field.unit and text.endswith(field.unit):
        text = text[: -len(field.unit)]
    share = field.unit == "%" and not isinstance(raw, (int, float))
    found = _plain(text.removesuffix("%") if share else text)
    if field.whole and found != found.to_integral_value():
        raise Bad(_("要填整数，不是{text}。").format(text=raw))
    if field.min is not None and found < Decimal(str(field.min)):
        raise Bad(_("不能小于{least}。").format(least=field.min))
    if field.max is not None and found > Decimal(str(field.max)):
        raise Bad(_("不能大于{most}。").format(most=field.max))
    return int(found) if found == found.to_integral_value() else float(found)


def _money(raw: Any, field: Field, _c: Context) -> int:
    text = str(raw).strip().removeprefix("¥").removeprefix("￥")
    factor = 1
    for word, times in _UNITS.items():
        if text.endswith(word):
            text, factor = text[: -len(word)], times
            break
    cents = _plain(text) * factor * 100
    if cents != cents.to_integral_value():
        raise Bad(_("金额最小到分。请写元，如1234.50。"))
    if field.min is not None and cents < Decimal(str(field.min)) * 100:
        raise Bad(_("不能小于{least}元。").format(least=field.min))
    if field.max is not None and cents > Decimal(str(field.max)) * 100:
        raise Bad(_("不能大于{most}元。").format(most=field.max))
    return int(cents)


def read_date(raw: Any) -> date:
    """Return the day that a cell or a text means.

    Raises:
        Bad: It is no day; the message shows a correct one.
    """
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    if re.fullmatch(r"\d{8}(\.0)?", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    found = _DATE.match(text)
    # A time behind the day is passed over: sheets write 2023-07-03 00:00:00.
    if not found or not _TIME_BEHIND.fullmatch(text, found.end()):
        raise Bad(_("“{text}”不是日期。请写成2023-07-03或2023年7月3日。").format(text=text))
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError as problem:
        if 1 <= month <= 12:
            said = _("{year}年{month}月没有{day}日。请写成2023-07-03这样的日期。")
            raise Bad(said.format(year=year, month=month, day=day)) from problem
        raise Bad(_("没有{month}月。").format(month=month)) from problem


def _date(raw: Any, field: Field, _c: Context) -> str:
    return read_date(raw).isoformat()


def _iso_moment(text: str) -> str:
    """Rewrite 2023年7月3日 9:12 and its like in the form that machines write."""
    found = _DATE.match(text)
    if not found:
        return text
    year, month, day = (int(part) for part in found.groups())
    rest = text[found.end() :].lstrip(" T")
    if re.match(r"\d:", rest):
        rest = f"0{rest}"
    return f"{year}-{month:02d}-{day:02d}" + (f"T{rest}" if rest else "")


def _time(raw: Any, field: Field, _c: Context) -> str:
    if isinstance(raw, datetime):
        moment = raw
    else:
        text = _iso_moment(str(raw).strip().replace("：", ":"))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as problem:
            raise Bad(
                _("“{text}”不是时间。请写成2023-07-03 09:12。").format(text=raw)
            ) from problem
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.ZONE)
    try:
        # One zone for all, so that texts sort as moments do.
        return moment.astimezone(clock.ZONE).isoformat(timespec="seconds")
    except OverflowError as problem:
        raise Bad(_("“{text}”超出范围。").format(text=raw)) from problem


def _flag(raw: Any, field: Field, _c: Context) -> str:
    text = str(raw).strip().lower()
    if text in {"yes", "是", "有", "true", "1", "on", "√", "1.0"}:
        return "yes"
    if text in {"no", "否", "无", "没有", "false", "0", "×", "0.0"}:
        return "no"
    raise Bad(_("请填“是”或“否”。"))


def _place(raw: Any, field: Field, context: Context) -> dict[str, Any]:
    if isinstance(raw, Mapping):
        found: dict[str, Any] = {"text": str(raw.get("text", "")).strip()[:300]}
        for key, most in (("lon", 180), ("lat", 90)):
            if raw.get(key) not in _EMPTY:
                degrees = float(_plain(raw[key]))
                if not math.isfinite(degrees) or abs(degrees) > most:
                    raise Bad(_("经纬度超出范围。"))
                found[key] = round(degrees, 7)
        return found
    return {"text": _text(raw, field, context)[:300]}


def _link(raw: Any, field: Field, context: Context) -> int:
    text = str(raw).strip()
    found = context.link(str(field.to), raw if type(raw) is int else text)
    if found is None:
        raise Bad(_("没有找到“{text}”。请填对方的编号或全名。").format(text=text))
    return found


def _person(raw: Any, field: Field, context: Context) -> str:
    text = _text(raw, field, context)
    if len(text) > 60:
        raise Bad(_("姓名太长了。"))
    return text


def _phone(raw: Any, field: Field, context: Context) -> str:
    text = re.sub(r"[\s\-－—]", "", _text(raw, field, context))
    if re.fullmatch(r"1[3-9]\d{9}", text) or re.fullmatch(r"0\d{9,11}|\d{7,8}", text):
        return text
    if re.fullmatch(r"1\d{0,9}|1\d{11,}", text):
        off = len(text) - 11
        said = _("多{n}位。手机号是11位。") if off > 0 else _("少{n}位。手机号是11位。")
        raise Bad(said.format(n=abs(off)))
    raise Bad(_("不是电话号码。请填11位手机号，或带区号的座机。"))


def _id_number(raw: Any, field: Field, context: Context) -> str:
    text = _text(raw, field, context).upper()
    if len(text) != 18:
        raise Bad(_("身份证号是18位，这里是{n}位。").format(n=len(text)))
    if not masking.is_id_number(text):
        raise Bad(_("身份证号校验不对。请再核对一遍。"))
    return text


def _file(raw: Any, field: Field, _c: Context) -> list[int]:
    given = raw if isinstance(raw, (list, tuple)) else [raw]
    if not all(str(x).isdecimal() and len(str(x)) < 18 for x in given):
        raise Bad(_("不是文件。请在这条的页面上传。"))
    return [int(x) for x in given]


_READERS: dict[str, Callable[[Any, Field, Context], Any]] = {
    "text": _text,
    "choice": _choice,
    "number": _number,
    "money": _money,
    "date": _date,
    "time": _time,
    "flag": _flag,
    "place": _place,
    "link": _link,
    "person": _person,
    "phone": _phone,
    "id_number": _id_number,
    "file": _file,
}


def read(raw: Any, field: Field, context: Context) -> Any:
    """Return the plain value of a cell, form value or JSON value; None when empty.

    Shape: the stored form of the type, but an id number is still open (see `store`).

    Raises:
        Bad: The value is not of the type; the message says how to write it.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw in _EMPTY:
        return None
    return _READERS[field.type](raw, field, context)


def store(data: dict[str, Any], name: str, field: Field, plain: Any, about: str) -> None:
    """Put a plain value into a record's data; an id number is sealed, None removes it."""
    if plain is None:
        data.pop(name, None)
        data.pop(name + HASH, None)
    elif field.type == "id_number":
        data[name] = sealing.seal(plain, about)
        data[name + HASH] = sealing.finger(plain)
    else:
        data[name] = plain


def shown(stored: Any, field: Field, *, masked: bool, about: str = "") -> str:
    """Return a stored value as text for people; personal values masked when asked.

    Money is written in 元 with its cents, without grouping; a link as its id (queries
    put the other record's title in its place).
    """
    if stored in _EMPTY:
        return ""
    if field.type in PERSONAL:
        return _personal(stored, field, masked=masked, about=about)
    if field.type == "text" and masked:
        return masking.free_text(str(stored))
    write = _WRITERS.get(field.type)
    said = write(stored, field) if write else str(stored)
    return masking.free_text(said) if masked and field.type == "place" else said


_WRITERS: dict[str, Callable[[Any, Field], str]] = {
    "choice": lambda stored, field: field.options.get(stored, str(stored)),
    "flag": lambda stored, _f: _("是") if stored == "yes" else _("否"),
    "money": lambda stored, _f: f"{Decimal(stored) / 100:.2f}",
    "place": lambda stored, _f: str(stored.get("text", "")),
    "time": lambda stored, _f: (
        datetime.fromisoformat(stored).astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M")
    ),
}


def _personal(stored: str, field: Field, *, masked: bool, about: str) -> str:
    if field.type == "id_number":
        plain = sealing.unseal(stored, about)
        return masking.id_number(plain) if masked else plain
    if not masked:
        return stored
    return masking.phone(stored) if field.type == "phone" else masking.name(stored)
