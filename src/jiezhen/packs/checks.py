"""What must hold between declarations: links, flows, expressions, words, stance.

`check` also completes what it checks: names of flows and kinds become full, a kind learns its flow,
an indicator its definition.
"""

from __future__ import annotations

from jiezhen.packs import (
    find_checks,
    flow_checks,
    indicator_checks,
    kind_checks,
    stance,
    table_checks,
)
from jiezhen.packs.errors import unknown
from jiezhen.packs.loader import Loaded


def check(loaded: Loaded) -> None:
    """Add every problem between declarations to the loaded ones, and complete them."""
    _requires(loaded)
    for name in list(loaded.flows):
        kind_checks.flow(loaded, name)
    for name in list(loaded.kinds):
        kind_checks.kind(loaded, name)
    for name in loaded.kinds:
        flow_checks.check(loaded, name)
        find_checks.check(loaded, name)
    kind_checks.titles(loaded)
    stance.check(loaded)
    indicator_checks.check(loaded)
    table_checks.check(loaded)


def _requires(loaded: Loaded) -> None:
    for name, pack in loaded.packs.items():
        for index, needed in enumerate(pack.requires):
            if needed not in loaded.packs:
                messages = unknown("业务包", "pack", needed, loaded.packs)
                loaded.report("packs", name, messages, "requires", index)
