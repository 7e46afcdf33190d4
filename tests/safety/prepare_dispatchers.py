"""Found an office with two dispatchers; prints a token each and the first one's session.

Run as a program of its own, so that the test never opens the product's database itself.
"""

import django
from django.core.management import call_command


def main() -> None:
    """Make the tables, the office, one unit, two dispatchers."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from django.test import Client

    from jiezhen.kernel import clock
    from jiezhen.people.models import Account
    from jiezhen.units import operations

    at = clock.now()
    system = operations.found_office("drill", "演练街道", at)
    operations.add_units(
        system,
        [
            {"code": code, "title": title, "level": "community", "parent": "drill"}
            for code, title in (("c1", "松涛居民区"), ("c2", "听泉居民区"))
        ],
        at,
    )
    for name in ("first", "second"):
        account = Account.objects.create_user(name, "drill-password-1", name=name)
        operations.post(system, account, "drill", "city", at)
        print(operations.issue_token(system, name, "together", at))  # noqa: T201  # the test reads it
    client = Client()
    client.force_login(
        Account.objects.get(username="first"), backend="django.contrib.auth.backends.ModelBackend"
    )
    print(client.cookies["sessionid"].value)  # noqa: T201  # the test reads it


if __name__ == "__main__":
    main()
