"""Cutting a noun phrase out of the words around a number: lists before 等, brackets, relative clauses, verbs behind."""

from __future__ import annotations

import re
from typing import Final

# A counted noun ends where its own verb begins: 8个网格|全部实现…. The deed itself stays: 9所学校提供…
_PREDICATE: Final = re.compile(
    r"(?<=..)(?:全部|均(?!衡)|都(?![市会])|已(?!有)|正在|将(?![军来])|同比|比上年|较上年|增幅|增速|达到|有序|有力|予以|给予|分别|累计|按[节计期]|享受|用上|成功|获评|获批|被评为|认定为)"
)
_DROPPED: Final = re.compile(r"(?<=..)(?:进行了?|完成了?)(?=..)")
_LISTED: Final = re.compile(
    r"(?:^|.*[、，和及与]).+?等(?:各类|一批|系列|多种|多项|各项|多个)?(?P<noun>[^，、等]{2,})$"
)
_RELATIVE: Final = re.compile(
    r"^(?:与|为|对|由|在|被|用于|涉及|需要|有|具有|因|以|从)[^，。]*的(?P<noun>[^的]{2,})$"
)
_NUMBERED_BRACKET: Final = re.compile(r"^.*[）)][、，]?(?=[^（(]+$)")
_REPRESENTED: Final = re.compile(r"^.*(?:为代表|为主|为主体|为重点|为龙头)的")
_DURING: Final = re.compile(r"^[^，“”]{2,14}期间(?=..)")
_INNER_TIME: Final = re.compile(r"(?<=..)(?:全年|上半年|下半年|今年以来|今年|年内|本年度?)(?=.)")
_MONEY_OF: Final = re.compile(
    r"(?:总|计划|累计|完成|概算|预计)*投资(?:额|达|了|约|近|超|超过|为)*$|(?:总)?造价(?:约|近|为)*$"
)


def behind(words: str) -> str:
    """Return the noun of the words behind a number without the verb that follows it."""
    words = _DROPPED.sub("", words, count=1)
    found = _PREDICATE.search(words)
    if found:
        words = words[: found.start()]
    relative = _RELATIVE.match(words)
    return relative["noun"] if relative else words


def front(words: str) -> str:
    """Return the noun of the words before a number: the name of a list and not its members, nothing of a bracket before."""
    bracket = _NUMBERED_BRACKET.match(words)
    if bracket and re.search(r"\d", bracket[0]):
        words = words[bracket.end() :]
    represented = _REPRESENTED.match(words)
    if represented and len(words) - represented.end() > 1:
        words = words[represented.end() :]
    listed = _LISTED.match(words)
    if listed and "“" not in listed["noun"] and "”" not in listed["noun"]:
        words = listed["noun"]
    return _INNER_TIME.sub("", _DURING.sub("", words))


def is_price(before: str) -> bool:
    """Return whether the words before a sum say that it is what something costs: 总投资5亿元的厂房."""
    return bool(_MONEY_OF.search(before))
