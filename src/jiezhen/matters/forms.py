"""Forms of matters: a new one with its deadline, a move with what it asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jiezhen.packs.schema import Kind
from jiezhen.packs.schema import Move as MoveSpec
from jiezhen.records import fields
from jiezhen.records.forms import New, Record
from jiezhen.records.operations import Problem


class NewMatter(New):
    """A new matter: the kind's fields, the unit, and a deadline where there is one."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["_due_on"] = forms.CharField(
            label=_("期限"),
            required=False,
            help_text=_("2026-3-1、2026.3.1或20260301都可以"),
            widget=forms.TextInput(attrs={"placeholder": "2026-3-1", "data-date": ""}),
        )

    def given(self) -> tuple[dict[str, Any], list[Problem]]:
        """Return the system values that this form may set, and what is wrong with them."""
        text = self.data.get("_due_on", "").strip()
        if not text:
            return {}, []
        try:
            return {"due_on": fields.read_date(text).isoformat()}, []
        except fields.Bad as bad:
            return {}, [Problem("_due_on", bad.message)]


class Step(Record):
    """A move: the fields that it asks for, and words where it needs a reason."""

    def __init__(self, kind: Kind, move: MoveSpec, *args: Any, **more: Any) -> None:
        self.asked = move.asks
        needed = move.asks if move.needs is None else move.needs
        super().__init__(kind, *args, names=move.asks, needed=needed, **more)
        self.fields["note"] = forms.CharField(
            label=_("理由") if move.reason else _("说明"),
            required=move.reason,
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=1000,
        )
