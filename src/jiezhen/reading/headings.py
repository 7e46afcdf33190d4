"""The forms that headings and list items take in government documents, and their rank."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jiezhen.reading import lexicon

_CN: Final = "[一二三四五六七八九十]"
_BULLET: Final = re.compile(r"\s*(?:[-*+•·●◆◇■□▲▼►▶○★☆✓✔√→➢❖⚫∙・]\s*)+")
_PAGE: Final = re.compile(
    r"\s*(?:[-—–－]?\s*\d{1,3}\s*[-—–－]?|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)\s*$"
)
_MARKDOWN: Final = re.compile(r"\s{0,3}(#{1,6})\s+")
_SHORT: Final = 45
_MEASURE: Final = f"(?:{lexicon.any_of('measures', 'name_units')}|[余多月日年])"

# form, rank (smaller is higher), pattern of its mark
_FORMS: Final = tuple(
    (rank, re.compile(pattern))
    for _, rank, pattern in (
        ("part", 1, rf"\s*第(?:{_CN}+|\d+)[部分编章](?:分)?[\s、：:]*"),
        ("一、", 2, rf"\s*{_CN}{{1,3}}\s*[、．.]\s*"),
        ("01", 2, r"\s*0\d\s+(?=[^\d\s])"),
        ("1 ", 4, rf"\s*[1-9]\d?[ \u3000]+(?!{_MEASURE})(?=[\u4e00-\u9fff]{{3}})"),
        ("一", 2, rf"\s*{_CN}{{1,2}}\s+(?=\S)(?!\S\s)"),
        ("（一）", 3, rf"\s*[（(]\s*{_CN}{{1,3}}\s*[）)]\s*"),
        ("◎", 3, r"\s*[◎※>]\s*"),
        ("1.", 4, r"\s*\d{1,2}\s*[.、．](?!\d)\s*"),
        ("（1）", 5, r"\s*[（(]\s*\d{1,2}\s*[）)]\s*"),
        ("①", 6, r"\s*[①-⑳]\s*"),
    )
)
_LEAD: Final = re.compile(r"[^。；]{2,40}[。：:]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line begins with: its form, its rank as a heading (0 for none) and where its words begin.

    `numbered` says that a number and no sign of Markdown opens it, so that it may as well be an item of a list.
    """

    form: str
    rank: int
    content: int
    numbered: bool = False


def is_page_number(line: str) -> bool:
    """Return whether the line holds nothing but a page number."""
    return bool(_PAGE.match(line))


def mark_of(line: str) -> Mark:
    """Return how the line opens. `form` is heading, item, bullet or plain.

    An item is a numbered line too long or too finished to be a heading: its words are a paragraph.
    """
    markdown = _MARKDOWN.match(line)
    start = markdown.end() if markdown else 0
    rest = line[start:].replace("**", "")
    shift = start + (line[start:].startswith("**") and 2)
    for rank, pattern in _FORMS:
        found = pattern.match(rest)
        if found and found.end() < len(rest.rstrip()):
            heading = markdown is not None or _is_heading(rest[found.end() :].strip())
            return Mark(
                "heading" if heading else "item",
                rank,
                shift + found.end(),
                numbered=markdown is None,
            )
    if markdown:
        return Mark("heading", len(markdown[1]), shift)
    bullet = _BULLET.match(line)
    if bullet and bullet.end() < len(line) and not line.startswith("**"):
        return Mark("bullet", 0, bullet.end())
    return Mark("plain", 0, len(line) - len(line.lstrip()))


def lead_of(words: str) -> str | None:
    """Return the short first sentence of a numbered paragraph, which serves as its heading; else None."""
    found = _LEAD.match(words)
    return found[0].rstrip("。：:") if found and not re.search(r"\d", found[0]) else None


def _is_heading(words: str) -> bool:
    return len(words) <= _SHORT and not re.search(r"[。；;]", words.rstrip("。；;"))
