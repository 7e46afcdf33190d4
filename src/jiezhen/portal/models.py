"""How an office meets its residents, how often somebody knocked, and photos that wait to be sent."""

from typing import Any

from django.db import models

from jiezhen.people.scoping import ScopedQuerySet


class OfficeRows(ScopedQuerySet[Any]):
    """What the office says of itself is public."""

    path_column = "office__path"


class Front(models.Model):
    """One row is what one office's public pages say: whom to call, when, where, and what is open.

    `plans` are the ids of the plan documents whose commitments are published. `open311` says who may
    post by Open311: nobody, who has a key, everybody.
    """

    office = models.OneToOneField("units.Unit", models.PROTECT, related_name="+")
    phone = models.CharField("电话", max_length=40, default="", blank=True)
    hours = models.CharField("接听时间", max_length=60, default="", blank=True)
    counter = models.CharField("窗口", max_length=120, default="", blank=True)
    route = models.CharField("怎么走", max_length=200, default="", blank=True)
    plans = models.JSONField("公布的计划", default=list)
    open311 = models.CharField("Open311", max_length=10, default="key")
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.CharField("谁", max_length=100)

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "公众门户"

    def __str__(self) -> str:
        return f"{self.office_id} {self.phone}"


class Knock(models.Model):
    """One row counts one hour's public posts from one address, or to one office (`who` empty).

    `who` is a keyed digest that changes every day: no address is kept. Each day the
    worker clears away what is older than a day.
    """

    office_id = models.BigIntegerField()
    purpose = models.CharField(max_length=20)
    who = models.CharField(max_length=32, default="")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "公众提交计数"
        constraints = [
            models.UniqueConstraint(
                fields=["office_id", "purpose", "who", "hour"], name="knock_once"
            )
        ]
        indexes = [models.Index(fields=["hour"], name="knock_hour")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.hour} {self.count}"


class Waiting(models.Model):
    """One row is a photo that a resident chose and has not sent yet.

    `token` is known to nobody but the form. The row goes when the report is filed, when the photo
    is taken away, and after two hours in any case.
    """

    token = models.CharField(max_length=43, unique=True)
    office_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    ending = models.CharField(max_length=10)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "待报照片"
        indexes = [models.Index(fields=["at"], name="waiting_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
