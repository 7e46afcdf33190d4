"""A check with what it found: one activity, one matter a finding, by form and by API."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jiezhen.activities.models import Activity
from jiezhen.conftest import AT, Cast
from jiezhen.matters import operations as matters
from jiezhen.matters.models import Matter
from jiezhen.packs import registry
from jiezhen.records import operations
from jiezhen.units import operations as units

pytestmark = pytest.mark.django_db
HREF = "/services/new?kind=checks.check"
ITEMS = (
    ("灭火器在有效期内", "fire"),
    ("通道畅通", "fire"),
    ("阀门完好", "gas"),
    ("应急灯亮", "fire"),
)


@pytest.fixture(autouse=True)
def packs(monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [registry.BUILT_IN / "office", Path(__file__).parent / "pack"]
    monkeypatch.setattr(registry, "_current", registry.load(folders))


@pytest.fixture
def items(cast: Cast) -> list[int]:
    viewer = cast.viewers["section"]
    return [
        operations.create(
            viewer, "checks.item", cast.unit("yunxiu"), {"name": name, "sort": sort}, AT
        ).pk
        for name, sort in ITEMS
    ]


def send(client: Client, **data: Any) -> Any:
    page = client.get(HREF).content.decode()
    found = re.search(r'name="_nonce" value="([^"]+)"', page)
    assert found
    own = {"_unit": "c1", "firm": "云河面馆", "checked_on": "2023-7-3", "_nonce": found[1]}
    return client.post(HREF, own | data)


def rows(kind: str) -> list[Matter]:
    return list(Matter.objects.for_system("test").filter(kind=kind).order_by("id"))


def test_the_form_shows_the_rows_of_the_checklist_and_empty_lines(
    cast: Cast, items: list[int], still: object
) -> None:
    page = cast.client("section").get(HREF).content.decode()
    assert [name in page for name, _sort in ITEMS] == [True, True, False, True]
    assert page.count('value="na"') == 3
    assert page.count("第1件") == page.count("第3件") == 1
    assert "<script>" not in page


def test_each_finding_becomes_a_matter_that_leads_back(
    cast: Cast, items: list[int], still: object
) -> None:
    one, two, _gas, four = items
    client = cast.client("section")
    answer = send(
        client,
        **{
            f"f0-{one}-tick": "ok",
            f"f0-{two}-tick": "bad",
            f"f0-{four}-detail": "二楼应急灯不亮",
            f"f0-{four}-grade": "heavy",
            "_lines1": "3",
            "f1-1-wanted": "想办餐饮培训",
            "f1-1-money": "1200",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    check = Activity.objects.for_system("test").get(kind="checks.check")
    hazards = rows("checks.hazard")
    assert [(h.title, h.data["item"], h.data.get("grade")) for h in hazards] == [
        ("通道畅通", two, None),
        ("二楼应急灯不亮", four, "heavy"),
    ]
    assert {h.data["firm"] for h in hazards} == {"云河面馆"}
    assert {h.data["check_record"] for h in (*hazards, *rows("checks.wish"))} == {check.pk}
    assert rows("checks.wish")[0].data["money"] == 120000
    assert {r.unit.code for r in hazards} == {"c1"}

    matters.move(cast.viewers["section"], "checks.hazard", hazards[0].pk, "mend", {}, AT)
    page = client.get(f"/services/checks.check/{check.code}").content.decode()
    assert "发现的问题3件，已办结1件" in page
    assert "检查清单：合格1项，有问题2项，不涉及0项" in page
    assert hazards[1].code in page
    assert "已整改" in page
    assert page.count('<span class="hint"> 待整改</span>') == 2


def test_nothing_found_is_a_check_too(cast: Cast, items: list[int], still: object) -> None:
    assert send(cast.client("section"), _lines1="3").status_code == 302
    assert Activity.objects.for_system("test").count() == 1
    assert not Matter.objects.for_system("test").exists()


def test_a_fault_in_one_line_writes_nothing_and_keeps_what_was_typed(
    cast: Cast, items: list[int], still: object
) -> None:
    data = {
        f"f0-{items[0]}-tick": "bad",
        "_lines1": "3",
        "f1-0-wanted": "培训",
        "f1-0-money": "0.5",
        "f1-2-money": "80",
    }
    answer = send(cast.client("section"), **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "不能小于1元" in page
    assert "请填诉求" in page
    assert 'value="培训"' in page
    assert not Activity.objects.for_system("test").exists()
    assert not Matter.objects.for_system("test").exists()


def test_a_button_brings_more_lines_and_keeps_the_others(
    cast: Cast, items: list[int], still: object
) -> None:
    answer = send(cast.client("section"), **{"_lines1": "3", "f1-0-wanted": "培训", "_more": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "第6件" in page
    assert 'value="培训"' in page
    assert 'value="云河面馆"' in page
    assert not Activity.objects.for_system("test").exists()


def test_who_may_not_open_the_matters_sees_no_lines(cast: Cast, items: list[int]) -> None:
    assert cast.client("auditor").get(HREF).status_code in (403, 404)


def test_the_api_takes_findings_and_names_their_codes(
    cast: Cast, items: list[int], still: object
) -> None:
    token = units.issue_token(cast.viewers["administrator"], "section", "执法终端", AT)

    def post(key: str, findings: list[dict[str, Any]], kind: str = "checks.check") -> Any:
        values = {"firm": "云河面馆", "checked_on": "2023-07-03"}
        return Client().post(
            f"/api/records/{kind}",
            json.dumps({"unit": "c1", "values": values, "findings": findings}),
            content_type="application/json",
            headers={"Idempotency-Key": key, "Authorization": f"Bearer {token}"},
        )

    item = operations.shapes.model_of("checks.item").objects.for_system("test").get(pk=items[1])
    good = [
        {"values": {"detail": "堆物"}, "item": item.code},
        {"values": {"wanted": "培训"}, "place": 1},
    ]
    answers = [post("a", good), post("a", good)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["findings"] == ["YH-2023-000001", "SX-2023-000001"]
    assert rows("checks.hazard")[0].data["item"] == items[1]

    bad = post("b", [{"values": {"grade": "没有的"}}, {"values": {}, "place": 7}])
    assert bad.status_code == 422
    worse = post("c", [{"values": {"detail": "堆物"}}, {"values": {"grade": "没有的"}}])
    assert worse.status_code == 422
    assert {p["field"] for p in worse.json()["problems"]} == {
        "findings.1.detail",
        "findings.1.grade",
    }
    assert Activity.objects.for_system("test").count() == 1
