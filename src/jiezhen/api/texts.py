"""Reading and proof-reading, of texts and of files."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from jiezhen.api import guards, schemas
from jiezhen.api.records import who
from jiezhen.reading import read
from jiezhen.reading.errors import UnreadableFile
from jiezhen.reading.sandbox import read_file
from jiezhen.reports.queries.checks import check_words

#: Plain JSON.
Body = dict[str, Any]
router = Router(tags=["texts"])
_FAILURES = {401: schemas.Failure, 422: schemas.Failure}
MOST_CHARACTERS = 500_000


def _text_of(text: str, file: UploadedFile | None) -> str:
    """Return the text of the form or of the file, read in the limited child process.

    Raises:
        UnreadableFile: The file cannot be read; the message says what to do.
    """
    if file is None:
        return text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(file.name or 'x.txt').suffix.lower()}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return read_file(path).text


@router.post("/read", response={200: Body, **_FAILURES})
def read_text(
    request: HttpRequest,
    text: Form[str] = "",
    file: File[UploadedFile | None] = None,
) -> HttpResponse:
    """Read a text or a file (txt, md, docx, pdf) into figures and commitments; nothing is kept."""
    who(request)
    try:
        given = _text_of(text, file)
    except UnreadableFile as bad:
        return guards.problem(bad.message, 422, message_en=bad.message_en)
    if len(given) > MOST_CHARACTERS:
        return guards.problem("太长了，最多50万字。", 422, message_en="Too long.")
    return guards.answer(read(given).to_dict())


@router.post("/check", response={200: Body, **_FAILURES})
def check_text(
    request: HttpRequest,
    text: Form[str] = "",
    period: Form[str] = "",
    file: File[UploadedFile | None] = None,
) -> HttpResponse:
    """Proof-read a text or a file against the records and against itself; nothing is kept."""
    asked = who(request)
    try:
        given = _text_of(text, file)
    except UnreadableFile as bad:
        return guards.problem(bad.message, 422, message_en=bad.message_en)
    if len(given) > MOST_CHARACTERS:
        return guards.problem("太长了，最多50万字。", 422, message_en="Too long.")
    return guards.answer(check_words(asked.viewer, given, asked.at, period=period).to_dict())
