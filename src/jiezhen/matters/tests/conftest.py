"""The trial pack, and people who may dispatch, approve and learn who called."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jiezhen.conftest import Cast
from jiezhen.kernel import clock
from jiezhen.matters import operations
from jiezhen.matters.models import Matter
from jiezhen.packs import registry
from jiezhen.people.access import Grant, Viewer
from jiezhen.records.tests.world import packs

__all__ = ["packs"]

PACK = Path(__file__).parent / "pack"


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the trial pack in force beside the shipped ones."""
    monkeypatch.setenv("JIEZHEN_PACKS", str(PACK))
    registry.reload()
    yield
    monkeypatch.delenv("JIEZHEN_PACKS")
    registry.reload()


def at(text: str) -> datetime:
    """Return a moment of the office's zone: 2023-06-21 09:12."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def more(viewer: Viewer, *rights: str) -> Viewer:
    """Return a viewer who holds further rights in the whole office."""
    grants = tuple(Grant(r, "*", "secret", viewer.office_path) for r in rights)
    return replace(viewer, grants=(*viewer.grants, *grants))


@pytest.fixture
def desk(trial: None, cast: Cast) -> Viewer:
    """Return somebody of the operations centre who dispatches and may call back."""
    return more(cast.viewers["city"], "parties.see", "matters.dispatch", "matters.supervise")


def opened(viewer: Viewer, moment: str = "2023-06-21 09:12", **values: Any) -> Matter:
    """Open a trial case at a moment."""
    given = {"subject": "楼道堆物"} | values
    return operations.open_matter(viewer, "trial.case", given, at(moment)).matter


def again(row: Matter) -> Matter:
    """Return a matter as it lies in the database now."""
    rows = Matter.objects.for_system("a test looks")
    return rows.select_related("unit").get(pk=row.pk)
