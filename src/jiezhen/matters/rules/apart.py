"""What is kept apart from a matter: who called, and their names and numbers inside its words.

A text that a unit gets to read must not tell who complained. Numbers are found by their form;
names are those of the caller and reporter, and what stands behind the usual phrases.
"""

import re
import unicodedata
from collections.abc import Iterable

from jiezhen.people import masking

_SELF = re.compile(
    r"(?P<lead>(?:我(?:叫|是)|本人(?:叫|姓名)?|来电人|联系人|诉求人|投诉人|举报人|反映人|市民|居民|姓名)"
    r"\s*(?:是|叫|为)?\s*[:：]?\s*)"
    r"(?P<name>(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|夏侯"
    r"|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    r"魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易"
    r"常武乔贺赖龚文严章俞])[\u4e00-\u9fff]{1,2}?)"
    r"(?=$|[，。；、！？,.;:：\s（(]|先生|女士|小姐|老师|阿姨|师傅|电话|手机"
    r"|反映|投诉|举报|来电|咨询|求助|要求|希望|表示|家住|住在|称|说)"
)
_LAND_LINE = re.compile(
    r"(?<![\d-])0\d{2,3}[- ]?\d{7,8}(?!\d)"
    # Eight digits that are a day (20230703) are none.
    r"|(?<![\d.年月-])(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))[2-8]\d{7}(?![\d年])"
)


#: A mobile number in groups, or in the wide digits of an input method.
_GROUPED = re.compile(r"(?<!\d)[1１][3-9３-９]\d[-－ \u3000]?\d{4}[-－ \u3000]?\d{4}(?!\d)")
#: What stands where the home of a caller stood.
HOME = "（住址）"
#: An address on the net, and what stands where one stood.
_LINK = re.compile(r"https?://[!-~]+", re.I)
LINK = "（网址）"


def without(
    text: str,
    names: Iterable[str] = (),
    numbers: Iterable[str] = (),
    homes: Iterable[str] = (),
) -> str:
    """Return a text in which nobody can be recognised: names and numbers are masked.

    `names` and `numbers` are those that are known; a name is masked wherever it stands, also
    with 先生 or 女士 behind the surname left as it is. `homes` are addresses of callers.
    """
    for home in sorted({h for h in homes if len(h) >= 4}, key=len, reverse=True):
        text = text.replace(home, HOME)
    for number in sorted({n for n in numbers if len(n) >= 5}, key=len, reverse=True):
        text = text.replace(number, masking.phone(number))
    for name in sorted({n for n in names if len(n) >= 2}, key=len, reverse=True):
        text = text.replace(name, masking.name(name))
    text = _SELF.sub(lambda m: m["lead"] + masking.name(m["name"]), text)
    text = _LAND_LINE.sub(lambda m: masking.phone(re.sub(r"[- ]", "", m[0])), text)
    text = _GROUPED.sub(_one_number, text)
    return masking.free_text(text)


def without_links(text: str) -> str:
    """Return a text without addresses on the net."""
    return _LINK.sub(LINK, text)


def _one_number(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found[0])
    return masking.phone(re.sub(r"[- ]", "", plain))
