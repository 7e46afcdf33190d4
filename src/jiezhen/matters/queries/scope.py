"""Which matters a viewer sees, as unit ids instead of paths, so that no join is needed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from jiezhen.matters import rules
from jiezhen.matters.models import Matter
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import access
from jiezhen.units import queries as units
from jiezhen.units.queries import UnitRow
from jiezhen.units.rules import valid


def kinds(viewer: Viewer, *, projects: bool = False) -> list[Kind]:
    """Return the kinds of matters that the viewer sees: the long ones or the others."""
    return [
        k for k in access.kinds(viewer, "matter") if rules.is_project(k, k.flow_spec) == projects
    ]


def rows_of(
    viewer: Viewer, some: Iterable[Kind], at: datetime, right: str = "see"
) -> "QuerySet[Matter]":
    """Return the matters of some kinds for which the viewer holds a right.

    The same rows as `records.access.rows_of_many`; units under a path are named by their ids
    from memory, so that an ordinary user's page costs what the leader's does. Kinds that are
    seen under the same units share a condition.
    """
    under: dict[tuple[str, ...], list[str]] = {}
    for kind in some:
        paths = viewer.paths(right, kind.name, kind.sensitivity)
        if paths:
            under.setdefault(paths, []).append(kind.name)
    rows = Matter.objects.for_system("the viewer's units by their ids")
    if not under:
        none: QuerySet[Matter] = rows.none()
        return none
    tree = units.tree(viewer.office_id, at)
    condition = Q()
    for paths, names in under.items():
        where = Q(kind=names[0]) if len(names) == 1 else Q(kind__in=names)
        if viewer.office_path not in paths:
            where &= Q(unit__in=sorted({i for path in paths for i in tree.below(path)}))
        condition |= where
    found: QuerySet[Matter] = rows.filter(condition, office=viewer.office_id)
    return found


def living_units(viewer: Viewer, at: datetime) -> list[UnitRow]:
    """Return the units of the office that hold on the day, to choose from."""
    tree = units.tree(viewer.office_id, at)
    return [u for u in tree.units if valid(u.valid_from, u.valid_until, tree.on)]
