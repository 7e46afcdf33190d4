"""The command line: `jiezhen …`. Each command lives in `conf/commands/`."""

import os
import sys

import typer

from jiezhen.conf import driver

driver.use_safe_sqlite()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiezhen.conf.settings")

from jiezhen.conf.commands import (  # noqa: E402  # settings must be named first
    data,
    packs,
    serve,
    text,
    trail,
)

app = typer.Typer(
    help="街镇 Jiezhen：记一次，到处算。每个数都能说清从哪里来。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(serve.up)
app.command("demo")(serve.demo)
app.command("read")(text.read_file)
app.command("check")(text.check_file)
app.command("import")(data.import_file)
app.command("export")(data.export_list)
app.command("figures")(data.figures)
app.add_typer(packs.app, name="pack", help="业务包 Packs")
app.add_typer(trail.app, name="trail", help="审计 Trail")


def main() -> None:
    """Run the command line; a failure that has words is told without a traceback."""
    try:
        app()
    except Exception as failure:
        words = getattr(failure, "message", "")
        if not words:
            raise
        where = getattr(failure, "where", "")
        english = getattr(failure, "message_en", "")
        sys.stderr.write(f"{where} {words}\n{english}\n".lstrip())
        sys.exit(1)
