"""What every test run has in common."""

import pytest
from hypothesis import settings

from jiezhen.kernel import kept

# How long an example takes depends on what else the machine does; the benchmark measures time.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def fresh_memory() -> None:
    """Each test has a database of its own: what the process kept of the last one is dropped."""
    kept.forget_all()
