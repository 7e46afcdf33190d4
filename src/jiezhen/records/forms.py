"""Forms made from a kind's fields.

A form only shows and carries texts; what they mean is read by `records.fields`, in the
operation, so that forms, files and the API accept the same writings. Its fields are the
kind's and a few with a leading underscore, which no pack can name; whatever else is
posted is not looked at.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.urls import reverse
from django.utils.translation import gettext as _

from jiezhen.packs.schema import Field, Kind
from jiezhen.records import display, fields, wording
from jiezhen.records.operations import Problem
from jiezhen.records.queries import Row
from jiezhen.units.queries import UnitRow

CLEAR = "__clear"
_TEXT: dict[str, dict[str, str]] = {
    "number": {"inputmode": "decimal"},
    "money": {"inputmode": "decimal"},
    "phone": {"inputmode": "tel", "autocomplete": "off", "data-nodraft": ""},
    "id_number": {"autocomplete": "off", "data-nodraft": ""},
    "person": {"autocomplete": "off", "data-nodraft": ""},
    "date": {"placeholder": "2026-3-1", "data-date": ""},
    "time": {"placeholder": "2026-3-1 14:05"},
}
#: Texts whose title holds one of these words are written on several lines.
_LONG = ("说明", "内容", "情况", "备注", "意见", "措施", "描述", "要点", "经过", "进展")


class Suggest(forms.TextInput):
    """A text field with a list of proposals that the server fills while one types."""

    template_name = "records/suggest.html"

    def __init__(self, address: str, proposals: Iterable[str] = ()) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.address, self.proposals = address, tuple(proposals)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the address that proposes and what is proposed at first."""
        found = super().get_context(name, value, attrs)
        ident = found["widget"]["attrs"].get("id", name)
        found["widget"]["attrs"]["list"] = f"{ident}_list"
        found["widget"] |= {
            "list": f"{ident}_list",
            "address": self.address,
            "proposals": self.proposals,
        }
        return found


class Record(forms.Form):
    """The form of one record of one kind.

    `names` limits it to some fields (what a move asks for); `row` is the record that is
    changed, whose personal fields stay covered and are left as they are when empty.
    """

    # What is missing is said by the operation, in the same words at every door.
    use_required_attribute = False

    def __init__(
        self,
        kind: Kind,
        *args: Any,
        names: Iterable[str] | None = None,
        row: Row | None = None,
        needed: Iterable[str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.kind, self.row = kind, row
        every = kind.fields if row is None else kind.kept  # who called is kept apart
        wanted = list(every) if names is None else list(names)
        self.named = [n for n in wanted if kind.fields[n].type != "file"]
        required = (
            set(needed)
            if needed is not None
            else {n for n, f in kind.fields.items() if f.required}
        )
        for name in self.named:
            self._add(name, kind.fields[name], name in required)

    def _add(self, name: str, spec: Field, needed: bool) -> None:
        covered = bool(self.row and spec.type in fields.PERSONAL and self.row.data.get(name))
        field = _control(spec, blank=not needed or covered)
        field.label, field.help_text = wording.title(spec), _hint(spec)
        field.required = needed and not covered
        if covered:
            now = display.field_value(self.row, name, spec).text  # type: ignore[arg-type]
            field.help_text = _("现在是{now}。不改就空着。").format(now=now)
        self.fields[name] = field
        if covered and not needed:
            label = _("清空{title}").format(title=wording.title(spec))
            self.fields[name + CLEAR] = forms.BooleanField(label=label, required=False)

    def values(self) -> dict[str, Any]:
        """Return the raw values for the operation: of the kind's own fields and no others."""
        found: dict[str, Any] = {}
        for name in self.named:
            raw = self.data.get(self.add_prefix(name), "")
            if name + CLEAR in self.fields:
                cleared = self.data.get(self.add_prefix(name + CLEAR))
                if not raw.strip() and not cleared:
                    continue
                raw = "" if cleared else raw
            elif self._covered(name) and not raw.strip():
                continue
            found[name] = self._placed(name, raw)
        return found

    def _covered(self, name: str) -> bool:
        spec = self.kind.fields[name]
        return bool(self.row and spec.type in fields.PERSONAL and self.row.data.get(name))

    def _placed(self, name: str, raw: str) -> Any:
        """Keep the point of an address whose words were not changed."""
        if self.kind.fields[name].type != "place" or self.row is None:
            return raw
        stored = self.row.data.get(name)
        same = isinstance(stored, dict) and stored.get("text") == raw.strip()
        return stored if same else raw

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put what an operation refused beside the fields that it names."""
        titles = {n: f.title for n, f in self.kind.fields.items()}
        blame(
            self,
            [
                Problem(p.field, p.message.removeprefix(f"{titles.get(p.field, '')}："))
                for p in problems
            ],
        )


class New(Record):
    """The form of a new record: its fields, and the unit where it belongs."""

    def __init__(self, kind: Kind, units: Iterable[UnitRow], *args: Any, **more: Any) -> None:
        super().__init__(kind, *args, **more)
        choices = [(u.code, u.title) for u in units]
        self.fields["_unit"] = forms.ChoiceField(label=_("单元"), choices=choices)
        if begins(kind):
            # Without its first day an entry counts in no period.
            self.fields["_valid_from"] = forms.CharField(
                label=_("起用日期"),
                required=False,
                help_text=_("从哪天起有；不知道就空着"),
                widget=forms.TextInput(attrs=_TEXT["date"]),
            )
        self.order_fields(["_unit", *self.named])

    def given(self) -> tuple[dict[str, Any], list[Problem]]:
        """Return the system values that this form may set, and what is wrong with them."""
        return _days(self, "_valid_from")


def begins(kind: Kind) -> bool:
    """Say whether the first day of an entry is told beside its fields."""
    return kind.shape == "entry" and kind.on not in kind.fields


def _days(form: forms.Form, *names: str) -> tuple[dict[str, Any], list[Problem]]:
    given: dict[str, Any] = {}
    problems: list[Problem] = []
    for name in names:
        text = form.data.get(form.add_prefix(name), "").strip() if name in form.fields else ""
        try:
            given |= {name[1:]: fields.read_date(text).isoformat()} if text else {}
        except fields.Bad as bad:
            problems.append(Problem(name, bad.message))
    return given, problems


class Why(forms.Form):
    """The form of a deed that needs a reason."""

    use_required_attribute = False
    why = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=400)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["why"].label = _("理由")
        if self.is_bound:
            blame(self, ())

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put what an operation refused beside the field."""
        blame(self, problems)


def blame(form: forms.Form, problems: Iterable[Problem]) -> None:
    """Put problems on a form in place of Django's own reading of it."""
    form._errors, form.cleaned_data = ErrorDict(), {}  # type: ignore[attr-defined]
    for problem in problems:
        form.add_error(problem.field if problem.field in form.fields else None, problem.message)


def initial(row: Row, kind: Kind, links: display.Links) -> dict[str, str]:
    """Return a record's values as its form shows them; personal ones stay out."""
    return {
        name: writing(row.data.get(name), spec, links)
        for name, spec in kind.fields.items()
        if spec.type not in fields.PERSONAL and row.data.get(name) not in (None, "", [])
    }


def writing(stored: Any, spec: Field, links: display.Links) -> str:
    """Return a stored value as one would write it into the form."""
    if stored in (None, "", [], {}):
        return ""
    if spec.type == "money":
        return f"{(Decimal(stored) / 100).normalize():f}"
    if spec.type == "place":
        return str(stored.get("text", ""))
    if spec.type == "link":
        found = links.get((str(spec.to), stored))
        return found.writing if found else f"#{stored}"
    if spec.type == "time":
        return fields.shown(stored, spec, masked=False)
    return str(stored)


def _control(spec: Field, *, blank: bool) -> forms.Field:
    if spec.type == "choice":
        return _choice(wording.options(spec), blank=blank)
    if spec.type == "flag":
        return _choice({"yes": _("是"), "no": _("否")}, blank=blank)
    if spec.type == "link":
        return forms.CharField(widget=Suggest(reverse("records:suggest", args=[spec.to])))
    if spec.type == "text" and any(word in spec.title for word in _LONG):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    return forms.CharField(widget=forms.TextInput(attrs=_TEXT.get(spec.type, {})))


def _choice(options: Mapping[str, str], *, blank: bool) -> forms.Field:
    choices = list(options.items())
    if len(choices) <= 4:
        more = [("", _("没有填"))] if blank else []
        return forms.ChoiceField(choices=[*choices, *more], widget=forms.RadioSelect)
    return forms.ChoiceField(choices=[("", _("没有填") if blank else _("请选")), *choices])


def _hint(spec: Field) -> str:
    """Return what stands under a field's label: the pack's own words, then how to write it."""
    how = {
        "date": _("2026-3-1、2026.3.1或20260301都可以"),
        "money": _("写元，也可以写65.8万元"),
        "link": _("写编号或名称，从清单里选"),
        "number": spec.unit or "",
    }.get(spec.type, "")
    return "；".join(part for part in (spec.help, how) if part)
