"""The JSON door: who comes in, what a machine writes once, what comes out."""

import io
import json

import pytest
from django.test import Client

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.registers.models import Entry
from jiezhen.units import operations as units

LIFT = {"unit": "c1", "values": {"registration": "31100001", "address": "松涛路1号"}}


pytestmark = pytest.mark.usefixtures("still")


class Machine:
    """A client that sends a token, and a key with every write."""

    def __init__(self, cast: Cast, who: str) -> None:
        admin = cast.viewers["administrator"]
        key = units.issue_token(admin, cast.accounts[who].username, "接口", AT)
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def get(self, path: str, **query: str):
        return self.client.get(f"/api{path}", query)

    def send(self, method: str, path: str, body: object, key: str = "k1"):
        return self.client.generic(
            method,
            f"/api{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key} if key else {},
        )


@pytest.fixture
def section(cast: Cast) -> Machine:
    return Machine(cast, "section")


def test_a_stranger_gets_401_and_what_to_do(cast: Cast) -> None:
    for path in ("/api/kinds", "/api/records/lifts.lift", "/api/figures?indicator=x&period=2023"):
        answer = Client().get(path)
        assert answer.status_code == 401
        assert "令牌" in answer.json()["message"]
    wrong = Client(headers={"Authorization": "Bearer jz_wrong"})
    assert wrong.get("/api/kinds").status_code == 401


def test_a_signed_in_person_reads_and_needs_the_csrf_token_to_write(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        cast.accounts["section"], backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/api/kinds").status_code == 200
    answer = client.post("/api/records/lifts.lift", LIFT, content_type="application/json")
    assert answer.status_code == 403


def test_kinds_tell_their_fields(section: Machine) -> None:
    kinds = {k["name"]: k for k in section.get("/kinds").json()}
    names = [f["name"] for f in kinds["lifts.lift"]["fields"]]
    assert "registration" in names
    assert kinds["lifts.retrofit"]["states"]["accepted"] == "已验收"


def test_a_record_is_written_once_however_often_it_is_sent(section: Machine) -> None:
    first = section.send("POST", "/records/lifts.lift", LIFT)
    again = section.send("POST", "/records/lifts.lift", LIFT)
    assert first.status_code == 201
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Entry.objects.for_system("test").filter(kind="lifts.lift").count() == 1


def test_a_key_is_asked_for_and_not_used_twice(section: Machine) -> None:
    assert section.send("POST", "/records/lifts.lift", LIFT, key="").status_code == 400
    section.send("POST", "/records/lifts.lift", LIFT)
    other = {"unit": "c1", "values": {"registration": "2", "address": "别处"}}
    assert section.send("POST", "/records/lifts.lift", other).status_code == 409


def test_a_refused_write_names_each_field_and_frees_its_key(section: Machine) -> None:
    bad = {
        "unit": "c1",
        "values": {"registration": "1", "address": "x", "checked_on": "2023-2-30"},
    }
    answer = section.send("POST", "/records/lifts.lift", bad)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "checked_on"
    assert "2月没有30日" in answer.json()["problems"][0]["message"]
    assert section.send("POST", "/records/lifts.lift", LIFT).status_code == 201


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"unit": "c1", "values": {"nonsense": 1, **LIFT["values"]}}, "nonsense"),
        ({"unit": "松涛村", "values": LIFT["values"]}, "松涛"),
        ({"unit": "c1", "values": LIFT["values"], "given": {"office_id": "2"}}, "office_id"),
        ({"unit": "c1"}, "values"),
    ],
)
def test_what_is_not_known_is_refused_by_name(section: Machine, body, word: str) -> None:
    answer = section.send("POST", "/records/lifts.lift", body)
    assert answer.status_code == 422
    assert word in answer.content.decode()


def test_a_record_is_read_changed_and_withdrawn(section: Machine) -> None:
    code = section.send("POST", "/records/lifts.lift", LIFT).json()["code"]
    path = f"/records/lifts.lift/{code}"
    assert section.get(path).json()["values"]["registration"] == "31100001"
    change = {"values": {"keeper": "岫安"}, "version": 1}
    assert section.send("PATCH", path, change, "k2").json()["version"] == 2
    assert section.send("PATCH", path, change, "k3").status_code == 409
    gone = section.send("POST", f"{path}/withdraw", {"why": "登重了"}, "k4")
    assert gone.json()["withdrawn"] is True
    assert section.get("/records/lifts.lift").json()["items"] == []


def test_a_matter_moves_as_its_flow_allows(section: Machine) -> None:
    values = {"place": "松涛路1号", "problem": "stall", "found_on": "2023-07-01"}
    made = section.send("POST", "/records/grid.finding", {"unit": "c1", "values": values})
    path = f"/records/grid.finding/{made.json()['code']}/moves"
    wrong = section.send("POST", f"{path}/nonsense", {}, "k2")
    assert wrong.status_code == 409
    assert "现在可以做的" in wrong.json()["message"]


def test_personal_values_come_out_masked(section: Machine) -> None:
    values = {
        "name": "王小明",
        "id_number": "11010519491231002X",
        "phone": "13812345678",
        "address": "松涛路1号",
    }
    made = section.send("POST", "/records/eldercare.elder", {"unit": "c1", "values": values})
    assert made.status_code == 201
    for text in (made.content.decode(), section.get("/records/eldercare.elder").content.decode()):
        assert "小明" not in text
        assert "11010519491231002X" not in text
        assert "13812345678" not in text


def test_a_grid_worker_sees_and_writes_only_the_own_unit(cast: Cast, section: Machine) -> None:
    code = section.send("POST", "/records/lifts.lift", {**LIFT, "unit": "c3"}).json()["code"]
    grid = Machine(cast, "grid")
    assert grid.get(f"/records/lifts.lift/{code}").status_code == 404
    assert grid.get("/records/lifts.lift").json()["items"] == []
    assert grid.send("POST", "/records/lifts.lift", {**LIFT, "unit": "c3"}).status_code == 403


def test_offices_never_see_each_other(cast: Cast, section: Machine) -> None:
    code = section.send("POST", "/records/lifts.lift", LIFT).json()["code"]
    other = Machine(build_cast("qingxi"), "section")
    assert other.get(f"/records/lifts.lift/{code}").status_code == 404


def test_figures_come_from_the_records(section: Machine) -> None:
    for n in range(3):
        body = {
            "unit": "c1",
            "values": {"registration": f"R{n}", "address": f"松涛路{n}号"},
            "given": {"valid_from": "2023-02-01"},
        }
        assert section.send("POST", "/records/lifts.lift", body, f"k{n}").status_code == 201
    found = section.get("/figures", indicator="lifts_in_use", period="2023H1", unit="c1,c3").json()
    assert [f["value"] for f in found] == [3, 0]
    assert found[0]["href"].startswith("/n/")


def test_figures_are_divided_and_narrowed(section: Machine) -> None:
    for n, unit in enumerate(("c1", "c1", "c3")):
        values = {"registration": f"R{n}", "address": f"松涛路{n}号"}
        body = {"unit": unit, "values": values, "given": {"valid_from": "2023-02-01"}}
        assert section.send("POST", "/records/lifts.lift", body, f"k{n}").status_code == 201
    asked = {"indicator": "lifts_in_use", "period": "2023H1"}
    whole, *parts = section.get("/figures", **asked, by="unit").json()
    assert whole["value"] == 3
    assert {p["part"]: p["value"] for p in parts if p["value"]} == {"c1": 2, "c3": 1}
    assert sum(p["records"] for p in parts) == 3
    inside = section.get("/figures", **asked, unit="p1", by="unit").json()
    assert [p["value"] for p in inside if p["value"]] == [2, 2]
    assert section.get("/figures", **asked, unit="c1,c3", by="unit").status_code == 422
    assert section.get("/figures", **asked, by="grid").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        {"indicator": "nonsense", "period": "2023"},
        {"indicator": "lifts_in_use", "period": "2023", "by": "nonsense"},
        {"indicator": "lifts_in_use", "period": "2023X"},
        {"indicator": "lifts_in_use", "period": "2023", "unit": "nowhere"},
        {"indicator": "lifts_in_use", "period": ","},
    ],
)
def test_a_question_that_cannot_be_answered_says_why(section: Machine, query) -> None:
    answer = section.get("/figures", **query)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_text_is_read_and_proof_read_without_being_kept(section: Machine) -> None:
    text = (
        "云岫街道2023年上半年工作总结\n新增完工电梯3台。收到选民诉求10件：现场答复6件，流转3件。"
    )
    found = section.client.post("/api/read", {"text": text}).json()
    assert [f["value"] for f in found["figures"] if f["unit"] == "台"] == [3]
    checked = section.client.post("/api/check", {"text": text, "period": "2023H1"}).json()
    assert checked["counts"]["differs"] >= 1


def test_a_file_that_cannot_be_read_says_what_to_do(section: Machine) -> None:
    broken = io.BytesIO(b"PK\x03\x04 broken")
    broken.name = "plan.docx"
    answer = section.client.post("/api/read", {"file": broken})
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_a_table_is_imported_by_a_machine(section: Machine) -> None:
    table = io.BytesIO("登记代码,地址,居民区\nA1,松涛路1号,松涛\nA2,松涛路2号,没有这里\n".encode())
    table.name = "lifts.csv"
    answer = section.client.post(
        "/api/imports/lifts.lift", {"file": table}, headers={"Idempotency-Key": "i1"}
    )
    assert answer.status_code == 200
    assert answer.json()["counts"]["bad"] == 1
    assert Entry.objects.for_system("test").filter(kind="lifts.lift").count() == 1


def test_openapi_is_there(cast: Cast) -> None:
    spec = Client().get("/api/openapi.json").json()
    assert "/api/records/{kind}" in spec["paths"]
