"""Layout, sections, periods, tables and commitments of whole documents, in our own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.kernel import quantities
from jiezhen.reading import read

REPORT = """青石街道2022年工作总结和2023年工作计划

一、2022年工作回顾
（一）经济发展
全年引进企业30家，税收2.5亿元，同比增长6%。去年底登记志愿者800人。
（二）民生保障
- 新建食堂2家；
- 上半年发放补贴40万元。

二、2023年工作安排
新增停车位200个，年内完成电梯加装15台。下半年改造公园1座。
"""


def test_sections_form_a_tree():
    document = read(REPORT)
    assert document.title == "青石街道2022年工作总结和2023年工作计划"
    assert document.period == "2022"
    first, second = (
        document.sections[0].sections if document.sections[0].sections else document.sections[-2:]
    )
    assert [first.mood, second.mood] == ["review", "plan"]
    assert [section.title for section in first.sections] == ["经济发展", "民生保障"]


def test_sections_and_words_give_period_and_kind():
    found = {figure.span: (figure.kind, figure.period) for figure in read(REPORT).claims}
    assert found["30家"] == ("result", "2022")
    assert found["6%"] == ("growth", "2022")
    assert found["40万元"] == ("result", "2022H1")
    assert found["200个"] == ("target", "2023")
    assert found["1座"] == ("target", "2023H2")


def test_offsets_stay_in_the_untouched_text():
    document = read(REPORT)
    assert all(
        document.text[figure.start : figure.end] == figure.span for figure in document.figures
    )


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("白云镇2021年工作总结", "2021"),
        ("白云镇2021年上半年工作总结", "2021H1"),
        ("白云镇2021年前三季度工作情况汇报", "2021Q1-Q3"),
        ("白云镇2024年工作要点", "2024"),
    ],
)
def test_the_title_gives_the_period(title, period):
    document = read(f"{title}\n\n走访企业20家。")
    assert document.period == period
    assert document.claims[0].period == period


def test_a_report_in_spring_looks_back_on_the_year_before():
    text = "政府工作报告\n——2020年1月8日在白云镇人民代表大会上\n\n一、过去一年工作回顾\n新建公园2座。\n\n二、今年重点工作\n新建公园3座。\n"
    past, coming = read(text).claims
    assert (past.period, past.kind) == ("2019", "result")
    assert (coming.period, coming.kind) == ("2020", "target")


def test_broken_lines_and_pages_are_joined():
    text = "- 组织培训40场，发放各类\n\n- 12 -\n\n补贴30万元，覆盖率稳定在\n\n95%以上。\n- 走访8户。\n- 看望9人。\n"
    assert [figure.value for figure in read(text).claims][:2] == [40, 300_000]


def test_tables_take_units_from_their_headings():
    text = "2023年工作总结\n\n单位：万元\n\n| 指标 | 2022年 | 2023年 | 同比（%） |\n|---|---|---|---|\n| 税收 | 1,200.5 | 1500 | 24.9 |\n"
    rows = [(f.value, f.unit, f.kind, f.period) for f in read(text).claims]
    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("元", "result", "2022"),
        ("元", "result", "2023"),
        ("%", "growth", "2023"),
    ]
    assert rows[0][0] == 12_005_000


PLAN = """青石街道2023年工作计划

上半年计划启动公园修缮。力争新增停车位90个，新建食堂、书房各1处。
由城建办牵头完成5幢1.2万平方米旧房改造，确保垃圾分类达标率98%以上。
探索社区议事新机制，推动书屋建成开放。
"""


def test_commitments_with_and_without_numbers():
    document = read(PLAN)
    found = [(c.action, c.strength, len(c.targets)) for c in document.commitments]
    assert ("新增", "力争", 1) in found
    assert ("探索", "推进", 0) in found
    assert [c.object for c in document.commitments if c.object in ("食堂", "书房")] == [
        "食堂",
        "书房",
    ]
    paired = next(c for c in document.commitments if "旧房改造" in c.object)
    assert len(paired.targets) == 2
    assert paired.office == "城建办"
    assert next(c for c in document.commitments if c.milestone).milestone == "建成开放"
    rate = next(f for f in document.claims if f.unit == "%")
    assert rate.comparator == ">="


def test_commitments_have_their_dates():
    document = read("街道2023年下半年工作计划\n\n新增停车位90个。9月底前建成食堂2家。")
    first, second = document.commitments
    assert (first.starts, first.deadline) == ("2023-07-01", "2023-12-31")
    assert second.deadline == "2023-09-30"


def test_results_of_the_same_document_are_offered():
    text = "街道2023年上半年工作总结和下半年计划\n\n一、上半年工作回顾\n新增停车位60个。\n\n二、下半年工作安排\n新增停车位90个。\n"
    document = read(text)
    assert document.commitments[0].document_result == document.claims[0].id


def test_a_review_promises_nothing():
    assert read("2022年工作总结\n\n完成公园修缮3处。").commitments == ()


UNITS = ["人次", "户", "件", "元", "平方米", "%", "个百分点", "个", "吨", "家次", "公里"]


@given(st.integers(min_value=2, max_value=10**9), st.sampled_from(UNITS))
def test_what_is_written_is_read_back(number, unit):
    value = number / 10**9 if unit == "%" else number
    for form in quantities.forms(
        value if unit != "%" else quantities.Decimal(number) / 10**9, unit
    ):
        figures = read(f"本年办理业务{form.text}。").claims
        assert [(float(figure.value), figure.unit) for figure in figures] == [
            (float(form.value), unit)
        ], form
