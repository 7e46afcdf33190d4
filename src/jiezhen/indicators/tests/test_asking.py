"""「要一个数」: words in, one sentence out, and never a guess."""

from datetime import date

import pytest

from jiezhen.conftest import AT
from jiezhen.indicators import queries
from jiezhen.indicators.queries.asking import read_time

ON = date(2023, 7, 3)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("助餐 上半年", "2023H1"),
        ("助餐", "2023"),
        ("今年助餐", "2023"),
        ("去年助餐", "2022"),
        ("去年上半年", "2022H1"),
        ("2022年6月", "2022-06"),
        ("6月", "2023-06"),
        ("六月份", "2023-06"),
        ("12月", "2022-12"),
        ("十二月", "2022-12"),
        ("下半年", "2023H2"),
        ("一季度", "2023Q1"),
        ("第4季度", "2022Q4"),
        ("本季度", "2023Q3"),
        ("上季度", "2023Q2"),
        ("本月", "2023-07"),
        ("上个月", "2023-06"),
        ("1—6月", "2023H1"),
        ("2021年", "2021"),
        ("2023H1", "2023H1"),
        ("2023Y11", "2023Y11"),
        ("前年下半年", "2021H2"),
        ("1-3月", "2023Q1"),
    ],
)
def test_time_words(words, code):
    assert read_time(words, ON)[0].code == code


def test_it_answers_with_a_sentence_ready_to_paste(cast, write):
    write("counting.lift", "c1", completed_on="2023-03-01", _state="accepted")
    write("counting.lift", "c1", completed_on="2022-03-01", _state="accepted")
    write("counting.lift", "c2", completed_on="2023-03-01", _state="accepted")
    viewer = cast.viewers["leader"]
    answer = queries.ask(viewer, "样例新增电梯 上半年", AT)
    assert [t.sentence for t in answer.told] == [
        "2023年上半年，全街道新增样例电梯2台，同比上升100%（数据截至2023年7月3日）。"
    ]
    near = queries.ask(viewer, "今年上半年松涛样例电梯完工多少？", AT)
    assert near.told[0].sentence.startswith("2023年上半年，松涛居民区新增样例电梯1台")
    by = queries.ask(viewer, "样例电梯完工 上半年 按居委", AT).told[0]
    assert {f.unit.code: f.value for f in by.rows} == {"c1": 1, "c2": 1, "c3": 0}
    months = queries.ask(viewer, "样例电梯完工 今年 按月", AT).told[0]
    assert [int(f.value) for f in months.rows] == [0, 0, 2, 0, 0, 0, 0]


def test_two_that_fit_are_both_listed_with_their_definitions(cast):
    answer = queries.ask(cast.viewers["leader"], "样例企业 去年", AT)
    assert [t.figure.indicator for t in answer.told] == ["t_firms"]
    answer = queries.ask(cast.viewers["leader"], "联系率", AT)
    assert [t.figure.indicator for t in answer.told] == ["t_rate"]
    answer = queries.ask(cast.viewers["leader"], "助餐", AT)
    assert {t.figure.indicator for t in answer.told} == {"t_visits", "t_free_visits"}
    assert all(t.definition for t in answer.told)


@pytest.mark.parametrize("words", ["", "  ", "天气怎么样", "'; DROP TABLE x --", "电"])
def test_it_never_guesses(cast, words):
    assert queries.ask(cast.viewers["leader"], words, AT).told == ()


def test_a_number_that_nobody_supplied_says_so(cast):
    answer = queries.ask(cast.viewers["leader"], "样例税收 上半年", AT)
    assert answer.told[0].sentence == "2023年上半年，全街道样例税收还没有数：区财政局还没有提供。"


def test_what_is_near_is_named(cast):
    assert "样例税收" in queries.ask(cast.viewers["leader"], "样例税入", AT).near
