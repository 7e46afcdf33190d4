"""Where the words of a commitment may be taken apart."""

import re

_CUT = re.compile(r"[、，,；;。]|以及|同时|并(?=[^且非行联])|和(?=[^谐平睦])")
_LEAST = 4


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of text[start:end] between its joints, as offsets into the text.

    Shape: one pair a part in order, bullets and blanks at its ends left out; a part of fewer
    than four characters stays with the one before. One part means: nothing to take apart.
    """
    found: list[tuple[int, int]] = []
    at = start
    for cut in [*_CUT.finditer(text, start, end), None]:
        stop = cut.start() if cut else end
        if stop - at >= _LEAST or not found:
            found.append((at, stop))
        else:
            found[-1] = (found[-1][0], stop)
        at = cut.end() if cut else end
    if len(found) > 1 and found[0][1] - found[0][0] < _LEAST:
        found[:2] = [(found[0][0], found[1][1])]
    return [_trimmed(text, *part) for part in found]


def by_targets(
    text: str, start: int, end: int, spans: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return one part for each number: from behind the number before it to the number's end.

    The last part reaches to the end of the words.
    """
    parts = []
    at = start
    for index, (_begin, stop) in enumerate(sorted(spans)):
        until = end if index == len(spans) - 1 else stop
        parts.append(_trimmed(text, at, until))
        at = stop
    return parts


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in "、，,；;。·•-—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in "、，,；;。"):
        end -= 1
    return start, end
