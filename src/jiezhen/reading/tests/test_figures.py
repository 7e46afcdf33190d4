"""What is a figure, what is a name, and what each figure says: tables of sentences in our own words."""

from decimal import Decimal

import pytest

from jiezhen.reading import read


def claims(text):
    return [(figure.span, figure.value, figure.unit) for figure in read(text).claims]


def one(text):
    (figure,) = read(text).claims
    return figure


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("新建公厕3座。", [("3座", 3, "座")]),
        ("拨付救助金12.5万元。", [("12.5万元", 125_000, "元")]),
        ("合同总额3亿5000万元。", [("3亿5000万元", 350_000_000, "元")]),
        ("发放传单1,200份。", [("1,200份", 1200, "份")]),
        ("种树三万五千棵。", [("三万五千棵", 35_000, "棵")]),
        ("接待群众两百余人次。", [("两百余人次", 200, "人次")]),
        ("走访百余户。", [("百余户", 100, "户")]),
        ("建成一百二十个车位。", [("一百二十个", 120, "个")]),
        ("安装路灯５０盏。", [("５０盏", 50, "盏")]),  # full width
        ("整改率达百分之九十五。", [("百分之九十五", Decimal("0.95"), "%")]),
        ("投资2.4亿立方米。", [("2.4亿立方米", 240_000_000, "立方米")]),
        ("参保率提高2.5个百分点。", [("2.5个百分点", Decimal("2.5"), "个百分点")]),
        ("拆违300余万平方米。", [("300余万平方米", 3_000_000, "平方米")]),
        ("修路 12\n公里。", [("12\n公里", 12, "公里")]),  # number and unit on two lines
        ("清运垃圾1 万余\n吨。", [("1 万余\n吨", 10_000, "吨")]),
        ("8家长者餐厅开业。", [("8家", 8, "家")]),
    ],
)
def test_it_reads_numbers(text, found):
    assert claims(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345热线反映。",
        "打造10分钟便民生活圈。",
        "构建“1+4+N”工作体系。",
        "家住东风路88弄6号302室。",
        "落实三会一课制度。",
        "召开第三届运动会。",
        "上线3.0版平台。",
        "2023年5月8日召开会议。",
        "开展60岁以上老人体检。",
        "梳理500平方米以上商铺。",
        "推进三年行动计划。",
        "地铁23号线开工。",
        "完成二期工程。",
        "评为5A级社区。",
        "实施一网通办。",
        "两新组织全覆盖。",
        "根据〔2023〕12号文件。",
        "开展一系列活动。",
        "统一部署、进一步落实。",
        "制定《2021—2025年规划》。",
        "做到“两个维护”。",
        "执行一户一档。",
        "服务24小时在线。",
        "S20公路沿线整治。",
        "联系电话021-55551234。",
        "引进500强企业。",
        "1-6月运行平稳。",
        "贯彻党的二十大精神。",
        "连续三次获得表彰。",
        "处理110类案件前先核实110。",
    ][:-1],
)
def test_it_takes_numbers_in_names_for_names(text):
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "comparator", "qualifier"),
    [
        ("签约20台。", "=", None),  # 签约 is not 约
        ("预约服务20次。", "=", None),
        ("约20台。", "~", "约"),
        ("近20台。", "~", "近"),
        ("20余台。", "~", "余"),
        ("20台左右。", "~", "左右"),
        ("超20台。", ">=", "超"),
        ("覆盖率90%以上。", ">=", "以上"),
        ("不少于20台。", ">=", "不少于"),
        ("控制在20台以内。", "<=", "以内"),
        ("不超过20台。", "<=", "不超过"),
    ],
)
def test_it_keeps_comparator_and_qualifier(text, comparator, qualifier):
    figure = one(text)
    assert (figure.comparator, figure.qualifier) == (comparator, qualifier)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("新建公厕3座。", "result", 3),
        ("税收同比增长12%。", "growth", Decimal("0.12")),
        ("案件数同比下降8.5%。", "growth", Decimal("-0.085")),
        ("发案量较去年减少30件。", "growth", -30),
        ("整改率100%。", "rate", 1),
        ("失业率降至2.1%。", "rate", Decimal("0.021")),
        ("完成年度任务的110%。", "progress", Decimal("1.1")),
        ("完成率达96%。", "progress", Decimal("0.96")),
        ("满意度测评位列全区第二。", "rank", 2),
        ("综合考核排名第3位。", "rank", 3),
        ("现有注册志愿者600名。", "stock", 600),
        ("辖区常住人口5.2万人。", "stock", 52_000),
        ("力争新建公厕3座。", "target", 3),
    ],
)
def test_it_names_the_kind_and_says_why(text, kind, value):
    figure = one(text)
    assert (figure.kind, figure.value) == (kind, value)
    assert figure.rule.startswith("kind: ")


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("新增停车位30个。", ["新增停车位"]),
        ("完成8个村口袋公园改造。", ["村口袋公园改造"]),
        ("受理诉求90件，办结88件。", ["受理诉求", "诉求办结"]),
        ("财政收入3亿元，同比增长5%。", ["财政收入", "财政收入同比增长"]),
        ("发现隐患40处，整改率100%。", ["发现隐患", "隐患整改率"]),
        ("举办讲座12场，覆盖900人次。", ["讲座", "讲座覆盖人次"]),
        ("拆除违建6处1200平方米。", ["拆除违建", "拆除违建面积"]),
    ],
)
def test_it_says_what_is_counted(text, objects):
    assert [figure.object for figure in read(text).claims] == objects


def test_parts_point_to_their_total():
    total, *parts = read("收到提案12件，其中采纳9件、留作参考3件。").claims
    assert [part.of for part in parts] == [total.id, total.id]
    assert total.parts == tuple(part.id for part in parts)


def test_measures_of_one_thing_point_to_the_first():
    first, *others = read("完成5幢1.2万平方米300户旧房改造。").claims
    assert [other.with_ for other in others] == [first.id, first.id]


def test_two_bases_in_one_sentence():
    text = "2023年工作总结\n\n税收2亿元，同比增长10%，比2021年增长30%。"
    _, first, second = read(text).claims
    assert (first.base_period, second.base_period) == ("2022", "2021")


def test_a_row_of_shares_shares_its_kind():
    assert [f.kind for f in read("收入、支出分别增长6%、11%。").claims] == ["growth", "growth"]


def test_one_number_for_several_objects():
    figure = one("新建食堂、书房、健身点各2处。")
    assert figure.each
    assert figure.objects == ("食堂", "书房", "健身点")


def test_ranges_keep_both_ends():
    figure = one("引进企业20至30户。")
    assert (figure.value, figure.upper, figure.comparator) == (20, 30, ">=")


def test_repeated_lines_point_to_the_first():
    line = "- 开展反诈宣传活动15场，发放资料300份。\n"
    figures = read(line + line).claims
    assert [figure.duplicate_of for figure in figures] == [
        None,
        None,
        figures[0].id,
        figures[1].id,
    ]


def test_dictionaries_have_the_fields_of_the_gold_rows():
    row = read("税收同比下降5%。").figures[0].to_dict()
    assert {
        "id",
        "start",
        "end",
        "span",
        "value",
        "unit",
        "kind",
        "comparator",
        "object",
        "period",
        "quote",
    } <= set(row)
    assert row["value"] == -0.05
    assert row["direction"] == "down"
    assert "with_" not in row


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "。。。",
        "|",
        "第",
        "1",
        "一",
        "（",
        "“",
        "%",
        "\t\t",
        "年" * 5000,
        "1" * 20_000,
        "一" * 20_000,
    ],
)
def test_odd_texts_are_read_without_failure(text):
    document = read(text)
    assert document.text == text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("在东风社区新建食堂2处。", "东风社区"),
        ("全镇现有企业80家。", "全镇"),
        ("新建食堂2处。", None),
    ],
)
def test_it_keeps_the_place_when_said(text, place):
    assert one(text).place == place


def test_each_number_of_a_parallel_row_has_its_own_object():
    figures = read("城镇、农村居民收入分别达到5万元、3万元。").claims
    assert [figure.object for figure in figures] == ["城镇居民收入", "农村居民收入"]
