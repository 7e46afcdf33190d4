"""Measure the reader: what it finds against gold figures, and how many characters it reads a second.

    python bench/reading.py [FOLDER]

FOLDER holds `seeds/*.txt` and `gold/*.jsonl`; without it JIEZHEN_SHARED or `shared` beside the repository is used, and
where there is none, only the speed is measured, on a text made here. Ends with 1 when a threshold is missed.
"""

# ruff: noqa: T201 - a benchmark prints its table

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from jiezhen.reading import read  # noqa: E402
from jiezhen.reading.tests import test_gold as gold  # noqa: E402

SPEED = 200_000
SAMPLE = (
    "一、工作回顾\n全年新增就业岗位2100个，同比增长5%。举办招聘会12场，覆盖900余人次，满意率达98%以上。\n"
    * 2000
)
THRESHOLDS = {"F1": 0.97, "kind": 0.95, "comparator": 0.98, "period": 0.90, "object": 0.75}
EACH_F1 = 0.95


def measured(pairs: list, missed: list, false: list) -> dict[str, float]:
    """Return F1 and what the matched figures say, as shares."""
    found = 2 * len(pairs) / max(1, 2 * len(pairs) + len(missed) + len(false))

    def share(key: str, rows: list) -> float:
        return sum(row[key] == hit[key] for row, hit in rows) / max(1, len(rows))

    dated = [pair for pair in pairs if pair[0]["period"]]
    likeness = sum(gold.likeness(row["object"], hit["object"]) for row, hit in pairs) / max(
        1, len(pairs)
    )
    return {
        "F1": found,
        "kind": share("kind", pairs),
        "comparator": share("comparator", pairs),
        "period": share("period", dated),
        "object": likeness,
    }


DENSE = ("，1个", "1个", "小区5个、", "“1个", "（1个", "1 2 个")


def growth(piece: str) -> float:
    """Return how much longer a text of nothing but figures takes when it is four times as long."""

    def seconds(length: int) -> float:
        start = time.process_time()
        read(piece * (length // len(piece)))
        return time.process_time() - start

    seconds(600)
    return seconds(12_000) / max(min(seconds(3000) for _ in range(2)), 0.005)


def speed(texts: list[str]) -> float:
    """Return characters per second of processor time on one core, the best of five runs."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for text in texts:
            read(text)
        best = min(best, time.process_time() - start)
    return sum(map(len, texts)) / best


def main(folder: Path) -> int:
    """Print the table; return 0 when every threshold is met."""
    paths = sorted((folder / "gold").glob("*.jsonl"))
    gold.SHARED = folder
    together: tuple[list, list, list] = ([], [], [])
    good = True
    print("document   " + "".join(f"{key:>16}" for key in THRESHOLDS))
    for path in paths:
        parts = gold.matched(path)
        for whole, part in zip(together, parts, strict=True):
            whole.extend(part)
        values = measured(*parts)
        good &= values["F1"] >= EACH_F1
        print(f"{path.stem[:10]:11}" + "".join(f"{value:16.3f}" for value in values.values()))
    if paths:
        values = measured(*together)
        print(
            "together   "
            + "".join(f"{values[key]:8.3f} >={least:5.2f} " for key, least in THRESHOLDS.items())
        )
        good &= all(values[key] >= least for key, least in THRESHOLDS.items())
    texts = [path.read_text("utf-8") for path in sorted((folder / "seeds").glob("*.txt"))] or [
        SAMPLE
    ]
    pace = speed(texts)
    print(f"speed      {pace:,.0f} characters a second, wanted {SPEED:,}")
    grown = {piece: growth(piece) for piece in DENSE}
    worst = max(grown, key=lambda piece: grown[piece])
    print(
        f"dense text four times as long takes {grown[worst]:.1f} times as long (“{worst}”), limit 10"
    )
    return 0 if good and pace >= SPEED and grown[worst] < 10 else 1


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("JIEZHEN_SHARED")
    sys.exit(main(Path(given) if given else ROOT.parent / "shared"))
