"""`jiezhen import`, `jiezhen export`, `jiezhen figures`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from jiezhen.conf.commands import django, fail, there


def import_file(
    kind: Annotated[str, typer.Argument(help="记录种类，如 lifts.retrofit")],
    file: Annotated[Path, typer.Argument(help="xlsx、xls、ods、csv")],
    office: Annotated[str, typer.Option(help="街镇编号")] = "",
    check_only: Annotated[bool, typer.Option("--check", help="只检查，不导入")] = False,
) -> None:
    """导入表格 Import a table: good rows are written, bad rows are told with their cure."""
    django()
    from jiezhen.conf.commands.offices import machine  # noqa: PLC0415
    from jiezhen.kernel import clock  # noqa: PLC0415
    from jiezhen.records import imports, shapes  # noqa: PLC0415

    _known_kind(kind, shapes)
    outcome = imports.run(
        machine(office), kind, there(file), file.name, clock.now(), commit=not check_only
    )
    for problem in outcome.problems:
        typer.echo(f"第{problem.row}行 {problem.column}：{problem.message}")
    typer.echo(outcome.words())
    if outcome.problems:
        raise typer.Exit(2)


def _known_kind(kind: str, shapes: object) -> None:
    from jiezhen.packs.registry import catalogue  # noqa: PLC0415

    if kind not in catalogue().kinds:
        fail(f"没有记录种类“{kind}”。用 jiezhen pack list 看有哪些。", f"No kind {kind!r}.")


def export_list(
    kind: Annotated[str, typer.Argument(help="记录种类")],
    file: Annotated[Path, typer.Argument(help="写到哪个文件：.xlsx .csv .json")],
    office: Annotated[str, typer.Option(help="街镇编号")] = "",
    query: Annotated[str, typer.Option(help="筛选，与网页地址里的相同")] = "",
) -> None:
    """导出清单 Export a list with the same filters as its page."""
    django()
    from jiezhen.conf.commands.offices import machine  # noqa: PLC0415
    from jiezhen.kernel import clock  # noqa: PLC0415
    from jiezhen.records import exports, shapes  # noqa: PLC0415

    _known_kind(kind, shapes)
    count = exports.to_file(machine(office), kind, query, file, clock.now(), why="命令行导出")
    typer.echo(f"导出{count}条：{file}")


def figures(
    names: Annotated[list[str] | None, typer.Argument(help="指标名；不填则全部")] = None,
    period: Annotated[str, typer.Option(help="期间，如 2023H1")] = "",
    unit: Annotated[str, typer.Option(help="单元编号或名称")] = "",
    office: Annotated[str, typer.Option(help="街镇编号")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="每行一个JSON对象")] = False,
) -> None:
    """算指标 Compute figures from the records."""
    django()
    from jiezhen.api.figures import body  # noqa: PLC0415
    from jiezhen.conf.commands.offices import machine  # noqa: PLC0415
    from jiezhen.indicators import queries as indicators  # noqa: PLC0415
    from jiezhen.kernel import clock  # noqa: PLC0415
    from jiezhen.kernel.periods import Period  # noqa: PLC0415
    from jiezhen.packs.registry import catalogue  # noqa: PLC0415
    from jiezhen.units import queries as units  # noqa: PLC0415

    at = clock.now()
    viewer = machine(office)
    span = Period.parse(period) if period else Period.of(at, "year")
    where = units.unit_for(viewer, unit) if unit else units.unit_by_id(viewer, viewer.office_id)
    wanted = names or sorted(catalogue().indicators)
    unknown = [n for n in wanted if n not in catalogue().indicators]
    if unknown:
        fail(f"没有指标“{unknown[0]}”。", f"No indicator {unknown[0]!r}.")
    sheet = indicators.sheet(viewer, wanted, [where], [span], at)
    found = [sheet.figure(name, where, span) for name in wanted]
    if as_json:
        for item in found:
            sys.stdout.write(json.dumps(body(item), ensure_ascii=False) + "\n")
        return
    table = Table(title=f"{where.title} {span.title}")
    for head in ("指标", "值", "怎么算的"):
        table.add_column(head)
    for item in found:
        spec = catalogue().indicators[item.indicator]
        table.add_row(spec.title, item.text, spec.definition_sentence())
    Console().print(table)
