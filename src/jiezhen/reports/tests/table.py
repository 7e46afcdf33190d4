"""A source of values for tests: a table instead of an office."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jiezhen.kernel.numerals import Exact
from jiezhen.reports.rules import forms
from jiezhen.reports.rules.model import Ask, Fact, Known, Nearby


@dataclass
class Table:
    """Facts with their values by aspect; what is remembered by key."""

    period: str | None = "2023H1"
    listed: dict[str, Fact] = field(default_factory=dict)
    values: dict[tuple[str, str], Exact] = field(default_factory=dict)
    close: dict[str, list[Nearby]] = field(default_factory=dict)
    known_words: dict[str, Ask] = field(default_factory=dict)

    def add(
        self, title: str, value: Exact, unit: str, also: Sequence[str] = (), **aspects: Exact
    ) -> str:
        key = f"f{len(self.listed)}"
        self.listed[key] = Fact(key, "indicator", title, tuple(also), unit)
        self.values[key, "value"] = value
        for aspect, amount in aspects.items():
            self.values[key, aspect] = amount
        return key

    def facts(self) -> list[Fact]:
        return list(self.listed.values())

    def known(self, ask: Ask) -> Known | None:
        value = self.values.get((ask.fact, ask.aspect))
        if value is None:
            return None
        unit = self.listed[ask.fact].unit if ask.aspect in ("value", "target") else "%"
        told = ""
        if ask.form is not None:
            told = forms.written(forms.Number(value, unit or "", aspect=ask.aspect), ask.form)
        return Known(value, unit, href=f"/n/{ask.fact}", told=told)

    def nearby(self, ask: Ask) -> Sequence[Nearby]:
        return self.close.get(ask.fact, [])

    def remembered(self, keys: Sequence[str]) -> Ask | None:
        return next((self.known_words[k] for k in keys if k in self.known_words), None)
