"""What was measured, or supplied from outside for a period."""

from jiezhen.records.models import Row


class Observation(Row):
    """One row is one value: measured on a day, or supplied for `on` until `until`."""

    class Meta(Row.Meta):
        verbose_name = "观测"
