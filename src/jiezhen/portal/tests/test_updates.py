"""Updates that other systems post to requests, and addresses of pictures: words for the officer alone."""

import json
from typing import Any

import pytest
import xmltodict
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.effects.models import Announcement
from jiezhen.matters import operations as matters
from jiezhen.matters import tasks
from jiezhen.matters.models import Matter, Move
from jiezhen.portal.operations.fronts import set_front
from jiezhen.portal.tests.conftest import REACH
from jiezhen.portal.tests.test_open311 import REQUEST, ROOT, get, post, rows, valid
from jiezhen.records import operations as records
from jiezhen.trail.models import Entry as Trail
from jiezhen.units import operations as units

PICTURE = "https://reports.example.org/photo/77.0.jpeg?v=ab12"
UPDATE = {
    "update_id": "999",
    "status": "FIXED",
    "updated_datetime": "2023-07-02T14:39:00Z",
    "description": "又堆起来了，我是王小明，打13800001234",
    "first_name": "小明",
    "last_name": "王",
    "email": "canary@example.org",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def key(cast: Cast, square: Client) -> str:
    """Return the machine token of another system."""
    return units.issue_token(cast.system, "city", "应用", AT)


@pytest.fixture
def row(key: str, square: Client) -> Matter:
    """Return a request that the other system posted."""
    assert post(square, api_key=key, **REQUEST).status_code == 200
    return rows()[0]


def add(client: Client, row: Matter, key: str, form: str = "json", **change: Any) -> Any:
    given = {"service_request_id": row.code, "api_key": key, **UPDATE, **change}
    return client.post(f"{ROOT}/servicerequestupdates.{form}", given)


def added() -> list[Move]:
    return list(Move.objects.filter(name="added").order_by("id"))


def test_an_update_becomes_a_word_that_the_officer_reads(
    cast: Cast, square: Client, key: str, row: Matter
) -> None:
    answer = add(square, row, key, media_url=[PICTURE, PICTURE, "http://a.example/2.png"])
    assert answer.status_code == 200, answer.content.decode()
    body = json.loads(answer.content)
    valid("added", body)
    assert body == [{"update_id": f"{row.code}-2"}]
    page = cast.client("city").get(f"/matters/{row.code}").content.decode()
    assert "外部补充" in page and f"附图地址：{PICTURE} http://a.example/2.png" in page
    assert "又堆起来了，我是王**，打138****1234" in page
    assert "对方编号：999；对方状态：FIXED（本件状态不变）；对方时间：2023-07-02 22:39" in page
    assert f'href="{PICTURE}' not in page and f'src="{PICTURE}' not in page
    step = added()[0]
    assert step.went_to == step.came_from == "received"
    text = json.dumps([step.note, step.before], ensure_ascii=False)
    for secret in ("小明", "13800001234", "canary@"):
        assert secret not in text, secret
    assert Trail.objects.filter(action="matter.added").count() == 1


def test_a_status_from_elsewhere_moves_nothing(
    cast: Cast, square: Client, key: str, row: Matter
) -> None:
    before = Matter.objects.for_system("test").values().get(pk=row.pk)
    for n, status in enumerate(("CLOSED", "fixed", "REOPEN", "NOT_COUNCILS_RESPONSIBILITY", "")):
        assert add(square, row, key, update_id=str(n), status=status).status_code == 200
    assert Matter.objects.for_system("test").values().get(pk=row.pk) == before
    assert get(square, f"requests/{row.code}.json")[0]["status"] == "open"


def test_what_was_added_is_no_open_data_and_the_numbers_of_steps_stay(
    cast: Cast, square: Client, key: str, row: Matter
) -> None:
    add(square, row, key)
    matters.move(cast.viewers["city"], "square.trouble", row.pk, "dispatch", {}, AT, unit="cgb")
    steps = get(square, "servicerequestupdates.json", service_request_id=row.code)
    valid("updates", steps)
    assert [s["update_id"] for s in steps] == [f"{row.code}-1", f"{row.code}-3"]
    assert "又堆" not in json.dumps([steps, get(square, "requests.json")], ensure_ascii=False)
    assert "又堆" not in square.get(f"/p/matters/{row.code}").content.decode()


def test_a_repeat_gets_the_same_answer_and_adds_nothing(
    cast: Cast, square: Client, key: str, row: Matter
) -> None:
    first = add(square, row, key)
    matters.say(cast.viewers["city"], "square.trouble", row.pk, "在看了", AT)
    assert add(square, row, key).content == first.content
    told = xmltodict.parse(add(square, row, key, "xml").content)
    assert told == {"service_request_updates": {"request_update": json.loads(first.content)[0]}}
    other = add(square, row, key, description="别的话")
    assert other.status_code == 409
    valid("errors", json.loads(other.content))
    assert len(added()) == 1
    another = units.issue_token(cast.system, "section", "另一个系统", AT)
    given = add(square, row, another, description="它自己的999号")
    assert (given.status_code, len(added())) == (200, 2), "every system has numbers of its own"
    _close(cast, row)
    assert add(square, row, key).content == first.content, "the answer was lost, not the words"


def _close(cast: Cast, row: Matter) -> None:
    for name, values, more in (
        ("dispatch", {}, {"unit": "cgb"}),
        ("contact", {}, {}),
        ("close", {"outcome": "solved"}, {}),
    ):
        matters.move(cast.system, "square.trouble", row.pk, name, values, AT, **more)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"service_request_id": ""}, 400, "service_request_id was not provided"),
        ({"service_request_id": "PQA-2023-999999"}, 404, "没有这个编号"),
        ({"service_request_id": "\x00' OR 1=1 --"}, 404, "was not found"),
        ({"update_id": ""}, 400, "缺少update_id"),
        ({"update_id": "9" * 81}, 400, "update_id最多80个字符"),
        ({"description": ""}, 400, "没有写补充的内容"),
        ({"description": " \x00\n　"}, 400, "description was not provided"),
        ({"description": "长" * 1001}, 400, "内容太长，最多"),
        ({"description": "长" * 990}, 400, "at most 9"),
        ({"status": "<b>"}, 400, "status读不懂"),
        ({"status": "X" * 41}, 400, "status must be a word"),
        ({"updated_datetime": "yesterday"}, 400, "updated_datetime is not a W3C"),
        ({"updated_datetime": "0001-01-01T00:00:00Z"}, 400, "updated_datetime"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url不是http或https网址"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "https://user:secret@example.org/a"}, 400, "media_url"),
        ({"media_url": "https://"}, 400, "media_url"),
        ({"media_url": "https://[::1/a"}, 400, "media_url"),
        ({"media_url": "https://example.org/\u202egpj.exe"}, 400, "media_url"),
        ({"media_url": "https://example.org/a b"}, 400, "media_url"),
        ({"media_url": "https://example.org/" + "a" * 700}, 400, "media_url最多10个"),
        ({"media_url": [f"https://example.org/{n}" for n in range(11)]}, 400, "at most 10"),
        ({"api_key": ""}, 403, "api_key was not provided"),
        ({"api_key": "jz_wrong"}, 403, "api_key is not valid"),
        ({"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_wrong_comes_back_as_an_error_array(
    square: Client, key: str, row: Matter, change: dict[str, Any], status: int, words: str, form
) -> None:
    answer = add(square, row, key, form, **change)
    assert answer.status_code == status, answer.content.decode()
    if form == "json":
        body = json.loads(answer.content)
        valid("errors", body)
    else:
        body = [xmltodict.parse(answer.content)["errors"]["error"]]
    assert body[0]["code"] == str(status) and words in body[0]["description"]
    assert added() == []


def test_the_longest_words_that_are_named_are_taken(square: Client, key: str, row: Matter) -> None:
    refused = json.loads(add(square, row, key, description="长" * 990).content)[0]["description"]
    most = int(refused.split("最多")[1].split("字")[0])
    assert add(square, row, key, description="长" * (most + 1)).status_code == 400
    assert add(square, row, key, description="长" * most).status_code == 200
    assert len(added()[0].note) == matters.MOST_SAID


def test_closed_withdrawn_and_other_kinds_take_no_updates(
    cast: Cast, square: Client, key: str, row: Matter
) -> None:
    _close(cast, row)
    answer = add(square, row, key)
    assert answer.status_code == 409
    told = json.loads(answer.content)[0]["description"]
    assert "已经办结" in told and "this request is closed" in told
    draft = records.create(cast.system, "square.draft", cast.unit("fwb"), {"name": "草案"}, AT)
    opinion = _opinion(cast, draft)
    for code in (draft.code, opinion.code):
        assert add(square, row, key, service_request_id=code).status_code == 404
    answer = post(square, api_key=key, **{**REQUEST, "description": "另一件"})
    other = rows()[-1]
    records.withdraw(cast.system, other.kind, other.pk, AT, "登错了")
    assert add(square, other, key).status_code == 404
    assert added() == []


def _opinion(cast: Cast, draft: Any) -> Matter:
    unit = cast.unit("fwb")
    values = {"draft": draft.pk, "number": "第一条"}
    article = records.create(cast.system, "square.article", unit, values, AT)
    given = {"article": article.pk, "stance": "agree"}
    return matters.open_matter(cast.system, "square.opinion", given, AT).matter


def test_who_may_add(cast: Cast, square: Client, key: str, row: Matter) -> None:
    """A token, always; who may change the matter, and who reported it wherever it went."""
    set_front(cast.system, AT, words={**REACH, "open311": "open"})
    assert add(square, row, "").status_code == 403, "anybody could write into anybody's matter"
    auditor = units.issue_token(cast.system, "auditor", "只看", AT)
    assert add(square, row, auditor).status_code == 403
    grid = units.issue_token(cast.system, "grid", "居民区应用", AT)
    assert post(square, api_key=grid, **{**REQUEST, "description": "甲"}).status_code == 200
    own = rows()[-1]
    matters.move(cast.system, own.kind, own.pk, "dispatch", {}, AT, unit="cgb")
    assert add(square, own, grid).status_code == 200
    assert add(square, row, grid).status_code == 403
    set_front(cast.system, AT, words={**REACH, "open311": "off"})
    assert add(square, row, key, update_id="1000").status_code == 403
    other = build_cast("linjiang")
    foreign = units.issue_token(other.system, "linjiang-city", "应用", AT)
    set_front(other.system, AT, words=REACH)
    assert add(square, row, foreign, jurisdiction_id="linjiang").status_code == 404
    assert add(square, row, foreign, jurisdiction_id="yunxiu").status_code == 403
    assert len(added()) == 1


def test_whom_a_matter_is_about_reads_no_address(cast: Cast, square: Client, key: str) -> None:
    """A picture tells from where it was taken; the files of callers are closed to them as well."""
    values = {
        "subject": "堆物",
        "class": "stairs",
        "taken_on": "2023-07-03",
        "about": "松涛居民区",
    }
    place = {"text": "沧源路1号"}
    row = matters.open_matter(
        cast.system, "square.trouble", values, AT, place=place, unit=cast.unit("c1")
    ).matter
    matters.move(cast.system, row.kind, row.pk, "dispatch", {}, AT, unit="c1")
    sent = {"description": f"看{PICTURE}", "media_url": "HTTPS://x.example/1"}
    assert add(square, row, key, **sent).status_code == 200
    page = cast.client("grid").get(f"/matters/{row.code}").content.decode()
    assert "外部补充" in page and "（网址）" in page
    assert "reports.example.org" not in page and "x.example" not in page
    assert "x.example" in cast.client("city").get(f"/matters/{row.code}").content.decode()
    tasks.tell(AT)
    rows_ = Announcement.objects.for_system("a test looks")
    heard = " ".join(rows_.filter(name="matter.said").values_list("text", flat=True))
    assert "（网址）" in heard and "example" not in heard


@pytest.mark.parametrize("who", ["key", "open"])
def test_the_address_of_a_picture_stays_with_its_request(
    cast: Cast, square: Client, key: str, who: str
) -> None:
    set_front(cast.system, AT, words={**REACH, "open311": who})
    given = {**REQUEST, "media_url": PICTURE} | ({"api_key": key} if who == "key" else {})
    file = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff", "image/jpeg")
    assert post(square, **given, media=file).status_code == 200
    row = rows()[0]
    assert PICTURE not in json.dumps(row.data)
    page = cast.client("city").get(f"/matters/{row.code}").content.decode()
    assert f"附图地址：{PICTURE}；另附1个文件，没有收" in page
    cells = get(square, "requests.json"), get(square, "servicerequestupdates.json")
    assert "example.org" not in json.dumps(cells) and cells[0][0]["media_url"] is None
    refused = post(square, **{**given, "media_url": "ftp://example.org/a"})
    assert refused.status_code == 400 and len(rows()) == 1
