"""The rules of proof-reading that need no office."""

from decimal import Decimal

import pytest

from jiezhen.conf.testing import shared
from jiezhen.reading import read
from jiezhen.reports.rules.checking import check_text
from jiezhen.reports.rules.meaning import judge, written
from jiezhen.reports.tests.table import Table


def _between(text: str, *abouts: str) -> list[tuple[str, str]]:
    found = check_text(text).findings
    return [
        (f.verdict, f.written)
        for f in found
        if f.about in (abouts or ("sum", "share", "growth", "target"))
    ]


@pytest.mark.parametrize(
    ("said", "record", "meaning"),
    [
        ("1万余人次", 10000, "no"),
        ("1万余人次", 10001, "yes"),
        ("1万余人次", 19999, "yes"),
        ("1万余人次", 20000, "no"),
        ("940余次", 949, "yes"),
        ("940余次", 950, "no"),
        ("6.21万余人", 62150, "yes"),
        ("6.21万余人", 62200, "no"),
        ("超8000人", 8123, "yes"),
        ("超8000人", 8000, "no"),
        ("超8000人", 9500, "loose"),
        ("近100户", 96, "yes"),
        ("近100户", 100, "no"),
        ("近100户", 80, "no"),
        ("约500件", 480, "yes"),
        ("约500件", 470, "no"),
        ("90%以上", Decimal("0.923"), "yes"),
        ("90%以上", Decimal("0.89"), "no"),
        ("3.82万人次", 38172, "yes"),
        ("3.82万人次", 38260, "no"),
        ("59.1%", Decimal("0.5909"), "yes"),
        ("99.9%", Decimal("0.9996"), "yes"),
        ("100%", Decimal("0.9996"), "no"),
        ("36户", 36, "yes"),
        ("36户", 37, "no"),
        ("830万元", 8300000, "yes"),
        ("不足50件", 49, "yes"),
    ],
)
def test_words_are_judged_by_meaning(said: str, record: Decimal | int, meaning: str) -> None:
    document = read(f"全年帮扶群众{said}。")
    size = written(document.claims[0], document.text)
    assert size is not None
    assert judge(size, record) == meaning


def test_parts_add_up_to_their_total_or_do_not() -> None:
    text = "24件代表建议已解决16件、正在解决7件、1件留作参考；收到选民诉求236件，现场答复139件，通过流转处置97件，已答复92件。"
    assert _between(text) == [("agrees", "16+7+1=24"), ("agrees", "139+97=236")]
    assert ("differs", "139+96≠236") in _between(text.replace("97", "96"))
    assert ("differs", "15+7+1≠24") in _between(text.replace("已解决16件", "已解决15件"))


def test_a_part_is_never_larger_than_its_whole() -> None:
    assert _between("梳理14项重大项目，其中区级8项。") == [("agrees", "14项，其中8项")]
    assert _between("梳理14项重大项目，其中区级18项。")[0][0] == "differs"


def test_stages_of_a_pipeline_are_no_parts() -> None:
    assert _between("加装电梯签约39台，开工20台，完工13台。") == []


def test_a_share_is_held_against_its_own_numbers() -> None:
    assert _between("受理信访120件，办结118件，办结率98.3%。", "share")[0][0] == "agrees"
    assert _between("受理信访120件，办结118件，办结率99.3%。", "share")[0][0] == "differs"


def test_growth_is_held_against_both_values() -> None:
    good = "全年财政收入从去年的4亿元增加到5亿元，增长25%。"
    assert _between(good, "growth") == [("agrees", "25%")]
    assert _between(good.replace("25%", "35%"), "growth") == [("differs", "35%")]


def test_a_progress_implies_its_target() -> None:
    found = check_text("全年引进企业234家，完成进度117%。")
    target = [f for f in found.findings if f.about == "target"]
    assert [(f.verdict, f.words) for f in target] == [("agrees", "推算目标200家")]


def test_one_fact_with_two_values_is_found() -> None:
    text = "一年来，完成家庭适老化改造101户。\n\n民生方面，完成家庭适老化改造110户。"
    found = [f for f in check_text(text).findings if f.about == "contradiction"]
    assert [(f.verdict, f.written, f.record) for f in found] == [("differs", "110户", "101户")]


def test_claims_without_a_number_ask_for_evidence_and_are_not_marked() -> None:
    result = check_text("刑事案件万人发案率全区最低，满意率位居前列，提前超额完成全年目标。")
    assert [f.about for f in result.findings] == ["claim"] * 3
    assert result.marked == ()


def test_people_and_visits_are_not_the_same() -> None:
    table = Table()
    table.add("社区免费早期筛查", 10431, "人次")
    found = check_text("开展社区免费早期筛查10431人。", table).figures[0]
    assert (found.verdict, found.cause, found.suggestion) == ("differs", "单位写错", "10431人次")


def test_several_possible_sources_are_listed_and_not_guessed() -> None:
    table = Table()
    table.add("走访企业", 387, "家")
    table.add("走访企业", 402, "家")
    assert check_text("全年走访企业387家。", table).figures[0].verdict == "agrees"
    found = check_text("全年走访企业378家。", table).figures[0]
    assert (found.verdict, found.fact, len(found.candidates)) == ("differs", "", 2)


def test_a_suggestion_keeps_the_form_of_the_draft() -> None:
    table = Table()
    table.add("为老助餐", 48120, "人次")
    assert check_text("为老助餐3.8万余人次。", table).figures[0].suggestion == "4.8万余人次"
    assert check_text("为老助餐4.18万人次。", table).figures[0].suggestion == "4.81万人次"


def test_findings_come_as_lines_and_as_plain_values() -> None:
    table = Table()
    table.add("加装电梯完工", 16, "台")
    result = check_text("总结\n加装电梯完工18台。", table)
    assert result.lines() == ["✗\t2\t18台\t16台\t记录少2台：一位数字写错：6写成了8\t可改成16台"]
    said = result.to_dict()
    assert said["counts"] == {"agrees": 0, "differs": 1, "no_source": 0, "remark": 0}
    assert said["findings"][0]["suggestion"] == "16台"


def _seed(name: str) -> str:
    folder = shared()
    if folder is None:
        pytest.skip("the shared documents are not beside the repository")
    return next(folder.glob(f"seeds/{name}_*.txt")).read_text("utf-8")


def test_the_nineteen_repeated_bullets_of_document_004_are_found_and_nothing_else() -> None:
    result = check_text(_seed("004"))
    repeats = [f for f in result.findings if f.about == "repeat"]
    assert len(repeats) == 19
    assert all(f.verdict == "remark" and "一字不差" in f.words for f in repeats)


def test_the_sums_of_document_004_hold_and_one_digit_breaks_one() -> None:
    text = _seed("004")
    assert ("agrees", "139+97=236") in _between(text, "sum")
    assert ("agrees", "16+7+1=24") in _between(text, "sum")
    assert all(verdict == "agrees" for verdict, _ in _between(text))
    assert ("differs", "139+96≠236") in _between(
        text.replace("流转处置97件", "流转处置96件"), "sum"
    )


@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_real_documents_hold_no_contradiction_by_these_rules(name: str) -> None:
    assert [f for f in check_text(_seed(name)).findings if f.verdict == "differs"] == []
