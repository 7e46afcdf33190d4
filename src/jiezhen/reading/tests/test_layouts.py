"""Blanks inside numbers, torn lines and numbered items: the same facts in bad layouts, in our own words."""

import pytest

from jiezhen.reading import read


def claims(text):
    return [(float(figure.value), figure.unit) for figure in read(text).claims]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("惠及居民1 300户。", [(1300, "户")]),  # digits grouped by a blank
        ("投入资金 2 6.5 万元。", [(265_000, "元")]),
        ("走访企业 4 8家。", [(48, "家")]),
        ("覆盖率达 9 6.5 %。", [(pytest.approx(0.965), "%")]),
        ("涉及1 号、2 号、3 号楼。", []),
        ("完成 1 2 3 号楼修缮。", []),  # a list that counts on
        ("2023 年 7 个项目完工。", [(7, "个")]),
        ("见表 1 30 个项目。", [(30, "个")]),
        ("2021 5 个项目。", [(5, "个")]),
    ],
)
def test_blanks_inside_numbers_are_closed(text, found):
    assert claims(text) == found


def test_a_torn_text_is_read_like_a_whole_one():
    text = (
        "上半年，财政收入 1 2.5 亿\n元，同比增 长 6 .4%；引进企业 3 6 家，\n发现隐患 1,0 4 2 条，整改 9 8 0 条；\n"
        "铺设管网 1 2 . 6公里，新建 1 1 0 千伏变电站 2 座，栽树 1 ,500 棵。\n"
    )
    values = [value for value, _ in claims(text)]
    assert values == [
        1_250_000_000,
        pytest.approx(0.064),
        36,
        1042,
        980,
        pytest.approx(12.6),
        2,
        1500,
    ]


def test_offsets_hold_where_blanks_were_closed():
    document = read("隐患整改 1,0 4 2 条，走访 4 8家，培训 1 2 场，慰问 3 5 户。")
    assert [figure.span for figure in document.claims] == [
        "1,0 4 2 条",
        "4 8家",
        "1 2 场",
        "3 5 户",
    ]
    assert all(
        document.text[figure.start : figure.end] == figure.span for figure in document.figures
    )


def test_columns_set_with_blanks_stay_apart():
    assert claims("东村 12 35 48\n西村 9 21 30\n") == []


def test_a_number_on_a_line_of_its_own_is_no_page_number():
    assert claims("完成固定资产投资\n320\n万元，增长\n8%\n；水稻种植面积\n7200\n亩。") == [
        (3_200_000, "元"),
        (pytest.approx(0.08), "%"),
        (7200, "亩"),
    ]


def test_a_quotation_opened_in_one_line_is_closed_in_the_next():
    assert claims("认真落实“五个\n一”要求，指标位居全区前列，各项任务按期推进。") == []


def test_stops_typed_in_ascii_are_stops():
    figures = read("受理诉求90件,办结88件;走访企业30家(其中外资4家).").claims
    assert [figure.object for figure in figures][:2] == ["受理诉求", "诉求办结"]


PLAN = """青石街道2025年工作要点

2025年，街道全面贯彻上级会议精神，抓好以下工作。

一、民生实事
1. 完成困难家庭厨房改造60户。由民生办牵头。
2. 上半年完成文化站搬迁。
3. 10月底前办好暑期托管班。
4. 探索“店长联盟”治理机制。

二、城市治理
1、提升精细管理水平
围绕背街小巷开展整治，全年不少于20条。
2、增强群众获得感
新建口袋公园3座
责任单位：城建办
"""


def test_numbered_lines_that_end_like_sentences_are_items():
    document = read(PLAN)
    quotes = {commitment.quote: commitment for commitment in document.commitments}
    assert quotes["完成困难家庭厨房改造60户"].office == "民生办"
    assert quotes["上半年完成文化站搬迁"].deadline == "2025-06-30"
    assert quotes["10月底前办好暑期托管班"].deadline == "2025-10-31"
    assert "探索“店长联盟”治理机制" in quotes
    assert quotes["新建口袋公园3座"].office == "城建办"
    assert all(figure.kind == "target" for figure in document.claims)


def test_numbered_lines_with_words_below_them_are_headings():
    titles = [section.title for top in read(PLAN).sections for section in [top, *top.sections]]
    assert any(
        "提升精细管理水平" in title
        for title in titles
        + [t.title for s in read(PLAN).sections for x in s.sections for t in x.sections]
    )


def test_announcements_are_no_commitments_and_rituals_are_unsure():
    found = {commitment.quote: commitment.confidence for commitment in read(PLAN).commitments}
    assert not any("以下工作" in quote for quote in found)
    assert all(sure < 0.5 for quote, sure in found.items() if "精神" in quote)
    assert found["探索“店长联盟”治理机制"] >= 0.7


def test_a_measure_alone_belongs_to_the_promise_before():
    plan = "2025年工作计划\n\n推进社区运动会，全年不少于12场。"
    (commitment,) = read(plan).commitments
    assert commitment.quote == "推进社区运动会，全年不少于12场"
    assert len(commitment.targets) == 1
