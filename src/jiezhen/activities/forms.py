"""The quick form of a service: how many first, then what is needed, then the rest."""

from collections.abc import Iterable
from typing import Any

from jiezhen.activities import rules
from jiezhen.packs.schema import Kind
from jiezhen.records.forms import New
from jiezhen.units.queries import UnitRow


class Quick(New):
    """A new service, its count before everything else."""

    def __init__(self, kind: Kind, units: Iterable[UnitRow], *args: Any, **more: Any) -> None:
        super().__init__(kind, units, *args, **more)
        self.order_fields([*rules.quick_order(kind), "_unit"])
