"""What an indicator means once its kind, flow and parts are known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from jiezhen.kernel.expressions import Expression
from jiezhen.packs.schema import Indicator, Kind, Statistic


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator with everything that it refers to.

    Attributes:
        indicator: The declaration.
        kind: The kind that is counted, None for ratio and given.
        on: The date column that puts a row into a period; blank for ratio, given and stock.
        value: The checked value; None where rows are counted.
        where: The checked condition; None when every row counts.
        parts: Numerator and denominator of a ratio, else empty.
        statistic: The supplied statistic of a given figure.
    """

    indicator: Indicator
    kind: Kind | None = None
    on: str = ""
    value: Expression | None = None
    where: Expression | None = None
    parts: tuple[Definition, ...] = ()
    statistic: Statistic | None = None

    @property
    def digest(self) -> str:
        """Return 16 hexadecimal digits that change when, and only when, the counting changes.

        Titles, sentences, themes and decimals do not alter what is counted, so they are not in it.
        """
        spec = self.indicator
        told = {
            "measure": spec.measure,
            "unit": spec.unit,
            "of": spec.of,
            "on": self.on,
            "at": spec.at,
            "value": self.value.tree.sql("postgres") if self.value else None,
            "where": self.where.tree.sql("postgres") if self.where else None,
            "parts": [part.digest for part in self.parts],
            "statistic": spec.statistic,
        }
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def sentence(self) -> str:
        """Return the definition as one plain Chinese sentence."""
        measure = self.indicator.measure
        if measure == "ratio":
            top, bottom = (part.indicator.title for part in self.parts)
            return f"用“{top}”除以“{bottom}”，写成百分数。"
        if measure == "given" and self.statistic is not None:
            often = {"month": "月", "quarter": "季度", "half": "半年", "year": "年"}
            spec = self.statistic
            return (
                f"由{spec.supplier}按{often[spec.by]}提供的“{spec.title}”，{_ROLLS[spec.roll]}。"
            )
        return _ROWS[measure].format(rows=self._rows(), value=self._value(), at=self._at())

    def _rows(self) -> str:
        kind = self.kind
        if kind is None:
            return ""
        title = kind.columns()[self.on].title if self.on else ""
        when = f"{title}在这段时间内" if title else "这段时间的最后一天仍然有效"
        where = f"、{self.where.sentence()}" if self.where else ""
        return f"“{kind.title}”里，{when}{where}的"

    def _value(self) -> str:
        return self.value.sentence() if self.value else ""

    def _at(self) -> str:
        return f"{(self.indicator.at or 0) * 100:g}%"


_ROLLS = {
    "sum": "取这段时间各期之和",
    "latest": "取这段时间最近一期的数",
    "none": "取这段时间的数",
}
_ROWS = {
    "count": "数一数{rows}条目。",
    "stock": "数一数{rows}条目。",
    "sum": "把{rows}条目的“{value}”加起来。",
    "distinct": "数一数{rows}条目里有多少个不同的“{value}”，同一个只算一次。",
    "average": "算出{rows}条目的“{value}”的平均数。",
    "minimum": "取{rows}条目的“{value}”中最小的。",
    "maximum": "取{rows}条目的“{value}”中最大的。",
    "percentile": "把{rows}条目的“{value}”从小到大排，取排在 {at} 处的数。",
}
