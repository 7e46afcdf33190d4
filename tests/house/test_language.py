"""The English catalogue is whole, and English pages hold no Chinese words of the face."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.records import operations as records

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "src" / "jiezhen" / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%s|\{\w*\}|<[^>]+>")
READ_ALOUD = ("aria-label", "placeholder", "title", "alt")
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "line"}
PAGES = (
    "/", "/plans", "/tasks", "/indicators", "/indicators/lifts_completed/target", "/matters",
    "/reports/new", "/check", "/search", "/new", "/preferences", "/password",
)  # fmt: skip


def chinese_of_the_source() -> set[str]:
    """Return every word of the face without its placeholders."""
    with PO.open("rb") as file:
        ids = [m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.id]
    return {word for word in ids if CHINESE.search(word) and not PLACEHOLDER.search(word)}


class Face(HTMLParser):
    """Collects what a page says outside of elements that are marked as Chinese."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    @property
    def _quiet(self) -> bool:
        return any(quiet for _tag, quiet in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = dict(attrs)
        quiet = given.get("lang") == "zh-Hans" or tag in ("script", "style")
        if not (quiet or self._quiet):
            self.said += [given[name] or "" for name in READ_ALOUD if name in given]
        if tag not in VOID:
            self._open.append((tag, quiet))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        if not self._quiet:
            self.said.append(data.strip())


def test_the_catalogue_is_whole() -> None:
    found = subprocess.run(  # noqa: S603
        [sys.executable, ROOT / "tools" / "messages.py", "check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout


def translations() -> Iterator[tuple[str, str]]:
    with PO.open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str):
                yield message.id, str(message.string)
            else:
                yield from ((message.id[0], english) for english in message.string)


def test_every_translation_keeps_its_placeholders_and_its_tone() -> None:
    for chinese, english in translations():
        if not chinese:
            continue
        wanted, given = set(PLACEHOLDER.findall(chinese)), set(PLACEHOLDER.findall(english))
        assert given == wanted, chinese
        assert not CHINESE.search(english), chinese
        assert "!" not in english, chinese


@pytest.fixture
def face(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Return an office with a lift, so that the lists are not empty."""
    monkeypatch.setenv("JIEZHEN_NOW", AT.isoformat())
    cast = build_cast()
    section, unit = cast.viewers["section"], cast.unit("c1")
    values = {"address": "松涛路1号", "completed_on": "2023-03-01"}
    given = {"state": "accepted", "opened_on": "2022-03-01"}
    records.create(section, "lifts.retrofit", unit, values, AT, given=given)
    return cast


def face_of(client: Client, path: str) -> list[str]:
    client.cookies["django_language"] = "en"
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = Face()
    page.feed(answer.content.decode())
    assert '<html lang="en"' in answer.content.decode(), path
    return [said for said in page.said if CHINESE.search(said)]


@pytest.mark.django_db
def test_the_sign_in_page_is_english() -> None:
    left = [s for s in face_of(Client(), "/login") if s != "简体中文"]
    assert left == []


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_holds_no_chinese_word_of_the_face(face: Cast, path: str) -> None:
    words = chinese_of_the_source()
    left = [said for said in face_of(face.client("planner"), path) if said in words]
    assert left == [], path
