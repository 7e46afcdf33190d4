"""What packs cannot bring in: recognition, tracking and scoring of persons, watching of staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiezhen.packs.loader import Loaded

#: Parts of names and types that stand for what the product refuses.
NAMES = (
    *("face_template", "face_id", "face_print", "faceprint", "voiceprint", "fingerprint"),
    *("iris", "gait", "biometric", "plate_number", "person_score", "citizen_score"),
    *("social_credit", "risk_person", "person_track", "check_in", "clock_in", "online_time"),
    "online_minutes",
)
TITLES = (
    *("人脸", "声纹", "指纹", "虹膜", "步态", "生物特征", "行踪轨迹", "个人信用分"),
    *("居民评分", "人员评分", "人员积分", "打卡", "在线时长", "考勤"),
)


def refused(*words: str) -> str:
    """Return the first refused word in these names and titles; blank when there is none."""
    for word in words:
        lowered = word.lower()
        for name in NAMES:
            if lowered == name or (name in lowered and name not in ("iris", "gait")):
                return word
        if any(title in word for title in TITLES):
            return word
    return ""


def explained(word: str) -> tuple[str, str]:
    """Return why the word is refused, in Chinese and English."""
    return (
        f"“{word}”不能用：不做人脸等生物识别，不追踪、不给人打分，也不做打卡和在线时长。",
        f"{word!r} is refused: no biometrics, no tracking or scoring of persons, no time clocks.",
    )


def check(loaded: Loaded) -> None:
    """Add a problem for each declaration that stands against the product's stance."""
    for section, name, path, words in _words(loaded):
        word = refused(*words)
        if word:
            messages = explained(word)
            loaded.report(section, name, messages, *path)


def _words(loaded: Loaded) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    for name, kind in loaded.kinds.items():
        yield "kinds", name, (), (name.split(".")[-1], kind.title)
        for field_name, field in kind.fields.items():
            yield "kinds", name, ("fields", field_name), (field_name, field.title)
    for name, indicator in loaded.indicators.items():
        yield "indicators", name, (), (name, indicator.title, *indicator.also)
    for name, statistic in loaded.statistics.items():
        yield "statistics", name, (), (name, statistic.title)
