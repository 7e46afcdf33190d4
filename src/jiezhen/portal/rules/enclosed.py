"""What comes along with a request or an update by Open311: addresses of pictures, and files.

Nothing is fetched and no file is taken in; the officer reads that it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from jiezhen.portal.rules.georeport import Wrong

#: How many addresses may come along, and how long they may be together.
MOST, LONGEST = 10, 700
#: The characters of RFC 3986 alone: none that looks like another or turns the line round.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.I)


def addresses(given: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that came along, each once.

    Raises:
        Wrong: One is none of http or https, holds a name to sign in, or there are too many.
    """
    found = tuple(dict.fromkeys(said for g in given if (said := g.strip())))
    for said in found:
        if not _is_address(said):
            raise Wrong(
                400,
                "media_url不是http或https网址。media_url is not an http or https address",
            )
    if len(found) > MOST or sum(map(len, found)) > LONGEST:
        raise Wrong(
            400,
            f"media_url最多{MOST}个，合计最多{LONGEST}个字符。"
            f"media_url: at most {MOST} addresses of {LONGEST} characters together",
        )
    return found


def _is_address(said: str) -> bool:
    if not _ADDRESS.fullmatch(said):
        return False
    try:
        parts = urlsplit(said)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def told(addresses_: Iterable[str], files: int) -> list[str]:
    """Return in words what came along; nothing where nothing did."""
    found = []
    joined = " ".join(addresses_)
    if joined:
        found.append(f"附图地址：{joined}")
    if files:
        found.append(f"另附{files}个文件，没有收")
    return found
