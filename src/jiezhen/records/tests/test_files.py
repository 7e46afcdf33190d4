"""Attachments: what may be kept, what is taken out of pictures, who may open them."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from jiezhen.conftest import AT, Cast
from jiezhen.people.access import Viewer
from jiezhen.records import files, files_media, operations
from jiezhen.records.access import NoSuchRecord
from jiezhen.records.models import Attachment, Row
from jiezhen.records.tests.import_tools import ledger, sheet
from jiezhen.trail.models import Entry as TrailEntry
from jiezhen.trail.once import fresh

__all__ = ["ledger"]
pytestmark = pytest.mark.usefixtures("ledger", "still")
KIND = "ledger.retrofit"
PDF = b"%PDF-1.7\n..."


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path) -> None:
    settings.FILES = tmp_path


def shut(response) -> None:
    """Close the file alone; closing the response would end the test's connection."""
    for close in response._resource_closers:
        close()


@pytest.fixture
def row(cast: Cast) -> Row:
    viewer = cast.viewers["section"]
    return operations.create(viewer, KIND, cast.unit("c1"), {"address": "沧源路1号"}, AT)


def attach(viewer: Viewer, row: Row, name: str, content: bytes) -> Attachment:
    return files.attach(viewer, row, "report", files.ready(name, content), AT)


def picture(form: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 10, 10)).save(out, form, **more)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name in names:
            box.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "endings"),
    [
        (PDF, {"pdf"}),
        (picture("JPEG"), {"jpg", "jpeg"}),
        (picture("PNG"), {"png"}),
        (picture("WEBP"), {"webp"}),
        (zipped("word/document.xml"), {"docx"}),
        (sheet(("甲",), [["1"]]), {"xlsx"}),
        (zipped("word/document.xml", "word/vbaProject.bin"), set()),
        (zipped("evil.sh"), set()),
        ("说明".encode(), {"txt", "csv"}),
        ("说明".encode("gb18030"), {"txt", "csv"}),
        (b" <html><script>alert(1)</script>", set()),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", set()),
        (b"MZ\x90\x00\x03", set()),
        (b"", set()),
    ],
)
def test_media_are_told_by_content(content: bytes, endings: set[str]) -> None:
    assert files_media.media_of(content) == endings


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("验收单.pdf", "验收单.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\报告.docx", "报告.docx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("发票\u202efdp.exe.pdf", "发票fdp_exe.pdf"),
        ("." * 5 + "x.pdf", "x.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert files_media.clean_name(name) == clean


@pytest.mark.parametrize("cut", [5, 10, 200])
def test_damaged_pictures_are_refused(cast: Cast, row: Row, cut: int) -> None:
    for form, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        content = picture(form)
        viewer = cast.viewers["section"]
        with pytest.raises(operations.Refused, match=r"图片损坏|是空的"):
            attach(viewer, row, f"a.{ending}", content[: len(content) - cut])
    assert not Attachment.objects.exists()


def test_a_file_is_kept_by_its_digest_and_in_the_history(cast: Cast, row: Row) -> None:
    viewer = cast.viewers["section"]
    kept = attach(viewer, row, "验收单.pdf", PDF)
    row.refresh_from_db()
    assert row.data["report"] == [kept.pk]
    assert row.version == 2
    assert files.path_of(kept.digest).read_bytes() == PDF
    assert [f.name for f in files.of(row)] == ["验收单.pdf"]
    files.remove(viewer, row, kept.pk, AT)
    row.refresh_from_db()
    assert "report" not in row.data
    with pytest.raises(NoSuchRecord):
        files.opened(viewer, kept.pk, AT)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.exe", PDF, "只能放"),
        ("a.pdf", b"MZ\x90", "内容不是pdf文件"),
        ("a.jpg", PDF, "内容不是jpg文件"),
        ("a.txt", b"<html>", "内容不是txt文件"),
        ("a.pdf", b"", "文件是空的"),
        ("a.pdf", PDF + b"x" * files.MOST_BYTES, "文件超过20MB"),
    ],
)
def test_what_is_not_kept(cast: Cast, row: Row, name: str, content: bytes, said: str) -> None:
    with pytest.raises(operations.Refused, match=said):
        attach(cast.viewers["section"], row, name, content)
    assert Attachment.objects.count() == 0


def test_only_who_may_change_puts_files_and_who_sees_opens_them(cast: Cast, row: Row) -> None:
    with pytest.raises(operations.NotAllowed):
        attach(cast.viewers["leader"], row, "a.pdf", PDF)
    kept = attach(cast.viewers["grid"], row, "a.pdf", PDF)
    url = f"/files/{kept.pk}"
    for who in ("grid", "leader"):
        response = cast.client(who).get(url)
        assert response.status_code == 200
        shut(response)
    assert cast.client("neighbour").get(url).status_code == 404
    assert cast.client("administrator").get(url).status_code == 404


def test_a_download_is_never_a_page(cast: Cast, row: Row) -> None:
    kept = attach(cast.viewers["section"], row, "验收单.pdf", PDF)
    response = cast.client("section").get(f"/files/{kept.pk}")
    assert b"".join(response.streaming_content) == PDF
    shut(response)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    entry = TrailEntry.objects.latest("id")
    assert (entry.action, entry.on) == ("records.file.opened", f"{KIND}:{row.code}")


def test_the_record_page_puts_and_takes_away_files(cast: Cast, row: Row) -> None:
    client = cast.client("section")
    here = f"/records/{KIND}/{row.code}"
    sent = {"field": "report", "file": SimpleUploadedFile("a.pdf", PDF), "_nonce": fresh()}
    assert client.post(f"{here}/files", sent).status_code == 302
    page = client.get(here, follow=True).content.decode()
    assert "附件" in page
    assert ">a.pdf</a>" in page
    wrong = {"field": "report", "file": SimpleUploadedFile("a.pdf", b"MZ"), "_nonce": fresh()}
    refused = client.post(f"{here}/files", wrong)
    assert refused.status_code == 422
    assert "内容不是pdf文件" in refused.content.decode()
    kept = Attachment.objects.get()
    gone = client.post(f"{here}/files/{kept.pk}/remove", {"_nonce": fresh()})
    assert gone.status_code == 302
    assert ">a.pdf</a>" not in client.get(here, follow=True).content.decode()


def test_a_file_of_another_record_cannot_be_borrowed(cast: Cast, row: Row) -> None:
    viewer = cast.viewers["section"]
    kept = attach(viewer, row, "a.pdf", PDF)
    other = operations.create(viewer, KIND, cast.unit("c3"), {"address": "别处1号"}, AT)
    with pytest.raises(operations.Refused):
        operations.change(viewer, KIND, other.pk, {"report": [kept.pk]}, other.version, AT)
    other.refresh_from_db()
    assert files.of(other) == []
    assert cast.client("neighbour").get(f"/files/{kept.pk}").status_code == 404
