"""The page of a list, through the door that people use."""

import pytest
from django.test import Client

from jiezhen.conftest import Cast
from jiezhen.records.tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_it_shows_records_with_masked_people(cast: Cast) -> None:
    world.home(cast)
    shown = page(cast.client("section"), "/records/demo.home")
    assert "ZH-2023-000001" in shown
    assert "张**" in shown
    assert "张建国" not in shown
    assert "13812345678" not in shown


def test_it_filters_and_says_so(cast: Cast) -> None:
    world.home(cast, lives_alone="是", age=82)
    world.home(cast, address="剑川路1号", head="王小明", lives_alone="否", age=50)
    shown = page(cast.client("section"), "/records/demo.home?lives_alone=yes&age__min=80")
    assert "独居 且 年龄不小于80岁：1条" in shown
    assert "沧源路" in shown
    assert "剑川路" not in shown
