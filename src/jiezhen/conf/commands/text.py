"""`jiezhen read` and `jiezhen check`: files in the terminal."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from jiezhen.conf.commands import django, there

_MARKS = {"agrees": "✓ 一致", "differs": "✗ 不一致", "no_source": "? 没有来源", "remark": "! 提示"}


def read_file(
    file: Annotated[Path, typer.Argument(help="txt、md、docx、pdf")],
    as_json: Annotated[bool, typer.Option("--json", help="每行一个JSON对象")] = False,
    commitments: Annotated[bool, typer.Option("--commitments", help="只列承诺")] = False,
) -> None:
    """读一份文件 Read a document into figures, or into commitments."""
    from jiezhen.reading import read  # noqa: PLC0415  # the lexicon loads when it is needed
    from jiezhen.reading.sandbox import read_file as sandboxed  # noqa: PLC0415

    document = read(sandboxed(there(file)).text)
    rows = document.commitments if commitments else document.figures
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row.to_dict(), ensure_ascii=False) + "\n")
        return
    table = Table(title=document.title or file.name)
    if commitments:
        for head in ("承诺", "力度", "目标", "期限"):
            table.add_column(head)
        spans = {f.id: f.span.replace("\n", "") for f in document.figures}
        for item in document.commitments:
            wanted = "、".join(spans[name] for name in item.targets)
            table.add_row(item.quote.strip(), item.strength, wanted, item.deadline or "—")
    else:
        for head in ("数", "值", "单位", "比较", "类别", "说的是什么", "期间"):
            table.add_column(head)
        for f in document.claims:
            table.add_row(
                f.span.replace("\n", ""),
                f"{f.value}",
                f.unit or "—",
                f.comparator,
                f.kind,
                f.object or "—",
                f.period or "—",
            )
    Console().print(table)


def check_file(
    file: Annotated[Path, typer.Argument(help="要校对的稿子：txt、md、docx、pdf")],
    as_json: Annotated[bool, typer.Option("--json", help="输出JSON")] = False,
    office: Annotated[str, typer.Option(help="街镇编号；只有一个时不用填")] = "",
    period: Annotated[str, typer.Option(help="期间，如2023H1；不填则从稿子里读")] = "",
) -> None:
    """校对一份稿子 Proof-read a draft against the records and against itself."""
    from jiezhen.reading.sandbox import read_file as sandboxed  # noqa: PLC0415

    text = sandboxed(there(file)).text
    django()
    from jiezhen.conf.commands.offices import machine  # noqa: PLC0415
    from jiezhen.kernel import clock  # noqa: PLC0415
    from jiezhen.reports.queries.checks import check_words  # noqa: PLC0415

    result = check_words(machine(office), text, clock.now(), period=period)
    if as_json:
        sys.stdout.write(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
    else:
        table = Table(title=file.name)
        for head in ("", "稿中", "记录", "说明"):
            table.add_column(head)
        for line in result.findings:
            table.add_row(_MARKS[line.verdict], line.written, line.record, line.words)
        Console().print(table)
    if result.counts["differs"]:
        raise typer.Exit(2)
