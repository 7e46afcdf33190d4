"""The pages of the import, with and without JavaScript."""

import re
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.conftest import Cast
from jiezhen.records import import_views
from jiezhen.records.models import Batch, StagedRow
from jiezhen.records.tests.import_tools import ELDER, elder, id_number, ledger, sheet
from jiezhen.records.tests.test_imports import rows_of
from jiezhen.trail.models import Nonce
from jiezhen.trail.once import fresh

__all__ = ["ledger"]
pytestmark = pytest.mark.usefixtures("ledger", "still")
KIND = "ledger.elder"


def upload(client: Client, content: bytes, name: str = "名册.xlsx", **more: str):
    file = SimpleUploadedFile(name, content)
    data = {"kind": KIND, "file": file, "unit": "", "_nonce": fresh()} | more
    return client.post("/imports/new", data)


def start(client: Client, content: bytes) -> str:
    response = upload(client, content)
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_the_wizard_from_file_to_taking_back(cast: Cast) -> None:
    client = cast.client("section")
    rows = [elder(1), elder(2, 联系电话="1380013800"), elder(3, 居民区="松涛村")]
    url = start(client, sheet(ELDER, rows))
    page = text_of(client, url)
    assert "可以导入 1行 要改 2行 可能重复 0行" in page
    assert "独居老人将从0条变为1条（新增1条，更新0条）。" in page
    assert "少1位。手机号是11位。" in page
    assert "没有“松涛村”。您是说“松涛”吗？" in page
    assert "只导入没问题的1行" in page
    client.post(f"{url}/commit", {"_nonce": fresh()})
    assert len(rows_of()) == 1
    assert "已导入：新增1条，更新0条。" in text_of(client, url)
    fixed = client.post(f"{url}/rows/3", {"c3": "13800138000", "_nonce": fresh()})
    assert fixed.headers["Location"] == f"{url}?after=0#row-3"
    client.post(f"{url}/commit", {"_nonce": fresh()})
    assert len(rows_of()) == 2
    client.post(f"{url}/take-back", {"_nonce": fresh()})
    assert rows_of() == {}
    assert "已整批撤回。" in text_of(client, url)
    assert "名册.xlsx" in text_of(client, "/imports")


def test_mending_in_place_sends_back_that_row_alone(cast: Cast) -> None:
    client = cast.client("section")
    rows = [elder(1, 联系电话="138"), elder(2, 联系电话="139")]
    url = start(client, sheet(ELDER, rows))
    response = client.post(
        f"{url}/rows/2", {"c3": "13812345678", "_nonce": fresh()}, headers={"HX-Request": "true"}
    )
    assert response.headers["Location"] == f"{url}/rows/2"
    part = client.get(f"{url}/rows/2", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<tbody id="row-2"')
    assert "可以导入，会新增。" in part
    assert 'hx-swap-oob="true"' in part
    assert "row-3" not in part


def test_answers_with_personal_values_are_not_kept_for_replays(cast: Cast) -> None:
    client = cast.client("section")
    url = start(client, sheet(ELDER, [elder(1, 联系电话="1381234567")]))
    client.post(f"{url}/rows/2", {"c3": "1381234568", "_nonce": fresh()})
    assert not Nonce.objects.filter(answer__contains="138123456").exists()


def test_every_form_of_a_page_has_a_nonce_of_its_own(cast: Cast) -> None:
    client = cast.client("section")
    url = start(client, sheet(ELDER, [elder(n, 联系电话="138") for n in range(1, 5)]))
    page = client.get(url).content.decode()
    lines = re.findall(r'rows/(\d+)" hx-post.*?name="_nonce" value="([^"]+)"', page, re.S)
    assert len({nonce for _row, nonce in lines}) == len(lines) == 4
    for row, nonce in lines:
        data = {"c3": f"1380000000{row}", "_nonce": nonce}
        assert client.post(f"{url}/rows/{row}", data).status_code == 302


def test_a_second_press_of_the_button_writes_nothing(cast: Cast) -> None:
    client = cast.client("section")
    url = start(client, sheet(ELDER, [elder(1)]))
    nonce = fresh()
    for _press in range(3):
        assert client.post(f"{url}/commit", {"_nonce": nonce}).status_code == 302
    assert len(rows_of()) == 1


def test_doubles_are_decided_in_the_page(cast: Cast) -> None:
    client = cast.client("section")
    client.post(start(client, sheet(ELDER, [elder(1)])) + "/commit", {"_nonce": fresh()})
    url = start(client, sheet(ELDER, [elder(1, 身份证号="")]))
    page = client.get(url).content.decode()
    assert "可能与已有的LR-2023-000001是同一条。" in page
    for word in ("合并", "新增", "跳过"):
        assert f">{word}</button>" in page
    client.post(f"{url}/rows/2", {"what": "skip", "_nonce": fresh()})
    assert StagedRow.objects.latest("id").state == "skipped"


def test_columns_are_matched_by_hand(cast: Cast) -> None:
    client = cast.client("section")
    url = start(client, sheet(("甲", "乙"), [["张一", "松涛"]]))
    response = client.get(url)
    assert response.headers["Location"] == f"{url}/columns"
    page = client.get(f"{url}/columns").content.decode()
    assert "还没有对上：姓名。" in page
    wrong = client.post(f"{url}/columns", {"c0": "name", "c1": "name", "_nonce": fresh()})
    assert wrong.status_code == 422
    assert "选了两次" in wrong.content.decode()
    client.post(f"{url}/columns", {"c0": "name", "c1": "@unit", "_nonce": fresh()})
    assert "可以导入 1行" in text_of(client, url)


def test_a_long_file_is_checked_in_portions(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_views, "_AT_ONCE", 2)
    client = cast.client("section")
    url = start(client, sheet(ELDER, [elder(n) for n in range(1, 6)]))
    assert "已检查0行，共5行" in text_of(client, url)
    hx = {"HX-Request": "true"}
    sent = client.post(f"{url}/go", {"_nonce": fresh()}, headers=hx)
    assert sent.headers["Location"] == f"{url}/progress"
    assert "已检查2行，共5行" in text_of(client, f"{url}/progress")
    for _portion in range(2):
        client.post(f"{url}/go", {"_nonce": fresh()})
    done = client.get(f"{url}/progress")
    assert done.headers["HX-Redirect"] == url
    assert "可以导入 5行" in text_of(client, url)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7 x", "a.pdf", "这是PDF，不是表格"),
        (b"\x89PNG\r\n\x1a\n....", "a.png", "文件是图片，读不出表格"),
        (b"PK\x03\x04 broken", "a.xlsx", "文件损坏，打不开"),
        (b"", "a.xlsx", "空"),
        (b"<html><table></table></html>", "a.xls", "其实是网页"),
    ],
)
def test_files_that_cannot_be_read(cast: Cast, content: bytes, name: str, said: str) -> None:
    response = upload(cast.client("section"), content, name)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Batch.objects.count() == 0


def test_a_file_that_is_too_large(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiezhen.records.sandbox.MOST_BYTES", 10)
    response = upload(cast.client("section"), sheet(ELDER, [elder(1)]))
    assert response.status_code == 422
    assert "文件超过40MB" in response.content.decode()


def test_who_sees_an_import(cast: Cast) -> None:
    url = start(cast.client("section"), sheet(ELDER, [elder(1)]))
    # The city centre holds the import right all over the office, but may not see names and
    # phones of this kind, which stand open in somebody else's file.
    for who in ("city", "grid", "leader", "planner"):
        assert cast.client(who).get(url).status_code == 404
        assert cast.client(who).get(f"{url}/leftovers.xlsx").status_code == 404
    assert cast.client("grid").get("/imports").status_code == 403
    assert cast.client("grid").get("/imports/new").status_code == 403
    assert Client().get("/imports").status_code == 302


def test_files_to_keep(cast: Cast) -> None:
    client = cast.client("section")
    url = start(client, sheet(ELDER, [elder(1, 联系电话="138")]))
    left = client.get(f"{url}/leftovers.xlsx")
    assert "attachment" in left.headers["Content-Disposition"]
    assert left.content[:2] == b"PK"
    assert client.get(f"/imports/templates/{KIND}.xlsx").content[:2] == b"PK"
    assert client.get("/imports/templates/no.kind.xlsx").status_code == 404


def test_pages_hide_id_numbers_but_their_end(cast: Cast) -> None:
    client = cast.client("section")
    wrong = id_number(1)[:-1] + "A"
    url = start(client, sheet(ELDER, [elder(1, 身份证号=wrong)]))
    page = client.get(url).content.decode()
    assert wrong[:10] not in page
    assert f"**{wrong[-4:]}" in page


def test_no_parser_comes_into_the_web_process(cast: Cast) -> None:
    client, content = cast.client("section"), sheet(ELDER, [elder(1)])
    before = set(sys.modules)  # other tests of this process may have loaded one to look at a file
    client.get(start(client, content))
    assert not {"python_calamine", "openpyxl"} & (set(sys.modules) - before)
