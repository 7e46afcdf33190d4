"""The form that begins an import."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from jiezhen.people.access import Viewer
from jiezhen.records import sandbox, wording
from jiezhen.records.imports import access
from jiezhen.units import queries as unit_queries


class NewImport(forms.Form):
    """What is imported, from which file, and where rows without a unit belong."""

    kind = forms.ChoiceField()
    file = forms.FileField(error_messages={"empty": lazily("文件是空的。请选有内容的文件。")})
    unit = forms.ChoiceField(required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds and units in which the viewer may import."""
        super().__init__(*args, **kwargs)
        kinds = [(k.name, wording.title(k)) for k in access.kinds(viewer)]
        units = unit_queries.units_of(viewer, right="change")
        own = _("我的单元")
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["kind"].label = _("导入什么")
        self.fields["file"].label = _("文件")
        self.fields["file"].help_text = _(
            "Excel（xlsx、xls）、WPS表格、ods或CSV，不超过40MB、50000行。"
        )
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.ods,.csv,.txt"
        self.fields["unit"].label = _("没写单元的行算在哪里")
        self.fields["unit"].choices = [("", own), *((u.code, u.title) for u in units)]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a file that is too large before anything of it is read."""
        file = self.cleaned_data["file"]
        if file.size > sandbox.MOST_BYTES:
            raise forms.ValidationError(sandbox.SAID["large"][0])
        return file
