"""Numbers that are only part of a name: dates, addresses, codes, slogans, editions, thresholds of definitions.

Two steps. `named_spans` finds stretches of text in which no number is a figure (a date, a title in 《》, a slogan).
`reason` then looks at a single number and its neighbours. Each answer is the name of the rule that decided.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from jiezhen.reading import lexicon
from jiezhen.reading.numbers import NAME_UNITS, Token

_CN: Final = "[零〇一二两三四五六七八九十百千]"
_MEASURES: Final = lexicon.known("measures")


def _slogans() -> str:
    """Return a pattern of the fixed names; those that are also number and measure word (三方, 一场) stay out."""
    entries = [
        word for word in lexicon.words("names") if not (len(word) == 2 and word[1] in _MEASURES)
    ]
    return lexicon.pattern(entry for entry in entries if len(entry) > 1)


_YEAR: Final = r"(?:19|20)\d\d"
_RULES: Final = (
    ("title", r"《[^》]{1,80}》|〔\d{4}〕\d*号?|\[\d{4}\]\d*号"),
    (
        "quoted",
        r"[“\"『「‘](?=[^”\"』」，。；,;\n]{0,38}?[\d零一二两三四五六七八九十百千万])[^”\"』」，。；,;]{1,40}[”\"』」’]",
    ),
    ("date", rf"{_YEAR}[-./]\d{{1,2}}[-./]\d{{1,2}}日?(?: ?\d{{1,2}}:\d\d(?::\d\d)?)?"),
    ("years", rf"{_YEAR}年?(?:[-—–~～至到]){{1,2}}(?:{_YEAR}|\d\d)年?度?"),
    (
        "date",
        rf"{_YEAR}年(?:\d{{1,2}}[-—–~至到])?(?:\d{{1,2}}月份?(?:\d{{1,2}}[日号](?:[-—–~至到](?:\d{{1,2}}月)?\d{{1,2}}[日号])?)?)?",
    ),
    (
        "date",
        r"\d{1,2}月(?:份)?[-—–~至到]\d{1,2}月(?:份)?|\d{1,2}月(?:份)?(?:\d{1,2}日?[-—–~至到](?:\d{1,2}月)?\d{1,2}[日号]|\d{1,2}[日号])|\d{1,2}[-—–~至到]\d{1,2}月份?",
    ),
    (
        "date",
        r"\d{1,2}(?:日|号)[-—–~至到]\d{1,2}[日号]|[前首]?[一二三四1-4]季度|[零〇一二三四五六七八九]{4}年|\d{1,2}月份?",
    ),
    (
        "date",
        rf"(?<!{_CN})(?:十[一二]|[一二三四五六七八九十])(?:月(?:[一二三四五六七八九十]{{1,3}}日|份|底)|月(?=[，。、]))",
    ),
    (
        "time",
        r"\d{1,2}[:：]\d\d|(?:上午|下午|晚上?|凌晨|早上?)\d{1,2}[点时:](?:\d\d分?)?|\d{1,2}时\d{1,2}分|7[×xX*]24小时",
    ),
    (
        "code",
        r"[\dNnXx一二三四五六七八九]{1,6}(?:\s?[+＋]\s?[\dA-Za-z一二三四五六七八九]{1,6}){1,12}",
    ),
    (
        "code",
        r"[A-Za-z]{1,12}[-—]?\d{1,12}(?:[./-]\d{1,12}){0,6}(?:[A-Za-z]{1,6}\d{0,6})?|(?<!\d)\d{1,12}(?:\.\d{1,6})?[A-Za-z]{1,12}(?<!km)(?<!kg)(?<!m)(?<!kW)(?<!MW)(?<!GW)(?<!kWh)(?<!KW)(?<!GB)(?<!TB)(?<!kV)(?<!t)(?<!PB)(?<!MWh)(?![²2])",
    ),
    ("telephone", r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4})(?!\d)"),
    (
        "plan",
        r"“?十[一二三四五六七八]五”?|“?[七八九]五”普法|[二三四五六七八九]届[一二三四五六七八九]次",
    ),
    (
        "congress",
        r"(?:党的)?[十二三四五六七八九]{1,3}大(?=精神|报告|以来|代表|会|召开|胜利|[，。、和])|[二十一八九]{2,3}届(?:[一二三四五六七八九]{1,2}(?:次|中)?[、和]?)+(?:全会|中全会)?",
    ),
    ("ordinal", rf"第(?:{_CN}{{1,8}}|\d{{1,6}})(?!位|名)[^\d，。；]?"),
    ("slogan", rf"(?<!{_CN})(?<!\d){_slogans()}"),
    (
        "paired name",
        r"(?<![零一二两三四五六七八九十百\d多余])[一二两三四五六七八九][^\W\d零一二两三四五六七八九十百千万个家名项条处所座场次户人件台套支][一二两三四五六七八九][^\W\d零一二两三四五六七八九十百千万个家名项条处所座场次户人件台套支元]",
    ),
    ("word", rf"(?<!{_CN})(?<!\d){lexicon.any_of('ignored')}"),
)
# Every rule begins with one of these characters; testing them first makes the scan several times faster.
_FIRST: Final = "".join(
    sorted(
        set(
            '《〔[“"『「‘党第前首上下凌晚早零〇一二两三四五六七八九十百千'
            + "".join(word[0] for word in (*lexicon.words("names"), *lexicon.words("ignored")))
        )
    )
)
_NAMED: Final = re.compile(
    rf"(?=[\dA-Za-z{re.escape(_FIRST)}])(?:"
    + "|".join(f"(?P<r{n}>{pattern})" for n, (_, pattern) in enumerate(_RULES))
    + ")"
)
_ROAD: Final = re.compile(r"(?:路|街|巷|道|村|弄|里|大厦|花园|号|苑|城|楼|厂|园|区)$")
_THRESHOLD_UNITS: Final = frozenset(
    [
        "元",
        "平方米",
        "米",
        "公里",
        "岁",
        "周岁",
        "亩",
        "吨",
        "千瓦",
        "兆瓦",
        "千伏",
        "平方",
        "公顷",
        "平方公里",
        "立方米",
        "美元",
        "层",
        "分贝",
        "度",
        "厘米",
    ]
)
_COUNTED: Final = re.compile(
    r"的?(?:目标|任务|水平|标准|资金|补贴|补助|款|投资|税收|产值|收入|用于|的成绩|大关|贷款|资产|奖励)|[，。；、）)！,;,:：]|$"
)
_HOTLINE: Final = frozenset(
    [
        "110",
        "119",
        "120",
        "122",
        "12345",
        "12315",
        "12348",
        "12333",
        "12320",
        "12355",
        "12380",
        "12388",
        "12309",
        "12369",
        "96333",
        "12378",
        "911",
        "12329",
        "12317",
        "95598",
    ]
)
_SPAN_ONLY: Final = re.compile(
    r"的?[^，。；、]{0,6}?(?:圈|生活圈|服务圈|值守|值班|热线|驿站|在线|响应|自助|不打烊|快速|待命|营业|书房|客厅|直播|便民|车程|通勤|巡逻|全天候|内)"
)
_PERIOD_NAME: Final = re.compile(
    r"(?:的)?[^，。；]{0,14}?(?:行动|计划|规划|攻坚|方案|工程|目标|专项|周期|任期|任务|建设期|过渡期|期限|内|来|后|前|间|以来|以上|期|级|时间|历史|底|末|初|度|一)"
)
_MONEY_CLASS: Final = re.compile(
    r"级?(?:产业|工业|重大|重点|以上)?(?:项目|企业|楼宇|园区|村|产业)[^，。；]{0,3}\d"
)
_INDEX: Final = re.compile(
    r"(?:指数|系数|PMI|分值|得分|均分)(?:（[^（）]{1,6}）)?(?:分别|累计)?(?:为|是|达到?|至|[升降]至)$"
)
_INDEX_END: Final = re.compile(r"[，。；、（(,;]|$|以上|以下|左右")
_RATING: Final = re.compile(r"(?!以上|以下|以内)[\u4e00-\u9fff]")
_CLASS: Final = re.compile(r"新药|医疗器械|水质|水体|标准|疫苗|建设用地|传染病")
_RANK: Final = re.compile(
    r"(?:列|居|排名?|名|位次|全[区市县省国镇州]|获得?|荣获|夺得|取得|进入|跻身|评?比?|为|综合|排在|成绩|总分)[^，。；]{0,8}$"
)
# 第1位 公共财政收入: a line that gives the place first.
_RANK_LINE: Final = re.compile(r"第[\d一二三四五六七八九十]{1,3}[位名][^，。；：\d]{2,20}")
_RANK_AFTER: Final = re.compile(r"[，。；、）)名位,;]|$|的|方阵|梯队|行列")


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of clean text without figures, and the rule that says so."""

    start: int
    end: int
    rule: str


class NamedSpans:
    """The named stretches of one text, asked by position."""

    def __init__(self, text: str) -> None:
        """Find them."""
        self.found = [
            Named(found.start(), found.end(), _RULES[int((found.lastgroup or "r0")[1:])][0])
            for found in _NAMED.finditer(text)
        ]
        self._starts = [named.start for named in self.found]

    def at(self, position: int) -> Named | None:
        """Return the stretch over a position."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and self.found[index].end > position:
            return self.found[index]
        return None


def reason(text: str, token: Token, named: NamedSpans) -> str | None:
    """Return the rule by which a number is no figure, or None.

    "word" means: not even a name, say nothing about it. A rank (第三名, 位列第一) is a figure.
    """
    span = named.at(token.start)
    if is_rank(text, token) and (span is None or span.rule != "quoted"):
        return None
    if span is not None:
        return span.rule
    return next((rule for rule, holds in _CHECKS if holds(text, token)), None)


def is_rank(text: str, token: Token) -> bool:
    """Return whether the number is a place in an order: 位列第一, 排名全区第3位, 前三."""
    lead = text[token.start - 1 : token.start]
    if lead not in ("第", "前") or token.unit not in (None, "位", "名"):
        return False
    if token.unit in ("位", "名") and _RANK_LINE.fullmatch(
        text, 0 if token.start == 1 else len(text)
    ):
        return True
    after = _RANK_AFTER.match(text, token.end)
    before = _RANK.search(text, max(0, token.start - 14), token.start - 1)
    return bool(after and before)


def _in_word(text: str, token: Token) -> bool:
    before = text[token.start - 1 : token.start]
    return before != "" and before.isascii() and (before.isalpha() or before in "./#")


def _bare(text: str, token: Token) -> bool:
    """A number without unit: a code, or a word with a numeral in it. An index (价格指数为102.3) has no unit and is a figure."""
    if token.unit is not None or not token.arabic or _has_magnitude(token):
        return False
    return not (
        _INDEX.search(text, max(0, token.start - 12), token.start)
        and _INDEX_END.match(text, token.end)
    )


def _has_magnitude(token: Token) -> bool:
    return token.digits[-1:] in "万亿" and token.value is not None


def _bare_chinese(text: str, token: Token) -> bool:
    return (
        token.unit is None
        and not token.arabic
        and not (token.more and token.end - token.start > 1)
    )


def _name_unit(text: str, token: Token) -> bool:
    if token.unit == "期" and token.arabic:
        return bool(
            re.match(r"工程|项目|地块|建设|厂房|基地|标准|改造|[）)]|规划", text[token.end :])
        )
    return (token.unit in NAME_UNITS and token.unit not in _MEASURES) or (token.unit == "期")


def _address(text: str, token: Token) -> bool:
    """3号, 5栋2单元, 解放路12: a place, not a count."""
    if token.unit in ("栋", "幢", "座", "层") and re.match(
        r"\d+(?:单元|室|号|层)|[A-Z]?\d{3}", text[token.end :]
    ):
        return True
    return (
        token.unit is None
        and bool(_ROAD.search(text, max(0, token.start - 3), token.start))
        and len(token.digits) < 5
    )


def _hotline(text: str, token: Token) -> bool:
    return token.unit is None and token.digits in _HOTLINE


def _threshold(text: str, token: Token) -> bool:
    """规模1000平方米以上的物业, 60岁以上老人: the number defines the thing that is counted."""
    after = text[token.end : token.high]
    if token.unit not in _THRESHOLD_UNITS or not after or after in ("左右", "上下", "有余"):
        return False
    return not _COUNTED.match(text, token.high)


def _size_class(text: str, token: Token) -> bool:
    """50头以上养殖户23户: the first number says which ones are counted by the second."""
    if token.unit == "元" and _MONEY_CLASS.match(text, token.end):
        return True
    if token.comparator not in (">=", "<=") or not token.high > token.end:
        return False
    return bool(
        re.match(
            r"(?!目标|任务)[\u4e00-\u9fff]{1,10}?\d[\d.]*[\u4e00-\u9fff]",
            text[token.high : token.high + 16],
        )
    )


def _span_of_time(text: str, token: Token) -> bool:
    """15分钟生活圈, 24小时值守, 三年行动: a length of time that names something."""
    if token.unit in ("分钟", "小时", "个小时", "天", "秒", "日", "周", "公里", "千米"):
        limit = 24 if token.unit in ("小时", "个小时") else 60
        return (
            token.value is not None
            and token.value <= limit
            and bool(_SPAN_ONLY.match(text, token.high))
        )
    if token.unit == "个" and re.match(r"季度|年头|学期|星期|寒暑|春秋|小时", text[token.end :]):
        return True
    if token.unit in ("个工作日", "工作日", "个月"):
        return bool(
            re.match(r"的?[^，。；]{0,6}?(?:行动|攻坚|专项|内|以来|时间)", text[token.high :])
        )
    return False


def _one(text: str, token: Token) -> bool:
    """一个, 一批, 一支: an article, unless a verb of counting stands before and a thing that is counted behind."""
    if token.arabic or token.digits != "一":
        return False
    counting = re.search(
        r"(?:新增|新建|建成|引进|完成|新设|成立|增设|获|荣获|拥有|建有|收到|实现|共|仅|及|和|、)$",
        text[max(0, token.start - 3) : token.start],
    )
    return not (
        counting
        and token.unit
        in ("个", "家", "处", "所", "座", "名", "件", "台", "辆", "栋", "幢", "项", "条")
    )


def _vague(text: str, token: Token) -> bool:
    """几十个, 数百户, 上百人, 五个“一流”: no figure of its own."""
    if not token.arabic and token.unit == "个" and text[token.end : token.end + 1] in ("“", "‘"):
        return True
    if not token.arabic and text[max(0, token.start - 2) : token.start] == "连续":
        return True
    return (
        text[token.start - 1 : token.start] in ("几", "数", "每", "某", "另") and not token.arabic
    )


def _per(text: str, token: Token) -> bool:
    return text[token.start - 1 : token.start] == "每" and token.unit in (
        "个",
        "户",
        "人",
        "名",
        "周",
        "天",
        "年",
        "月",
        "个月",
        "家",
        "位",
    )


def _rated(text: str, token: Token) -> bool:
    """110千伏变电站, 1类新药: a rating or class that says which thing is meant."""
    if token.unit in ("千伏", "伏", "kV", "KV"):
        return bool(_RATING.match(text, token.end))
    return token.unit == "类" and len(token.digits) == 1 and bool(_CLASS.match(text, token.end))


def _strength(text: str, token: Token) -> bool:
    """500强, 5A级, 3.0版 with a blank or hyphen, 1:1, 中国-2."""
    after = text[token.end : token.end + 1]
    before = text[token.start - 1 : token.start]
    return (
        after in ("强", "A", "G", "D", "+", "＋", ":", "/", "#", "×", "℃") and token.unit is None
    ) or before in ("#", "＃", "№", "=", "×")


def _hour_share(text: str, token: Token) -> bool:
    if token.unit != "分":
        return False
    return not re.search(
        r"(?:得分|扣分|加分|评分|满意度|测评|考核|成绩|综合|总分|指数|分别为|均分|获|满分)[^，。；]{0,10}$",
        text[max(0, token.start - 16) : token.start],
    )


def _label(text: str, token: Token) -> bool:
    """(1) or 1. inside a paragraph, numbering its parts."""
    if token.unit is not None or len(token.digits) > 2:
        return False
    before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    if not before or not after:
        return False
    return (before in "（(" and after in "）)") or (before in "。；：:;" and after in ".、．")


_CHECKS: Final[tuple[tuple[str, Callable[[str, Token], bool]], ...]] = (
    ("code", _in_word),
    ("hotline", _hotline),
    ("label", _label),
    ("code", _strength),
    ("address", _address),
    ("word", _bare_chinese),
    ("code", _bare),
    ("name unit", _name_unit),
    ("length of time", _span_of_time),
    ("rating", _rated),
    ("threshold", _threshold),
    ("threshold", _size_class),
    ("word", _one),
    ("word", _vague),
    ("each", _per),
    ("code", _hour_share),
)
