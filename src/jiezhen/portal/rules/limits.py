"""How often strangers may post: generous for people, tight for machines.

The limits are a choice of ours: an evening of honest use stays far below them.
"""

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["report", "code", "words", "photo"]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many posts (of photos: photos) an hour: from one address, and to one office from all addresses."""

    address: int
    office: int


#: report: something filed; code: somebody looks for a 查询码; words: opinions and answers;
#: photo: each photo that is chosen, whether it is sent or not.
LIMITS: dict[Purpose, Limit] = {
    "report": Limit(20, 1000),
    "code": Limit(30, 3000),
    "words": Limit(60, 3000),
    "photo": Limit(60, 600),
}


def over(purpose: Purpose, address: int, office: int) -> bool:
    """Say whether a post is one too many, counted with itself."""
    limit = LIMITS[purpose]
    return address > limit.address or office > limit.office


def client(remote: str, forwarded: str, proxies: int) -> str:
    """Return the address of who asks: `proxies` trusted ones stand before the product.

    Each trusted proxy appends the address it saw, so the one to believe is that many from the end;
    whatever stands before it was written by the stranger. Source: SAFETY.md, threat 20.
    """
    told = [part.strip() for part in forwarded.split(",") if part.strip()]
    if not proxies or len(told) < proxies:
        return remote
    return told[-proxies][:64]
