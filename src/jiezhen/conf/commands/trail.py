"""`jiezhen trail verify|seal`."""

from typing import Annotated

import typer

from jiezhen.conf.commands import django

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def verify() -> None:
    """核对审计链 Find every changed, missing or cut row of the trail."""
    django()
    from jiezhen.trail import queries  # noqa: PLC0415

    faults = queries.verify()
    for fault in faults:
        typer.echo(f"第{fault.seq}条 {fault.message} · {fault.message_en}")
    if faults:
        raise typer.Exit(1)
    typer.echo("审计链完整。The trail is whole.")


@app.command()
def seal(
    algorithm: Annotated[str, typer.Option(help="sha256 或 sm3")] = "sha256",
) -> None:
    """封存并写检查点 Seal what is not sealed yet and write a signed checkpoint."""
    django()
    from jiezhen.kernel import clock  # noqa: PLC0415
    from jiezhen.trail import operations  # noqa: PLC0415

    count = operations.seal(algorithm)
    file = operations.checkpoint(clock.now())
    typer.echo(f"封存{count}条。检查点：{file}")
