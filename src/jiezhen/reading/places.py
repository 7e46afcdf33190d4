"""Where a figure holds, when its own clause says so: 全区, or a named place after 在."""

from __future__ import annotations

import re
from typing import Final

from jiezhen.reading.draft import Draft

_WHOLE: Final = re.compile(r"全[国省市区县镇乡街](?:道)?|辖区(?:内)?|本[区镇乡村]")
_NAMED: Final = re.compile(
    r"[在于对](?P<place>[^，。；、：在于对]{2,14}?(?:街道|镇|乡|社区|居民区|小区|村|园区|片区|商圈|广场|公园|中心|大厦|路))"
)


def set_place(draft: Draft) -> None:
    """Set the place that stands before the number in its clause; without one it stays None."""
    head = draft.head()
    named = _NAMED.search(head)
    if named:
        draft.place = named["place"]
        return
    whole = _WHOLE.search(head)
    draft.place = whole[0] if whole and draft.kind != "rank" else None
