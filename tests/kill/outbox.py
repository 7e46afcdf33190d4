"""A worker of the outbox in a process of its own, on a database file, to be killed.

`prepare ADDRESS COUNT` makes an office that sends to the address and announces so many
events; `work SECONDS` delivers as of so many seconds from now until nothing is due.
"""

import os
import sys
from datetime import timedelta


def prepare(address: str, count: int) -> None:
    """Make the tables, the office, the webhook and the events."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    from jiezhen.conftest import build_cast
    from jiezhen.effects.operations import announce_many, hooks
    from jiezhen.effects.tests.support import case
    from jiezhen.kernel import clock

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    cast, at = build_cast(), clock.now()
    wanted = hooks.Wanted("区平台", address, ("*",), "jiezhen", "personal")
    hooks.add(cast.viewers["administrator"], wanted, at)
    announce_many(cast.system.office_id, [case(number=n) for n in range(count)], at)


def work(seconds: int) -> None:
    """Deliver until nothing is due."""
    from jiezhen.effects import tasks
    from jiezhen.kernel import clock

    while tasks.deliver(clock.now() + timedelta(seconds=seconds)):
        pass


def main(word: str, *rest: str) -> None:
    """Do what the command line says."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiezhen.conf.settings"
    os.environ["JIEZHEN_EFFECTS_LOOPBACK"] = "yes"
    from jiezhen.conf.driver import use_safe_sqlite

    use_safe_sqlite()
    import django

    django.setup()
    if word == "prepare":
        prepare(rest[0], int(rest[1]))
    else:
        work(int(rest[0]))


if __name__ == "__main__":
    main(*sys.argv[1:])
