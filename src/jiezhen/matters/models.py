"""What must be done, and every move that it made."""

from django.db import models

from jiezhen.records.models import Row


class Matter(Row):
    """One row is one case, request, project or task on its way through a flow.

    `entered` holds for each state the day on which it was entered last.
    """

    state = models.CharField("状态", max_length=40)
    state_since = models.DateTimeField("何时起", null=True)
    opened_on = models.DateField("开始日期")
    closed_on = models.DateField("结束日期", null=True)
    due_on = models.DateField("期限", null=True)
    entered = models.JSONField(default=dict)

    class Meta(Row.Meta):
        verbose_name = "事项"
        indexes = [
            *Row.Meta.indexes,
            models.Index(fields=["office", "kind", "state"], name="matter_state"),
            models.Index(
                fields=["office", "due_on"],
                condition=models.Q(closed_on=None),
                name="matter_open_due",
            ),
        ]


class Move(models.Model):
    """One row is one move of one matter.

    Rows are appended and never edited; undoing a move is a move of its own that names the
    one it undoes.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="moves")
    name = models.CharField("做法", max_length=40)
    came_from = models.CharField(max_length=40, default="")
    went_to = models.CharField(max_length=40)
    at = models.DateTimeField("时间")
    account_id = models.BigIntegerField(default=0)
    actor = models.CharField("谁", max_length=100)
    note = models.CharField("说明", max_length=1000, default="")
    asked = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        verbose_name = "流转"
        indexes = [models.Index(fields=["matter", "id"], name="move_matter")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name}"
