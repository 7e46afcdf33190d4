"""Checks of what a kind offers beside its fields: to residents, against doubles, as conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jiezhen.kernel.expressions import BadExpression, Column, Expression, parse
from jiezhen.packs.errors import unknown
from jiezhen.packs.loader import Loaded
from jiezhen.packs.schema import Field, Kind, Offer

#: Types in which the words of a resident, or the address of a record, may stand.
_ADDRESSES = ("place", "text")


def check(loaded: Loaded, spec: Kind) -> None:
    """Add every problem with what the kind offers, and complete its conditions."""
    if spec.offer:
        _known(loaded, spec, spec.offer.fields, "offer", "fields")
        _days(loaded, spec, spec.offer)
    if spec.twins:
        named = [n for n in (spec.twins.place, spec.twins.category) if n]
        _known(loaded, spec, [*named, *spec.twins.text], "twins")
    if spec.guess:
        _known(loaded, spec, [spec.guess.field, *spec.guess.text], "guess")
        field = spec.fields.get(spec.guess.field)
        if field is not None and field.type not in ("choice", "link"):
            messages = ("只能推荐 choice 或 link 字段。", "Only a choice or a link is proposed.")
            loaded.report("kinds", spec.name, messages, "guess", "field")
    if spec.locates:
        _known(loaded, spec, [spec.locates], "locates")
    _shape(loaded, spec)
    _must(loaded, spec)
    _bounds(loaded, spec)
    _apart(loaded, spec)


def _known(loaded: Loaded, spec: Kind, names: Iterable[str], *at: str) -> None:
    for name in names:
        if name not in spec.fields:
            messages = unknown("字段", "field", name, spec.fields)
            loaded.report("kinds", spec.name, messages, *at)


def _days(loaded: Loaded, spec: Kind, offer: Offer) -> None:
    """The days of an offer are dates of what it is about, or of what that belongs to."""
    about = _linked(loaded, spec, offer.fields)
    every = [k for near in about for k in (near, *_linked(loaded, near, near.fields))]
    days = {n: f for k in every for n, f in k.fields.items() if f.type == "date"}
    for key, names in (("opens", [offer.opens]), ("closes", offer.closes)):
        for name in names:
            if name and name not in days:
                messages = unknown("日期字段", "date field", name, days)
                loaded.report("kinds", spec.name, messages, "offer", key)


def _linked(loaded: Loaded, spec: Kind, names: Iterable[str]) -> list[Kind]:
    fields = [spec.fields[n] for n in names if n in spec.fields]
    found = [loaded.kinds.get(f.to or "") for f in fields if f.type == "link"]
    return [k for k in found if k is not None]


def _shape(loaded: Loaded, spec: Kind) -> None:
    """Offers and doubles are for matters, findings for activities, addresses for entries."""
    for key, shape in (
        ("offer", "matter"),
        ("twins", "matter"),
        ("guess", "matter"),
        ("finds", "activity"),
        ("locates", "entry"),
    ):
        if getattr(spec, key) and spec.shape != shape:
            messages = (f"“{key}”只用于 {shape}。", f"{key!r} belongs to the shape {shape} only.")
            loaded.report("kinds", spec.name, messages, key)


def _must(loaded: Loaded, spec: Kind) -> None:
    for index, item in enumerate(spec.must):
        found = condition(loaded, ("kinds", spec.name), spec, item.holds, "must", index, "holds")
        if found is not None:
            item._holds = found


def _bounds(loaded: Loaded, spec: Kind) -> None:
    for index, item in enumerate(spec.bounds):
        _known(loaded, spec, [item.sum, item.link], "bounds")
        link = spec.fields.get(item.link)
        other = loaded.kinds.get(link.to or "") if link else None
        if link is not None and link.type != "link":
            messages = ("这里要写一个 link 字段。", "A link is needed here.")
            loaded.report("kinds", spec.name, messages, "bounds", index, "link")
        elif other is not None and item.most not in other.fields:
            messages = unknown(f"“{other.title}”的字段", "field", item.most, other.fields)
            loaded.report("kinds", spec.name, messages, "bounds", index, "most")
        elif other is not None and item.sum in spec.fields:
            _comparable(loaded, spec, index, spec.fields[item.sum], other.fields[item.most])


def _comparable(loaded: Loaded, spec: Kind, index: int, added: Field, most: Field) -> None:
    """A sum and its bound are both money, or both numbers of one unit."""
    if added.type not in ("money", "number"):
        messages = ("只有金额和数能相加。", "Only money and numbers are added up.")
        loaded.report("kinds", spec.name, messages, "bounds", index, "sum")
    elif (added.type, added.unit) != (most.type, most.unit):
        messages = (
            f"“{added.title}”和“{most.title}”的类型或单位不同，不能比较。",
            f"{added.title!r} and {most.title!r} have different types or units.",
        )
        loaded.report("kinds", spec.name, messages, "bounds", index, "most")


def _apart(loaded: Loaded, spec: Kind) -> None:
    """What is kept apart is not in labels and keys, which everybody sees."""
    for name, field in spec.fields.items():
        if field.party and spec.shape != "matter":
            messages = ("“party”只用于 matter。", "'party' belongs to matters only.")
            loaded.report("kinds", spec.name, messages, "fields", name, "party")
        if field.party and (name in spec.key or "{" + name + "}" in spec.label):
            messages = (
                f"“{field.title}”单独保管，不能写进标题或主键。",
                f"{name!r} is kept apart; it cannot be in label or key.",
            )
            loaded.report("kinds", spec.name, messages, "fields", name, "party")
        if field.subject and field.type not in ("link", "text"):
            messages = ("“subject”只用于 link 或 text。", "'subject' is for link or text.")
            loaded.report("kinds", spec.name, messages, "fields", name, "subject")


def condition(
    loaded: Loaded,
    key: tuple[str, str],
    spec: Kind | Mapping[str, Column],
    text: str | None,
    *at: str | int,
) -> Expression | None:
    """Return a checked condition over a kind or columns; None where there is none or it is wrong."""
    if text is None:
        return None
    try:
        found = parse(text, spec.columns() if isinstance(spec, Kind) else spec)
    except BadExpression as error:
        place = error.position + 1
        loaded.report(
            *key,
            (f"{error.message}（第 {place} 个字符）", f"{error.message_en} (character {place})"),
            *at,
        )
        return None
    if found.type != "flag":
        messages = ("这里要一个是否的条件。", "A condition is needed here.")
        loaded.report(*key, messages, *at)
        return None
    return found
