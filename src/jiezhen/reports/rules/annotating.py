"""Comments in a Word file that came from outside: everything else in it stays as it is.

`annotated` starts this module in a limited child process, hands it the file and the comments, and gets the
file back. Comments are placed by offsets into the text that `reading` made of the same file: both walk the
same words of the file in the same order, and only runs are split, never their words.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from jiezhen.kernel import confine, sandbox

if TYPE_CHECKING:
    from lxml.etree import _Element  # type: ignore[import-untyped]

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_SKIPPED: Final = frozenset(
    f"{_W}{name}" for name in ("del", "instrText", "moveFrom", "txbxContent")
)
#: More comments than this make a file that nobody reads, and Word slow.
MOST: Final = 2000
_LINE: Final = 60_000


class UnableToAnnotate(Exception):
    """The file cannot be given comments; the messages say what to do."""

    message = "批注写不进这个文件。请在Word里另存一份再校对。"
    message_en = "Comments cannot be written into this file. Save a copy in Word and try again."

    def __init__(self) -> None:
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on `text[start:end]` of the text that was read from the file."""

    start: int
    end: int
    words: str


def annotated(
    content: bytes, text: str, comments: Sequence[Comment], *, author: str = "校对"
) -> bytes:
    """Return the bytes of a Word file with comments added and nothing else changed.

    `text` is what `reading` read from the same bytes.

    Raises:
        UnableToAnnotate: The child process failed, or the words are not where they should be.
    """
    told = {"text": text, "author": author, "comments": [asdict(c) for c in comments[:MOST]]}
    head = json.dumps(told, ensure_ascii=False).encode()
    with tempfile.TemporaryFile() as file:
        file.write(f"{len(head)}\n".encode() + head + content)
        file.seek(0)
        try:
            lines = list(sandbox.run("jiezhen.reports.rules.annotating", file))
        except sandbox.ChildFailed as failed:
            raise UnableToAnnotate from failed
    try:
        return base64.b64decode(b"".join(lines), validate=False)
    except ValueError as problem:
        raise UnableToAnnotate from problem


def main() -> None:
    """Read comments and file from standard input, write the file with comments; the child's whole work."""
    confine.limit(int(sys.argv[1]), int(sys.argv[2]))
    import docx
    from docx.parts.comments import CommentsPart

    # The library reads the empty list of comments from its own folder, which is closed later.
    empty = CommentsPart._default_comments_xml()
    CommentsPart._default_comments_xml = classmethod(  # type: ignore[method-assign, assignment]
        lambda _cls: empty
    )
    _warm_up(docx)
    confine.lock()
    size = int(sys.stdin.buffer.readline())
    told = json.loads(sys.stdin.buffer.read(size))
    document = docx.Document(io.BytesIO(sys.stdin.buffer.read()))
    _comment(document, told)
    out = io.BytesIO()
    document.save(out)
    said = base64.b64encode(out.getvalue())
    for at in range(0, len(said), _LINE):
        sys.stdout.buffer.write(said[at : at + _LINE] + b"\n")


def _warm_up(docx: Any) -> None:  # noqa: ANN401  # python-docx has no types
    """Make and reopen a small file, so that everything is imported before the doors close."""
    document = docx.Document()
    run = document.add_paragraph().add_run("1")
    document.add_comment([run], text="1", author="1", initials="1")
    out = io.BytesIO()
    document.save(out)
    docx.Document(io.BytesIO(out.getvalue()))


def _comment(document: Any, told: dict[str, Any]) -> None:  # noqa: ANN401  # python-docx has no types
    from docx.text.run import Run

    comments = told["comments"]
    cuts = {place for c in comments for place in (c["start"], c["end"])}
    pieces = _split(document.element.body, told["text"], cuts)
    paragraph = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
    for comment in comments:
        inside = [
            run
            for start, end, run in pieces
            if comment["start"] <= start and end <= comment["end"]
        ]
        if not inside:
            continue
        runs = [Run(inside[0], paragraph), Run(inside[-1], paragraph)]
        document.add_comment(runs, text=comment["words"], author=told["author"], initials="校")


def _split(body: _Element, text: str, cuts: set[int]) -> list[tuple[int, int, _Element]]:
    """Split runs at the cuts; return start, end (in the text) and run of every piece of words."""
    pieces: list[tuple[int, int, _Element]] = []
    at = 0
    for node in list(body.iter(f"{_W}t")):
        if _is_skipped(node, body) or not node.text:
            continue
        places: list[int] = []
        for sign in node.text:
            at = _found(text, sign, at)
            places.append(at)
            at += 1
        pieces += _pieces(node, places, cuts)
    return pieces


def _found(text: str, sign: str, at: int) -> int:
    """Return where the next character of the file stands in the text, past the marks that reading added."""
    while at < len(text) and text[at] != sign:
        if not (text[at].isspace() or text[at] in "#|"):
            # White space of the file that reading dropped stands nowhere.
            if sign.isspace():
                return at - 1
            raise ValueError(sign)
        at += 1
    if at >= len(text):
        raise ValueError(sign)
    return at


def _pieces(node: _Element, places: list[int], cuts: set[int]) -> list[tuple[int, int, _Element]]:
    inner = [i for i, place in enumerate(places) if i and place in cuts]
    inner += [
        i + 1 for i, place in enumerate(places[:-1]) if place + 1 in cuts and i + 1 not in inner
    ]
    edges = [0, *sorted(set(inner)), len(places)]
    run = node.getparent()
    found = []
    words = node.text
    for first, last in pairwise(edges):
        if first:
            run, node = _cut(run, node)
        if len(edges) > 2:
            node.text = words[first:last]
            node.set(_SPACE, "preserve")
        found.append((places[first], places[last - 1] + 1, run))
    return found


def _cut(run: _Element, node: _Element) -> tuple[_Element, _Element]:
    """Move what follows a text in its run to a new run of the same look, with a new text at its head."""
    from copy import deepcopy

    after = run.makeelement(run.tag, dict(run.attrib))
    look = run.find(f"{_W}rPr")
    if look is not None:
        after.append(deepcopy(look))
    fresh = node.makeelement(node.tag)
    after.append(fresh)
    for follower in list(node.itersiblings()):
        after.append(follower)
    run.addnext(after)
    return after, fresh


def _is_skipped(node: _Element, top: _Element) -> bool:
    parent = node.getparent()
    if parent is None or parent.tag != f"{_W}r":
        return True
    while parent is not None and parent is not top:
        if parent.tag in _SKIPPED:
            return True
        parent = parent.getparent()
    return False


if __name__ == "__main__":
    main()
