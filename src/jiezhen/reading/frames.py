"""What the headings say about time and mood: review of a year, plan for the next half-year.

A `Frame` holds for a block: `mood` "plan" or "review", and the period that its figures have unless their own
sentence says otherwise. Where no heading says anything, the words of each top section are weighed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal

from jiezhen.reading.layout import Block

Mood = Literal["plan", "review"]

_YEAR: Final = re.compile(r"(?<![\d.])(20[0-4]\d|19[89]\d)(?=年|[^\d.]|$)")
_TITLE_WORD: Final = re.compile(r"总结|报告|计划|要点|安排|方案|汇报|情况|回顾|打算|规划$|20\d\d")
_YEARLY: Final = re.compile(r"20\d\d年?[^，。；：]{2,30}$")
_COMPARED: Final = re.compile(r"[比较与同]20\d\d年")
_DATE_LINE: Final = 45
_YEAR_WORD: Final = re.compile(r"(?<![\d比较与同—-])(20[0-4]\d)年(?![-—至到])")
_QUOTED: Final = re.compile(r"“[^”]*”")
_TURN: Final = re.compile(
    r"下半年|明年|下一步|下步|下阶段|下一阶段|工作(?:计划|安排|打算|思路|要点)|展望|回顾|总结"
)
_PLAN: Final = re.compile(
    r"计划|安排|打算|展望|思路|目标任务|主要目标|奋斗目标|预期目标|下一步|下步|下半年|明年|今后|下阶段|下一阶段|工作重点|重点任务|主要任务|谋划|部署|工作要点|总体要求|重点工作$|实事项目$"
    r"|努力方向|工作措施|工作目标|工作举措|主要举措|未来五年|今年的?(?:主要|重点|总体)?(?:工作|任务|目标)"
)
_REVIEW: Final = re.compile(
    r"回顾|总结|成效|完成情况|进展|成绩|亮点|工作情况|主要做法|开展情况|过去|以来|述职|答卷|取得|基本情况|概况|上半年|履职情况|落实情况|推进情况|年报|情况(?:的)?(?:报告|汇报)|去年"
)
_PLAN_TITLE: Final = re.compile(
    r"计划|工作要点|打算|实施方案|行动方案|工作安排|任务书|规划|民生实事项目(?:清单)?$"
)
_LEAD_PLAN: Final = re.compile(
    r"(?:下一步|下步|下一阶段|下阶段|下半年|明年|新的一年|今后|未来)(?:[，,：:]|[，,]?(?:我|街道|全|将|要|工作|镇|乡))|(?:20\d\d年)[，,]?(?:我们|街道|全镇|镇|我镇|我街道)?[^，。]{0,6}(?:将|(?<![主重需必])要(?!求|素|点))"
)
_PLAN_LABEL: Final = re.compile(
    r"[^，。；：:\d]{0,8}(?:20\d\d年)?[^，。；：:]{0,10}(?:计划|目标|打算|安排)[:：]"
)
_FUTURE: Final = re.compile(
    r"力争|争取|下半年|(?<=[，,。])将|确保|争创|筹办|预计新增|拟|年内|明年|着眼"
)
_PAST: Final = re.compile(
    r"上半年|获评|荣获|顺利|成功|已|入选|累计|正式|如期|上升为|圆满|获得|取得|得到|率先|同比"
)
_HALF: Final = re.compile(r"上半年|半年(?:度)?(?:工作)?(?:总结|报告|情况|汇报)|1[-—至]6月")


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for the figures of a block unless their sentence says otherwise."""

    mood: Mood
    period: str | None
    year: int | None
    headings: tuple[str, ...] = ()
    rule: str = "default"


@dataclass(frozen=True, slots=True)
class Setting:
    """What the document as a whole says: its title, year, and whether it speaks of half a year or a quarter."""

    title: str | None
    year: int | None
    part: str
    mood: Mood | None
    spoken: bool

    @property
    def period(self) -> str | None:
        """The period of the document."""
        return None if self.year is None else f"{self.year}{self.part}"


def setting_of(blocks: list[Block]) -> Setting:
    """Return the title, year and kind of a document from its first lines and, failing these, from all years in it."""
    head = [block.text for block in blocks[:6]]
    title = next(
        (text for text in head if len(text) <= 60 and not re.search(r"[。；！：:]$|，.*，", text)),
        None,
    )
    top = " ".join(text[:60] for text in head[:3])
    if (
        title
        and not _TITLE_WORD.search(title)
        and head[:1] == [title]
        and len(head) > 1
        and _YEARLY.match(head[1])
    ):
        title += head[1]  # a title on two lines: the office, then the year and what it is
    titled = title if title and _TITLE_WORD.search(title) else ""
    year = _first_year(titled) or _opening_year(head) or _common_year(blocks)
    spoken = bool(
        re.search(r"报告", titled or top)
        and re.search(r"(?:大会|会议|代会)(?:上|报告)|代表大会|工作报告", top)
    )
    plan, review = (
        bool(_PLAN_TITLE.search(titled)),
        bool(re.search(r"总结|回顾|报告|汇报|情况|答卷|述职", titled)),
    )
    mood: Mood | None = (
        "plan" if plan and not review else "review" if review and not plan else None
    )
    return Setting(title, year, _part(titled, blocks), mood, spoken)


def _opening_year(head: list[str]) -> int | None:
    """Return the year in a date line at the top or at the very beginning of its first paragraphs."""
    head = [_COMPARED.sub("", text) for text in head[:4]]
    return next(
        (
            year
            for text in head
            if (year := _first_year(text if len(text) < _DATE_LINE else text[:7]))
        ),
        None,
    )


def frames(blocks: list[Block], setting: Setting) -> list[Frame]:
    """Return one frame for each block, in order."""
    years = _chapter_years(blocks, setting)
    guess = _Guess(blocks, setting)
    answer: list[Frame] = []
    path: list[tuple[int, str, Frame]] = []
    default = Frame(
        setting.mood or "review",
        _period(setting, setting.mood or "review", "", years),
        setting.year,
    )
    current = default
    for index, block in enumerate(blocks):
        if block.form == "heading":
            while path and path[-1][0] >= block.rank:
                path.pop()
            parent = path[-1][2] if path else default
            current = _heading_frame(
                block, parent, setting, years, guess.at(index), is_title=index == 0
            )
            path.append((block.rank, block.text, current))
        elif block.form == "paragraph" and _PLAN_LABEL.match(block.text):
            answer.append(
                _labelled(block, current, setting, years, tuple(text for _, text, _ in path))
            )
            continue
        elif _turns_to_plan(block, current):
            current = Frame(
                "plan",
                _period(setting, "plan", block.text[:24], years),
                current.year,
                rule="lead words",
            )
        headings = tuple(text for _, text, _ in path)
        answer.append(Frame(current.mood, current.period, current.year, headings, current.rule))
    return answer


def _labelled(
    block: Block,
    current: Frame,
    setting: Setting,
    years: tuple[int | None, int | None],
    headings: tuple[str, ...],
) -> Frame:
    """Return the frame of a paragraph that opens with a label of its own (脱贫计划：…)."""
    return Frame(
        "plan", _period(setting, "plan", block.text[:16], years), current.year, headings, "label"
    )


def mood_of(words: str) -> Mood | None:
    """Return the mood that a heading announces; None if it announces none or both."""
    words = _QUOTED.sub("", words)
    plan, review = _PLAN.search(words), _REVIEW.search(words)
    if plan and review:
        return "plan" if plan.start() > review.start() and "下半年" in words else None
    return "plan" if plan else "review" if review else None


def _turns_to_plan(block: Block, current: Frame) -> bool:
    return (
        current.mood == "review"
        and block.form == "paragraph"
        and bool(_LEAD_PLAN.match(block.text[:40]))
    )


def _heading_frame(
    block: Block,
    parent: Frame,
    setting: Setting,
    years: tuple[int | None, int | None],
    guess: Mood | None,
    *,
    is_title: bool = False,
) -> Frame:
    words = block.text
    mood = None if is_title else mood_of(words)
    year = None if is_title else _first_year(words)
    if mood is None and year is not None and setting.year is not None:
        mood = "plan" if years[0] is not None and year > years[0] else None
    if mood is not None and not (parent.rule == "heading" and not _TURN.search(words)):
        return Frame(mood, _period(setting, mood, words, years), setting.year, rule="heading")
    if guess is not None and parent.rule in ("default", "weighed words"):
        return Frame(guess, _period(setting, guess, "", years), setting.year, rule="weighed words")
    return parent


def _period(
    setting: Setting, mood: Mood, words: str, years: tuple[int | None, int | None]
) -> str | None:
    """Return the period of a section from its words, else from what the document says."""
    year = _first_year(words) or (years[1] if mood == "plan" else years[0])
    if year is None:
        return None
    if re.search(r"下半年", words):
        return f"{year}H2"
    if _HALF.search(words):
        return f"{year}H1"
    if setting.part == "H1" and year == setting.year:
        return f"{year}H2" if mood == "plan" else f"{year}H1"
    if setting.part and (mood == "review" or setting.mood == "plan") and year == setting.year:
        return f"{year}{setting.part}"
    return str(year)


def _chapter_years(blocks: list[Block], setting: Setting) -> tuple[int | None, int | None]:
    """Return the years of review and of plan, from the headings first, then from what kind of document it is."""
    review, plan = _heading_years(blocks)
    year = setting.year
    if year is None:
        return review, plan
    if setting.mood == "plan":
        return review or year - 1, plan or year
    review = review or _review_year(blocks, setting, year, plan)
    return review, plan or (review if setting.part == "H1" else review + 1)


def _heading_years(blocks: list[Block]) -> tuple[int | None, int | None]:
    said: dict[str, int] = {}
    for block in blocks[1:]:
        mood = mood_of(block.text) if block.form == "heading" else None
        year = _first_year(block.text) if mood else None
        if mood and year:
            said.setdefault(mood, year)
    return said.get("review"), said.get("plan")


def _review_year(blocks: list[Block], setting: Setting, year: int, plan: int | None) -> int:
    """Return the year looked back on: the year before for a report given in spring or one that plans its own year."""
    if plan == year and (setting.spoken or setting.mood is None):
        return year - 1
    if plan is None and setting.spoken and _spoken_early(blocks):
        return year - 1
    return year


def _spoken_early(blocks: list[Block]) -> bool:
    """Return whether the report was given in the first months of its year."""
    top = " ".join(block.text[:80] for block in blocks[:6])
    return bool(re.search(r"20\d\d年(?:1|2|3|一|二|三)月|20\d\d[-.]0?[123][-.]", top))


def _first_year(words: str) -> int | None:
    found = _YEAR.search(words)
    return int(found[1]) if found else None


def _common_year(blocks: list[Block]) -> int | None:
    """Return the year most often named in running text; bases of comparison and names of plans do not count."""
    years = Counter(
        int(found[1])
        for block in blocks
        for found in _YEAR_WORD.finditer(re.sub(r"《[^》]*》", "", block.text))
        if not re.match(r"相比|同期|可比", block.text[found.end() :])
    )
    if not years:
        return None
    most = max(years.values())
    return max(year for year, times in years.items() if times == most)


def _part(titled: str, blocks: list[Block]) -> str:
    quarter = re.search(r"(?:第)?([一二三四])季度", titled)
    if re.search(r"前三季度|1[-—至]9月", titled):
        return "Q1-Q3"
    if quarter:
        return f"Q{'一二三四'.index(quarter[1]) + 1}"
    if _HALF.search(titled):
        return "H1"
    if "下半年" in titled and "上半年" not in titled:
        return "H2"
    if titled and re.search(r"年度?(?:工作)?(?:总结|计划|要点|报告|回顾)", titled):
        return ""
    text = "".join(block.text for block in blocks)
    first, second = len(re.findall("上半年", text)), len(re.findall("下半年", text))
    whole = len(re.findall(r"20\d\d年[，,]|全年(?!目标|任务|新|改)", text))
    return "H1" if first >= 2 and second >= 1 and whole < first else ""


class _Guess:
    """The mood of each top section by its words, for documents whose headings never say it."""

    def __init__(self, blocks: list[Block], setting: Setting) -> None:
        self._by_block: dict[int, Mood] = {}
        explicit = any(block.form == "heading" and mood_of(block.text) for block in blocks[1:])
        if explicit or setting.mood is not None:
            return
        tops = [
            index
            for index, block in enumerate(blocks)
            if block.form == "heading" and block.rank <= 2
        ]
        if not tops:
            return
        weights = [
            _weight(blocks[start:end])
            for start, end in zip(tops, [*tops[1:], len(blocks)], strict=True)
        ]
        self._by_block = dict(zip(tops, _turned_once(weights), strict=True))

    def at(self, index: int) -> Mood | None:
        """Return the guess for the section that a heading opens."""
        return self._by_block.get(index)


def _weight(section: list[Block]) -> int:
    """Return how much more a section speaks of the future (positive) than of the past (negative)."""
    words = "，".join(block.text for block in section)
    return len(_FUTURE.findall(words)) - len(_PAST.findall(words))


def _turned_once(weights: list[int]) -> list[Mood]:
    """Return the moods that fit the weights best if a document turns between plan and review at most once."""
    best: list[Mood] = ["review"] * len(weights)
    most = 1 - sum(weights)
    for turn in range(1, len(weights) + 1):
        gain = sum(weights[:turn]) - sum(weights[turn:])
        orders: tuple[tuple[int, Mood, Mood], ...] = (
            (gain, "plan", "review"),
            (-gain, "review", "plan"),
        )
        for fit, first, second in orders:
            if fit > most:
                most, best = fit, [first] * turn + [second] * (len(weights) - turn)
    return best
