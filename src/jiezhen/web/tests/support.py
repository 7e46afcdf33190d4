"""What the tests of pages share: rendering, and a reader that looks for what the policy refuses."""

from html.parser import HTMLParser

from django.http import HttpRequest
from django.template import Context, Template, loader
from django.test import RequestFactory

HOSTILE = """<script>alert(1)</script>"' onmouseover=alert(1) x='"""
VOID = {"input", "meta", "link", "br", "hr", "img"}


class Reader(HTMLParser):
    """Collects tags, attributes, ids, and everything a strict policy would block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocked: list[str] = []
        self.stack: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.blocked.append(f"{tag} {name}={value}")
            if name in {"href", "src", "action"} and (value or "").startswith(
                ("http", "//", "javascript:", "data:")
            ):
                self.blocked.append(f"{tag} {name}={value}")
        if tag == "style" or (tag == "script" and "src" not in given):
            self.blocked.append(tag)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.stack and self.stack[-1] == tag:
            self.stack.pop()
        else:
            self.blocked.append(f"unbalanced </{tag}> in {self.stack[-3:]}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [attrs for _tag, attrs in self.tags if attribute in attrs]


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


def tag(source: str, **context: object) -> str:
    """Render one line of template with our tags."""
    return Template("{% load web %}" + source).render(Context(context))


class Stranger:
    """A viewer as far as the base page cares."""

    name = "王敏"


def request(path: str = "/design", **more: object) -> HttpRequest:
    made = RequestFactory().get(path)
    made.viewer = Stranger()
    for name, value in more.items():
        setattr(made, name, value)
    return made


def page(template: str, context: dict[str, object] | None = None, path: str = "/design") -> str:
    return loader.render_to_string(template, context or {}, request=request(path))
