"""What is kept about figures: targets, supplied numbers, versions of definitions, frozen numbers.

A live figure is kept nowhere; it is counted when it is asked for.
"""

from typing import Any

from django.db import models

from jiezhen.people.scoping import ScopedQuerySet


class OfficeRows(ScopedQuerySet[Any]):
    """Rows of an office whose unit is told by its id alone."""

    path_column = "unit_path"


class Target(models.Model):
    """One row promises a value of one indicator for one unit and period.

    Setting a new one withdraws the old one; rows are never edited otherwise. `months` may
    hold what is planned to be reached by the end of each month, by its code.
    """

    office_id = models.BigIntegerField()
    indicator = models.CharField("指标", max_length=80)
    unit_id = models.BigIntegerField()
    unit_path = models.CharField(max_length=200)
    period = models.CharField("期间", max_length=8)
    value = models.DecimalField("目标", max_digits=24, decimal_places=6)
    comparator = models.CharField("怎样算完成", max_length=2, default=">=")
    starts_on = models.DateField("从", null=True)
    ends_on = models.DateField("到", null=True)
    months = models.JSONField(default=dict)
    source = models.CharField("依据", max_length=200, default="")
    commitment_id = models.BigIntegerField(null=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=100)
    withdrawn_at = models.DateTimeField(null=True)

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "目标"
        constraints = [
            models.UniqueConstraint(
                fields=["office_id", "indicator", "unit_id", "period"],
                condition=models.Q(withdrawn_at=None),
                name="target_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.comparator}{self.value}"


class Supplied(models.Model):
    """One row is one number that somebody outside supplied for a unit and a period.

    A revision is a new row that names the one it takes the place of; the old one stays.
    A row without a value takes the number back. `base` is the number of the year before
    as the supplier restated it (可比), `growth` the change in percent that came with it.
    """

    office_id = models.BigIntegerField()
    statistic = models.CharField("统计数", max_length=80)
    unit_id = models.BigIntegerField()
    unit_path = models.CharField(max_length=200)
    period = models.CharField("期间", max_length=8)
    value = models.DecimalField("数", max_digits=24, decimal_places=6, null=True)
    base = models.DecimalField("可比基数", max_digits=24, decimal_places=6, null=True)
    growth = models.DecimalField("同比", max_digits=12, decimal_places=4, null=True)
    source = models.CharField("来源", max_length=200)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=100)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="later")

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "外部数据"
        constraints = [
            models.UniqueConstraint(
                fields=["office_id", "statistic", "unit_id", "period"],
                condition=models.Q(supersedes=None),
                name="supplied_first_once",
            )
        ]
        indexes = [models.Index(fields=["office_id", "statistic", "period"], name="supplied_find")]

    def __str__(self) -> str:
        return f"{self.statistic} {self.period} {self.value}"


class Definition(models.Model):
    """One row is one version of how an indicator is counted, from the packs of this place."""

    indicator = models.CharField("指标", max_length=80)
    version = models.PositiveIntegerField("版本")
    digest = models.CharField(max_length=16)
    sentence = models.CharField("口径", max_length=600)
    since = models.DateTimeField("起用")

    class Meta:
        verbose_name = "口径"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "version"], name="definition_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} v{self.version}"


class Approval(models.Model):
    """One row is one office's word that it counts by a version of a definition."""

    office_id = models.BigIntegerField()
    definition = models.ForeignKey(Definition, models.PROTECT, related_name="approvals")
    actor = models.CharField("谁", max_length=100)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "口径确认"
        constraints = [
            models.UniqueConstraint(fields=["office_id", "definition"], name="approval_once")
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.actor}"


class Permalink(models.Model):
    """One row is one frozen number: what it was, how it was counted, and which records made it.

    `contributors` is the compressed list of (record, version, unit) of one kind; `digest`
    is its fingerprint. Rows are never edited.
    """

    office_id = models.BigIntegerField()
    code = models.CharField(max_length=12, unique=True)
    indicator = models.CharField("指标", max_length=80)
    unit_id = models.BigIntegerField()
    period = models.CharField("期间", max_length=8)
    value = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    numerator = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    denominator = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    count = models.BigIntegerField(default=0)
    word = models.CharField("单位", max_length=8)
    version = models.PositiveIntegerField(default=1)
    sentence = models.CharField(max_length=600)
    as_of = models.DateTimeField()
    frozen_by = models.CharField(max_length=100)
    used_in = models.CharField(max_length=200, default="")
    kind = models.CharField(max_length=80, default="")
    contributors = models.BinaryField(default=bytes)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "冻结的数"
        indexes = [
            models.Index(fields=["office_id", "indicator", "period"], name="permalink_find")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.indicator} {self.period} {self.value}"
