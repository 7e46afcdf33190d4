"""GeoReport v2: dates, windows, and one structure written as JSON or as XML.

Source: https://wiki.open311.org/GeoReport_v2/ and, for updates, the extension for service request updates.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

#: The longest window of dates that a client may ask for.
WINDOW = timedelta(days=90)
MOST_IDS = 200
MOST_PAGE, MOST_SIZE, SIZE = 10_000, 500, 50
_YEARS = range(1970, 2200)
#: What XML 1.0 cannot hold, whatever the escape.
_UNKEPT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What the items of a list are called in XML.
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}


class Wrong(Exception):
    """The client asked for something that cannot be: status and words of the standard's error array."""

    def __init__(self, status: int, description: str) -> None:
        self.status, self.description = status, description
        super().__init__(description)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    number: int
    size: int


def moment(text: str, name: str, zone: tzinfo) -> datetime | None:
    """Return a W3C moment; None for a blank one. A day alone begins at midnight of the office.

    Raises:
        Wrong: It is no moment.
    """
    said = text.strip()
    if not said:
        return None
    # A plus sign that nobody escaped arrives as a space.
    said = re.sub(r"(\d) (\d\d:?\d\d)$", r"\1+\2", said)
    try:
        found = datetime.fromisoformat(said)
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        if found.year not in _YEARS:
            raise ValueError
    except (ValueError, OverflowError) as bad:
        raise Wrong(400, f"{name} is not a W3C date and time: 2010-01-01T00:00:00Z") from bad
    return found


def window(
    start: datetime | None, end: datetime | None, at: datetime
) -> tuple[datetime, datetime]:
    """Return the window that two dates ask for: the latest 90 days when neither is given.

    Raises:
        Wrong: It is longer than 90 days, or ends before it begins.
    """
    if start is None and end is None:
        return at - WINDOW, at
    first = start or (end or at) - WINDOW
    last = end or first + WINDOW
    if last < first:
        raise Wrong(400, "end_date lies before start_date")
    if last - first > WINDOW + timedelta(days=1):
        raise Wrong(400, "the range may not span more than 90 days")
    return first, last


def page(number: str, size: str) -> Page:
    """Return the page that is asked for.

    Raises:
        Wrong: A number is none or out of range.
    """
    return Page(
        _whole(number, "page", 1, MOST_PAGE),
        _whole(size, "page_size", SIZE, MOST_SIZE),
    )


def _whole(text: str, name: str, otherwise: int, most: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 8 and 1 <= int(text) <= most):
        raise Wrong(400, f"{name} must be a whole number from 1 to {most}")
    return int(text)


def listed(text: str) -> tuple[str, ...]:
    """Return what stands between commas, each once."""
    return tuple(dict.fromkeys(p.strip() for p in text.split(",") if p.strip()))


def degrees(text: str, name: str, most: int) -> float | None:
    """Return a coordinate in WGS-84; None for a blank one.

    Raises:
        Wrong: It is none.
    """
    if not text.strip():
        return None
    try:
        found = float(text)
    except ValueError as bad:
        raise Wrong(400, f"{name} is not a number") from bad
    if not abs(found) <= most:
        raise Wrong(400, f"{name} is out of range")
    return found


def xml(root: str, body: Any) -> str:
    """Return a structure of dictionaries and lists as XML; None is an empty element."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, body)}'


def _element(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, item) for key, item in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(ITEMS[name], item) for item in value)
    else:
        inner = _text(value)
    return f"<{name}>{inner}</{name}>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return html.escape(_UNKEPT.sub("", str(value)), quote=False)
