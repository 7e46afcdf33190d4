"""Prepares a Django form field for the page: ids, aria and the right grouping element."""

from dataclasses import dataclass

from django.forms import BaseForm, BoundField, CheckboxInput
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jiezhen.web.components import Problem


@dataclass(frozen=True, slots=True)
class SeenField:
    """One form field as the template needs it."""

    id: str
    name: str
    label: str
    hint: str
    errors: tuple[str, ...]
    control: SafeString
    optional: bool
    hidden: bool
    grouped: bool
    box: bool


def _target(bound: BoundField) -> str:
    """Return the id that a link in the error summary can focus."""
    group = getattr(bound.field.widget, "use_fieldset", False)
    return f"{bound.auto_id}_0" if group and bound.auto_id else str(bound.id_for_label or "")


def _messages(bound: BoundField) -> tuple[str, ...]:
    """Return what is wrong in our own voice: an empty field is no fault, it is still to be filled."""
    found = []
    for error in bound.errors.as_data():
        required = error.code == "required"
        found += [_("这一项还没有填。")] if required else [str(m) for m in error.messages]
    return tuple(found)


def seen(bound: BoundField) -> SeenField:
    """Render the control with `aria-describedby` naming the hint and the error under it."""
    ident = str(bound.auto_id or bound.html_name)
    described = [f"{ident}_hint"] if bound.help_text else []
    described += [f"{ident}_error"] if bound.errors else []
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return SeenField(
        id=ident,
        name=bound.html_name,
        label=str(bound.label),
        hint=str(bound.help_text),
        errors=_messages(bound),
        control=bound.as_widget(attrs=attrs),
        optional=not bound.field.required,
        hidden=bound.is_hidden,
        grouped=bool(getattr(bound.field.widget, "use_fieldset", False)),
        box=isinstance(bound.field.widget, CheckboxInput),
    )


def problems(form: BaseForm | None) -> list[Problem]:
    """Return one problem per message, fields in their order, those of the whole form first."""
    if form is None or not form.errors:
        return []
    found = [Problem("", str(m)) for m in form.non_field_errors()]
    for bound in form:
        found += [Problem(_target(bound), f"{bound.label}：{m}") for m in _messages(bound)]
    return found
