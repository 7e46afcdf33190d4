"""`jiezhen up` and `jiezhen demo`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from jiezhen.conf.commands import django, fail


def up(
    port: Annotated[int, typer.Option(help="端口 Port")] = 8000,
    host: Annotated[str, typer.Option(help="地址 Address")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="进程数 Server processes")] = 1,
    demo: Annotated[bool, typer.Option(help="带演示数据 With demonstration data")] = False,
    on: Annotated[str, typer.Option(help="日期停在这天 Let the date stand still")] = "",
) -> None:
    """启动 Set everything up and serve the product."""
    if demo:
        os.environ["JIEZHEN_DEMO"] = "yes"
    if on:
        os.environ["JIEZHEN_NOW"] = on if "T" in on else f"{on}T08:00:00+08:00"
    _prepare()
    if demo:
        _build_demo(anew=False)
    _say_where(host, port, demo=demo)
    os.environ["JIEZHEN_WORKER"] = "yes"
    server = Path(sys.executable).with_name("granian")
    # Four threads a process: on SQLite more would only wait for the writer's lock. A process that
    # is told to stop while it is still starting does not hear it; what kills it loses nothing.
    os.execv(  # noqa: S606  # no shell: the server takes this process's place
        server,
        [
            str(server),
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
            "--workers",
            str(workers),
            "--blocking-threads",
            "4",
            "--respawn-failed-workers",
            "--workers-kill-timeout",
            "15",
            "--no-ws",
            "--backpressure",
            "64",
            "--log-level",
            "warning",
            "jiezhen.conf.wsgi:application",
        ],
    )


def demo(
    on: Annotated[str, typer.Option(help="日期停在这天 Let the date stand still")] = "",
    anew: Annotated[bool, typer.Option(help="重建 Build again in a fresh folder")] = False,
) -> None:
    """建演示街道 Build the demonstration office 云岫街道（虚构）."""
    os.environ["JIEZHEN_DEMO"] = "yes"
    if on:
        os.environ["JIEZHEN_NOW"] = on if "T" in on else f"{on}T08:00:00+08:00"
    _prepare()
    _build_demo(anew=anew)


def _prepare() -> None:
    """Set Django up, check the machine, bring the tables up to date."""
    django()
    from django.core.checks import ERROR, run_checks  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from jiezhen.indicators import operations as indicators  # noqa: PLC0415
    from jiezhen.kernel import clock  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    indicators.note_definitions(clock.now())
    found = run_checks(databases=["default"])
    for problem in found:
        sys.stderr.write(f"{problem.msg}\n" + (f"  {problem.hint}\n" if problem.hint else ""))
    if any(p.level >= ERROR for p in found):
        fail("没有启动。请先处理上面的问题。", "Not started: mend the problems above first.")


def _build_demo(*, anew: bool) -> None:
    from jiezhen.conf import demonstration  # noqa: PLC0415

    for line in demonstration.build(anew=anew):
        typer.echo(line)


def _say_where(host: str, port: int, *, demo: bool) -> None:
    typer.echo(f"\n街镇 Jiezhen：http://{host}:{port}/")
    if demo:
        from jiezhen.desk import demonstration  # noqa: PLC0415

        typer.echo(f"演示用户（密码都是 {demonstration.PASSWORD}）：")
        for user in demonstration.users():
            typer.echo(f"  {user.username:18}{user.title}")
    typer.echo("按 Ctrl+C 停止。\n")
    sys.stdout.flush()
