"""What must be done, every move that it made, what was asked for, and who is kept apart."""

from django.db import models

from jiezhen.records.models import Row

#: Open, not carried by another matter, not withdrawn: what a queue shows.
OPEN = models.Q(closed_on=None, merged_into=None, withdrawn_at=None)


class Matter(Row):
    """One row is one case, request, project or task on its way through a flow.

    `unit` is who is responsible now, `grid` where it happened. `entered` holds for each state the
    day on which it was entered last, `timers` the clocks (see `rules.timers`); `due_at`, `warn_at`
    and `due_timer` repeat the clock that falls due first, so that lights and overdue lists are
    ranges of an index. `subjects` are ids of the units that it is about, `cell` the small square
    or the address by which doubles are found, `receipt` the keyed hash of the caller's code.
    """

    state = models.CharField("状态", max_length=40)
    state_since = models.DateTimeField("何时起", null=True)
    opened_on = models.DateField("开始日期")
    closed_on = models.DateField("结束日期", null=True)
    due_on = models.DateField("期限", null=True)
    entered = models.JSONField(default=dict)
    grid = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, related_name="+", verbose_name="所在网格"
    )
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)
    cell = models.CharField(max_length=80, default="")
    waits = models.CharField("等什么", max_length=12, default="")
    timers = models.JSONField(default=dict)
    due_at = models.DateTimeField("最近的时限", null=True)
    warn_at = models.DateTimeField(null=True)
    due_timer = models.CharField(max_length=40, default="")
    paused_at = models.DateTimeField("暂停于", null=True)
    returns = models.PositiveIntegerField("重办次数", default=0)
    extended = models.PositiveIntegerField("延期次数", default=0)
    supervised_at = models.DateTimeField("督办于", null=True)
    handler_id = models.BigIntegerField("承办人", default=0)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="carried")
    subjects = models.JSONField(default=list)
    receipt = models.CharField(max_length=64, default="")

    class Meta(Row.Meta):
        verbose_name = "事项"
        indexes = [
            *Row.Meta.indexes,
            models.Index(fields=["office", "kind", "state"], name="matter_state"),
            models.Index(
                fields=["office", "due_at", "id"],
                condition=OPEN & models.Q(due_at__isnull=False),
                name="matter_clock",
            ),
            models.Index(
                fields=["unit", "due_at", "id"],
                condition=OPEN & models.Q(due_at__isnull=False),
                name="matter_unit_clock",
            ),
            models.Index(fields=["office", "id"], condition=OPEN, name="matter_open"),
            models.Index(
                fields=["office", "id"],
                condition=OPEN & models.Q(due_at__isnull=True),
                name="matter_undated",
            ),
            models.Index(
                fields=["office", "waits", "due_at", "id"],
                condition=OPEN & ~models.Q(waits=""),
                name="matter_waits",
            ),
            models.Index(
                fields=["unit", "waits", "due_at", "id"],
                condition=OPEN & ~models.Q(waits=""),
                name="matter_unit_waits",
            ),
            models.Index(
                fields=["office", "closed_on", "id"],
                condition=models.Q(closed_on__isnull=False),
                name="matter_closed",
            ),
            models.Index(
                fields=["unit", "closed_on", "id"],
                condition=models.Q(closed_on__isnull=False),
                name="matter_unit_closed",
            ),
            models.Index(fields=["office", "id"], name="matter_newest_of_all"),
            # Whole, not only of rows with a cell: SQLite takes a part for the whole only where
            # the question repeats the part's condition word by word.
            models.Index(fields=["office", "kind", "cell", "id"], name="matter_cell"),
            models.Index(
                fields=["receipt"], condition=~models.Q(receipt=""), name="matter_receipt"
            ),
        ]


class Move(models.Model):
    """One row is one move of one matter.

    Rows are appended and never edited; undoing a move is a move of its own that names the
    one it undoes. `unit_id` is who was responsible after it. `told` says that what follows from
    it (notices, messages) has been handed on; a worker sets it. `before` is what undoing puts
    back; of words that another system added it holds the sender's number for them.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="moves", db_index=False)
    name = models.CharField("做法", max_length=40)
    came_from = models.CharField(max_length=40, default="")
    went_to = models.CharField(max_length=40)
    at = models.DateTimeField("时间")
    account_id = models.BigIntegerField(default=0)
    actor = models.CharField("谁", max_length=100)
    unit_id = models.BigIntegerField(default=0)
    note = models.CharField("说明", max_length=1000, default="")
    asked = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")
    told = models.BooleanField(default=False)

    class Meta:
        verbose_name = "流转"
        indexes = [
            models.Index(fields=["matter", "id"], name="move_matter"),
            models.Index(fields=["id"], condition=models.Q(told=False), name="move_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name}"


class Party(models.Model):
    """One row is one person who called about or reported one matter, kept apart from it.

    Nobody reads it but through `queries.callers` and `operations.reveal_party`. `said` holds the
    words as they were said, by field, before names and numbers in them were masked. The finger
    of the phone finds repeated callers without knowing the number.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="parties", db_index=False)
    role = models.CharField("身份", max_length=10)
    name = models.CharField("姓名", max_length=60, default="")
    phone = models.CharField("电话", max_length=20, default="")
    phone_finger = models.CharField(max_length=64, default="")
    id_number = models.TextField(default="")
    address = models.CharField("住址", max_length=300, default="")
    said = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "诉求人"
        indexes = [
            models.Index(fields=["matter"], name="party_matter"),
            models.Index(fields=["phone_finger", "-matter"], name="party_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.role}"


class Request(models.Model):
    """One row is one thing that was asked for: more time, a pause, to send back, an appeal.

    `node` counts the reviews that agreed; `state` is asked, granted, refused or taken_back.
    """

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="requests")
    office_id = models.BigIntegerField()
    name = models.CharField("申请", max_length=40)
    reason = models.CharField("理由", max_length=40)
    words = models.CharField("说明", max_length=1000, default="")
    article = models.CharField("依据条款", max_length=60, default="")
    amount = models.FloatField("多久", null=True)
    asked_at = models.DateTimeField("申请时间")
    asked_by_id = models.BigIntegerField(default=0)
    asked_by = models.CharField("申请人", max_length=100)
    node = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, default="asked")
    answers = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "申请"
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "name"],
                condition=models.Q(state="asked"),
                name="request_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name}"
