"""The files of a list, through the addresses behind it."""

import json

import pytest

from jiezhen.conftest import Cast
from jiezhen.records.tests import world
from jiezhen.records.tests.test_list_page import page
from jiezhen.trail.models import Entry as Trail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.mark.parametrize("folder", ["records", "registers"])
def test_a_list_answers_as_file_with_the_same_filters(cast: Cast, folder: str) -> None:
    world.firm(cast, "甲面馆", area=10)
    world.firm(cast, "乙工厂", area=100)
    client = cast.client("section")
    answer = client.get(f"/{folder}/demo.firm.json?area__min=50")
    body = json.loads(b"".join(answer.streaming_content))
    assert "乙工厂" in json.dumps(body, ensure_ascii=False)
    assert "甲面馆" not in json.dumps(body, ensure_ascii=False)
    for suffix in ("xlsx", "csv"):
        answer = client.get(f"/{folder}/demo.firm.{suffix}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert b"".join(answer.streaming_content)
    assert 'href="/records/demo.firm.xlsx?area__min=50"' in page(
        client, "/records/demo.firm?area__min=50"
    )


def test_without_the_right_there_is_no_file_and_no_link(cast: Cast) -> None:
    world.firm(cast, "甲面馆")
    client = cast.client("grid")
    page(client, "/records/demo.firm.csv", 403)
    assert "demo.firm.csv" not in page(client, "/records/demo.firm")
    page(cast.client("leader"), "/records/demo.home.csv", 404)
    page(cast.client("section"), "/records/demo.firm.pdf", 404)


def test_a_list_of_people_needs_a_reason_that_stays_on_record(cast: Cast) -> None:
    world.home(cast)
    client = cast.client("section")
    asked = page(client, "/records/demo.home.csv")
    assert "写明理由" in asked
    said = client.post("/records/demo.home.csv", {"_nonce": world.nonce(asked), "why": " "})
    assert said.status_code == 422
    assert "请写导出的理由" in said.content.decode()
    answer = client.post("/records/demo.home.csv", {"_nonce": world.nonce(asked), "why": "入户"})
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "ZH-2023-000001" in body
    assert Trail.objects.filter(why="入户").count() == 1
