"""Where a matter lies, and whom it is about, without a statement while the office is in memory."""

from jiezhen.packs.schema import Kind
from jiezhen.records import shapes
from jiezhen.registers.queries import Where, where
from jiezhen.units.queries import Tree, UnitRow

__all__ = ["Where", "field_of", "unit_of_entry", "where"]


def field_of(kind: Kind) -> str:
    """Return the field that says where a matter of the kind lies; blank when none does."""
    if kind.twins and kind.twins.place:
        return kind.twins.place
    return next((n for n, f in kind.kept.items() if f.type == "place"), "")


def unit_of_entry(tree: Tree, kind: str, entry_id: int) -> UnitRow | None:
    """Return the unit whose people work for a firm: the one with the entry's code."""
    rows = shapes.model_of(kind).objects.for_system("a firm may be a unit of the office")
    code = rows.filter(pk=entry_id).values_list("code", flat=True).first()
    return tree.by_code(code) if code else None
