"""Document 004 proof-read by itself, and drafts against the records of a small office."""

import html
import json
import re

import pytest

from jiezhen.conf.testing import shared
from jiezhen.conftest import AT, Cast
from jiezhen.records import operations
from jiezhen.reports.queries import checks
from jiezhen.reports.rules.checking import check_text
from jiezhen.reports.rules.model import Finding, Result

from . import doors, gold


@pytest.fixture(scope="module")
def text() -> str:
    found = gold.document("004")
    if found is None:
        pytest.skip(gold.WHY)
    return found


@pytest.fixture(scope="module")
def result(text: str) -> Result:
    return check_text(text)


def bare(text: str) -> str:
    return re.sub(r"[\s◆>\-]", "", text)


def of(result: Result, about: str) -> list[Finding]:
    return [f for f in result.findings if f.about == about]


def test_exactly_nineteen_bullets_are_found_to_stand_twice(text: str, result: Result) -> None:
    found = of(result, "repeat")
    assert len(found) == 19
    for repeat in found:
        (start, end), (first, last) = repeat.spans
        assert start > first
        assert bare(text[start:end]) == bare(text[first:last])


def test_they_are_the_bullets_whose_figures_are_labelled_as_told_before(result: Result) -> None:
    folder = shared()
    assert folder is not None
    path = next((folder / "gold").glob("004_*.jsonl"))
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    spans = [f.spans[0] for f in of(result, "repeat")]
    for row in (r for r in rows if r["kind"] != "id"):
        inside = any(start <= row["start"] and row["end"] <= end for start, end in spans)
        assert inside == bool(row.get("duplicate_of")), row["quote"]


def test_its_sums_hold(result: Result) -> None:
    said = {f.written: f.verdict for f in of(result, "sum")}
    assert said == {"139+97=236": "agrees", "16+7+1=24": "agrees"}


@pytest.mark.parametrize(("told", "wrong"), [("97件", "96件"), ("139件", "193件"), ("7件", "8件")])
def test_a_wrong_part_breaks_its_sum(text: str, told: str, wrong: str) -> None:
    at = re.search(rf"(?<!\d){told}", text[text.index("24件代表建议") :])
    assert at is not None
    start = text.index("24件代表建议") + at.start()
    changed = text[:start] + wrong + text[start + len(told) :]
    assert "differs" in [f.verdict for f in of(check_text(changed), "sum")]


def test_nothing_else_in_it_contradicts_itself(result: Result) -> None:
    assert not [f for f in result.findings if f.verdict == "differs"]
    assert {f.about for f in result.findings} <= {"figure", "sum", "repeat", "claim"}


# --- drafts against records (UX.md 7, 校对) ---------------------------------------------------


def lifts(cast: Cast, days: list[str]) -> None:
    for number, day in enumerate(days):
        operations.create(
            cast.viewers["section"],
            "lifts.retrofit",
            cast.unit("c1"),
            {"address": f"剑川路{number}号{day}", "completed_on": day},
            AT,
            given={"state": "accepted"},
        )


def screened(cast: Cast, persons: int) -> None:
    values = {"programme": "早期筛查", "held_on": "2023-04-11", "persons": persons}
    operations.create(cast.viewers["section"], "health.screening", cast.unit("c1"), values, AT)


def page_of(cast: Cast, words: str) -> str:
    """Return the page on which pasted words are checked."""
    client = cast.client("planner")
    answer = doors.post(client, "/check", text=words, period="2023H1")
    return html.unescape(client.get(answer.url).content.decode())


def verdict(cast: Cast, words: str, written: str) -> Finding:
    found = checks.check_words(cast.viewers["planner"], words, AT, period="2023H1")
    return next(f for f in found.figures if f.written == written)


@pytest.mark.django_db
@pytest.mark.usefixtures("still")
def test_18_lifts_against_16_records_differ_and_say_why(cast: Cast) -> None:
    lifts(cast, [f"2023-0{n % 6 + 1}-1{n % 9}" for n in range(16)] + ["2023-07-01", "2023-07-02"])
    words = "上半年，新增完工电梯18台。"
    found = verdict(cast, words, "18台")
    assert (found.verdict, found.record, found.suggestion) == ("differs", "16台", "16台")
    assert "7月" in found.cause
    page = page_of(cast, words)
    assert "✗" in page
    assert "16台" in page
    assert "2台在7月" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(("persons", "expected"), [(10431, "agrees"), (9800, "differs")])
def test_more_than_ten_thousand_is_judged_by_meaning(
    cast: Cast, persons: int, expected: str
) -> None:
    screened(cast, persons)
    words = "上半年，开展社区免费健康早期筛查1万余人次。"
    assert verdict(cast, words, "1万余人次").verdict == expected
    assert ("✓" if expected == "agrees" else "✗") in page_of(cast, words)


@pytest.mark.django_db
@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    "words",
    [
        "上半年，完成源枫景苑等5个小区末端截流改造、北横泾河道254公里。",
        "完成河道整治254公里。",
    ],
)
def test_an_implausible_length_is_asked_about_and_never_called_wrong(
    cast: Cast, words: str
) -> None:
    found = verdict(cast, words, "254公里")
    assert found.verdict in ("no_source", "remark")
    assert "异常" in found.words
