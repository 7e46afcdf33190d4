"""The shape that all records share, their history, their files and their imports."""

from typing import Any

from django.conf import settings
from django.db import models

from jiezhen.people.scoping import ScopedQuerySet
from jiezhen.units.models import Unit


class Row(models.Model):
    """One row is one record of a kind.

    `registers`, `matters`, `activities` and `sensing`
    each keep a table of this form; what a field means stands in the kind's pack.

    `data` holds the field values in the storage form of `records.fields`.
    """

    # Indexes of their own would repeat the beginnings of those below.
    office = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("种类", max_length=80)
    code = models.CharField("编号", max_length=60)
    title = models.CharField("标题", max_length=200, default="")
    on = models.DateField("日期", null=True)
    until = models.DateField("至", null=True)
    data = models.JSONField(default=dict)
    natural_key = models.CharField(max_length=64, default="")
    version = models.PositiveIntegerField(default=1)
    source = models.CharField("来源", max_length=20, default="form")
    batch_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField("登记时间")
    created_by_id = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField("修改时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["office", "kind", "code"], name="%(class)s_code_once"),
            models.UniqueConstraint(
                fields=["office", "kind", "natural_key"],
                condition=~models.Q(natural_key="") & models.Q(withdrawn_at=None),
                name="%(class)s_natural_once",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "kind", "on", "id"], name="%(class)s_listing"),
            models.Index(fields=["office", "kind", "id"], name="%(class)s_newest"),
            models.Index(fields=["kind", "on"], name="%(class)s_figures"),
            models.Index(fields=["unit", "kind"], name="%(class)s_unit"),
            models.Index(
                fields=["batch_id"],
                condition=models.Q(batch_id__isnull=False),
                name="%(class)s_batch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Change(models.Model):
    """One row is one change of one record: the fields that differ, before and after."""

    office_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    record_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    account_id = models.BigIntegerField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=40)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField(max_length=400, default="")

    class Meta:
        verbose_name = "修改记录"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "version"], name="change_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record_id} v{self.version}"


class Counter(models.Model):
    """One row holds the latest number of a series of codes: a prefix in a year."""

    office_id = models.BigIntegerField()
    series = models.CharField(max_length=60)
    latest = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office_id", "series"], name="counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.latest}"


class Attachment(models.Model):
    """One row is one file of one record. The bytes lie in the files folder by digest."""

    office_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    record_id = models.BigIntegerField(default=0)
    field = models.CharField(max_length=40)
    name = models.CharField("文件名", max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("大小")
    media = models.CharField(max_length=100)
    at = models.DateTimeField()
    account_id = models.BigIntegerField()

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index(fields=["kind", "record_id"], name="attachment_record")]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One row is one import of one file: its checks, what came of it, and its taking back."""

    office_id = models.BigIntegerField()
    kind = models.CharField("种类", max_length=80)
    file = models.CharField("文件", max_length=200)
    digest = models.CharField(max_length=64)
    sheet = models.CharField(max_length=100, default="")
    columns = models.JSONField(default=dict)
    state = models.CharField(max_length=20, default="checked")
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    committed_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "导入"

    def __str__(self) -> str:
        return self.file


class StagedRow(models.Model):
    """One row is one row of an imported file: its cells, the values they mean, its faults."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行")
    cells = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=20, default="good")
    record_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "待导入行"
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="staged_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class ColumnMatch(models.Model):
    """One row remembers how the columns of a file's shape were matched for a kind."""

    office_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    header_digest = models.CharField(max_length=64)
    columns = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office_id", "kind", "header_digest"], name="column_match_once"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class SavedList(models.Model):
    """One row is a list's filters, kept under a name by one account."""

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)

    class Meta:
        verbose_name = "常用筛选"

    def __str__(self) -> str:
        return self.title
