"""Checks of indicators and statistics; what is right gets its definition."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jiezhen.kernel.expressions import TYPE_TITLES, BadExpression, Expression, parse
from jiezhen.packs.definitions import Definition
from jiezhen.packs.errors import listed, unknown
from jiezhen.packs.kind_checks import full, required
from jiezhen.packs.loader import Loaded
from jiezhen.packs.schema import THEMES, Indicator, Kind, Measure

#: What each measure needs and may have, beside the keys that all have.
NEEDS: dict[Measure, tuple[str, ...]] = {
    "count": ("of",),
    "stock": ("of",),
    "sum": ("of", "value"),
    "distinct": ("of", "value"),
    "average": ("of", "value"),
    "minimum": ("of", "value"),
    "maximum": ("of", "value"),
    "percentile": ("of", "value", "at"),
    "ratio": ("numerator", "denominator"),
    "given": ("statistic",),
}
MAY: dict[Measure, tuple[str, ...]] = {
    measure: ("on", "where") if "of" in needs and measure != "stock" else ()
    for measure, needs in NEEDS.items()
} | {"stock": ("where",)}
_OWN = ("of", "value", "at", "on", "where", "numerator", "denominator", "statistic")
_SUMMED = ("sum", "average", "minimum", "maximum", "percentile")
_PLACEHOLDER = re.compile(r"\{(.*?)\}")


class _Refused(Exception):
    """A problem with one key of an indicator."""

    def __init__(self, messages: tuple[str, str], key: str = "") -> None:
        self.messages = messages
        self.key = key
        super().__init__(messages[0])


def check(loaded: Loaded) -> None:
    """Check all indicators and statistics and define those that are right."""
    for name in list(loaded.indicators):
        spec = loaded.indicators[name]
        filled = {
            "of": full(spec.pack, spec.of) if spec.of else None,
            "theme_en": spec.theme_en or THEMES.get(spec.theme, ""),
        }
        spec = loaded.indicators[name] = spec.model_copy(update=filled)
        _keys(loaded, spec)
    defined: dict[str, Definition | None] = {}
    for name in loaded.indicators:
        _define(loaded, name, defined, ())
    for name, definition in defined.items():
        loaded.indicators[name]._definition = definition
    _words(loaded)


def _keys(loaded: Loaded, spec: Indicator) -> None:
    """Refuse keys that the measure does not use, and miss none that it needs."""
    needs, may = NEEDS[spec.measure], MAY[spec.measure]
    for key in needs:
        if getattr(spec, key) is None:
            messages = (
                f"“{spec.measure}”要写“{key}”。",
                f"The measure {spec.measure!r} needs {key!r}.",
            )
            loaded.report("indicators", spec.name, messages)
    for key in _OWN:
        if getattr(spec, key) is not None and key not in needs and key not in may:
            allowed = listed([*needs, *may])
            messages = (
                f"“{spec.measure}”不用“{key}”，只用：{allowed}。",
                (
                    f"The measure {spec.measure!r} does not use {key!r}; it uses "
                    f"{', '.join([*needs, *may])}."
                ),
            )
            loaded.report("indicators", spec.name, messages, key)
    for word in _PLACEHOLDER.findall(spec.sentence):
        if word != "value":
            messages = unknown("可填的位置", "placeholder", word, ["value"])
            loaded.report("indicators", spec.name, messages, "sentence")


def _define(
    loaded: Loaded, name: str, defined: dict[str, Definition | None], above: tuple[str, ...]
) -> Definition | None:
    """Return the definition, None when something is wrong with it; each is made once."""
    if name in defined:
        return defined[name]
    spec = loaded.indicators[name]
    defined[name] = None
    try:
        defined[name] = _definition(loaded, spec, defined, (*above, name))
    except _Refused as refused:
        loaded.report("indicators", name, refused.messages, refused.key)
    return defined[name]


def _definition(
    loaded: Loaded,
    spec: Indicator,
    defined: dict[str, Definition | None],
    above: tuple[str, ...],
) -> Definition | None:
    if spec.measure == "ratio":
        return _ratio(loaded, spec, defined, above)
    if spec.measure == "given":
        return _given(loaded, spec)
    if spec.of is None:
        return None
    kind = loaded.kinds.get(spec.of)
    if kind is None:
        raise _Refused(unknown("记录种类", "kind", spec.of, loaded.kinds), "of")
    required(loaded, "indicators", spec.name, (spec.pack, spec.of), "of")
    where = _expression(spec, "where", kind, spec.where)
    if where is not None and where.type != "flag":
        raise _Refused(_type(where, "是否"), "where")
    value = _expression(spec, "value", kind, spec.value)
    if value is not None:
        _value(spec, kind, value)
    return Definition(spec, kind, _date(spec, kind), value, where)


def _date(spec: Indicator, kind: Kind) -> str:
    if spec.measure == "stock":
        if kind.shape != "entry":
            raise _Refused(
                ("“stock”只用于底数（entry）。", "The measure 'stock' is for entries."), "measure"
            )
        return ""
    on = spec.on or kind.on
    dates = [column.name for column in kind.columns().values() if column.type == "date"]
    if on not in dates:
        raise _Refused(unknown("日期", "date", on, dates), "on")
    return on


def _expression(spec: Indicator, key: str, kind: Kind, text: str | None) -> Expression | None:
    if text is None:
        return None
    try:
        return parse(text, kind.counting())
    except BadExpression as error:
        place = error.position + 1
        raise _Refused(
            (f"{error.message}（第 {place} 个字符）", f"{error.message_en} (character {place})"),
            key,
        ) from None


def _value(spec: Indicator, kind: Kind, value: Expression) -> None:
    """A sum of money is told in 元, a sum of a field in that field's unit."""
    if spec.measure not in _SUMMED:
        return
    if value.type not in ("number", "money"):
        raise _Refused(_type(value, "数或金额"), "value")
    field = kind.fields.get(value.text)
    unit = "元" if value.type == "money" else field.unit if field else None
    if unit is not None and unit != spec.unit:
        raise _Refused(
            (
                f"单位要和“{spec.value}”一样写“{unit}”，不是“{spec.unit}”。",
                f"The unit must be {unit!r} as of {spec.value!r}, not {spec.unit!r}.",
            ),
            "unit",
        )


def _type(expression: Expression, wanted: str) -> tuple[str, str]:
    return (
        f"“{expression.text}”是{TYPE_TITLES[expression.type]}，这里要{wanted}。",
        f"{expression.text!r} is {expression.type}; {wanted} is needed.",
    )


def _ratio(
    loaded: Loaded,
    spec: Indicator,
    defined: dict[str, Definition | None],
    above: tuple[str, ...],
) -> Definition | None:
    parts: list[Definition] = []
    for key in ("numerator", "denominator"):
        name = getattr(spec, key)
        if name is None:
            return None
        if name in above:
            circle = " → ".join([*above, name])
            raise _Refused((f"绕成了圈：{circle}。", f"The parts run in a circle: {circle}."), key)
        if name not in loaded.indicators:
            raise _Refused(unknown("指标", "indicator", name, loaded.indicators), key)
        part = _define(loaded, name, defined, above)
        if part is None:
            return None
        if part.indicator.measure in ("ratio", "average", "percentile", "minimum", "maximum"):
            raise _Refused(
                (
                    f"“{name}”本身不能相加，不能做分子或分母。",
                    f"{name!r} cannot be added up, so it is no part of a ratio.",
                ),
                key,
            )
        parts.append(part)
    if spec.unit not in ("%", "‰"):
        raise _Refused(("比率的单位写 % 或 ‰。", "The unit of a ratio is % or ‰."), "unit")
    return Definition(spec, parts=tuple(parts))


def _given(loaded: Loaded, spec: Indicator) -> Definition | None:
    if spec.statistic is None:
        return None
    statistic = loaded.statistics.get(spec.statistic)
    if statistic is None:
        raise _Refused(
            unknown("统计数", "statistic", spec.statistic, loaded.statistics), "statistic"
        )
    if statistic.unit != spec.unit:
        raise _Refused(
            (
                f"单位要和统计数一样写“{statistic.unit}”。",
                f"The unit must be {statistic.unit!r} as of the statistic.",
            ),
            "unit",
        )
    return Definition(spec, statistic=statistic)


def _words(loaded: Loaded) -> None:
    """One title, one indicator; one word with one unit, one indicator."""
    titles: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    for name, spec in loaded.indicators.items():
        if titles.setdefault(spec.title, name) != name:
            messages = _taken(spec.title, titles[spec.title])
            loaded.report("indicators", name, messages, "title")
        _claim(loaded, spec, (spec.title,), words, "title")
        _claim(loaded, spec, spec.also, words, "also")


def _claim(
    loaded: Loaded,
    spec: Indicator,
    claimed: Iterable[str],
    words: dict[tuple[str, str], str],
    key: str,
) -> None:
    for index, word in enumerate(claimed):
        plain = re.sub(r"[\s“”\"'·、，]", "", word)
        if words.setdefault((plain, spec.unit), spec.name) != spec.name:
            messages = _taken(word, words[plain, spec.unit])
            loaded.report("indicators", spec.name, messages, key, index)


def _taken(word: str, name: str) -> tuple[str, str]:
    return (
        f"“{word}”已经是指标“{name}”的叫法（单位也一样），请换一个说法。",
        f"{word!r} is a name of the indicator {name!r} with the same unit already.",
    )
