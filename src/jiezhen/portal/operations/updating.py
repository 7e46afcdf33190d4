"""What another system adds to a request: the extension of Open311 for service request updates.

Source: FixMyStreet, `Open311.pm`, and mySociety's open311-adapter, `Role/mySociety.pm`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from jiezhen.kernel import clock
from jiezhen.matters import operations as matters
from jiezhen.matters.queries import NoSuchRecord
from jiezhen.people.access import Viewer
from jiezhen.portal.queries import open311
from jiezhen.portal.rules import enclosed, georeport
from jiezhen.portal.rules.georeport import Wrong
from jiezhen.records import operations as records

#: How long the number may be that the sender gives to an update.
_KEY = 80
#: OPEN, CLOSED, and the longer list that FixMyStreet keeps; an unknown one is only read by people.
_STATUS = re.compile(r"[A-Za-z][A-Za-z_ ]{0,39}")


def update(
    viewer: Viewer, posted: Mapping[str, str], media: Sequence[str], files: int, at: datetime
) -> str:
    """Put the words of an update to its matter and return what the update is called here.

    The sender's `update_id` keeps it from being written twice. A status is passed on in words and
    moves nothing: what another system calls closed was not checked by anybody of the office.

    Raises:
        Wrong: Something is missing or cannot be read, there is no such request, it is closed, or
            the account may not add to it.
    """
    words = _words(posted, media, files)
    code = _needed(posted, "service_request_id")
    kinds = [k.name for k in open311.kinds()]
    try:
        number = matters.hear(viewer, kinds, code, words, at)
    except NoSuchRecord as absent:
        raise Wrong(404, "没有这个编号的诉求。service_request_id was not found") from absent
    except records.NotAllowed as refused:
        raise Wrong(
            403,
            "这个令牌不能给这件诉求补充。api_key may add nothing to this request",
        ) from refused
    except matters.OtherWords as other:
        raise Wrong(
            409, "这个update_id已经用于别的内容。update_id was used for another update"
        ) from other
    except matters.Over as over:
        raise Wrong(
            409,
            "这件已经办结，不再收补充；还有事请另报一件。"
            "this request is closed: post a new request instead",
        ) from over
    except matters.TooLong as long:
        raise Wrong(400, _too_long(words.behind)) from long
    return open311.update_id(code, number)


def _words(posted: Mapping[str, str], media: Sequence[str], files: int) -> matters.Words:
    """Return what is added: the description, and behind it what else the sender says."""
    key = _needed(posted, "update_id")
    if len(key) > _KEY:
        raise Wrong(400, f"update_id最多{_KEY}个字符。update_id: at most {_KEY} characters")
    along = enclosed.told(enclosed.addresses(media), files)
    said = posted.get("description", "").strip()
    if not said and not along:
        raise Wrong(400, "没有写补充的内容。description was not provided")
    first, last = (posted.get(n, "").strip()[:60] for n in ("first_name", "last_name"))
    return matters.Words(
        said,
        "；".join([f"对方编号：{key}", *_status(posted), *along]),
        key,
        (f"{last}{first}", f"{first} {last}", first, last),
        (posted.get("phone", "").strip()[:20],),
    )


def _status(posted: Mapping[str, str]) -> list[str]:
    """Return in words which status the other system reports, and when.

    Raises:
        Wrong: One of them cannot be read.
    """
    found = []
    status = posted.get("status", "").strip()
    if status:
        if not _STATUS.fullmatch(status):
            raise Wrong(400, "status读不懂。status must be a word such as OPEN or CLOSED")
        found.append(f"对方状态：{status.upper()}（本件状态不变）")
    moment = georeport.moment(posted.get("updated_datetime", ""), "updated_datetime", clock.ZONE)
    if moment is not None:
        found.append(f"对方时间：{moment.astimezone(clock.ZONE):%Y-%m-%d %H:%M}")
    return found


def _needed(posted: Mapping[str, str], name: str) -> str:
    found = posted.get(name, "").strip()
    if not found:
        raise Wrong(400, f"缺少{name}。{name} was not provided")
    return found


def _too_long(behind: str) -> str:
    most = max(0, matters.MOST_SAID - len(behind) - 2)
    return f"内容太长，最多{most}字。description: at most {most} characters"
