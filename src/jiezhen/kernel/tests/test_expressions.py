"""The language: what it reads, says, evaluates; the hostile corpus is in test_hostile."""

from datetime import date

import pytest
from sqlglot import exp, parse_one

from jiezhen.kernel.expressions import BadExpression, NotPortable, is_name, parse, to_dialect
from jiezhen.kernel.tests.engines import COLUMNS

TOLD = [
    ("age >= 80 AND alone", "年龄不小于80 且 独居"),
    ("NOT alone", "并非独居"),
    ("state IN ('open', 'done', 'shut')", "状态为待办、已办或已关"),
    ("state NOT IN ('open', 'done')", "状态不是待办、已办"),
    ("NOT state = 'open'", "状态不是待办"),
    ("age > 1 AND (alone OR alarm)", "年龄大于1 且 （独居 或 有报警器）"),
    ("tax >= 10000", "税收不小于10000元"),
    ("tax < 0.5", "税收小于0.5元"),
    ("begun >= '2023-06-30'", "开始日期不早于2023年6月30日"),
    ("seen > '2023-06-30 18:00'", "到访时间晚于2023年6月30日18:00"),
    ("name LIKE '%路%'", "名称含有“路”"),
    ("name LIKE '沧%'", "名称以“沧”开头"),
    ("name LIKE '%弄'", "名称以“弄”结尾"),
    ("name IS NULL", "没有填写名称"),
    ("name IS NOT NULL", "已填写名称"),
    ("age BETWEEN 60 AND 80", "年龄在60到80之间"),
    ("days_between(begun, ended) > 30", "从开始日期到结束日期的天数大于30"),
    ("coalesce(tax, 0)", "税收（没有填写时取0元）"),
    ("round(age / 2, 1)", "（年龄除以2）（四舍五入保留1位小数）"),
    ("CASE WHEN age > 1 THEN 1 ELSE 0 END", "（年龄大于1时取1，其余取0）"),
    ("least(age, 3) = greatest(age, 4)", "年龄、3中最小的等于年龄、4中最大的"),
    ("year(begun) = 2023 AND month(begun) = 1", "开始日期的年份等于2023 且 开始日期的月份等于1"),
    ("abs(-age) <> length(name)", "负的年龄的绝对值不等于名称的字数"),
]


@pytest.mark.parametrize(("text", "sentence"), TOLD)
def test_it_tells_itself_in_chinese(text, sentence):
    assert parse(text, COLUMNS).sentence() == sentence


@pytest.mark.parametrize(
    ("text", "values", "value"),
    [
        ("age >= 80 AND alone", {"age": 82, "alone": "yes"}, True),
        ("age >= 80 AND alone", {"age": 82}, None),
        ("age >= 80 AND alone", {"age": 1}, False),
        ("age >= 80 OR alone", {"age": 82}, True),
        ("age >= 80 OR alone", {"age": 1}, None),
        ("NOT alone", {}, None),
        ("age / 0", {"age": 1}, None),
        ("age IN (1, 2)", {}, None),
        ("age BETWEEN 1 AND score", {"age": 0}, False),
        ("tax >= 10000", {"tax": 1000000}, True),
        ("tax >= 10000", {"tax": 999999}, False),
        ("tax * 2", {"tax": 50}, 100),
        ("begun < ended", {"begun": date(2023, 1, 1), "ended": "2023-01-02"}, True),
        ("coalesce(age, 3)", {}, 3),
        ("round(score, 2)", {"score": 2.675}, 2.68),
        ("round(score)", {"score": -0.5}, -1),
    ],
)
def test_unknown_is_not_no(text, values, value):
    assert parse(text, COLUMNS).evaluate(values) == value


def test_it_knows_its_names_and_type():
    expression = parse("alone AND age > 1 AND age < 9", COLUMNS)
    assert expression.names == ("alone", "age")
    assert expression.type == "flag"
    assert parse("tax - paid", COLUMNS).type == "money"
    assert parse("tax / paid", COLUMNS).type == "number"
    assert isinstance(expression.tree, exp.And)


def test_it_splits_at_and():
    parts = parse("(age > 1 AND (alone AND alarm)) AND (state = 'open' OR alone)", COLUMNS)
    texts = [part.text for part in parts.conjuncts()]
    assert texts == ["age > 1", "alone", "alarm", "state = 'open' OR alone"]
    whole = parse("age > 1 OR alone", COLUMNS)
    assert whole.conjuncts() == (whole,)


def test_twenty_conditions_in_a_row_are_not_deep():
    text = " AND ".join(["alone"] * 20)
    assert len(parse(text, COLUMNS).conjuncts()) == 20


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("agee > 1", "age"),
        ("state = 'opn'", "open"),
        ("lenght(name) > 1", "length"),
    ],
)
def test_it_asks_after_the_nearest_word(text, word):
    with pytest.raises(BadExpression) as caught:
        parse(text, COLUMNS)
    assert f"“{word}”" in caught.value.message
    assert "Did you mean" in caught.value.message_en


def test_it_says_where():
    with pytest.raises(BadExpression) as caught:
        parse("age > 1 AND wrong > 2", COLUMNS)
    assert caught.value.position == 12


def test_a_column_that_is_not_given_is_an_error():
    with pytest.raises(KeyError):
        parse("age > 1", COLUMNS).sql({})


def test_given_trees_stay_as_they_are():
    column = exp.column("age")
    parse("age > 1 AND age < 3", COLUMNS).sql({"age": column})
    assert column.parent is None


@pytest.mark.parametrize(
    ("postgres", "sqlite"),
    [
        ("SELECT DATE_TRUNC('month', day)", "SELECT DATE(day, 'start of month')"),
        ("SELECT DATE_TRUNC('year', day)", "SELECT DATE(day, 'start of year')"),
        ("SELECT data ->> 'a' = '2'", "SELECT CAST(data ->> '$.a' AS TEXT) = '2'"),
        ("SELECT CAST(data ->> 'a' AS INT)", "SELECT CAST(data ->> '$.a' AS INTEGER)"),
        ("SELECT name LIKE '%a[_%'", "SELECT name GLOB '*a[[]?*'"),
        ("SELECT EXTRACT(MONTH FROM day)", "SELECT CAST(STRFTIME('%m', day) AS INTEGER)"),
    ],
)
def test_sqlite_gets_its_own_words(postgres, sqlite):
    assert to_dialect(parse_one(postgres, read="postgres"), "sqlite") == sqlite


def test_what_sqlite_cannot_say_is_refused():
    with pytest.raises(NotPortable):
        to_dialect(parse_one("SELECT DATE_TRUNC('week', day)", read="postgres"), "sqlite")
    with pytest.raises(NotPortable):
        to_dialect(parse_one("SELECT EXTRACT(epoch FROM day)", read="postgres"), "sqlite")
    with pytest.raises(NotPortable):
        to_dialect(parse_one("SELECT a LIKE b", read="postgres"), "sqlite")


def test_postgresql_is_left_alone():
    text = "SELECT DATE_TRUNC('MONTH', day), data ->> 'a' FROM facts WHERE name LIKE 'a%'"
    assert to_dialect(parse_one(text, read="postgres"), "postgres") == text


@pytest.mark.parametrize(
    ("word", "fits"),
    [
        ("address", True),
        ("state", True),
        ("type", True),
        ("on", False),
        ("case", False),
        ("current_date", False),
        ("Address", False),
        ("地址", False),
        ("a" * 41, False),
    ],
)
def test_it_knows_which_names_can_be_columns(word, fits):
    assert is_name(word) is fits
