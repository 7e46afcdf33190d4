"""The reader against the gold figures of real documents, where these are at hand.

Set JIEZHEN_SHARED to a folder with `seeds/` and `gold/`, or keep it as `shared` beside the repository.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from jiezhen.reading import read

SHARED = Path(os.environ.get("JIEZHEN_SHARED") or Path(__file__).resolve().parents[5] / "shared")
GOLD = sorted((SHARED / "gold").glob("*.jsonl")) if SHARED.is_dir() else []
SAME = {"％": "%", "百分点": "个百分点", "公里": "千米", "㎡": "平方米"}

pytestmark = pytest.mark.skipif(
    not GOLD, reason="the documents with gold figures are not beside the repository"
)


def matched(path):
    """Return pairs of gold row and found figure, the gold rows missed and the figures found in vain."""
    text = (SHARED / "seeds" / f"{path.stem}.txt").read_text("utf-8")
    free = [figure.to_dict() for figure in read(text).claims]
    pairs, missed = [], []
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        if row["kind"] == "id":
            continue
        hit = next(
            (
                f
                for f in free
                if f["start"] < row["end"] and row["start"] < f["end"] and agree(f, row)
            ),
            None,
        )
        if hit:
            free.remove(hit)
        if not row.get("weak"):
            (pairs if hit else missed).append((row, hit))
    return pairs, missed, free


def agree(found, row):
    same_value = found["value"] == row["value"] or (
        None not in (found["value"], row["value"])
        and abs(found["value"] - row["value"]) <= 1e-9 * max(1.0, abs(row["value"]))
    )
    return same_value and unit(found) == unit(row)


def unit(row):
    return SAME.get(row["unit"], row["unit"]) or ""


def grams(words):
    words = "".join(ch for ch in words or "" if ch.isalnum())
    return Counter(words[i : i + 2] for i in range(len(words) - 1))


def likeness(left, right):
    a, b = grams(left), grams(right)
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:3])
def test_figures_of_each_document(path):
    pairs, missed, false = matched(path)
    f1 = 2 * len(pairs) / (2 * len(pairs) + len(missed) + len(false))
    assert f1 >= 0.95
    assert len(false) <= max(2, len(pairs) // 20)


def test_what_the_figures_say():
    pairs = [pair for path in GOLD for pair in matched(path)[0]]

    def share(key, rows):
        return sum(row[key] == found[key] for row, found in rows) / len(rows)

    assert share("kind", pairs) >= 0.95
    assert share("comparator", pairs) >= 0.98
    assert share("period", [pair for pair in pairs if pair[0]["period"]]) >= 0.90
    assert (
        sum(likeness(row["object"], found["object"]) for row, found in pairs) / len(pairs) >= 0.75
    )
