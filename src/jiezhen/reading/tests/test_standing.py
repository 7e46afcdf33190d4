"""States against results, ranks, changes, periods and objects: the grammar of clauses, in our own words."""

import pytest

from jiezhen.reading import read


def kinds(text):
    return [figure.kind for figure in read(text).claims]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("全镇辖12个行政村，90个村民组，耕地3.2万亩，人口4.1万人。", ["stock"] * 4),
        ("卫生院共有医护人员120名，其中包括中级职称30名。", ["stock", "stock"]),
        ("镇中心小学有教师60名，在校学生900名。", ["stock", "stock"]),
        ("80名党员中有退休人员35名。", ["stock", "stock"]),
        ("年末生猪存栏2.4万头，出栏5.1万头。", ["stock", "result"]),
        ("粮食总播种面积5.3万亩，产量2.6万吨。", ["result", "result"]),
        ("新引进企业25家，其中高新技术企业3家。", ["result", "result"]),
        ("共有300人参加体检。", ["result"]),
        ("有序推进7条道路建设。", ["stock"]),
        ("推进7条道路修缮改造。", ["result"]),
        ("税收1亿元，占年计划的52%。", ["result", "progress"]),
        ("粮食产量比上年增加60万斤。", ["result"]),
        ("人口自然增长率4.2‰。", ["rate"]),
        ("物价指数为102.3。", ["result"]),
    ],
)
def test_clauses_of_being_tell_states(text, found):
    assert kinds(text) == found


def test_a_profile_holds_results_too():
    text = "青石镇概况\n\n国土面积60平方公里，辖9个村。2020年实现财政收入900万元，新建敬老院2所，建立党支部11个。\n"
    assert kinds(text) == ["stock", "stock", "result", "result", "result"]


def test_lines_that_begin_with_a_place_are_ranks():
    figures = read("2020年全县排位\n第1位　税收收入\n第12位　出口总额\n").claims
    assert [(figure.kind, figure.value) for figure in figures] == [("rank", 1), ("rank", 12)]


def test_a_column_of_indicator_values_is_no_target():
    text = "2020年主要指标完成情况\n\n| 指标 | 单位 | 指标值 | 增长(%) |\n|---|---|---|---|\n| 税收 | 万元 | 320 | -4.1 |\n| 就业率 | % | 96 | 1.2 |\n"
    assert kinds(text) == ["result", "growth", "rate", "growth"]


def test_signs_written_before_shares_are_kept():
    figures = read("收入3亿元、出口1亿元，同比分别-6.2%、-19.3%。").claims[2:]
    assert [(figure.kind, float(figure.value), figure.direction) for figure in figures] == [
        ("growth", -0.062, "down"),
        ("growth", -0.193, "down"),
    ]


@pytest.mark.parametrize("text", ["新建110千伏变电站。", "2类医疗器械获批。", "“四大行动”收官。"])
def test_ratings_and_classes_are_names(text):
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        (
            "按时回复率、一次办结率均达到95%以上，群众认可率不低于85%。",
            ["按时回复率、一次办结率", "群众认可率"],
        ),
        ("投资450万元，新建菜场2处。", ["菜场投资", "菜场"]),
        ("总投资3亿元的产业园项目开工。", ["产业园项目开工投资"]),
        ("新建东湖、西湖等公园4座。", ["公园"]),
        ("到位资金3000万元。", ["到位资金"]),
        ("及时走访独居老人60名。", ["走访独居老人"]),
        ("创建省级美丽庭院2个、市级5个。", ["创建省级美丽庭院", "市级美丽庭院"]),
        ("全部12家企业均已复工。", ["企业"]),
        (
            "税收2亿元，同比增长6%，增速比上年提高1.5个百分点。",
            ["税收", "税收同比增长", "税收增速比上年提高"],
        ),
    ],
)
def test_it_cuts_the_noun_out_of_its_words(text, objects):
    assert [figure.object for figure in read(text).claims] == objects


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        (
            "2023年工作总结\n\n2022年，全镇税收2亿元；出口1亿元；引进企业3家。",
            ["2022", "2022", "2022"],
        ),
        ("2023年工作总结\n\n截至2023年12月20日，完成改造8处。", ["2023"]),
        ("2023年工作总结\n\n空置率由2019年的12%降至3%。", ["2019", "2023"]),
        (
            "贫困户情况汇报\n\n青石乡1992年建乡，辖8个村。\n2016年新修道路3公里。\n",
            ["1992", "2016"],
        ),
    ],
)
def test_time_words_hold_as_far_as_they_reach(text, periods):
    assert [figure.period for figure in read(text).claims] == periods


def test_short_of_is_an_upper_bound():
    (figure,) = read("距车站不足5公里。").claims
    assert (figure.comparator, figure.kind) == ("<=", "stock")


def test_a_named_base_is_kept_where_the_document_names_no_year():
    _, growth = read("上半年，税收5亿元，比2021年增长19.1%。").claims
    assert (growth.period, growth.base_period) == (None, "2021H1")
