"""Forms of matters: a new one with its deadline, a move with what it asks for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jiezhen.matters import facts
from jiezhen.matters.operations import Part
from jiezhen.matters.queries.page import units_of_time
from jiezhen.packs.flows import Move as MoveSpec
from jiezhen.packs.flows import Request
from jiezhen.packs.schema import Kind
from jiezhen.records import fields, wording
from jiezhen.records.forms import New, Record, blame
from jiezhen.records.operations import Problem
from jiezhen.units.queries import UnitRow

#: From so many fields on that one may leave out, they are folded away.
MANY = 4
#: Parts into which a page splits a matter at once; and what is more than anybody asks for.
PARTS, MUCH = 4, 10000


class Folding(forms.Form):
    """A form that shows first what is needed now; the rest is one press away.

    `folded` names the fields that are folded away, `unfolded` says that one of them has something
    to tell.
    """

    folded: tuple[str, ...] = ()

    def fold(self, names: Iterable[str]) -> None:
        """Fold fields away where there are many."""
        some = tuple(n for n in names if n in self.fields)
        self.folded = some if len(some) >= MANY else ()

    @property
    def folded_names(self) -> str:
        """Return what is folded away, so that nobody has to open it to see."""
        return "、".join(str(self.fields[name].label) for name in self.folded)

    @property
    def unfolded(self) -> bool:
        """Say whether a field that is folded away has an error."""
        return any(self[name].errors for name in self.folded)


class NewMatter(Folding, New):
    """A new matter: the kind's fields, the unit, and a deadline where there is one.

    What only its moves and clocks can know is folded away.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["_due_on"] = forms.CharField(
            label=_("期限"),
            required=False,
            help_text=_("2026-3-1、2026.3.1或20260301都可以"),
            widget=forms.TextInput(attrs={"placeholder": "2026-3-1", "data-date": ""}),
        )
        later = facts.filled_later(self.kind)
        # A kind with clocks has its deadlines from them.
        self.fold([*later, "_due_on"] if facts.flow_of(self.kind).timers else later)

    @property
    def unfolded(self) -> bool:
        """Say whether a field that is folded away has an error or was written."""
        return super().unfolded or any(self[name].value() for name in self.folded)

    def given(self) -> tuple[dict[str, Any], list[Problem]]:
        """Return the system values that this form may set, and what is wrong with them."""
        text = self.data.get("_due_on", "").strip()
        if not text:
            return {}, []
        try:
            return {"due_on": fields.read_date(text).isoformat()}, []
        except fields.Bad as bad:
            return {}, [Problem("_due_on", bad.message)]


class Step(Folding, Record):
    """A move: the fields that it asks for, and words where it needs a reason."""

    def __init__(
        self, kind: Kind, move: MoveSpec, units: list[UnitRow], *args: Any, **more: Any
    ) -> None:
        self.asked = move.asks
        needed = move.asks if move.needs is None else move.needs
        super().__init__(kind, *args, names=move.asks, needed=needed, **more)
        if move.assigns:
            self.fields["unit"] = forms.ChoiceField(
                label=_("派给"), choices=[("", _("请选")), *((u.code, u.title) for u in units)]
            )
            self.order_fields(["unit", *move.asks])
        self.fields["note"] = forms.CharField(
            label=_("理由") if move.reason else _("说明"),
            required=move.reason,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=1000,
        )
        if needed:
            self.fold(n for n in self.asked if n not in needed)


class Ask(forms.Form):
    """What is asked for with a matter: a listed reason, an article, how much, words."""

    use_required_attribute = False

    def __init__(
        self, spec: Request, articles: list[tuple[str, str]], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        reasons = [(key, wording.reason(spec, key)) for key in spec.reasons]
        self.fields["reason"] = forms.ChoiceField(
            label=_("理由"), choices=reasons, widget=forms.RadioSelect
        )
        if spec.article:
            self.fields["article"] = forms.ChoiceField(
                label=_("依据条款"), choices=[("", _("请选")), *articles]
            )
        if spec.most is not None:
            most = units_of_time()[spec.most.unit].format(n=f"{spec.most.amount:g}")
            unit = units_of_time()[spec.most.unit].format(n="").strip()
            self.fields["amount"] = forms.CharField(
                label=_("多久（{unit}）").format(unit=unit),
                help_text=_("最多{most}").format(most=most),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self.fields["words"] = forms.CharField(
            label=_("说明"),
            required=spec.words,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=1000,
        )

    def given(self) -> dict[str, Any]:
        """Return what the operation is given; an amount that is no number is none."""
        try:
            amount = float(self.data.get("amount", "")) if "amount" in self.fields else None
        except ValueError:
            amount = None
        return {
            "reason": self.data.get("reason", ""),
            "words": self.data.get("words", ""),
            "article": self.data.get("article", ""),
            "amount": amount if amount is not None and amount < MUCH else None,
        }

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put what an operation refused beside the fields that it names."""
        blame(self, problems)


class Split(forms.Form):
    """The parts of a matter: what each is about, and which unit gets it."""

    use_required_attribute = False

    def __init__(
        self, kind: Kind, row: Any, units: list[UnitRow], *args: Any, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        named = [n for n in kind.kept if "{" + n + "}" in kind.label]
        texts = [n for n in named if kind.fields[n].type == "text"]
        self.about = next(iter(texts or named), "")
        title = wording.title(kind.fields[self.about]) if self.about else _("说明")
        choices = [("", _("同一单元")), *((u.code, u.title) for u in units)]
        for n in range(1, PARTS + 1):
            self.fields[f"about{n}"] = forms.CharField(
                label=_("第{n}件：{title}").format(n=n, title=title),
                required=False,
                max_length=200,
            )
            self.fields[f"unit{n}"] = forms.ChoiceField(
                label=_("第{n}件给谁").format(n=n), choices=choices, required=False
            )
        if not self.is_bound:
            self.fields["about1"].initial = str(row.data.get(self.about) or "")

    def parts(self) -> list[Part]:
        """Return the parts that were written; lines without words are none."""
        found = []
        for n in range(1, PARTS + 1):
            about = self.data.get(f"about{n}", "").strip()
            if about:
                found.append(Part({self.about: about}, self.data.get(f"unit{n}", "")))
        return found

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put what an operation refused above the form."""
        blame(self, problems)


class Dispatch(forms.Form):
    """The unit that gets several matters, and a word to it."""

    use_required_attribute = False

    def __init__(self, units: list[UnitRow], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"] = forms.ChoiceField(
            label=_("派给"), choices=[("", _("请选")), *((u.code, u.title) for u in units)]
        )
        self.fields["note"] = forms.CharField(label=_("说明"), required=False, max_length=1000)


class Handler(forms.Form):
    """The person who looks after several matters."""

    use_required_attribute = False

    def __init__(self, people: list[tuple[str, str]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["handler"] = forms.ChoiceField(
            label=_("承办人"), choices=[("", _("不指定人")), *people], required=False
        )
