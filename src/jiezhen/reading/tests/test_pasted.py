"""A message copied out of a chat proposes type, place, unit and words."""

import pytest

from jiezhen.reading.pasted import MOST, Pasted, read_message

TYPES = {
    "finding:waste": ["垃圾暴露"],
    "finding:wire": ["飞线充电"],
    "finding:stairs": ["楼道堆物"],
    "finding:parking": ["违规停放"],
    "hazard": ["安全隐患", "隐患"],
    "finding:other": ["其他"],
}
UNITS = {"c1": ["松涛居民区", "松涛"], "c2": ["听泉居民区", "听泉"]}


@pytest.mark.parametrize(
    ("text", "type_", "place", "unit", "words"),
    [
        (
            "李阿姨 2023/7/3 08:12\n沧源路123弄5号楼二楼楼道堆物，麻烦来看看\n[图片]",
            "finding:stairs",
            "沧源路123弄5号楼二楼",
            "",
            "沧源路123弄5号楼二楼楼道堆物，麻烦来看看",
        ),
        (
            "松涛群\n王师傅:\n我们在剑川路400弄2号门口看到有人飞线充电",
            "finding:wire",
            "剑川路400弄2号",
            "c1",
            "松涛群\n我们在剑川路400弄2号门口看到有人飞线充电",
        ),
        (
            "陈晨：听泉居民区望岳路近云台路路口的垃圾没人收，味道很大",
            "finding:waste",
            "望岳路近云台路路口",
            "c2",
            "听泉居民区望岳路近云台路路口的垃圾没人收，味道很大",
        ),
        (
            "[位置]晴川新村（北门）\n车子停放在消防通道，有隐患",
            "hazard",
            "晴川新村（北门）",
            "",
            "晴川新村（北门）\n车子停放在消防通道，有隐患",
        ),
        (
            "@小李 @老周 揽月花园 12号楼 车乱停放",
            "finding:parking",
            "揽月花园12号楼",
            "",
            "揽月花园 12号楼 车乱停放",
        ),
        ("昨天 14:05\n收到，谢谢", "", "", "", "收到，谢谢"),
        ("", "", "", "", ""),
    ],
)
def test_a_message_proposes(text: str, type_: str, place: str, unit: str, words: str) -> None:
    assert read_message(text, TYPES, UNITS) == Pasted(words, place, unit, type_)


def test_a_named_field_is_no_sender() -> None:
    found = read_message("地址：云台路18号\n问题：楼道堆物", TYPES, UNITS)
    assert found.place == "云台路18号"
    assert found.words == "地址：云台路18号\n问题：楼道堆物"


@pytest.mark.parametrize(
    "text", ["路" * 20000, "在" * 20000, "一" * 20000 + "路1号", "\n" * 9000, "1:" * 9000]
)
def test_any_text_is_read_at_once(text: str) -> None:
    from time import perf_counter

    before = perf_counter()
    found = read_message(text, TYPES, UNITS)
    assert perf_counter() - before < 1
    assert len(found.words) <= MOST
