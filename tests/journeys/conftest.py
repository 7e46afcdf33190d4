"""One office for all tests of a journey: made once, taken back at the end."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from jiezhen.conftest import AT, cast, still

from . import gold, planning, reporting
from .planning import Plan
from .reporting import Written
from .world import World, found, keep_records, take_statistics

__all__ = ["cast", "still"]


@pytest.fixture(scope="module")
def still_database(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Open the database for a whole module on 3 July 2023, in a transaction that is undone."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setenv("JIEZHEN_NOW", AT.isoformat())
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def office(still_database: None) -> World:
    """Return the office with its half year on record, counted by nobody yet."""
    text = gold.document("000")
    if text is None:
        pytest.skip(gold.WHY)
    world = found(text)
    keep_records(world)
    take_statistics(world)
    return world


@pytest.fixture(scope="module")
def plan(office: World) -> Plan:
    """Return the plan, confirmed and linked by the planning office."""
    return planning.bring_in(office)


@pytest.fixture(scope="module")
def report(office: World, plan: Plan) -> Written:
    """Return the report with live numbers."""
    return reporting.write(office)
