"""A draft is checked against the records of an office."""

from datetime import date

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.reports.queries import checks

pytestmark = pytest.mark.django_db


def _figures(cast: Cast, text: str, period: str = "2023H1") -> dict[str, tuple[str, str, str]]:
    result = checks.check_words(cast.viewers["planner"], text, AT, period=period)
    return {f.written: (f.verdict, f.record, f.cause) for f in result.figures}


def test_a_wrong_number_shows_the_record_and_the_likely_cause(half_year: Cast) -> None:
    found = _figures(half_year, "上半年，新增完工电梯18台。")
    assert found["18台"] == ("differs", "16台", "2台在7月")
    assert _figures(half_year, "上半年，新增完工电梯16台。")["16台"][0] == "agrees"


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("1万余人次", "agrees"),
        ("10431人次", "agrees"),
        ("1.04万人次", "agrees"),
        ("9800人次", "differs"),
        ("近1.1万人次", "agrees"),
        ("约1万人次", "agrees"),
        ("10341人次", "differs"),
        ("1.5万余人次", "differs"),
    ],
)
def test_approximate_words_are_judged_by_meaning(
    half_year: Cast, written: str, verdict: str
) -> None:
    found = checks.check_words(
        half_year.viewers["planner"], f"上半年为老助餐{written}。", AT, period="2023H1"
    )
    assert [f.verdict for f in found.figures] == [verdict]


def test_one_and_more_than_ten_thousand_is_wrong_below_ten_thousand(
    half_year: Cast, write
) -> None:
    # The record for last year is 9000.
    assert (
        _figures(half_year, "2022年上半年，为老助餐1万余人次。", "2022H1")["1万余人次"][0]
        == "differs"
    )


def test_growth_progress_and_supplied_statistics_are_recomputed(half_year: Cast) -> None:
    text = "上半年，实现区级财政收入5.36亿元，同比增长34%，比2021年增长19.1%。新增完工电梯16台，完成年度目标的44.4%。"
    found = _figures(half_year, text)
    assert {w: v[0] for w, v in found.items()} == dict.fromkeys(
        ("5.36亿元", "34%", "19.1%", "16台", "44.4%"), "agrees"
    )
    wrong = _figures(half_year, text.replace("34%", "43%").replace("44.4%", "54.4%"))
    assert (wrong["43%"][0], wrong["54.4%"][0]) == ("differs", "differs")


def test_a_swapped_pair_of_digits_and_a_lost_magnitude_are_named(half_year: Cast) -> None:
    assert _figures(half_year, "上半年为老助餐10341人次。")["10341人次"][2] == "相邻两位数字颠倒了"
    assert "单位写错" in _figures(half_year, "上半年实现区级财政收入5.36万元。")["5.36万元"][2]


def test_last_years_number_left_in_the_text_is_named(half_year: Cast) -> None:
    assert (
        _figures(half_year, "上半年为老助餐9000人次。")["9000人次"][2]
        == "稿中写的是2022年上半年的数"
    )


def test_what_is_not_on_record_has_no_source_and_is_never_wrong(half_year: Cast) -> None:
    found = _figures(half_year, "完成北横泾河道254公里截流改造。")
    assert found["254公里"][0] == "no_source"
    result = checks.check_words(
        half_year.viewers["planner"], "完成北横泾河道254公里截流改造。", AT
    )
    assert "疑为2.54公里" in result.figures[0].words


def test_a_later_record_changes_the_answer_but_not_before_its_day(half_year: Cast, write) -> None:
    write("town.lift", address="新", completed_on=date(2023, 6, 30))
    assert _figures(half_year, "上半年，新增完工电梯16台。")["16台"][0] == "differs"
