"""Addresses are taken apart, and looked up from the door to the road."""

from datetime import date

import pytest

from jiezhen.registers.rules.addresses import Address, plain, read
from jiezhen.registers.rules.book import Door, book

ON = date(2023, 7, 3)
DOOR = Address("沧源路", "123", "5")


@pytest.mark.parametrize(
    "text",
    [
        "沧源路123弄5号",
        "沧源路１２３弄５号楼",
        "沧源路 123 弄 5 幢 302 室",
        "沧源路一百二十三弄五栋",
        "沧源路一二三弄5号",
        "沧源路123巷5号2单元302",
        "沧源路123弄5-302",
        "沧源路123弄5#302",
        "沧源路123弄（近剑川路）5号",
        "上海市闵行区沧源路123弄5号楼302室",
        "闵行区江川路街道沧源路123弄5号",
        "上海市闵行区江川路街道沧一居民区沧源路123弄5号楼楼道",
    ],
)
def test_one_door_is_written_in_many_ways(text: str) -> None:
    assert read(text) == DOOR


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("沧源路99号", Address("沧源路", "", "99")),
        ("沧源路99号2幢", Address("沧源路", "", "99", "2")),
        ("沧源路99号B座", Address("沧源路", "", "99", "B")),
        ("沧源路99号甲", Address("沧源路", "", "99")),
        ("沧源路99甲号", Address("沧源路", "", "99甲")),
        ("沧源路123弄", Address("沧源路", "123")),
        ("沧源路23弄12支弄3号", Address("沧源路", "23-12", "3")),
        ("沧源路", Address("沧源路")),
        ("沧源小区5号楼", Address(number="5", name="沧源小区")),
        ("沧源路123弄沧源小区5号楼", Address("沧源路", "123", "5", name="沧源小区")),
        ("东川路小区3号", Address(number="3", name="东川路小区")),
        ("江川路街道", Address(name="江川路街道")),
        ("", Address()),
    ],
)
def test_the_parts_of_an_address(text: str, parts: Address) -> None:
    assert read(text) == parts


def test_a_known_road_is_found_among_other_words_and_under_another_name() -> None:
    roads = {"沧源路": "沧源路", "老沧江公路": "沧源路", "东川路": "东川路"}
    assert read("楼道里堆满杂物，沧源路123弄5号楼", roads) == DOOR
    assert read("老沧江公路123弄5号", roads) == DOOR
    assert read("新东川路5号", roads).road == "新东川路"
    assert read("东川路口往北沧源路123弄5号", roads) == DOOR


def test_numbers_are_written_in_arabic_figures() -> None:
    said = plain("二百零三弄十五号、二十号，一○三弄".replace("○", "〇"))
    assert said == "203弄15号20号103弄"


BOOK = book(
    [
        Door(("沧源路123弄5号", "沧源小区5号楼"), 1, 121.40, 31.00),
        Door(("沧源路123弄6号",), 1, 121.41, 31.00),
        Door(("沧源路200弄1号",), 1),
        Door(("沧源路200弄2号",), 2),
        Door(("剑川路9号2幢",), 2),
        Door(("剑川路9号3幢",), 3, until=date(2023, 7, 1)),
        Door(("东川路1号东川科技园",), 3),
        Door(("沧源路", "老沧江公路"), 9),
    ]
)


@pytest.mark.parametrize(
    ("text", "level", "units"),
    [
        ("沧源路123弄5号楼302室", "door", {1}),
        ("沧源小区5号", "door", {1}),
        ("老沧江公路123弄6号", "door", {1}),
        ("沧源路123弄99号", "lane", {1}),
        ("沧源路123弄", "lane", {1}),
        ("沧源路200弄2号", "door", {2}),
        ("沧源路200弄3号", "lane", {1, 2}),
        ("沧源路900号", "road", {1, 2}),
        ("剑川路9号", "door", {2}),
        ("剑川路9号3幢", "door", {2}),
        ("剑川路77号", "road", {2}),
        ("东川科技园", "name", {3}),
        ("东川科技园东门有积水", "name", {3}),
        ("沧源小区", "name", {1}),
    ],
)
def test_the_most_exact_level_that_knows_anything_answers(text, level, units) -> None:
    hit = BOOK.find(text, ON)
    assert hit is not None
    assert (hit.level, {d.unit for d in hit.doors}) == (level, units)


def test_what_the_register_does_not_know_has_no_answer() -> None:
    for text in ("虹梅路1号", "楼道堆物", "", "5号楼"):
        assert BOOK.find(text, ON) is None


def test_a_door_that_ended_is_known_only_before() -> None:
    assert {d.unit for d in BOOK.find("剑川路9号3幢", date(2023, 6, 30)).doors} == {3}


def test_the_nearest_door_within_sixty_metres_is_proposed() -> None:
    assert BOOK.near(121.40001, 31.0001, ON).text == "沧源路123弄5号"
    assert BOOK.near(121.4, 31.0005, ON).text == "沧源路123弄5号"  # 56 metres
    assert BOOK.near(121.4006, 31.0, ON).text == "沧源路123弄5号"  # 57 metres
    assert BOOK.near(121.4, 31.0006, ON) is None  # 67 metres
    assert BOOK.near(121.405, 31.00, ON) is None
    assert book([]).near(121.4, 31.0, ON) is None
