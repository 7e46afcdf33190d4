"""Rows of the trail. The database refuses to change or delete entries and seals."""

from django.db import models


class Entry(models.Model):
    """One row is one thing that somebody did or looked at."""

    at = models.DateTimeField("时间", db_index=True)
    office_id = models.BigIntegerField(default=0)
    account_id = models.BigIntegerField("谁", default=0)
    actor = models.CharField("谁", max_length=100)
    path = models.CharField("单元", max_length=200, default="")
    action = models.CharField("做了什么", max_length=80)
    on = models.CharField("对象", max_length=120)
    why = models.CharField("理由", max_length=400, default="")
    before = models.JSONField("原来", null=True)
    after = models.JSONField("现在", null=True)

    class Meta:
        verbose_name = "审计记录"
        indexes = [
            models.Index(fields=["office_id", "-id"], name="trail_office"),
            models.Index(fields=["on", "id"], name="trail_on"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.on}"


class Seal(models.Model):
    """One row closes one entry into the chain: its place, and the hash with the one before."""

    seq = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    algorithm = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "封印"

    def __str__(self) -> str:
        return f"{self.seq} {self.digest[:12]}"


class Nonce(models.Model):
    """One row is one form or machine write that was carried out, with its answer."""

    key = models.CharField(max_length=120, primary_key=True)
    account_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    location = models.CharField(max_length=400, default="")
    answer = models.TextField(default="")
    media = models.CharField(max_length=80, default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "一次凭证"

    def __str__(self) -> str:
        return self.key
