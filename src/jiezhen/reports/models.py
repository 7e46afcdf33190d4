"""Reports with their sections, what was frozen and corrected, checked drafts, and remembered words.

Text is stored with chips (`rules.tokens`) where live numbers stand. A frozen number is kept with its value;
rows of `Frozen`, `Version` and `Correction` are appended, never edited.
"""

from typing import Any

from django.db import models

from jiezhen.people.scoping import ScopedQuerySet


class OfficeRows(ScopedQuerySet[Any]):
    """Reports are read by everybody of the office who may see anything there."""

    path_column = "office__path"


class Report(models.Model):
    """One row is one report about one period. `scope` is a unit's code, blank for the whole office.

    `as_of` is empty while its numbers live and the moment of freezing afterwards. `state` is draft 草稿,
    final 定稿 (frozen) or published 发布. `origin` says what the skeleton came from.
    """

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    scope = models.CharField("范围", max_length=40, default="")
    title = models.CharField("标题", max_length=200)
    period = models.CharField("期间", max_length=10)
    state = models.CharField("状态", max_length=10, default="draft")
    as_of = models.DateTimeField("数据截至", null=True)
    origin = models.CharField("骨架来自", max_length=200, default="")
    created_at = models.DateTimeField("建立时间")
    created_by = models.CharField("谁", max_length=100)
    frozen_at = models.DateTimeField("冻结时间", null=True)
    frozen_by = models.CharField(max_length=100, default="")
    published_at = models.DateTimeField("发布时间", null=True)
    published_by = models.CharField(max_length=100, default="")

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "报告"
        indexes = [models.Index(fields=["office", "-period"], name="report_listing")]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """One row is a heading with the text under it; `level` 1 is 一、, 2 is （一）."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    order = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField("层级", default=1)
    title = models.CharField("标题", max_length=200, default="", blank=True)
    text = models.TextField("正文", default="", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta:
        verbose_name = "段落"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "order"], name="section_order_once")
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """One row is a section's text as it was until somebody changed it."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200, default="")
    text = models.TextField(default="")
    at = models.DateTimeField()
    actor = models.CharField("谁", max_length=100)

    class Meta:
        verbose_name = "段落旧稿"
        constraints = [
            models.UniqueConstraint(fields=["section", "version"], name="section_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.section_id} v{self.version}"


class Frozen(models.Model):
    """One row is one number as it was when the report's numbers were frozen.

    `key` tells the chip without its form. `code` is the frozen number's own address under /n/. `value` is in
    base units; `told` holds what else is needed to write and explain it.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="frozen")
    key = models.CharField(max_length=240)
    indicator = models.CharField("指标", max_length=80)
    code = models.CharField(max_length=16, default="")
    value = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    told = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "报告里冻结的数"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="frozen_key_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}"


class Correction(models.Model):
    """One row is one dated act: from `at` on, `after` stands where `before` stood."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="corrections")
    key = models.CharField(max_length=240)
    before = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    after = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    before_text = models.CharField(max_length=60)
    after_text = models.CharField(max_length=60)
    reason = models.CharField("原因", max_length=400)
    at = models.DateTimeField("更正时间")
    actor = models.CharField("谁", max_length=100)

    class Meta:
        verbose_name = "更正"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.before_text} → {self.after_text}"


class Draft(models.Model):
    """One row is one draft that somebody had proof-read. `digest` finds its file where there was one.

    `decided` holds what people said to findings, by the finding's place: change, keep or outside.
    """

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    title = models.CharField("稿件", max_length=200)
    file_name = models.CharField("文件名", max_length=200, default="")
    kind = models.CharField("格式", max_length=10, default="txt")
    digest = models.CharField(max_length=64, default="")
    period = models.CharField("期间", max_length=10, default="")
    text = models.TextField("正文")
    decided = models.JSONField(default=dict)
    at = models.DateTimeField("时间")
    actor = models.CharField("谁", max_length=100)
    account_id = models.BigIntegerField(default=0)

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "校对稿"
        indexes = [models.Index(fields=["office", "-id"], name="draft_listing")]

    def __str__(self) -> str:
        return self.title


class Wording(models.Model):
    """One row says which number certain words mean. `key` is a digest: no words of a draft are kept.

    The latest row for a key holds. A blank indicator says that the number comes from outside (外部数据).
    """

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    key = models.CharField(max_length=32)
    indicator = models.CharField("指标", max_length=120, default="")
    aspect = models.CharField(max_length=10, default="value")
    base = models.CharField(max_length=10, default="")
    note = models.CharField("外部来源", max_length=200, default="")
    at = models.DateTimeField()
    actor = models.CharField("谁", max_length=100)

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "指定的来源"
        indexes = [models.Index(fields=["office", "key"], name="wording_find")]

    def __str__(self) -> str:
        return f"{self.key} {self.indicator}"
