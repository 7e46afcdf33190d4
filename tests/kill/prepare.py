"""Found an office in a fresh home and sign somebody in; prints the session's key.

Run as a program of its own, so that the test never opens the product's database itself.
"""

import django
from django.core.management import call_command


def main() -> None:
    """Make the tables, the office, one unit, one account with a session."""
    django.setup()
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    from django.test import Client

    from jiezhen.kernel import clock
    from jiezhen.people.models import Account
    from jiezhen.units import operations

    at = clock.now()
    system = operations.found_office("drill", "演练街道", at)
    unit = {"code": "c1", "title": "演练居民区", "level": "community", "parent": "drill"}
    operations.add_units(system, [unit], at)
    account = Account.objects.create_user("drill", "drill-password-1", name="演练员")
    operations.post(system, account, "drill", "section", at)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    print(client.cookies["sessionid"].value)  # noqa: T201  # the test reads it


if __name__ == "__main__":
    main()
