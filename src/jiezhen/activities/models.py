"""What was done."""

from jiezhen.records.models import Row


class Activity(Row):
    """One row is one service, visit, inspection or payment, done on a day."""

    class Meta(Row.Meta):
        verbose_name = "服务"
