"""Units and postings."""

from typing import Any

from django.conf import settings
from django.db import models

from jiezhen.people.scoping import ScopedQuerySet


class UnitRows(ScopedQuerySet["Unit"]):
    """Units carry their own path."""

    path_column = "path"


class Unit(models.Model):
    """One row is one unit: the office, an area, a grid, a committee, a department, a point.

    Its path is made of codes from the office down.
    """

    office = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    code = models.CharField("编号", max_length=40)
    title = models.CharField("名称", max_length=100)
    title_en = models.CharField("英文名称", max_length=100, default="")
    level = models.CharField("层级", max_length=20)
    path = models.CharField(max_length=200, db_index=True)
    also = models.JSONField("其他叫法", default=list)
    valid_from = models.DateField("自", null=True)
    valid_until = models.DateField("至", null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    heirs = models.JSONField(default=list, help_text="ids of the units that a split made of it")
    polygon = models.JSONField("边界", null=True, help_text="GeoJSON, WGS-84, lon/lat")
    area_class = models.CharField("地区等级", max_length=1, default="")
    #: Of the office alone: another number after every change of one of its units.
    revision = models.BigIntegerField(default=0)

    objects: Any = UnitRows.as_manager()

    class Meta:
        verbose_name = "单元"
        constraints = [
            models.UniqueConstraint(fields=["office", "code"], name="unit_code_once"),
        ]

    def __str__(self) -> str:
        return self.title


class UnitChange(models.Model):
    """One row is one change of many units: an import, a split, a merge.

    `data` holds what was found in a file while it waits, and later what takes it back. `state` is
    checked, done or taken_back.
    """

    office = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    what = models.CharField(max_length=20)
    title = models.CharField("内容", max_length=200)
    on = models.DateField("自", null=True)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=100)
    state = models.CharField(max_length=20, default="checked")
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "单元变更"
        indexes = [models.Index(fields=["office", "-id"], name="unitchange_newest")]

    def __str__(self) -> str:
        return self.title


class Posting(models.Model):
    """One row posts an account to a unit in a role, for a time."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    role = models.CharField("角色", max_length=40)
    valid_from = models.DateField("自", null=True)
    valid_until = models.DateField("至", null=True)

    class Meta:
        verbose_name = "任职"

    def __str__(self) -> str:
        return f"{self.account} {self.unit} {self.role}"
