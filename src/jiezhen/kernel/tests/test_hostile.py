"""Expressions that must be refused, each with a message that names the word and what is allowed."""

import pytest

from jiezhen.kernel.expressions import BadExpression, parse
from jiezhen.kernel.tests.engines import COLUMNS

#: The expression, and a word that the message must name.
HOSTILE = [
    ("SELECT 1", "SELECT"),
    ("(SELECT age)", "SELECT"),
    ("age IN (SELECT 1)", "SELECT"),
    ("EXISTS (SELECT 1)", "EXISTS"),
    ("age = ANY (SELECT 1)", "ANY"),
    ("age > ALL (1)", "ALL"),
    ("age > 1; DROP TABLE facts", ";"),
    ("age > 1 UNION SELECT 2", "UNION"),
    ("age > 1 -- AND alone", "--"),
    ("age /* x */ > 1", "/*"),
    ("age > 1 #", "#"),
    ("DROP TABLE facts", "DROP"),
    ("DELETE FROM facts", "DELETE"),
    ("UPDATE facts SET age = 1", "UPDATE"),
    ("PRAGMA user_version", "PRAGMA"),
    ("ATTACH 'x' AS y", "ATTACH"),
    ("CREATE MACRO a() AS 1", "CREATE"),
    ("COPY facts TO 'x'", "COPY"),
    ("load_extension('x')", "load_extension"),
    ("pg_read_file('/etc/passwd')", "pg_read_file"),
    ("read_blob('/etc/passwd')", "read_blob"),
    ("read_csv('x')", "read_csv"),
    ("query('select 1')", "query"),
    ("repeat('a', 100000000)", "repeat"),
    ("randomblob(1000000000)", "randomblob"),
    ("zeroblob(1000000000)", "zeroblob"),
    ("generate_series(1, 1000000)", "generate_series"),
    ("pg_sleep(10)", "pg_sleep"),
    ("current_setting('x')", "current_setting"),
    ("version()", "version"),
    ("random() > 0", "random"),
    ("now() > begun", "now"),
    ("current_date > begun", "current_date"),
    ("current_user = name", "current_user"),
    ("sum(age) > 1", "sum"),
    ("count(*) > 1", "count"),
    ("row_number() OVER ()", "row_number"),
    ("age OVER (1)", "OVER"),
    ("CAST(age AS TEXT)", "CAST"),
    ("age::text", ":"),
    ("age COLLATE nocase", "COLLATE"),
    ("facts.age > 1", "."),
    ("public.facts", "."),
    ('"age" > 1', '"'),
    ("`age` > 1", "`"),
    ("[age] > 1", "["),
    ("$1 > age", "$"),
    ("? > age", "?"),
    (":age > 1", ":"),
    ("@age > 1", "@"),
    ("$$a$$ = name", "$"),
    ("E'\\x41' = name", "引号"),
    ("name = 'a\\' OR 1=1", "引号"),
    ("name = 'a", "引号"),
    ("name = 'a\x00b'", "引号"),
    ("name || 'x' = 'y'", "|"),
    ("data ->> 'x' = 'y'", "data"),
    ("name ~ 'a*'", "~"),
    ("name SIMILAR TO 'a'", "SIMILAR"),
    ("name ILIKE 'a'", "ILIKE"),
    ("name REGEXP 'a'", "REGEXP"),
    ("name LIKE 'a' ESCAPE 'b'", "ESCAPE"),
    ("name LIKE name", "LIKE"),
    ("age ^ 2 > 1", "^"),
    ("age % 2 = 1", "%"),
    ("age & 1 = 1", "&"),
    ("age << 40 > 1", "<"),
    ("age > 1e400", "1e400"),
    ("age > 0x10", "0x10"),
    ("age > 1234567890123456789", "1234567890123456789"),
    ("age > .5", "."),
    ("age ＞ 1", "＞"),
    ("age > 1，alone", "，"),
    ("年龄 > 1", "年"),
    ("{age} > 1", "{"),
    ("{{ age }}", "{"),
    ("age > 1 AND\nalone", "换行"),
    ("age = NULL", "NULL"),
    ("age IS TRUE", "IS"),
    ("age IS DISTINCT FROM 1", "DISTINCT"),
    ("INTERVAL '1 day' > begun", "INTERVAL"),
    ("DATE '2023-01-01' > begun", "DATE"),
    ("begun > '2023-02-30'", "2023-02-30"),
    ("begun > 'yesterday'", "yesterday"),
    ("state = 'gone'", "gone"),
    ("unknown > 1", "unknown"),
    ("__class__", "__class__"),
    ("age AND alone", "age"),
    ("alone > alarm", "是否"),
    ("alone = 'yes'", "是否"),
    ("name > 'a'", "文字"),
    ("age > 'a'", "数"),
    ("tax > age", "金额"),
    ("tax * paid > 1", "金额"),
    ("age / tax > 1", "金额"),
    ("tax > 0.001", "0.001"),
    ("begun + 1 > ended", "begun"),
    ("least(name, state) = 'a'", "文字"),
    ("round(age, 9)", "ROUND"),
    ("round(round(age))", "ROUND"),
    ("round(age, score)", "ROUND"),
    ("year(age)", "age"),
    ("coalesce(age)", "coalesce"),
    ("days_between(begun)", "days_between"),
    ("abs(age, 2)", ""),
    ("age IN ()", "IN"),
    ("age IN (score)", "IN"),
    ("CASE age WHEN 1 THEN 2 END", "CASE"),
    ("CASE WHEN age THEN 2 END", "age"),
    ("(1, 2) = (1, 2)", "(1, 2)"),
    ("age b", "b"),
    ("age >", ""),
    ("((age)", ""),
    ("", "空"),
    ("   ", "空"),
]
#: Too long, too deep, too many: refused before anything can overflow.
LARGE = [
    "(" * 10_000 + "age" + ")" * 10_000,
    "(" * 17 + "age" + ")" * 17,
    "(" * 190 + "age" + ")" * 190,
    "NOT " * 99 + "1",
    "- " * 190 + "age",
    "CASE WHEN " * 39,
    "CASE WHEN alone THEN " * 18 + "1",
    "abs(" * 90 + "age",
    " AND ".join(["alone"] * 45),
    "age + " * 20 + "age",
    "age IN (" + ", ".join(["1"] * 100) + ")",
    "*".join(["age"] * 18),
    "a" * 1_000_000,
    "'" + "x" * 500 + "'",
]


@pytest.mark.parametrize(("text", "word"), HOSTILE, ids=[text for text, _ in HOSTILE])
def test_it_is_refused_by_name(text, word):
    with pytest.raises(BadExpression) as caught:
        parse(text, COLUMNS)
    assert word in caught.value.message
    assert caught.value.message_en
    assert caught.value.message.endswith(("。", "？"))
    assert 0 <= caught.value.position <= max(len(text), 1)


@pytest.mark.parametrize("text", LARGE, ids=lambda text: text[:20])
def test_size_is_checked_before_anything_overflows(text):
    with pytest.raises(BadExpression) as caught:
        parse(text, COLUMNS)
    assert caught.value.message
    assert caught.value.message_en


def test_a_refused_word_comes_with_what_is_allowed():
    with pytest.raises(BadExpression) as caught:
        parse("wrong = 1", COLUMNS)
    for word in ("age", "BETWEEN", "coalesce"):
        assert word in caught.value.message
        assert word in caught.value.message_en
