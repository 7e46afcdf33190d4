"""Charts: the picture, its sentence, its table, its file."""

import re

import pytest

from jiezhen.web import chart_sentences, charts, fonts
from jiezhen.web.chart_sentences import Point
from jiezhen.web.tests.support import HOSTILE, read, tag

MONTHS = [f"{n}月" for n in range(1, 7)]


def course(*values: float | None, series: str = "") -> list[Point]:
    return [Point(m, v, series) for m, v in zip(MONTHS, values, strict=False)]


DRAW = {
    "line": lambda points: charts.line(points, title="热线工单", unit="件"),
    "bars": lambda points: charts.bars(points, title="热线工单", unit="件"),
    "columns": lambda points: charts.columns_by_month(points, title="热线工单", unit="件"),
}


@pytest.mark.parametrize("kind", DRAW)
def test_a_chart_stands_under_the_strict_policy_and_says_its_sentence(kind: str) -> None:
    chart = DRAW[kind](course(38, 41, None, 33, 44))
    found = read(tag("{% chart c %}", c=chart))
    assert found.blocked == []
    assert found.all("svg")[0]["aria-label"] == chart.sentence
    assert found.all("svg")[0]["role"] == "img"
    assert "看表格" in "".join(found.words)


@pytest.mark.parametrize("kind", DRAW)
def test_hostile_labels_stay_text(kind: str) -> None:
    chart = DRAW[kind]([Point(HOSTILE, 3, HOSTILE), Point("=1+1", 4, HOSTILE)])
    markup = tag("{% chart c %}", c=chart)
    assert "<script" not in markup
    assert read(markup).blocked == []


@pytest.mark.parametrize("kind", DRAW)
def test_what_is_missing_is_hatched_and_the_rest_is_not(kind: str) -> None:
    assert "-none" in DRAW[kind](course(38, 41, None, 33, 44)).svg
    assert "-none" not in DRAW[kind](course(38, 41, 0, 33, 44)).svg


@pytest.mark.parametrize("kind", DRAW)
def test_nothing_at_all_is_a_sentence_without_a_picture(kind: str) -> None:
    assert DRAW[kind]([]).svg == ""
    assert DRAW[kind]([]).sentence == "热线工单：这段时间没有数据。"
    assert DRAW[kind](course(None, None)).svg == ""


def test_every_axis_label_is_there_and_without_separators() -> None:
    words = read(DRAW["columns"](course(7200, 7900, 8100, 8300, 8200, 8420)).svg).words
    assert {"0", "2000", "4000", "6000", "8000"} <= set(words)
    assert set(MONTHS) <= set(words)


def test_big_axis_labels_are_written_in_wan_and_yi() -> None:
    assert {"20万", "40万"} <= set(read(DRAW["columns"](course(200000, 400000)).svg).words)
    assert "2亿" in read(DRAW["columns"](course(2e8, 4e8)).svg).words


def test_lines_are_told_apart_by_colour_and_dash_and_named_at_their_end() -> None:
    points = course(3, 4, 5, series="河东") + course(1, 2, 3, series="沧一")
    markup = DRAW["line"](points).svg
    assert {"河东", "沧一"} <= set(read(markup).words)
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', markup))) == 2


def test_a_lonely_point_of_a_line_is_still_seen() -> None:
    assert 'fill="#0F5C6E"' in DRAW["line"](course(None, 4, None)).svg


def test_seven_series_are_too_many() -> None:
    points = [Point("1月", n, str(n)) for n in range(7)]
    with pytest.raises(ValueError, match="6 series"):
        DRAW["line"](points)


def test_bars_are_ranked_and_the_unknown_comes_last() -> None:
    chart = DRAW["bars"]([Point("甲", 3), Point("乙", None), Point("丙", 9)])
    assert [row.cells[0] for row in chart.table.rows] == ["丙", "甲", "乙"]
    assert chart.sentence == "热线工单：丙9件最多，甲3件最少，乙无数据。"


def test_two_charts_of_one_page_do_not_share_ids() -> None:
    one, two = DRAW["columns"](course(1, None)).svg, DRAW["columns"](course(2, None)).svg
    ids = re.findall(r'id="([^"]+)"', one), re.findall(r'id="([^"]+)"', two)
    assert ids[0]
    assert not set(ids[0]) & set(ids[1])


SENTENCES = [
    ("件", (38, 41, 36), "热线工单：3月36件，比2月少5件，是其中最低，最高2月41件。"),
    ("件", (38, 41), "热线工单：2月41件，比1月多3件。"),
    ("件", (7, 7, 7), "热线工单：3月7件，比2月相同。"),
    ("%", (99.2, 99.6), "热线工单：2月99.6%，比1月上升0.4个百分点。"),
    ("%", (99.6, 99.2), "热线工单：2月99.2%，比1月下降0.4个百分点。"),
    ("件", (5, None, 3), "热线工单：3月3件，比1月少2件，2月无数据。"),
    ("件", (0,), "热线工单：1月0件。"),
]


@pytest.mark.parametrize(("unit", "values", "sentence"), SENTENCES)
def test_the_sentence(unit: str, values: tuple[float | None, ...], sentence: str) -> None:
    assert chart_sentences.of_course("热线工单", unit, course(*values)) == sentence


def test_the_table_equals_the_chart() -> None:
    chart = DRAW["line"](course(3, None, series="河东") + course(1, 2, series="沧一"))
    shown = [
        [c if isinstance(c, str) else c.text or c.why for c in r.cells] for r in chart.table.rows
    ]
    assert shown == [["1月", "3件", "1件"], ["2月", "无数据", "2件"]]


def test_a_png_keeps_its_words_where_there_is_a_font() -> None:
    png = DRAW["columns"](course(7200, 7900)).png(scale=1)
    assert png.startswith(b"\x89PNG")
    if not fonts.draws_chinese():
        pytest.skip("no Chinese font on this machine")
    other = charts.columns_by_month(course(7200, 7900), title="热线工单", unit="人次").png(scale=1)
    assert png != other  # only the written unit differs


def test_a_machine_without_a_chinese_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "draws_chinese", lambda: False)
    (warning,) = fonts.check_fonts(None)
    assert warning.id == "web.W001"
    assert "没有中文字体" in warning.msg
    assert "No Chinese font" in warning.msg


def test_boxes_for_every_character_count_as_no_font(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.draws_chinese.cache_clear()
    monkeypatch.setattr(fonts, "_drawn", lambda text: b"box")
    assert not fonts.draws_chinese()
    fonts.draws_chinese.cache_clear()
