"""A list as a file: the same rows, masked, on record, and back without a change."""

import json

import pytest
from django.http import FileResponse

from jiezhen.conftest import AT, Cast
from jiezhen.records import exports, operations, sandbox
from jiezhen.records.imports import outcome
from jiezhen.records.tests.import_tools import ELDER, elder, id_number, ledger, sheet
from jiezhen.records.tests.test_sheets import PAYLOADS
from jiezhen.trail.models import Entry as TrailEntry

__all__ = ["ledger"]
pytestmark = pytest.mark.usefixtures("ledger")
KIND = "ledger.elder"


def body(response: FileResponse) -> bytes:
    content = b"".join(response.streaming_content)
    # Closing the response as a whole would end the request, and the test's connection.
    for close in response._resource_closers:
        close()
    return content


def bring(cast: Cast, kind: str, heads: tuple[str, ...], rows: list[list[object]]) -> None:
    content = sheet(heads, rows)
    found = outcome.run(cast.viewers["section"], kind, content, "a.xlsx", AT)
    assert found.counts.bad == 0, found.problems


def everything(cast: Cast) -> None:
    heads = (*ELDER, "地址", "经度", "纬度", "一键通", "备注", "自", "停用日期")
    more = [
        "沧源路1弄",
        121.42,
        31.02,
        "是",
        "女儿电话13912345678，=1+1",
        "2020-01-01",
        "2024-01-01",
    ]
    bring(cast, KIND, heads, [[*elder(n), *more] for n in range(1, 6)])
    bring(
        cast, "ledger.retrofit",
        ("地址", "状态", "受理日期", "期限", "竣工日期", "合同金额", "户数", "同意率", "居委", "联系老人"),
        [["沧源路1号", "已验收", "2022-11-02", "2023-12-31", "2023-03-01", "65.8万元", 12, "66.7%",
          "松涛", "LR-2020-000003"],
         ["沧源路2号", "施工", "2023-01-05", "", "", 1234.56, "", "", "听泉", ""]],
    )  # fmt: skip
    bring(cast, "ledger.meal", ("日期", "助餐点", "人次", "登记时刻", "居委"),
          [["2023-05-01", "幸福餐厅", 12, "2023-05-01 11:30", "松涛"]] * 2)  # fmt: skip
    bring(cast, "ledger.meter", ("表号", "抄表日期", "读数", "居委"),
          [["A1", "2023-05-01", 12.345, "望岳居民区"]])  # fmt: skip


@pytest.mark.parametrize("fmt", ["xlsx", "csv"])
@pytest.mark.parametrize("why", ["", "核对"])
def test_what_was_exported_comes_back_without_a_change(cast: Cast, fmt: str, why: str) -> None:
    viewer = cast.viewers["section"]
    everything(cast)
    for kind in ("ledger.elder", "ledger.retrofit", "ledger.meal", "ledger.meter"):
        content = body(exports.stream(viewer, kind, {}, fmt, AT, why=why))
        found = outcome.run(viewer, kind, content, f"a.{fmt}", AT)
        assert found.problems == (), kind
        counts = found.counts
        assert (counts.created, counts.updated, counts.bad, counts.maybe) == (0, 0, 0, 0), kind
        assert counts.same == counts.rows > 0


def test_personal_values_are_masked_without_a_reason(cast: Cast) -> None:
    everything(cast)
    for fmt in ("csv", "json"):
        text = body(exports.stream(cast.viewers["section"], KIND, {}, fmt, AT)).decode()
        assert "13800000001" not in text
        assert "13912345678" not in text
        assert id_number(1, "19300202") not in text
        assert "138****0001" in text


def test_a_reason_and_the_right_open_personal_values(cast: Cast) -> None:
    everything(cast)
    section, city = cast.viewers["section"], cast.viewers["city"]
    opened = body(exports.stream(section, KIND, {}, "csv", AT, why="分派走访")).decode()
    assert "13800000001" in opened
    assert id_number(1, "19300202") in opened
    entry = TrailEntry.objects.latest("id")
    assert (entry.action, entry.why) == ("records.list.exported", "分派走访")
    assert entry.after == {"count": 5, "format": "csv", "revealed": True}
    with pytest.raises(operations.NotAllowed):
        exports.stream(city, KIND, {}, "csv", AT, why="看看")


def test_it_exports_what_the_list_shows(cast: Cast) -> None:
    everything(cast)
    viewer = cast.viewers["section"]
    told = json.loads(body(exports.stream(viewer, "ledger.retrofit", {"unit": "c1"}, "json", AT)))
    assert [row["address"] for row in told] == ["沧源路1号"]
    assert told[0]["contract"] == 658000.0
    assert told[0]["@state"] == "已验收"


def test_nothing_is_a_formula_on_the_way_out(cast: Cast) -> None:
    viewer = cast.viewers["section"]
    heads = ("助餐点", "日期", "人次", "居委")
    texts = [p for p in PAYLOADS if p.strip()]
    bring(cast, "ledger.meal", heads, [[p, "2023-05-01", 1, "松涛"] for p in texts])
    content = body(exports.stream(viewer, "ledger.meal", {}, "xlsx", AT))
    rows = sandbox.read(content).rows
    column = rows[0][1].index("助餐点")
    back = {cells[column] for _n, cells in rows[1:]}
    assert back == {p.replace("\x00", "").strip() for p in texts}
    text = body(exports.stream(viewer, "ledger.meal", {}, "csv", AT)).decode("utf-8-sig")
    assert not any(f',"{mark}' in text for mark in "=@\t")


def test_the_command_line_writes_a_file(cast: Cast, tmp_path) -> None:
    everything(cast)
    path = tmp_path / "out.csv"
    count = exports.to_file(cast.viewers["section"], KIND, "unit=c1", path, AT, why="核对")
    assert count == 5
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(operations.Refused):
        exports.to_file(cast.viewers["section"], KIND, "", tmp_path / "out.txt", AT)
