"""Photos of residents: never demanded, without place and device, known to the desk by a clean name."""

import io
import re
import struct
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from jiezhen.conf import worker
from jiezhen.conftest import AT, Cast
from jiezhen.matters import operations as matters
from jiezhen.matters.models import Matter
from jiezhen.portal.models import Waiting
from jiezhen.portal.rules import limits, pictures
from jiezhen.portal.tests.conftest import TROUBLE
from jiezhen.records import files
from jiezhen.records.models import Attachment
from jiezhen.records.tests.test_files import shut

pytestmark = pytest.mark.django_db
KIND = "square.trouble"
HERE = f"/p/report/{KIND}"
WHAT = {"subject": "路灯坏了", "class": "road", "content": "三天没有亮"}
GPS = 0x8825


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path) -> None:
    settings.FILES = tmp_path


def jpeg(width: int = 64, form: str = "JPEG", shade: int = 10) -> bytes:
    """Return a picture with a place, a device and a turn, as a phone writes them."""
    notes = Image.Exif()
    notes[0x010F] = "CanaryPhone"
    notes.get_ifd(GPS)[2] = (31.0, 1.0, 26.0)
    out = io.BytesIO()
    Image.new("RGB", (width, 32), (200, shade, 10)).save(out, form, exif=notes)
    return out.getvalue()


def sent(content: bytes, name: str = "甄画眉家的窗外.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def bomb() -> bytes:
    """Return a small PNG that says it is 30000 pixels wide and high."""

    def part(name: bytes, content: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + sum_

    size = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(3751 * 30_000), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", size) + part(b"IDAT", pixels) + part(b"IEND", b"")


def turn(client: Client, page: str, **given: Any) -> Any:
    """Send the form of a page with what it holds already; a list is sent as several fields."""
    held: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        held.setdefault(name, []).append(value)
    held.pop("csrfmiddlewaretoken", None)
    return client.post(HERE, {**held, **given})


def first(client: Client) -> str:
    return client.get(HERE).content.decode()


def to_check(client: Client, *photos: bytes) -> str:
    page = turn(client, first(client), go="next", photo=[sent(p) for p in photos], **WHAT)
    assert page.status_code == 200, page.content.decode()
    page = turn(client, page.content.decode(), go="next", place=TROUBLE["place"])
    return turn(client, page.content.decode(), go="next", caller="", phone="").content.decode()


def opened(client: Client, attachment: Attachment) -> bool:
    """Say whether somebody may open a file."""
    answer = client.get(f"/files/{attachment.pk}")
    if answer.status_code == 200:
        shut(answer)
    return answer.status_code == 200


def only() -> Matter:
    return Matter.objects.for_system("test").get(kind=KIND)


def test_photos_go_along_without_place_device_and_the_name_they_had(
    cast: Cast, square: Client
) -> None:
    page = first(square)
    assert 'enctype="multipart/form-data"' in page and "没有照片也一样办" in page
    assert 'type="file" name="photo"' in page and "（可不放）" in page
    check = to_check(square, jpeg(), jpeg(form="WEBP"))
    assert Waiting.objects.count() == 2 and not Attachment.objects.exists()
    for n, token in enumerate(re.findall(r'src="(/p/photo/[^"]+)"', check), start=1):
        shown = square.get(token)
        assert shown.headers["Content-Type"] == ("image/jpeg", "image/webp")[n - 1]
        assert "no-store" in shown.headers["Cache-Control"] and b"Canary" not in shown.content
        assert f"第{n}张照片" in check
    assert turn(square, check, go="send").status_code == 302
    assert not Waiting.objects.exists()
    row, kept = only(), list(Attachment.objects.order_by("id"))
    assert row.data["photos"] == [k.pk for k in kept]
    assert [k.name for k in kept] == ["照片1.jpg", "照片2.webp"]
    for attachment in kept:
        content = files.path_of(attachment.digest).read_bytes()
        assert b"Canary" not in content and b"Exif" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (64, 32) and not image.getexif()
    desk = cast.client("leader").get(f"/matters/{row.code}").content.decode()
    assert "照片1.jpg" in desk and "照片2.webp" in desk and "甄画眉" not in desk


def test_without_photos_nothing_is_asked_and_nothing_is_missing(square: Client) -> None:
    assert turn(square, to_check(square), go="send").status_code == 302
    assert "photos" not in only().data


def test_pressing_twice_files_once_with_its_photos(square: Client) -> None:
    check = to_check(square, jpeg())
    one, two = turn(square, check, go="send"), turn(square, check, go="send")
    assert one.status_code == two.status_code == 302
    assert one.headers["Location"] == two.headers["Location"]
    assert only() and Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "第1张是空的"),
        (b"%PDF-1.7 no photo", "第1张不是照片"),
        (b"<svg onload=alert(1)>", "第1张不是照片"),
        (jpeg()[:-40], "第1张打不开"),
        (b"\xff\xd8\xff\xd9", "第1张打不开"),
        (b"\x89PNG\r\n\x1a\nIHDR", "第1张打不开"),
        (bomb(), "第1张的像素太多"),
        (jpeg() + bytes(pictures.MOST_BYTES), "第1张超过10MB"),
    ],
)
def test_a_wrong_file_is_told_and_nothing_that_was_written_is_lost(
    square: Client, content: bytes, said: str
) -> None:
    files_ = [sent(content, "a.jpg"), sent(jpeg(), "b.jpg")]
    answer = turn(square, first(square), go="next", photo=files_, **WHAT)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "有1处要改" in page
    assert 'value="路灯坏了"' in page and "三天没有亮" in page and 'href="#f_photo"' in page
    assert Waiting.objects.count() == 1 and "不要第1张" in page
    after = turn(square, page, go="next", **WHAT)
    assert after.status_code == 200 and "在哪里？</h1>" in after.content.decode()


def test_a_page_without_its_subject_keeps_the_photo(square: Client) -> None:
    given = {**WHAT, "subject": ""}
    page = turn(square, first(square), go="next", photo=[sent(jpeg())], **given).content.decode()
    assert "请填什么事" in page and "不要第1张" in page
    page = turn(square, page, go="next", **WHAT).content.decode()
    page = turn(square, page, go="what").content.decode()
    assert "不要第1张" in page and 'value="路灯坏了"' in page


def test_a_photo_is_taken_back_and_gone_at_once(square: Client) -> None:
    page = turn(square, first(square), go="next", photo=[sent(jpeg())], **WHAT).content.decode()
    page = turn(square, page, go="what").content.decode()
    token = re.search(r'name="_drop" value="([^"]+)"', page)
    page = turn(square, page, go="next", _drop=token[1], **WHAT).content.decode()
    assert not Waiting.objects.exists() and "_photo" not in page
    assert square.get(f"/p/photo/{token[1]}").status_code == 404


def test_three_photos_at_most_before_and_after(square: Client) -> None:
    four = [sent(jpeg(shade=n)) for n in range(4)]
    answer = turn(square, first(square), go="next", photo=four, **WHAT)
    page = answer.content.decode()
    assert answer.status_code == 422 and "最多放3张照片" in page and "不要第3张" in page
    assert Waiting.objects.count() == 3
    again = turn(square, page, go="next", photo=[sent(jpeg())], **WHAT)
    assert again.status_code == 422 and Waiting.objects.count() == 3


def test_a_photo_waits_two_hours_and_no_longer(
    square: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = to_check(square, jpeg())
    address = re.search(r'src="(/p/photo/[^"]+)"', check)[1]
    later = AT + timedelta(hours=2)
    monkeypatch.setenv("JIEZHEN_NOW", later.isoformat())
    assert square.get(address).status_code == 404
    answer = turn(square, check, go="send")
    page = answer.content.decode()
    assert answer.status_code == 422 and "照片放了太久，已经删掉了" in page
    assert "路灯坏了" in page and not Matter.objects.for_system("test").filter(kind=KIND).exists()
    worker.throw_away(later)
    assert not Waiting.objects.exists()
    assert turn(square, page, go="send").status_code == 302
    assert "photos" not in only().data


def test_a_strange_token_brings_no_photo(square: Client) -> None:
    check = to_check(square, jpeg())
    answer = turn(square, check, go="send", _photo=["x" * 43])
    assert answer.status_code == 422 and "照片放了太久" in answer.content.decode()
    assert Waiting.objects.count() == 1
    assert square.get("/p/photo/xx").status_code == 404


def test_too_many_photos_within_the_hour_leave_the_report_possible(
    square: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "photo", limits.Limit(2, 100))
    three = [sent(jpeg(shade=n)) for n in range(3)]
    answer = turn(square, first(square), go="next", photo=three, **WHAT)
    page = answer.content.decode()
    assert answer.status_code == 429 and "这一小时收到的照片太多了" in page
    assert 'value="路灯坏了"' in page and Waiting.objects.count() == 2
    assert turn(square, page, go="next", **WHAT).status_code == 200


def test_whom_it_is_about_does_not_see_from_where_it_was_taken(cast: Cast, square: Client) -> None:
    turn(square, to_check(square, jpeg()), go="send")
    row, kept = only(), Attachment.objects.get()
    matters.move(cast.system, KIND, row.pk, "dispatch", {}, AT, unit="c1")
    viewer = cast.client("grid")
    assert opened(viewer, kept)
    page = viewer.get(f"/matters/{row.code}").content.decode()
    assert "照片1.jpg" in page
    Matter.objects.for_system("test").filter(pk=row.pk).update(subjects=[cast.unit("c1").id])
    page = viewer.get(f"/matters/{row.code}").content.decode()
    assert "照片1.jpg" not in page and "诉求人发来的照片不向本单元开放" in page
    assert not opened(viewer, kept)
    assert viewer.post(
        f"/records/{KIND}/{row.code}/files/{kept.pk}/remove", {"_nonce": "n1"}
    ).status_code in (403, 404)
    assert opened(cast.client("leader"), kept)
