"""Which of several entries of a register of standards is meant."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any


def named(
    entries: Sequence[dict[str, Any]], narrow: Mapping[str, str], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the first entry that says in a field of `narrow` what the matter says, else the first.

    Blanks and the width of signs do not count: 超过１ 处 is 超过1处.
    """
    pairs = [(field, _plain(values.get(own))) for field, own in narrow.items()]
    for entry in entries:
        if any(said and _plain(entry.get(field)) == said for field, said in pairs):
            return entry
    return entries[0]


def _plain(value: Any) -> str:  # noqa: ANN401  # whatever a field holds
    return "".join(unicodedata.normalize("NFKC", str(value or "")).split())
