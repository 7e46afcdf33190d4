"""Reading and proof-reading, of texts and of files."""

import re
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile

from jiezhen.api import guards, schemas
from jiezhen.api.records import who
from jiezhen.kernel.periods import BadPeriod, Period
from jiezhen.reading import read
from jiezhen.reading.errors import UnreadableFile
from jiezhen.reading.sandbox import read_file
from jiezhen.reports.queries.checks import check_words
from jiezhen.web.characters import kept

#: Plain JSON.
Body = dict[str, Any]
router = Router(tags=["texts"])
_FAILURES = {400: schemas.Failure, 401: schemas.Failure, 422: schemas.Failure}
MOST_CHARACTERS = 500_000
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


def _text_of(text: str, file: UploadedFile | None) -> str:
    """Return the text of the form or of the file, read in the limited child process.

    Raises:
        UnreadableFile: The file cannot be read; the message says what to do.
    """
    if file is None:
        return str(kept(text))
    with tempfile.TemporaryDirectory() as folder:
        ending = Path(file.name or "x.txt").suffix.lower()
        # Whatever else stands behind the dot names no sort of file, and perhaps no file at all.
        path = Path(folder) / f"upload{ending if _ENDING.fullmatch(ending) else ''}"
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
    try:
        code = Period.parse(period).code if period.strip() else ""
    except BadPeriod:
        said = "period 看不懂，写成 2023、2023H1、2023Q3 或 2023-06。"
        return guards.problem(said, 422, message_en="period is no period.")
    return guards.answer(check_words(asked.viewer, given, asked.at, period=code).to_dict())
