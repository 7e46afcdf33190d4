"""Who may import, and why an import is refused."""

from django.utils.translation import gettext as _

from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations
from jiezhen.records.models import Batch


class UnableToImport(operations.Refused):
    """The file, or a step of its import, cannot be carried out; the messages say what to do."""

    def __init__(self, message: str, message_en: str = "") -> None:
        """Keep the messages of both languages."""
        self.message, self.message_en = message, message_en or message
        super().__init__(operations.Problem("", message))


class NotAllowed(UnableToImport, operations.NotAllowed):
    """The viewer does not hold the right, or the import is not theirs."""


class Locked(UnableToImport):
    """The import is at a step at which this cannot be done any more."""

    @classmethod
    def because_written(cls) -> "Locked":
        """Return the refusal of a change after rows were written."""
        return cls(
            _("已经导入，不能再改列。"), "Rows are imported; columns cannot change any more."
        )


def may_import(viewer: Viewer, kind: str) -> Kind:
    """Return the kind when the viewer may import it.

    Raises:
        NotAllowed: The viewer may not, or there is no such kind.
    """
    spec = catalogue().kinds.get(kind)
    if spec is None or not viewer.may("import", kind, sensitivity=spec.sensitivity):
        raise NotAllowed(_("没有导入这类记录的权限。"), "You may not import records of this kind.")
    return spec


def kinds(viewer: Viewer) -> list[Kind]:
    """Return the kinds that the viewer may import, in the packs' order."""
    return [
        kind
        for kind in catalogue().kinds.values()
        if viewer.may("import", kind.name, sensitivity=kind.sensitivity)
    ]


def batch_for(viewer: Viewer, batch_id: int) -> Batch:
    """Return an import that the viewer made, or any of the office with the right all over it.

    Raises:
        NotAllowed: There is none for this viewer.
    """
    batch = Batch.objects.select_related("created_by").filter(pk=batch_id).first()
    if batch is None or not _theirs(viewer, batch):
        raise NotAllowed(_("没有这次导入。"), "There is no such import.")
    return batch


def batches(viewer: Viewer) -> list[Batch]:
    """Return the latest hundred imports that the viewer may see, latest first."""
    rows = Batch.objects.filter(office_id=viewer.office_id).select_related("created_by")
    return [b for b in rows.order_by("-id")[:300] if _theirs(viewer, b)][:100]


def _theirs(viewer: Viewer, batch: Batch) -> bool:
    spec = catalogue().kinds.get(batch.kind)
    if spec is None or batch.office_id != viewer.office_id:
        return False
    if not viewer.may("import", batch.kind, sensitivity=spec.sensitivity):
        return False
    if batch.created_by_id is not None and batch.created_by_id == viewer.account_id:
        return True
    # The rows of a file stand open on its page: whoever did not bring it in must hold the
    # right to see personal values as well.
    rights = ["import", "reveal"] if spec.personal else ["import"]
    whole = viewer.office_path
    return all(whole in viewer.paths(r, batch.kind, spec.sensitivity) for r in rights)
