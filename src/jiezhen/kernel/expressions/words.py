"""The words of the language: what may stand in an expression, before anything is parsed.

A text that passes `checked` holds only names that are declared, listed functions, listed keywords,
plain numbers, plain strings and plain operators. Everything else is refused here, with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from jiezhen.kernel.expressions.nodes import BadExpression, Column

KEYWORDS = (
    *("AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "LIKE"),
    *("CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE"),
)

#: Functions with the number of their arguments (least, most).
FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "coalesce": (2, 8),
    "days_between": (2, 2),
    "greatest": (2, 8),
    "least": (2, 8),
    "length": (1, 1),
    "month": (1, 1),
    "round": (1, 2),
    "year": (1, 1),
}

MOST_CHARACTERS = 400
MOST_DEPTH = 16
#: More significant digits than this are not exact in every engine.
MOST_DIGITS = 15

_TOKEN = re.compile(
    r"(?P<space>[ \t]+)"
    r"|(?P<comment>--|/\*)"
    r"|(?P<string>'(?:[^'\\\x00-\x1f\x7f]|'')*')"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?![A-Za-z0-9_.])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<operator><=|>=|<>|!=|[-+*/<>=(),])"
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def checked(text: str, columns: Mapping[str, Column]) -> None:
    """Refuse a text that holds anything but the words of the language.

    Raises:
        BadExpression: The text is empty, too long, not one line, too deep, or holds a word or
            sign that does not belong; the message names it and what is allowed.
    """
    _size(text)
    tokens = list(_tokens(text))
    depth = 0
    for index, (kind, word, place) in enumerate(tokens):
        if word == "(":
            depth += 1
            if depth > MOST_DEPTH:
                raise too_deep(place)
        elif word == ")":
            depth -= 1
        elif kind == "number" and len(word.replace(".", "").lstrip("0")) > MOST_DIGITS:
            raise BadExpression(
                f"数“{word}”太长，最多 {MOST_DIGITS} 位。",
                f"The number {word} is too long; {MOST_DIGITS} digits at most.",
                place,
            )
        elif kind == "word":
            called = index + 1 < len(tokens) and tokens[index + 1][1] == "("
            _known(word, place, columns, called=called)


def too_deep(place: int = 0) -> BadExpression:
    """Return the refusal of an expression with too many levels."""
    return BadExpression(
        f"式子套得太深，最多 {MOST_DEPTH} 层。",
        f"The expression is nested too deeply; {MOST_DEPTH} levels at most.",
        place,
    )


@lru_cache(maxsize=4096)
def is_name(word: str) -> bool:
    """Return whether the word may name a column: lower case, and free in every position."""
    if not _NAME.fullmatch(word) or word.upper() in KEYWORDS:
        return False
    try:
        tree = parse_one(
            f"{word} = 1 AND NOT {word} IS NULL OR {word} > - {word}", read="postgres"
        )
    except SqlglotError:
        return False
    return len(list(tree.find_all(exp.Column))) == 4


def nearest(word: str, allowed: Iterable[str]) -> tuple[str, str]:
    """Return a question after the nearest allowed word, in Chinese and English, or two blanks."""
    close = get_close_matches(word.lower(), list(allowed), n=1, cutoff=0.6)
    if not close:
        return "", ""
    return f"是不是想写“{close[0]}”？", f" Did you mean {close[0]!r}?"


def _size(text: str) -> None:
    if not text.strip():
        raise BadExpression("式子是空的。", "The expression is empty.", 0)
    if len(text) > MOST_CHARACTERS:
        raise BadExpression(
            f"式子有 {len(text)} 个字符，最多 {MOST_CHARACTERS} 个；更长的判断请拆成几项。",
            f"The expression has {len(text)} characters; {MOST_CHARACTERS} at most. Split it.",
            MOST_CHARACTERS,
        )
    for place, sign in enumerate(text):
        if sign in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
            raise BadExpression(
                "式子只能写一行，这里有换行。",
                "An expression is one line; there is a line break.",
                place,
            )


def _tokens(text: str) -> Iterable[tuple[str, str, int]]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _strange(text, place)
        if match.lastgroup == "comment":
            raise BadExpression(
                f"式子里不能有注释“{match[0]}”。", f"No comments ({match[0]}) are allowed.", place
            )
        if match.lastgroup != "space":
            yield str(match.lastgroup), match[0], place
        place = match.end()


def _strange(text: str, place: int) -> BadExpression:
    sign = text[place]
    if sign == "'":
        return BadExpression(
            "引号没有成对，或引号里有反斜杠、换行等不能用的字符。",
            "A quote is not closed, or holds a backslash or control character.",
            place,
        )
    if sign.isdigit() and sign.isascii():
        word = re.match(r"[0-9A-Za-z_.]+", text[place:])
        shown = word[0] if word else sign
        return BadExpression(
            f"“{shown}”不是数，请写成 80 或 0.5 的样子。",
            f"{shown!r} is no number; write 80 or 0.5.",
            place,
        )
    return BadExpression(
        f"不认识的符号“{sign}”。可用的符号：+ - * / = <> < <= > >= ( ) , 和单引号，都是半角。",
        f"Unknown sign {sign!r}. Allowed: + - * / = <> < <= > >= ( ) , and single quotes.",
        place,
    )


def _known(word: str, place: int, columns: Mapping[str, Column], *, called: bool) -> None:
    keyword, function = word.upper() in KEYWORDS, word.lower() in FUNCTIONS
    if keyword or (called and function) or (not called and word in columns):
        return
    if called:
        hint, hint_en = nearest(word, FUNCTIONS)
        raise BadExpression(
            f"没有函数“{word}”。{hint}可用的函数：{'、'.join(FUNCTIONS)}。",
            f"There is no function {word!r}.{hint_en} Allowed functions: {', '.join(FUNCTIONS)}.",
            place,
        )
    hint, hint_en = nearest(word, columns)
    names = sorted(columns)
    raise BadExpression(
        f"不能用“{word}”。{hint}可用的名字：{'、'.join(names) or '（没有）'}；"
        f"可用的词：{' '.join(KEYWORDS)}；可用的函数：{'、'.join(FUNCTIONS)}。",
        f"{word!r} is not allowed.{hint_en} Allowed names: {', '.join(names) or '(none)'}; "
        f"words: {' '.join(KEYWORDS)}; functions: {', '.join(FUNCTIONS)}.",
        place,
    )
