"""What is wrong with a pack, said with file, line and cure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class PackError(Exception):
    """One thing that is wrong with a pack.

    Attributes:
        message: What is wrong and what is allowed, in Chinese.
        message_en: The same in English.
        file: The file, None when the trouble is with a folder or the whole catalogue.
        line: The line, counted from 1; 0 when there is none.
    """

    def __init__(
        self, message: str, message_en: str, file: Path | None = None, line: int = 0
    ) -> None:
        self.message = message
        self.message_en = message_en
        self.file = file
        self.line = line
        super().__init__(message)

    @property
    def where(self) -> str:
        """Return file and line as editors write them: kinds.yaml:12, with the pack's folder."""
        if self.file is None:
            return ""
        name = f"{self.file.parent.name}/{self.file.name}"
        return f"{name}:{self.line}" if self.line else name

    def __str__(self) -> str:
        return f"{self.where} {self.message}".strip()


class BadPacks(PackError):
    """Packs that cannot be loaded; `problems` lists everything that is wrong."""

    def __init__(self, problems: Iterable[PackError]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        more = len(self.problems) - 1
        super().__init__(
            first.message + (f"（另有 {more} 处）" if more else ""),
            first.message_en + (f" (and {more} more)" if more else ""),
            first.file,
            first.line,
        )


def listed(words: Iterable[str]) -> str:
    """Return words as a Chinese list."""
    return "、".join(words)


def asked(word: str, allowed: Iterable[str]) -> tuple[str, str]:
    """Return a question after the nearest allowed word, in Chinese and English, or blanks."""
    near = get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    if not near:
        return "", ""
    return f"您是说“{near[0]}”吗？", f" Did you mean {near[0]!r}?"


def unknown(what: str, what_en: str, word: str, allowed: Iterable[str]) -> tuple[str, str]:
    """Return the two messages for a word that is not among the allowed ones."""
    allowed = list(allowed)
    near, near_en = asked(word, allowed)
    shown, shown_en = listed(allowed[:40]) or "（没有）", ", ".join(allowed[:40]) or "(none)"
    return (
        f"没有{what}“{word}”。{near}可用的：{shown}。",
        f"There is no {what_en} {word!r}.{near_en} Allowed: {shown_en}.",
    )
