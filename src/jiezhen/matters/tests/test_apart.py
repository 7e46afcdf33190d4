"""Names and numbers in free text; the table of the documentation is recomputed."""

import re
from pathlib import Path

import pytest

from jiezhen.matters.rules import apart

PAGE = Path(__file__).resolve().parents[4] / "docs" / "algorithms" / "callers-apart.md"


def test_the_worked_table_of_the_documentation_holds() -> None:
    text = PAGE.read_text("utf-8").partition("## A worked table")[2]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", text, re.MULTILINE)[2:]
    assert len(rows) >= 4
    for said, kept in rows:
        assert apart.without(said, ["王小明"], ["13812345678"]) == kept


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("本人李娜反映漏水", "本人李*反映漏水"),
        ("联系人：欧阳修远，下午在家", "联系人：欧阳**，下午在家"),
        ("请联系张伟先生", "请联系张伟先生"),
        ("沧源路123弄5号楼20230703垃圾", "沧源路123弄5号楼20230703垃圾"),
        ("我是居民，反映噪声", "我是居民，反映噪声"),
    ],
)
def test_phrases_that_name_the_speaker_are_covered(said: str, kept: str) -> None:
    assert apart.without(said) == kept
