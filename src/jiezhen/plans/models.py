"""Plan documents, what they promise, the tasks that come of it, and how these are supervised.

Words: a *commitment* is one promise in a document, with its words untouched; a *task* is what an
office is held to, with one lead unit, one date and one light. Lights are not stored here: they are
worked out from records when somebody looks, except in snapshots.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from jiezhen.people.scoping import ScopedQuerySet


class OfficeRows(ScopedQuerySet[Any]):
    """Rows that everybody of the office may read who may see anything there at all."""

    path_column = "office__path"


class TaskRows(ScopedQuerySet[Any]):
    """Tasks are read by those who see the lead unit."""

    path_column = "lead__path"


class Document(models.Model):
    """One row is one text that an office was given as a plan or report, untouched.

    `paragraphs` holds [start, end, form] of each paragraph; offsets are Python string indices
    into `text`. A later version of the same document is a row of its own that names the one it
    replaces.
    """

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    year = models.PositiveIntegerField("年度")
    period = models.CharField("期间", max_length=10, default="")
    title = models.CharField("标题", max_length=200)
    file_name = models.CharField("文件名", max_length=200, default="")
    kind = models.CharField("格式", max_length=10, default="txt")
    digest = models.CharField(max_length=64, default="", help_text="SHA-256 of the file's bytes")
    text_digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField("大小", default=0)
    text = models.TextField("正文")
    paragraphs = models.JSONField(default=list)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "计划文件"
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "text_digest"], name="plan_document_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CommitmentRows(ScopedQuerySet[Any]):
    """Commitments follow their document."""

    path_column = "document__office__path"
    office_column = "document__office_id"


class Commitment(models.Model):
    """One row is one promise of a document; `number` is its lasting name there (?c=14).

    `words` are the words between `start` and `end` with line breaks taken out. Dates are
    inclusive. `indicator`, `scope` (a unit's code, blank for the whole office) and `period`
    are the link that a person confirmed; proposals are never stored.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField("第几条")
    position = models.PositiveIntegerField(default=0)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    words = models.TextField("原话")
    section = models.CharField("段落", max_length=300, default="")
    object = models.CharField("对象", max_length=200, default="")
    action = models.CharField("动作", max_length=60, default="")
    strength = models.CharField("力度", max_length=10, default="推进")
    milestone = models.CharField("节点", max_length=200, default="")
    state = models.CharField("状态", max_length=20, default="proposed")
    confidence = models.FloatField("把握", default=1.0)
    office_hint = models.CharField("文中提到的单位", max_length=60, default="")
    starts_on = models.DateField("起")
    due_on = models.DateField("期限")
    lead = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    indicator = models.CharField("指标", max_length=80, default="")
    scope = models.CharField("范围", max_length=40, default="")
    period = models.CharField("期间", max_length=10, default="")
    change = models.CharField("与上一版比", max_length=10, default="")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=100, default="")
    goal_id = models.BigIntegerField(
        null=True, help_text="the target that it set in the figures engine"
    )

    objects: Any = CommitmentRows.as_manager()

    class Meta:
        verbose_name = "承诺"
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="commitment_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.words[:40]}"


class Target(models.Model):
    """One row is one number that a commitment promises, with where it stands in the text.

    `value` is in base units (90% is 0.9). `result_*` is 文中成绩: what the same document says
    was reached, used until records replace it.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="targets")
    order = models.PositiveIntegerField(default=0)
    value = models.DecimalField("目标", max_digits=24, decimal_places=6)
    unit = models.CharField("单位", max_length=20, default="")
    comparator = models.CharField("比较", max_length=2, default="=")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    span = models.CharField("原文", max_length=60)
    object = models.CharField("对象", max_length=200, default="")
    result = models.DecimalField("文中成绩", max_digits=24, decimal_places=6, null=True)
    result_start = models.PositiveIntegerField(null=True)
    result_end = models.PositiveIntegerField(null=True)
    result_span = models.CharField(max_length=60, default="")

    class Meta:
        verbose_name = "目标"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "order"], name="target_order_once")
        ]

    def __str__(self) -> str:
        return self.span


class Task(models.Model):
    """One row is one thing that a unit is held to, from a commitment or free-standing.

    What it measures (target, indicator, period, dates) is carried over from its commitment by
    the operations that change the commitment. `milestones` is a list of {title, due, done}
    with ISO dates. `manual_colour` is a light set by hand, with its reason.
    """

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    code = models.CharField("编号", max_length=20)
    title = models.CharField("任务", max_length=200)
    commitment = models.OneToOneField(Commitment, models.PROTECT, null=True, related_name="task")
    lead = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    strength = models.CharField("力度", max_length=10, default="必成")
    starts_on = models.DateField("起")
    due_on = models.DateField("期限")
    target = models.DecimalField("目标", max_digits=24, decimal_places=6, null=True)
    unit = models.CharField("单位", max_length=20, default="")
    comparator = models.CharField("比较", max_length=2, default="=")
    indicator = models.CharField("指标", max_length=80, default="")
    scope = models.CharField("范围", max_length=40, default="")
    period = models.CharField("期间", max_length=10, default="")
    result = models.DecimalField("文中成绩", max_digits=24, decimal_places=6, null=True)
    milestones = models.JSONField("节点", default=list)
    state = models.CharField("状态", max_length=20, default="open")
    closed_on = models.DateField("销号日期", null=True)
    closed_why = models.CharField("销号说明", max_length=400, default="")
    manual_colour = models.CharField("人工调整", max_length=10, default="")
    manual_reason = models.CharField("理由", max_length=400, default="")
    manual_by = models.CharField(max_length=100, default="")
    manual_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField("最近进展", null=True)
    created_at = models.DateTimeField("建立时间")

    objects: Any = TaskRows.as_manager()

    class Meta:
        verbose_name = "任务"
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="task_code_once")]
        indexes = [models.Index(fields=["office", "state", "due_on"], name="task_listing")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Note(models.Model):
    """One row is one line on a task's timeline. Rows are appended, never edited.

    `kind` is progress 进展, explanation 科室说明, reply 回复, light 改灯, decision 拍板 or
    event (what the platform did).
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="notes")
    kind = models.CharField("类别", max_length=20)
    at = models.DateTimeField("时间")
    account_id = models.BigIntegerField(default=0)
    actor = models.CharField("谁", max_length=100)
    text = models.CharField("内容", max_length=1000)

    class Meta:
        verbose_name = "进展"
        indexes = [models.Index(fields=["task", "-id"], name="task_note")]

    def __str__(self) -> str:
        return self.text[:40]


class NoticeRows(ScopedQuerySet[Any]):
    """Notices are read by those who see the unit they were sent to."""

    path_column = "unit__path"


class Notice(models.Model):
    """One row is one message to one unit, listing its tasks: 催办, or what it was newly assigned.

    Newly assigned tasks of one day go into one notice. Nobody keeps lists of who has read it.
    """

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=20)
    on = models.DateField("日期")
    at = models.DateTimeField("时间")
    actor = models.CharField("谁", max_length=100)
    text = models.TextField("内容")
    tasks = models.ManyToManyField(Task, related_name="notices")

    objects: Any = NoticeRows.as_manager()

    class Meta:
        verbose_name = "通知"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "on"], condition=Q(kind="assigned"), name="notice_digest_once"
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Decision(models.Model):
    """One row is one question that somebody sent up, and the leader's answer when there is one."""

    office = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="decisions")
    subject = models.CharField("事项", max_length=200)
    href = models.CharField(max_length=200, default="")
    question = models.CharField("要拍板的事", max_length=400)
    options = models.JSONField("可选的办法", default=list)
    sent_by = models.CharField("谁报的", max_length=100)
    sent_unit = models.CharField("单位", max_length=100, default="")
    sent_at = models.DateTimeField("报送时间")
    answer = models.CharField("意见", max_length=10, default="")
    line = models.CharField("批语", max_length=400, default="")
    answered_by = models.CharField(max_length=100, default="")
    answered_at = models.DateTimeField(null=True)

    objects: Any = OfficeRows.as_manager()

    class Meta:
        verbose_name = "请示"

    def __str__(self) -> str:
        return self.question


class LightSnapshot(models.Model):
    """One row is one task's light on one day, kept so that changes can be told."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="snapshots")
    on = models.DateField("日期")
    colour = models.CharField("灯", max_length=10)
    word = models.CharField(max_length=20)
    share = models.DecimalField("完成率", max_digits=12, decimal_places=6, null=True)

    class Meta:
        verbose_name = "亮灯快照"
        constraints = [models.UniqueConstraint(fields=["task", "on"], name="light_snapshot_once")]
        indexes = [models.Index(fields=["on"], name="light_snapshot_on")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.on} {self.colour}"
