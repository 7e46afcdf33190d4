"""The receipt of what was just sent: it can be opened again for a quarter of an hour, and no longer.

The caller's code stays sealed in the address, so that no log or history keeps what opens progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from jiezhen.matters import operations as matters
from jiezhen.matters.queries import public as matters_queries
from jiezhen.matters.queries.public import Progress
from jiezhen.portal.queries.fronts import Office
from jiezhen.records import sealing

SHOWN_FOR = timedelta(minutes=15)
_ABOUT = "portal.receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the page of a receipt shows."""

    code: str
    receipt: str


def sealed(opened: matters.Opened, at: datetime) -> str:
    """Return the part of the address that opens the receipt."""
    text = f"{int(at.timestamp())}|{opened.matter.code}|{opened.receipt}"
    return sealing.seal(text, _ABOUT)


def receipt(token: str, at: datetime) -> Receipt | None:
    """Return the receipt; None when the address is old or not ours."""
    try:
        since, code, code_of_caller = sealing.unseal(token, _ABOUT).split("|")
    except (sealing.Unopenable, ValueError):
        return None
    age = at.timestamp() - int(since)
    if not 0 <= age <= SHOWN_FOR.total_seconds():
        return None
    return Receipt(code, code_of_caller)


def progress(office: Office, receipt_: str) -> Progress | None:
    """Return how far the matter of a caller's code is; None where there is none."""
    return matters_queries.progress(office.viewer.office_id, receipt_)
