"""An expression means the same in Python, SQLite and PostgreSQL, unknown included."""

import random

import pytest

from jiezhen.kernel.expressions import BadExpression, parse
from jiezhen.kernel.tests import engines

NUMBERS = ["age", "score", "0.1", "0.3", "2", "-1", "80", "length(name)", "year(begun)"]
NUMBERS += ["month(ended)", "days_between(begun, ended)", "(tax / paid)"]
MONEY = ["tax", "paid", "coalesce(tax, 0)", "tax - paid", "tax * 0.5", "tax / 3"]
WRITTEN = [
    "age >= 80 AND alone AND NOT alarm",
    "NOT (age > 1 OR alone)",
    "age + score = 0.3",
    "0.1 + 0.2 = 0.3",
    "age / score > 1",
    "age / 2 = 0.5",
    "1 / 2 = 0.5",
    "tax >= 10000",
    "tax / paid",
    "tax * 0.07",
    "round(score, 2)",
    "round(score)",
    "round(age / 3, 4)",
    "round(tax / 7, 2)",
    "round(tax / 7)",
    "abs(age) + -score",
    "least(age, score)",
    "greatest(age, score, 0)",
    "least(begun, ended)",
    "coalesce(age, score, 7)",
    "length(name) > 3",
    "name LIKE '%路%'",
    "name LIKE 'a_b'",
    "name LIKE 'A%'",
    "name LIKE '50%'",
    "name LIKE '*[x]?'",
    "name NOT LIKE '%*%'",
    "name = 'it''s'",
    "name = ''",
    "name IN ('江川路', '50%')",
    "state IN ('open', 'done')",
    "state NOT IN ('open')",
    "state <> 'open' OR state IS NULL",
    "age BETWEEN 1 AND score",
    "age NOT BETWEEN score AND 80",
    "begun >= '2023-01-01' AND begun < '2023-07-01'",
    "begun BETWEEN '2022-06-30' AND ended",
    "days_between(begun, ended)",
    "days_between('2023-02-28', ended) > 365",
    "year(begun) = 2023",
    "month(ended) IN (1, 2, 12)",
    "seen >= '2023-06-30 18:00'",
    "seen < '2023-07-01'",
    "alone = alarm",
    "alone <> TRUE",
    "(age > 1) = (score > 1)",
    "CASE WHEN age > 80 THEN 'old' WHEN alone THEN 'alone' ELSE name END",
    "CASE WHEN age > 80 THEN tax END",
    "CASE WHEN alone THEN begun ELSE ended END",
    "alone IS NULL",
    "(age > 1) IS NOT NULL",
    "NOT alone IS NULL AND age IS NOT NULL",
    "tax",
    "name",
    "state",
    "begun",
    "alone",
]


def _number(chance, depth):
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(NUMBERS)
    left, right = _number(chance, depth - 1), _number(chance, depth - 1)
    forms = [f"({left} + {right})", f"({left} - {right})", f"({left} * {right})"]
    forms += [f"({left} / {right})", f"abs({left})", f"-({left})", f"least({left}, {right})"]
    forms += [f"coalesce({left}, {right})", f"CASE WHEN alone THEN {left} ELSE {right} END"]
    return chance.choice(forms)


def _condition(chance, depth):
    if depth == 0 or chance.random() < 0.2:
        return chance.choice([text for text in WRITTEN if text not in _VALUES])
    one, other = _condition(chance, depth - 1), _condition(chance, depth - 1)
    sign = chance.choice(["=", "<>", "<", "<=", ">", ">="])
    money = f"{chance.choice(MONEY)} {sign} {chance.choice([*MONEY, '100', '10000'])}"
    numbers = f"{_number(chance, depth - 1)} {sign} {_number(chance, depth - 1)}"
    joined = [f"({one} AND {other})", f"({one} OR {other})"]
    return chance.choice([*joined, f"NOT ({one})", f"({one}) IS NULL", money, numbers])


_VALUES = {text for text in WRITTEN if parse(text, engines.COLUMNS).type != "flag"}


def _expressions():
    chance = random.Random(20230703)  # noqa: S311 -- the same rows every time
    for text in WRITTEN:
        yield parse(text, engines.COLUMNS)
    made = 0
    while made < 250:
        try:
            expression = parse(chance.choice([_condition, _number])(chance, 3), engines.COLUMNS)
        except BadExpression as bad:
            if "最多" not in bad.message:
                raise
            continue
        made += 1
        yield expression


@pytest.fixture(scope="module")
def rows():
    chance = random.Random(1)  # noqa: S311 -- the same rows every time
    return [{}, *(engines.row(chance) for _ in range(60))]


def _agree(connection, dialect, rows):
    for expression in _expressions():
        sql = engines.statement(expression, dialect)
        got = [engines.plain(v, expression.type) for _, v in connection.execute(sql)]
        said = [engines.plain(expression.evaluate(r), expression.type) for r in rows]
        assert got == said, f"{expression.text}\n{sql}"


def test_python_agrees_with_sqlite(rows):
    _agree(engines.sqlite(rows), "sqlite", rows)


def test_python_agrees_with_postgresql(rows):
    connection = engines.postgres(rows)
    if connection is None:
        pytest.skip("no PostgreSQL answers at JIEZHEN_TEST_PG")
    with connection:
        _agree(connection, "postgres", rows)
