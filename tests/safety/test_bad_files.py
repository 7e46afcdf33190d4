"""Bad files through every door: a clear Chinese sentence, status 4xx, nothing written, no harm."""

import re
import resource
import subprocess
import sys
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from .addresses import SITE
from .bad_files import docx, tables, texts
from .conftest import Two
from .crawling import watched
from .office import nonce

pytestmark = pytest.mark.slow
TEXTS, TABLES = texts(), tables()
SECONDS, MEGABYTES = 25, 300
_CHINESE = re.compile("[\u4e00-\u9fff]{4,}")
#: A sentence that says what to do has one of these.
_CURES = re.compile("请|最多|换|另存|去掉|拆")


class Watch:
    """Time, memory of this process and written tables around one request."""

    def __enter__(self) -> "Watch":
        self.began, self.memory = time.monotonic(), _megabytes()
        self.tables = watched()
        self.wrote = self.tables.__enter__()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.tables.__exit__(None, None, None)
        self.seconds, self.grew = time.monotonic() - self.began, _megabytes() - self.memory

    def sound(self) -> None:
        """See that the request was short, small, and wrote nothing that stayed."""
        assert self.seconds < SECONDS
        assert self.grew < MEGABYTES
        assert set(self.wrote) <= {"trail_nonce"}


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def said(answer) -> str:
    """Return the words of an answer without its markup."""
    if answer.headers["Content-Type"].startswith("application/json"):
        return answer.json()["message"]
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def refused(answer, watch: Watch) -> None:
    assert 400 <= answer.status_code < 500, answer.status_code
    assert _CHINESE.search(said(answer)) and _CURES.search(said(answer)), said(answer)[:300]
    watch.sound()


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("door", ["/plans/upload", "/check", "/api/read", "/api/check"])
def test_a_bad_document(two: Two, door: str, name: str) -> None:
    client = two.here.client("planner")
    with Watch() as watch:
        answer = client.post(
            door, {"_nonce": nonce(), "file": SimpleUploadedFile(name, TEXTS[name])}
        )
    refused(answer, watch)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("door", ["/imports/new", f"/api/imports/{SITE}"])
def test_a_bad_table(two: Two, door: str, name: str) -> None:
    client: Client = two.here.client("section")
    with Watch() as watch:
        answer = client.post(
            door,
            {
                "_nonce": nonce(),
                "kind": SITE,
                "unit": "c1",
                "file": SimpleUploadedFile(name, TABLES[name]),
            },
            headers={"Idempotency-Key": nonce()},
        )
    refused(answer, watch)


def test_gbk_text_is_read(two: Two) -> None:
    text = "全年完成加装电梯36台。".encode("gb18030")
    answer = two.here.client("planner").post(
        "/api/read", {"file": SimpleUploadedFile("a.txt", text)}
    )
    assert answer.status_code == 200
    assert any(f["value"] == 36 or f["span"].startswith("36") for f in answer.json()["figures"])


def test_an_external_entity_is_never_opened(two: Two) -> None:
    hostile = docx(
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    )
    for door in ("/api/read", "/check"):
        answer = two.here.post("planner", door, file=SimpleUploadedFile("a.docx", hostile))
        assert "root:" not in answer.content.decode()


def run(home, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with a home of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from jiezhen.conf.cli import main; main()", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={
            "JIEZHEN_HOME": str(home),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONIOENCODING": "utf-8",
        },
    )


@pytest.mark.parametrize(
    "name", ["scan.pdf", "broken.docx", "encrypted.docx", "xxe.docx", "empty.txt"]
)
def test_a_bad_document_in_the_terminal(tmp_path, name: str) -> None:
    (tmp_path / name).write_bytes(TEXTS[name])
    done = run(tmp_path / "home", "read", str(tmp_path / name))
    assert done.returncode == 1
    assert _CHINESE.search(done.stderr) and "Traceback" not in done.stderr
    assert done.stdout == ""


PACK = "pack: {name}\ntitle: 试\nsource: {{document: 试}}\n"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (
            "kinds: {a: {title: 甲, shape: entry, code: JA, label: '{n}', colour: red, "
            "fields: {n: {title: 名, type: text}}}}",
            "colour",
        ),
        (
            "kinds: {a: {title: 甲, shape: entry, code: JA, label: '{n}', fields: {n: {title: 名, type: text}}}}\n"
            "indicators: {safety_x: {title: 数, unit: 个, of: a, measure: count, where: \"__import__('os') = 1\"}}",
            "__import__",
        ),
    ],
)
def test_a_bad_pack_in_the_terminal(tmp_path, kinds: str, words: str) -> None:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "pack.yaml").write_text(PACK.format(name="trial"), "utf-8")
    (folder / "kinds.yaml").write_text(kinds, "utf-8")
    done = run(tmp_path / "home", "pack", "check", str(folder))
    assert done.returncode == 1
    assert words in done.stdout and "kinds.yaml" in done.stdout and _CHINESE.search(done.stdout)
    assert "Traceback" not in done.stdout + done.stderr
