"""Behind which of the doors a kind that a pack offers to residents stands."""

from typing import Literal

Door = Literal["report", "suggest", "consult", "deputy", "book"]

#: The words of `offer.group` that lead elsewhere than to 反映问题.
_GROUPS: dict[str, Door] = {
    "提建议": "suggest",
    "人民建议": "suggest",
    "人民建议征集": "suggest",
    "说说法规草案": "consult",
    "立法征询": "consult",
    "码上约代表": "deputy",
    "联系代表": "deputy",
    "预约": "book",
    "预约服务": "book",
    "预约场馆和活动": "book",
}


def door_of(group: str) -> Door:
    """Return the door of a group of offers; 反映问题 for any other word."""
    return _GROUPS.get(group, "report")
