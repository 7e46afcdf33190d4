"""The worked table of docs/algorithms/doubles.md, recomputed; doubles on the form of a kind."""

from pathlib import Path

import pytest

from jiezhen.conftest import Cast
from jiezhen.matters.models import Matter
from jiezhen.matters.rules import twins
from jiezhen.matters.tests.conftest import opened
from jiezhen.people.access import Viewer

PAGE = Path(__file__).parents[4] / "docs" / "algorithms" / "doubles.md"
METRES_A_DEGREE = 111_320.0
REACH = 120


def rows() -> list[list[str]]:
    table = PAGE.read_text().split("## A worked table")[1].splitlines()
    lines = [line for line in table if line.startswith("| ") and " m |" in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_there_is_a_table() -> None:
    assert len(rows()) == 6


@pytest.mark.parametrize("row", rows(), ids=lambda row: " ".join(row[:4]))
def test_the_table_is_true(row: list[str]) -> None:
    distance, category, words, caller, near, alike, score, shown = row
    one, two = words.split(" / ")
    metres = float(distance.removesuffix(" m"))
    new = twins.Candidate((121.4, 31.0), "a", one)
    old = twins.Candidate(
        (121.4, 31.0 + metres / METRES_A_DEGREE),
        "a" if category == "same" else "b",
        two,
        caller == "same",
    )
    found = twins.compare(new, old, REACH)
    assert round(max(0.0, 1 - metres / (2 * REACH)) if metres <= REACH else 0, 2) == float(near)
    assert found.words == float(alike)
    assert round(found.score, 3) == float(score)
    assert (found.score >= twins.LIKELY) == (shown == "yes")


@pytest.mark.django_db
@pytest.mark.usefixtures("trial", "still")
def test_the_form_of_a_kind_shows_doubles_before_it_is_filed(cast: Cast, desk: Viewer) -> None:
    client = cast.client("city")
    form = client.get("/matters/new?kind=trial.case").content.decode()
    assert 'hx-post="/matters/doubles?kind=trial.case"' in form
    assert "change from:#id_place" in form and "change from:#id_subject" in form
    given = {"subject": "楼道堆物", "place": "沧源路123弄5号", "class": "complaint"}
    assert client.post("/matters/doubles?kind=trial.case", given).content.decode().strip() == ""
    row = opened(desk, "2023-07-02 09:00", **given)
    shown = client.post("/matters/doubles?kind=trial.case", given).content.decode()
    assert row.code in shown and "同一地址、都是投诉、说法相近" in shown
    assert Matter.objects.for_system("test").filter(kind="trial.case").count() == 1
    assert client.post("/matters/doubles?kind=registers.lift", given).status_code == 404
