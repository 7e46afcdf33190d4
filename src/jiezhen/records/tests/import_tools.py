"""What the tests of import and export share: the pack `ledger`, sheets, id numbers."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from jiezhen.packs import registry
from jiezhen.records import sheets

ELDER = ("姓名", "身份证号", "出生日期", "联系电话", "居民区", "照护等级")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the pack of these tests in force."""
    folders = [registry.BUILT_IN / "office", Path(__file__).parent / "ledger"]
    monkeypatch.setattr(registry, "_current", registry.load(folders))


def sheet(heads: Sequence[str], rows: Sequence[Sequence[sheets.Cell]], name: str = "表") -> bytes:
    """Return a workbook with a header and rows."""
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        page = book.sheet(name, [sheets.Head(title) for title in heads])
        for row in rows:
            page.row(row)
    return out.getvalue()


def id_number(n: int, born: str = "19430203") -> str:
    """Return a valid id number with a running number."""
    front = f"310112{born}{n % 1000:03d}"
    total = sum(int(d) * w for d, w in zip(front, _WEIGHTS, strict=True))
    return front + "10X98765432"[total % 11]


def elder(n: int, **other: sheets.Cell) -> list[sheets.Cell]:
    """Return the cells of one elder in the order of `ELDER`."""
    born = f"{1930 + n // 900}-{n % 12 + 1:02d}-{n % 28 + 1:02d}"
    found: dict[str, sheets.Cell] = {
        "姓名": f"张{n}", "身份证号": id_number(n, born.replace("-", "")), "出生日期": born,
        "联系电话": f"138{n:08d}", "居民区": "松涛", "照护等级": "轻度",
    }  # fmt: skip
    return list((found | other).values())
