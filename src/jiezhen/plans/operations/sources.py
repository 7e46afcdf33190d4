"""Bring in the text of a file or of the clipboard, before anything is written.

Files are read in a child process (see `reading.sandbox`), outside of any transaction.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jiezhen.records.operations import Problem, Refused

#: Longer than any plan; protects the pages, which show the whole text.
LONGEST = 400_000


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read, with the file it came from when there was one."""

    text: str
    file_name: str = ""
    kind: str = "txt"
    digest: str = ""
    size: int = 0


def from_file(upload: "UploadedFile[bytes]") -> Source:
    """Return the text of an uploaded file and keep the file itself, by its digest.

    Raises:
        Refused: The file cannot be read; the message says what to do.
    """
    from jiezhen.reading import sandbox
    from jiezhen.reading.errors import UnreadableFile

    name = Path(upload.name or "").name[:200]
    suffix = Path(name).suffix.lower()[:8]
    handle, path = tempfile.mkstemp(suffix=suffix)
    digest = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks():
                digest.update(chunk)
                out.write(chunk)
        found = sandbox.read_file(Path(path))
        _keep(Path(path), digest.hexdigest())
    except UnreadableFile as problem:
        raise Refused(Problem("file", problem.message)) from problem
    finally:
        Path(path).unlink(missing_ok=True)
    return Source(
        _whole(found.text, "file"),
        name,
        found.kind[:10],
        digest.hexdigest(),
        upload.size or 0,
    )


def from_words(text: str) -> Source:
    """Return pasted text as it is.

    Raises:
        Refused: There is nothing, or more than a plan can hold.
    """
    return Source(_whole(text, "text"), size=len(text.encode()))


def _whole(text: str, field: str) -> str:
    if not text.strip():
        raise Refused(Problem(field, _("没有文字。请选一个文件，或者把文字粘贴进来。")))
    if len(text) > LONGEST:
        raise Refused(Problem(field, _("超过40万字，请拆成几份。")))
    # PostgreSQL keeps no NUL in text; no document means one.
    return text.replace("\x00", "")


def stored(digest: str) -> Path:
    """Return where the file with this digest lies."""
    return Path(settings.FILES) / "plans" / digest[:2] / digest


def _keep(path: Path, digest: str) -> None:
    home = stored(digest)
    if home.exists():
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    part = home.with_suffix(f".{os.getpid()}")
    part.write_bytes(path.read_bytes())
    part.replace(home)
