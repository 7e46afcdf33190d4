"""The kinds of the tests of records serve here too."""

from jiezhen.records.tests.world import packs

__all__ = ["packs"]
