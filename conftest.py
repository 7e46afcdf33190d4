"""What every test run has in common."""

from hypothesis import settings

# How long an example takes depends on what else the machine does; the benchmark measures time.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
