"""`jiezhen pack check|list|show|new`."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="包的文件夹；不填则查全部")] = None,
) -> None:
    """检查业务包 Check one pack folder, or the whole catalogue."""
    from jiezhen.packs import commands, registry  # noqa: PLC0415

    problems = commands.check(folder or registry.BUILT_IN)
    for problem in problems:
        typer.echo(f"{problem.where} {problem.message}\n    {problem.message_en}")
    if problems:
        raise typer.Exit(1)
    typer.echo("没有问题。No problem found.")


@app.command("list")
def list_() -> None:
    """列出业务包 List the packs."""
    from jiezhen.packs import commands  # noqa: PLC0415

    typer.echo(commands.overview())


@app.command()
def show(name: str) -> None:
    """看一个业务包 Show one pack: kinds, flows, indicators."""
    from jiezhen.packs import commands  # noqa: PLC0415

    typer.echo(commands.show(name))


@app.command()
def new(name: str, folder: Annotated[Path, typer.Option(help="放在哪里")] = Path()) -> None:
    """新建业务包 Write a working, commented pack to start from."""
    from jiezhen.packs import commands  # noqa: PLC0415

    typer.echo(f"写好了：{commands.new(name, folder)}")
