"""How surely the words of a plan are a promise that can be followed up, from 0 to 1.

A figure, a date, a finished state or a named thing makes a promise; words that only praise a direction (增进民生福祉) or
repeat an order (贯彻会议精神) do not, although they stand in every plan.
"""

from __future__ import annotations

import re
from typing import Final

from jiezhen.reading import lexicon

WITH_FIGURE: Final = 0.95
FIRM: Final = 0.85
PLAIN: Final = 0.7
GENERIC: Final = 0.45
RITUAL: Final = 0.3
_RITUAL: Final = re.compile(
    r"贯彻|精神(?:$|，)|重要(?:讲话|指示|论述)|决策部署|理论武装|思想引领|为(?:指导|引领|统领|主线|抓手|契机|目标|导向)(?:$|，)|坚持以|践行|“两个(?:维护|确立)”|政治(?:建设|判断|领悟|执行|站位)|主题主线|篇章|新局面|新征程"
)
_ABSTRACT: Final = re.compile(
    r"(?:能力|水平|质效|成效|实效|力度|动能|福祉|获得感|满意度|幸福感|安全感|韧性|合力|格局|环境|态势|成色|优势|活力|潜力|意识|作用|责任|理念|要求|品质|能级|效能|效率|底色|底线|基础|根基|防线|氛围|形象|作风|堵点|痛点|难点|短板|步伐|发展|保障|稳定|和谐|工作|信心|动力|引领|本领|素质|任务落实|落地见效|落细落实)(?:再上新台阶|再上台阶|再提升|持续提升|不断提升|全面提升|有提升)?$"
)
_NAMED: Final = re.compile(
    r"[“《\d]|(?:路|弄|街|巷|桥|村|河|湖|湾|山)(?:[^，]{0,4}(?:段|号|改造|修缮|提升|整治|建设|工程))|小区|公园|绿地|广场|大楼|大厦|园区|社区(?!治理|建设)[^，]{1,}|服务站|服务中心|卫生中心|学校|幼儿园|菜场|市场|食堂|书房|驿站|工程|项目|平台|系统|清单|方案|机制|制度|办法|规划|指引|试点|示范|品牌|联盟|协会|课程|节(?:$|，)|赛|展|培训|演练|普查|换届|搬迁|改造|修缮|加装|征收|旧改|电梯|路灯|充电|消防站|救助|补贴|体检|筛查|志愿"
)
_SOFT_VERBS: Final = lexicon.known("soft_verbs")
_EMPTY: Final = re.compile(
    r"(?:以下|下列|如下|下面)[^，]{0,6}(?:工作|任务|方面|重点)|^(?:各项|本职|日常|今年|全年|年度|街道|全镇|重点)*(?:工作|任务|重点工作)$|如下[：:]?$|(?:几|[一二三四五六七八九十\d]+)个?方面(?:的)?(?:工作|任务)?$"
)


def says_nothing(words: str, rest: str) -> bool:
    """Return whether a clause only announces what follows: 抓好以下工作, 重点做好五个方面工作."""
    return bool(_EMPTY.search(rest) or _EMPTY.search(words))


def of_words(
    words: str, verb: str, rest: str, *, firm: bool, dated: bool, under_heading: bool
) -> float:
    """Return the sureness of a clause without a figure; `rest` is what follows its verb."""
    if _RITUAL.search(words):
        return RITUAL
    named = bool(_NAMED.search(rest))
    if dated or (firm and (named or not _ABSTRACT.search(rest))):
        return FIRM
    if not named and (_ABSTRACT.search(rest) or len(rest) <= 2):  # noqa: PLR2004 - 做实做细 has no thing
        return GENERIC
    if verb in _SOFT_VERBS and not named:
        return GENERIC
    return FIRM if under_heading and named and verb not in _SOFT_VERBS else PLAIN
