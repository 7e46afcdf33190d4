"""How personal values look until somebody gives a reason to see them.

SAFETY 4.3: the name keeps its surname, a phone number three and four digits, an id
number its first and last character, because six and four would leave only a few
candidates inside one subdistrict.
"""

import logging
import re

_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "夏侯",
)


def is_id_number(text: str) -> bool:
    """Say whether 18 characters are a resident id number, by its check digit."""
    if not _ID.fullmatch(text):
        return False
    total = sum(int(d) * w for d, w in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == text[17].upper()


def name(text: str) -> str:
    """Return a name with its surname only: 王小明 → 王**."""
    if not text:
        return ""
    kept = 2 if text[:2] in _COMPOUND and len(text) > 2 else 1
    return text[:kept] + "*" * max(1, len(text) - kept)


def phone(text: str) -> str:
    """Return a phone number with three and four digits: 138****5678."""
    if len(text) < 8:
        return "*" * len(text)
    return f"{text[:3]}****{text[-4:]}"


def id_number(text: str) -> str:
    """Return an id number with its first and last character."""
    return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}" if len(text) > 2 else "*" * len(text)


def free_text(text: str) -> str:
    """Return text with the phone and id numbers in it masked."""
    text = _ID.sub(lambda m: id_number(m[0]) if is_id_number(m[0]) else m[0], text)
    return _PHONE.sub(lambda m: phone(m[0]), text)


class LogFilter(logging.Filter):
    """Masks phone and id numbers in every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message; keep every record."""
        record.msg = free_text(record.getMessage())
        record.args = ()
        return True
