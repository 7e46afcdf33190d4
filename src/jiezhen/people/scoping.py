"""Query sets that refuse to run until somebody says for whom.

A forgotten filter would show another unit's rows. So the query sets of office data
raise `Unscoped` when they are evaluated without `seen_by` or `for_system`.
"""

import re
from collections.abc import Sequence
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from jiezhen.people.access import Viewer

M = TypeVar("M", bound=models.Model, covariant=True)


class Unscoped(RuntimeError):
    """A query over office data was run without naming its viewer. A defect, not a refusal."""


def scope_text(
    viewer: Viewer, right: str, kind: str, sensitivity: str, path_column: str
) -> tuple[str, list[str]] | None:
    """Return the scope of `seen_by` as a condition for a statement of fixed text.

    Shape: (condition, its parameters), blank where the whole office is seen; None where nothing
    is. The office itself is for the caller to name.
    """
    paths = viewer.paths(right, kind, sensitivity)
    if viewer.office_path in paths:
        return "", []
    if not paths:
        return None
    either = " OR ".join([f"{path_column} LIKE %s ESCAPE '!'"] * len(paths))
    return f"({either})", [re.sub("([!%_])", r"!\1", path) + "%" for path in paths]


class ScopedQuerySet(models.QuerySet[M]):
    """A query set that needs a scope before it reaches the database."""

    _scoped: bool = False
    #: Name of the column that leads to the unit's path, and to the office.
    path_column = "unit__path"
    office_column = "office_id"

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scoped = self._scoped
        return clone

    def seen_by(
        self,
        viewer: Viewer,
        right: str | Sequence[str] = "see",
        kind: str | None = None,
        sensitivity: str | None = None,
    ) -> Self:
        """Keep the rows of the viewer's office and units for which the right, or one of them, is held."""
        rights = (right,) if isinstance(right, str) else right
        paths = {p for r in rights for p in viewer.paths(r, kind, sensitivity)}
        clone = self.filter(**{self.office_column: viewer.office_id})
        clone._scoped = True
        if viewer.office_path in paths:
            return clone
        if not paths:
            return clone.none()
        under = Q()
        for path in sorted(paths):
            under |= Q(**{f"{self.path_column}__startswith": path})
        return clone.filter(under)

    def for_system(self, reason: str) -> Self:
        """Lift the scope for work of the machine itself; the reason is for the reader."""
        if not reason:
            raise Unscoped("for_system needs a reason")
        clone = self._clone()
        clone._scoped = True
        return clone

    def _need_scope(self) -> None:
        if not self._scoped and not self.query.is_empty():
            raise Unscoped(
                f"{self.model.__name__}: name the viewer with seen_by() before reading rows"
            )

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._need_scope()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """Return rows one by one; needs a scope."""
        self._need_scope()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """Return the number of rows; needs a scope."""
        self._need_scope()
        return super().count()

    def exists(self) -> bool:
        """Say whether there is a row; needs a scope."""
        self._need_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return aggregates; needs a scope."""
        self._need_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Change rows; needs a scope."""
        self._need_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows; needs a scope."""
        self._need_scope()
        return super().delete()
