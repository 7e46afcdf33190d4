"""Which kinds and rows a viewer may reach, over every table of records.

A right holds for a kind, up to a sensitivity, under a unit. Every door of the machinery
asks here, so that no page forgets one of the three.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import shapes
from jiezhen.records.models import Row


class NoSuchRecord(LookupError):
    """There is no such kind or record, or not for this viewer: 404 either way."""


def kinds(viewer: Viewer, shape: str = "", right: str = "see") -> list[Kind]:
    """Return the kinds for which the viewer holds a right somewhere, in the packs' order."""
    return [
        kind
        for kind in catalogue().kinds.values()
        if (not shape or kind.shape == shape)
        and viewer.may(right, kind.name, sensitivity=kind.sensitivity)
    ]


def kind_for(viewer: Viewer, name: str, right: str = "see") -> Kind:
    """Return a kind that the viewer may see.

    Raises:
        NoSuchRecord: No pack declares it, or the viewer holds the right nowhere.
    """
    kind = catalogue().kinds.get(name)
    if kind is None or not viewer.may(right, name, sensitivity=kind.sensitivity):
        raise NoSuchRecord(name)
    return kind


def rows(viewer: Viewer, kind: Kind, right: str = "see") -> QuerySet[Row]:
    """Return the rows of one kind for which the viewer holds a right; withdrawn ones too."""
    found = shapes.model_of(kind.name).objects.seen_by(viewer, right, kind.name, kind.sensitivity)
    scoped: QuerySet[Row] = found.filter(kind=kind.name)
    return scoped


def rows_of_many(viewer: Viewer, some: Iterable[Kind], right: str = "see") -> QuerySet[Row] | None:
    """Return the rows of several kinds of one shape as one query; None when there is no kind.

    Kinds that are seen under the same units share a condition, so that the statement
    stays short however many kinds there are.
    """
    chosen = list(some)
    if not chosen:
        return None
    under: dict[tuple[str, ...], list[str]] = {}
    for kind in chosen:
        paths = viewer.paths(right, kind.name, kind.sensitivity)
        if paths:
            under.setdefault(paths, []).append(kind.name)
    model = shapes.model_of(chosen[0].name)
    condition = Q(pk__in=[])
    for paths, names in under.items():
        where = Q(kind__in=names)
        if viewer.office_path not in paths:
            inside = Q()
            for path in paths:
                inside |= Q(unit__path__startswith=path)
            where &= inside
        condition |= where
    found: QuerySet[Row] = model.objects.seen_by(viewer, right).filter(condition)
    return found
