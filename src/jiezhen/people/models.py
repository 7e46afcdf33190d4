"""Accounts. What a person may do is decided by postings, in `units`."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Accounts(BaseUserManager["Account"]):
    """Finds and makes accounts; there is no superuser."""

    def create_user(self, username: str, password: str | None = None, **more: Any) -> "Account":
        """Make an account; without a password it cannot sign in."""
        account = self.model(username=username, **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """One row is one person who can sign in. Nobody shares an account."""

    username = models.CharField("用户名", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    email = models.EmailField("邮箱", max_length=200, blank=True, default="")
    is_active = models.BooleanField("可登录", default=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name or self.username


class Token(models.Model):
    """One row is one key with which a machine acts for an account.

    Only the SHA-256 of the key is kept; the key itself is shown once.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    title = models.CharField("用途", max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "接口令牌"

    def __str__(self) -> str:
        return self.title
