"""The pure decisions as tables."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiezhen.plans.rules import changes, lights, linking, marks, splitting, words
from jiezhen.plans.rules.lights import Case, Milestone

YEAR = (date(2023, 1, 1), date(2023, 12, 31))
SECOND_HALF = (date(2023, 7, 1), date(2023, 12, 31))
TODAY = date(2023, 7, 3)


@pytest.mark.parametrize(
    ("case", "colour", "word", "says"),
    [
        # Counts against the days gone: 184 of 365.
        (Case(*YEAR, 4649, done=2747, unit="个"), "green", "正常", "= 1.17"),
        (Case(*YEAR, 75, done=36, unit="户"), "green", "正常", "= 0.95"),
        (Case(*YEAR, 36, done=16, unit="台"), "yellow", "滞后", "= 0.88，低于0.95"),
        (Case(*YEAR, 50, done=14, unit="个"), "red", "严重滞后", "= 0.56，低于0.80"),
        (Case(*YEAR, 242, done=242, unit="间"), "blue", "销号", "已达到"),
        # 36 are promised; the 37th breaks no promise.
        (Case(*YEAR, 36, done=37, unit="台"), "blue", "销号", "102.8%"),
        (Case(*YEAR, 18, unit="户"), "grey", "无数据", "还没有关联记录"),
        # Nothing yet: not begun in the first half of the time, far behind after it.
        (Case(*SECOND_HALF, 1, done=0, unit="处"), "grey", "未启动", "不到一半"),
        (Case(*YEAR, 36, done=0, unit="台"), "red", "严重滞后", "= 0.00"),
        (
            Case(date(2023, 8, 1), date(2023, 12, 31), 18, done=None),
            "grey",
            "未启动",
            "8月1日才开始",
        ),
        # A rate is held, not collected.
        (
            Case(*YEAR, Decimal("0.9"), ">=", "%", Decimal("0.92"), level=True),
            "green",
            "正常",
            "92",
        ),
        (
            Case(*YEAR, Decimal("0.9"), ">=", "%", Decimal("0.85"), level=True),
            "yellow",
            "滞后",
            "个百分点",
        ),
        # Past its date.
        (
            Case(date(2023, 1, 1), date(2023, 6, 30), 36, done=30, unit="台"),
            "red",
            "超期",
            "已过3天",
        ),
        (Case(date(2023, 1, 1), date(2023, 6, 30)), "red", "超期", "已过3天"),
        # Without a number: milestones, else words.
        (
            Case(*YEAR, milestones=(Milestone("施工进场", date(2023, 6, 30)),)),
            "red",
            "超期",
            "“施工进场”应在2023年6月30日完成，已过3天",
        ),
        (
            Case(
                *YEAR,
                milestones=(
                    Milestone("进场", date(2023, 6, 30), date(2023, 6, 29)),
                    Milestone("完工", date(2023, 12, 1)),
                ),
            ),
            "green",
            "正常",
            "下一个节点“完工”",
        ),
        (Case(*YEAR, progressed_on=date(2023, 6, 12)), "green", "正常", "6月12日有进展"),
        (Case(*YEAR, progressed_on=TODAY - timedelta(days=44)), "green", "正常", "有进展"),
        (Case(*YEAR, progressed_on=TODAY - timedelta(days=45)), "yellow", "滞后", "45天没有进展"),
        (Case(*YEAR, assigned_on=date(2023, 7, 1)), "grey", "未启动", "还没有进展"),
        (
            Case(*YEAR, closed_on=date(2023, 6, 20), closed_why="71家，超额完成"),
            "blue",
            "销号",
            "2023年6月20日销号：71家，超额完成。",
        ),
        # By hand, with what the data say beside it.
        (
            Case(*YEAR, 36, done=16, unit="台", manual="green", manual_reason="等公示"),
            "green",
            "正常",
            "人工调整：等公示。按数据是滞后",
        ),
    ],
)
def test_a_light_and_its_reason(case: Case, colour: str, word: str, says: str) -> None:
    found = lights.standing(case, TODAY)
    assert (found.colour, found.word) == (colour, word)
    assert says in found.why


def test_no_two_colours_share_a_word() -> None:
    assert len(set(lights.WORDS.values())) == len(lights.WORDS)


def test_lists_begin_with_what_is_most_overdue() -> None:
    cases = {
        "late 3": Case(date(2023, 1, 1), date(2023, 6, 30)),
        "late 33": Case(date(2023, 1, 1), date(2023, 5, 31)),
        "red": Case(*YEAR, 50, done=14),
        "yellow": Case(*YEAR, 36, done=16),
        "green": Case(*YEAR, 75, done=36),
        "grey": Case(*YEAR, 18),
    }
    found = sorted(cases, key=lambda k: lights.order(lights.standing(cases[k], TODAY)))
    assert found == ["late 33", "late 3", "red", "yellow", "green", "grey"]


@given(st.integers(1, 10_000), st.integers(0, 20_000), st.integers(0, 364))
def test_a_light_never_contradicts_its_ratio(target: int, done: int, day: int) -> None:
    today = YEAR[0] + timedelta(days=day)
    found = lights.standing(Case(*YEAR, target, done=done), today)
    if found.ratio is None or found.colour in ("grey", "blue"):
        return
    wanted = (
        "green"
        if found.ratio >= Fraction(95, 100)
        else ("yellow" if found.ratio >= Fraction(80, 100) else "red")
    )
    assert found.colour == wanted


INDICATORS = [
    linking.Named("lifts_completed", "加装电梯完工", ("新增完工电梯", "电梯新增完工"), "台"),
    linking.Named("lifts_in_use", "在用电梯", ("电梯总数",), "台"),
    linking.Named("jobs_added", "新增就业岗位", (), "个"),
    linking.Named("homes", "家庭适老化改造", ("居家环境适老化家庭",), "户"),
    linking.Named("income", "街道区级收入", (), "元"),
]


@pytest.mark.parametrize(
    ("phrase", "unit", "first"),
    [
        ("电梯全年新增完工", "台", "lifts_completed"),
        ("力争年内完成加装电梯", "台", "lifts_completed"),
        ("争取完成年度新增就业岗位", "个", "jobs_added"),
        ("改造居家环境适老化家庭", "户", "homes"),
        ("全力以赴推进千代广场协商搬迁", "", None),
    ],
)
def test_the_likeliest_indicator_stands_first(phrase: str, unit: str, first: str | None) -> None:
    found = linking.propose(INDICATORS, phrase, unit)
    assert (found[0].name if found else None) == first
    assert linking.propose(INDICATORS, phrase, unit) == found


def test_a_proposal_says_why_and_warns_of_another_unit() -> None:
    fits, strange = (linking.propose(INDICATORS, "电梯新增完工", u)[0] for u in ("台", "户"))
    assert "“电梯新增完工”" in fits.why
    assert "单位都是台" in fits.why
    assert "单位不同" in strange.why
    assert strange.score < fits.score


def test_marks_add_and_lose_nothing() -> None:
    text = "·完成 18户\n·新增 1处，扶手 50个"
    found = marks.pieces(
        text,
        [
            marks.Mark(4, 7, "unsure", "1"),
            marks.Mark(12, 14, "sure", "2"),
            marks.Mark(8, 22, "told", "3", words=True),
        ],
    )
    assert "".join(p.text for p in found) == text
    assert next((p.text, p.mark.key) for p in found if p.mark) == ("18户", "1")
    inner = next(p for p in found if p.mark and p.mark.key == "2")
    assert inner.text == text[12:14]


@given(st.text(alphabet="甲乙\n，1", max_size=40), st.data())
def test_pieces_always_join_to_the_text(text: str, data: st.DataObject) -> None:
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    found = [
        marks.Mark(min(s), max(s), "sure", str(i)) for i, s in enumerate(spans) if s[0] != s[1]
    ]
    assert "".join(p.text for p in marks.pieces(text, found)) == text


def test_joined_lines_keep_blanks_between_latin_words() -> None:
    text = "开展电\n动自行车，support of\nthe plan\n"
    gone = marks.breaks(text, [(0, len(text) - 1, "paragraph")])
    assert gone == [3]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("推进街区更新、慢行系统优化", ["推进街区更新", "慢行系统优化"]),
        ("启动道路大修", ["启动道路大修"]),
        ("完善机制，和谐共治", ["完善机制", "和谐共治"]),
    ],
)
def test_where_words_come_apart(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in splitting.pieces(text, 0, len(text))] == parts


def test_numbers_come_apart_one_by_one() -> None:
    text = "改造完成适老化家庭75户、坡道扶手50个目标"
    spans = [
        (text.index("75户"), text.index("75户") + 3),
        (text.index("50个"), text.index("50个") + 3),
    ]
    parts = [text[a:b] for a, b in splitting.by_targets(text, 0, len(text), spans)]
    assert parts == ["改造完成适老化家庭75户", "坡道扶手50个目标"]


def test_two_versions_are_compared_by_words_and_objects() -> None:
    old = [
        changes.Told(1, "电梯", "力争电梯全年新增完工36台"),
        changes.Told(2, "绿地", "新建绿地0.9公顷"),
        changes.Told(3, "步行街", "推动金平路步行街提升"),
    ]
    new = [
        changes.Told(11, "电梯", "力争电梯全年新增完工38台"),
        changes.Told(12, "绿地", "新建绿地 0.9公顷"),
        changes.Told(13, "书房", "新建城市书房1家"),
    ]
    found = [(p.change, p.old, p.new) for p in changes.compare(old, new)]
    assert found == [("changed", 1, 11), ("same", 2, 12), ("new", None, 13), ("gone", 3, None)]


def test_likeness_is_between_nothing_and_the_same() -> None:
    assert words.likeness("电梯完工", "电梯完工") == 1
    assert words.likeness("电梯", "绿地") == 0
    assert words.likeness("", "") == 0
