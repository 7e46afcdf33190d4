"""Two offices side by side, made once a module and taken back at its end."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction

from jiezhen.conftest import AT

from .addresses import ADDRESSES
from .crawling import Answer, open_as
from .office import OFFICIALS, ROLES, Made, build


@dataclass
class Two:
    """The office that is looked at, and one that must never be seen from it."""

    here: Made
    there: Made


@pytest.fixture(scope="module")
def still_module() -> Iterator[None]:
    """Let the clock stand still for a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIEZHEN_NOW", AT.isoformat())
        yield


@pytest.fixture(scope="module")
def seeded(still_module: None, django_db_setup: None, django_db_blocker) -> Iterator[Two]:
    """Make both offices in a transaction that is undone after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Two(build("yunxiu"), build("songxi", second=True))
        transaction.set_rollback(True)


@pytest.fixture
def two(seeded: Two, db: None) -> Two:
    """Give both offices to one test; what it writes is undone."""
    # Sessions that a test made are gone with it.
    seeded.here.sign_out()
    seeded.there.sign_out()
    return seeded


@pytest.fixture(scope="module")
def answers(seeded: Two, django_db_blocker) -> list[Answer]:
    """Open everything of the own office, in both units, as everybody."""
    found = []
    with django_db_blocker.unblock():
        for who in ROLES:
            for address in ADDRESSES.values():
                both = address.whose == "unit" and who in ("section", "grid", "neighbour")
                for unit in ("c1", "c3") if both else ("c1",):
                    paths = address.paths(seeded.here, unit)
                    for path in (
                        paths[:1] if who in OFFICIALS and address.whose == "shared" else paths
                    ):
                        found.append(open_as(seeded.here.client(who), who, path))
    return found
