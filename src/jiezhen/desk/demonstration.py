"""Who can sign in to the demonstration. No such account exists anywhere else."""

from dataclasses import dataclass

#: Shown on the sign-in page of the demonstration, and only there.
PASSWORD = "yunxiu-2023-demo"  # noqa: S105  # of made-up people alone


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A made-up person of the demonstration office: name, words, unit and role."""

    username: str
    name: str
    title: str
    unit: str
    role: str


_USERS = (
    DemoUser("demo-leader", "林岚", "书记 林", "yunxiu", "leader"),
    DemoUser("demo-office", "王澄", "党政办 王", "yunxiu", "planner"),
    DemoUser("demo-section", "陈溪", "社区服务办 陈", "yunxiu", "section"),
    DemoUser("demo-city", "赵岭", "城运中心 赵", "yunxiu", "city"),
    DemoUser("demo-grid", "李青", "松涛居委 李", "c01", "grid"),
    DemoUser("demo-biz", "周原", "营商办 周", "yunxiu", "enterprise"),
    DemoUser("demo-window", "孙禾", "受理中心 孙", "yunxiu", "window"),
    DemoUser("demo-admin", "吴石", "管理员 吴", "yunxiu", "administrator"),
    DemoUser("demo-security", "郑川", "安全管理员 郑", "yunxiu", "security"),
    DemoUser("demo-auditor", "冯谷", "审计员 冯", "yunxiu", "auditor"),
)


def users() -> tuple[DemoUser, ...]:
    """Return the people of the demonstration, in the order of the sign-in page."""
    return _USERS


def known(username: str) -> bool:
    """Say whether a user name belongs to the demonstration, whose password is published."""
    return any(user.username == username for user in _USERS)
