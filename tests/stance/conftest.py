"""The cast, for the tests of the stance."""

from jiezhen.conftest import cast, still

__all__ = ["cast", "still"]
