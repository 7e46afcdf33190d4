"""The tests of records use kinds of their own."""

from jiezhen.records.tests.world import packs

__all__ = ["packs"]
