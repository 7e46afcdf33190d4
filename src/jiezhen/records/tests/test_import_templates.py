"""The template that is handed out, and the faulty rows that come back mended."""

import zipfile
from io import BytesIO

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.packs.registry import catalogue
from jiezhen.records import sandbox
from jiezhen.records.imports import access, outcome, templates
from jiezhen.records.models import Batch
from jiezhen.records.tests.import_tools import ELDER, elder, ledger, sheet

__all__ = ["ledger"]
pytestmark = pytest.mark.usefixtures("ledger")
KIND = "ledger.elder"


def test_a_template_has_headings_lists_notes_and_units(cast: Cast) -> None:
    content = templates.template(cast.viewers["section"], KIND)
    first = sandbox.read(content)
    assert first.sheets == ["独居老人", "填写说明", "单元", "清单"]
    assert first.rows[0][1][:4] == ["编号", "单元", "姓名*", "身份证号"]
    notes = {c[0]: c[-1] for _n, c in sandbox.read(content, "填写说明").rows}
    assert notes["照护等级"] == "轻度、中度、重度"
    assert ["c1", "松涛居民区"] in [c for _n, c in sandbox.read(content, "单元").rows]
    with zipfile.ZipFile(BytesIO(content)) as box:
        page = box.read("xl/worksheets/sheet1.xml").decode()
    assert page.count("<dataValidation ") == 3


def test_a_filled_template_is_recognised(cast: Cast) -> None:
    for kind in ("ledger.elder", "ledger.retrofit", "ledger.meal", "ledger.meter"):
        content = templates.template(cast.viewers["section"], kind)
        titles = [str(c) for c in sandbox.read(content).rows[0][1]]
        filled = sheet(titles, [["x"] * len(titles)])
        batch = outcome.check(cast.viewers["section"], kind, filled, AT, name="t.xlsx")
        assert len(batch.columns["match"]) == len(titles)
        assert batch.counts["bad"] == 1


def test_nobody_without_the_right_gets_one(cast: Cast) -> None:
    with pytest.raises(access.NotAllowed):
        templates.template(cast.viewers["grid"], KIND)


def test_faulty_rows_come_back_with_their_reasons(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    rows = [elder(1), elder(2, 联系电话="138"), elder(3, 居民区="松涛村", 出生日期="1943.2.30")]
    found = outcome.run(viewer, KIND, sheet(ELDER, rows), "a.xlsx", AT)
    content = templates.leftovers(Batch.objects.get(pk=found.batch), catalogue().kinds[KIND])
    heads, *lines = [cells for _n, cells in sandbox.read(content).rows]
    assert heads == [*ELDER, "原因", "原来的行"]
    assert [line[-1] for line in lines] == [3, 4]
    assert lines[0][-2] == "联系电话：少8位。手机号是11位。"
    assert lines[1][-2].count("：") == 2
    lines[0][3] = "13912345678"
    lines[1][2], lines[1][4] = "1943-02-28", "松涛"
    mended = outcome.run(viewer, KIND, sheet(heads, lines), "b.xlsx", AT)
    assert (mended.counts.created, mended.counts.bad) == (2, 0)
    assert mended.unused == ("原因", "原来的行")
