"""Every type of field: good writings, bad writings, and how each is shown."""

from datetime import date, datetime
from typing import Any

import pytest

from jiezhen.kernel import clock
from jiezhen.packs.schema import Field
from jiezhen.records import fields
from jiezhen.records.tests.world import ID_NUMBER

IDS = {("demo.firm", "QY-1"): 7, ("demo.firm", 7): 7}
CONTEXT = fields.Context(date(2023, 7, 3), lambda kind, text: IDS.get((kind, text)))  # type: ignore[call-overload]


def field(kind: str, **more: Any) -> Field:
    if kind == "choice":
        more.setdefault("options", {"a": "商铺", "b": "工厂"})
    if kind == "link":
        more.setdefault("to", "demo.firm")
    return Field(title="某项", type=kind, **more)  # type: ignore[arg-type]


# type, declaration, what is written, what is kept
GOOD: list[tuple[str, dict[str, Any], Any, Any]] = [
    ("text", {}, "  沧源路 ", "沧源路"),
    ("text", {}, 12.0, "12"),
    ("text", {}, "", None),
    ("text", {}, None, None),
    ("text", {}, "   ", None),
    ("choice", {}, "a", "a"),
    ("choice", {}, "工厂", "b"),
    ("number", {"unit": "户"}, "12户", 12),
    ("number", {"unit": "户"}, " 1,234 ", 1234),
    ("number", {"unit": "户"}, "１２．５", 12.5),
    ("number", {"unit": "户", "whole": True}, "12.0", 12),
    ("number", {"unit": "户"}, 0, 0),
    ("number", {"unit": "%"}, "28.5%", 28.5),
    ("number", {"unit": "户", "min": 0, "max": 10}, "10", 10),
    ("money", {}, "1234.50", 123450),
    ("money", {}, "65.8万元", 65800000),
    ("money", {}, "¥1,000", 100000),
    ("money", {}, "7亿元", 70000000000),
    ("money", {}, "0.01元", 1),
    ("money", {}, -3, -300),
    ("date", {}, "2026-3-1", "2026-03-01"),
    ("date", {}, "2026.3.1", "2026-03-01"),
    ("date", {}, "2026/03/01", "2026-03-01"),
    ("date", {}, "20260301", "2026-03-01"),
    ("date", {}, "2026年3月1日", "2026-03-01"),
    ("date", {}, 20260301.0, "2026-03-01"),
    ("date", {}, date(2026, 3, 1), "2026-03-01"),
    ("date", {}, datetime(2026, 3, 1, 9, tzinfo=clock.ZONE), "2026-03-01"),
    ("date", {}, "2024-2-29", "2024-02-29"),
    ("time", {}, "2023-07-03 09:12", "2023-07-03T09:12:00+08:00"),
    ("time", {}, "2023年7月3日 9:12", "2023-07-03T09:12:00+08:00"),
    ("time", {}, "2023/7/3 9：12", "2023-07-03T09:12:00+08:00"),
    ("time", {}, "2023-07-03T01:12:00+00:00", "2023-07-03T09:12:00+08:00"),
    ("time", {}, "2023-07-03", "2023-07-03T00:00:00+08:00"),
    ("flag", {}, "是", "yes"),
    ("flag", {}, "√", "yes"),
    ("flag", {}, True, "yes"),
    ("flag", {}, "没有", "no"),
    ("flag", {}, 0, "no"),
    ("place", {}, "沧源路1号", {"text": "沧源路1号"}),
    (
        "place",
        {},
        {"text": "甲", "lon": "121.4", "lat": 31},
        {"text": "甲", "lon": 121.4, "lat": 31.0},
    ),
    ("link", {}, "QY-1", 7),
    ("link", {}, 7, 7),
    ("person", {}, " 张建国 ", "张建国"),
    ("phone", {}, "138 1234-5678", "13812345678"),
    ("phone", {}, "021-54321098", "02154321098"),
    ("phone", {}, "62345678", "62345678"),
    ("id_number", {}, ID_NUMBER.lower(), ID_NUMBER),
    ("file", {}, [3, "4"], [3, 4]),
]
# type, declaration, what is written, what the message holds
BAD: list[tuple[str, dict[str, Any], Any, str]] = [
    ("text", {}, "长" * 10001, "最多10000字"),
    ("choice", {}, "商店", "您是说“商铺”吗？"),
    ("choice", {}, "zzz", "请从清单里选"),
    ("number", {"unit": "户"}, "三户", "不是数"),
    ("number", {"unit": "户"}, "1e999", "超出范围"),
    ("number", {"unit": "户"}, "nan", "超出范围"),
    ("number", {"unit": "户"}, True, "不是数"),
    ("number", {"unit": "户", "whole": True}, "1.5", "要填整数"),
    ("number", {"unit": "户", "min": 0}, "-1", "不能小于0"),
    ("number", {"unit": "户", "max": 130}, "131", "不能大于130"),
    ("money", {}, "1.234", "最小到分"),
    ("money", {}, "很多", "不是数"),
    ("money", {"min": 0}, "-0.01", "不能小于0元"),
    ("money", {"max": 100}, "100.01", "不能大于100元"),
    ("date", {}, "2023-2-30", "2023年2月没有30日"),
    ("date", {}, "2023-13-1", "没有13月"),
    ("date", {}, "昨天", "不是日期"),
    ("date", {}, "2023-07", "不是日期"),
    ("date", {}, "2023-7-3abc", "不是日期"),
    ("time", {}, "9999-12-31T23:59:59-08:00", "超出范围"),
    ("time", {}, "下午三点", "不是时间"),
    ("time", {}, "2023-7-3 25:00", "不是时间"),
    ("flag", {}, "也许", "请填“是”或“否”"),
    ("place", {}, {"text": "甲", "lon": 181}, "经纬度超出范围"),
    ("place", {}, {"text": "甲", "lat": "x"}, "不是数"),
    ("link", {}, "QY-9", "没有找到“QY-9”"),
    ("link", {}, 8, "没有找到"),
    ("link", {}, True, "没有找到"),
    ("person", {}, "名" * 61, "姓名太长"),
    ("phone", {}, "1380013800", "少1位"),
    ("phone", {}, "138001380001", "多1位"),
    ("phone", {}, "abc", "不是电话号码"),
    ("id_number", {}, "1101051949123100", "这里是16位"),
    ("id_number", {}, "110105194912310021", "校验不对"),
    ("file", {}, "x", "不是文件"),
]


@pytest.mark.parametrize(("kind", "spec", "raw", "kept"), GOOD)
def test_good_writings_are_read(kind: str, spec: dict[str, Any], raw: Any, kept: Any) -> None:
    assert fields.read(raw, field(kind, **spec), CONTEXT) == kept


@pytest.mark.parametrize(("kind", "spec", "raw", "said"), BAD)
def test_bad_writings_say_how_to_write(
    kind: str, spec: dict[str, Any], raw: Any, said: str
) -> None:
    with pytest.raises(fields.Bad) as bad:
        fields.read(raw, field(kind, **spec), CONTEXT)
    assert said in bad.value.message


SHOWN = [
    ("choice", "a", "商铺"),
    ("choice", "dropped", "dropped"),
    ("flag", "no", "否"),
    ("money", 123450, "1234.50"),
    ("place", {"text": "沧源路"}, "沧源路"),
    ("time", "2023-07-03T01:12:00+00:00", "2023-07-03 09:12"),
    ("person", "欧阳小明", "欧阳**"),
    ("person", "王明", "王*"),
    ("phone", "13812345678", "138****5678"),
    ("text", f"打13812345678，证{ID_NUMBER}", "打138****5678，证1****************X"),
    ("text", None, ""),
]


@pytest.mark.parametrize(("kind", "stored", "text"), SHOWN)
def test_values_are_shown_masked(kind: str, stored: Any, text: str) -> None:
    assert fields.shown(stored, field(kind), masked=True) == text


def test_an_id_number_is_sealed_for_its_field_alone() -> None:
    data: dict[str, Any] = {}
    spec = field("id_number")
    fields.store(data, "id", spec, ID_NUMBER, "demo.home.id")
    again: dict[str, Any] = {}
    fields.store(again, "id", spec, ID_NUMBER, "demo.home.id")
    assert ID_NUMBER not in str(data)
    assert data["id__hash"] == again["id__hash"]
    assert data["id"] != again["id"]
    assert fields.shown(data["id"], spec, masked=False, about="demo.home.id") == ID_NUMBER
    with pytest.raises(fields.sealing.Unopenable):
        fields.shown(data["id"], spec, masked=True, about="demo.home.other")
    fields.store(data, "id", spec, None, "demo.home.id")
    assert data == {}
