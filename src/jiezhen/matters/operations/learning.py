"""Learn again which category words belong to; the work itself is done by a child process."""

import base64
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from jiezhen.kernel import sandbox, whole
from jiezhen.matters.queries import guessing
from jiezhen.matters.rules import learning
from jiezhen.packs.schema import Kind
from jiezhen.people.access import Viewer
from jiezhen.records import operations as records
from jiezhen.records import shapes
from jiezhen.trail import operations as trail

_log = logging.getLogger(__name__)
_CHILD = "jiezhen.matters.rules.learning_child"
#: What learning from the most cases may take. Unit: bytes, seconds.
LIMITS = sandbox.Limits(memory=4 * 2**30, cpu=1800, wall=3600.0)
#: A mark of work under way that is older was left by a process that died. Unit: seconds.
_STALE = 2 * 3600


class UnableToLearn(records.Refused):
    """There are too few cases, somebody is at it, or the work broke down."""


def retrain(viewer: Viewer, kind: str, at: datetime) -> learning.Measures:
    """Learn from the office's cases and use the result from now on; takes seconds to minutes.

    The child works outside of any transaction; what it found is written with its trail row.

    Raises:
        records.NotAllowed: The viewer does not look after packs.
        UnableToLearn: Too few cases, learning is under way already, or it failed.
    """
    spec = _allowed(viewer, kind)
    counted = guessing.counts(viewer, spec)
    texts, labels = guessing.learned_from(viewer, spec)
    missing = learning.shortage(_tally(labels))
    if missing:
        raise _unable(guessing.told_missing(missing))
    about = {
        "guess": guessing.told(viewer.office_id, spec),
        "trained_at": at.isoformat(),
        "counted": counted.total(),
    }
    file = guessing.path_of(viewer.office_id, spec.name)
    with _alone(file, at):
        content = _trained(texts, labels, about)
        model = learning.unpacked(content)
        told = model.measures
        after = {
            "cases": told.cases,
            "accuracy": round(told.accuracy, 4),
            "accuracy3": round(told.accuracy3, 4),
            "largest": round(told.largest, 4),
            "left_out": told.left_out,
        }
        with transaction.atomic():
            trail.append(viewer, "matter.learned", spec.name, at, after=after)
            whole.put(file, learning.sealed(content, guessing.key()))
        guessing.wish_of(file).unlink(missing_ok=True)
    return told


def want(viewer: Viewer, kind: str, at: datetime) -> None:
    """Ask the worker to learn again soon, because learning takes too long for a page.

    Raises:
        records.NotAllowed: The viewer does not look after packs.
        UnableToLearn: There are too few cases.
    """
    spec = _allowed(viewer, kind)
    missing = learning.shortage(guessing.counts(viewer, spec))
    if missing:
        raise _unable(guessing.told_missing(missing))
    trail.append(viewer, "matter.learning_asked", spec.name, at)
    wish = guessing.wish_of(guessing.path_of(viewer.office_id, spec.name))
    wish.parent.mkdir(parents=True, exist_ok=True)
    wish.touch()


def _allowed(viewer: Viewer, kind: str) -> Kind:
    if not viewer.may("packs.edit"):
        raise records.NotAllowed(records.Problem("", _("没有管理业务包的权限。")))
    spec = shapes.kind_of(kind)
    guessing.guess_of(spec)
    return spec


def _unable(message: str) -> UnableToLearn:
    return UnableToLearn(records.Problem("", message))


def _tally(labels: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for label in labels:
        found[label] = found.get(label, 0) + 1
    return found


def _trained(texts: list[str], labels: list[str], about: dict[str, object]) -> bytes:
    """Let a child learn and return what it packed."""
    with tempfile.TemporaryFile() as file:
        given = {"texts": texts, "labels": labels, "about": about}
        file.write(json.dumps(given, ensure_ascii=False).encode())
        file.seek(0)
        try:
            lines = list(sandbox.run(_CHILD, file, limits=LIMITS))
            return base64.b64decode(lines[-1])
        except (sandbox.ChildFailed, IndexError, ValueError) as failed:
            _log.warning("learning failed: %s", failed)
            raise _unable(_("这次没有训练成，原来的还在用。系统明天再试。")) from failed


@contextmanager
def _alone(file: Path, at: datetime) -> Iterator[None]:
    """Hold the mark that says that this kind is being learned, over all processes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    mark = file.with_suffix(".busy")
    try:
        if at.timestamp() - mark.stat().st_mtime > _STALE:
            mark.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        os.utime(mark, (at.timestamp(), at.timestamp()))
    except FileExistsError as busy:
        raise _unable(_("正在训练，过几分钟再看。")) from busy
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
