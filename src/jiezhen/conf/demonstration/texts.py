"""The plan and the draft report of the demonstration."""

from collections.abc import Iterator
from datetime import datetime

from jiezhen.people.access import Viewer


def add(viewer: Viewer, at: datetime) -> Iterator[str]:
    """Read the plan into commitments, link them, and write a draft report."""
    yield "计划和报告稿：准备好了。"
