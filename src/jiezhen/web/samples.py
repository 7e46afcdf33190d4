"""Invented contents of the gallery: every component once, in the shape of real pages."""

from datetime import datetime

from django import forms

from jiezhen.web import charts, formats, maps
from jiezhen.web.chart_sentences import Point
from jiezhen.web.components import (
    Action,
    Bar,
    Cell,
    Chip,
    Choice,
    Column,
    Crumb,
    Event,
    Facet,
    Fact,
    Folded,
    Group,
    Lamp,
    Masked,
    Pager,
    Row,
    Table,
    Tile,
    Undo,
)

AT = datetime(2023, 7, 3, 8, 0, tzinfo=formats.ZONE)
PACE = 184 / 365


class Report(forms.Form):
    """A small form with every sort of control, bound with errors in the gallery."""

    what = forms.ChoiceField(
        label="是什么",
        choices=[("a", "楼道堆物"), ("b", "飞线充电"), ("c", "道路积水")],
        widget=forms.RadioSelect,
    )
    where = forms.CharField(label="在哪里", help_text="例：听泉路123弄5号")
    doors = forms.IntegerField(label="户数", min_value=0)
    on = forms.DateField(label="期限", help_text="2023-12-31 或 20231231 都可以")
    lead = forms.ChoiceField(
        label="牵头", choices=[("fwb", "社区服务办"), ("cgb", "城市管理办")], required=False
    )
    more = forms.CharField(label="补充说明", widget=forms.Textarea, required=False)
    urgent = forms.BooleanField(label="急", required=False)


def _task(name: str, lead: str, lamp: Lamp, bar: Bar | None, **more: str) -> Row:
    progress = Cell(bar=bar) if bar else Cell(text=more.get("why", ""))
    return Row(
        (
            Cell(text=name, href="#task"),
            lead,
            Cell(text=more.get("target", "")),
            Cell(
                text=more.get("done", ""), href="#number", number=True, why=more.get("blank", "")
            ),
            progress,
            Cell(lamp=lamp),
            more.get("due", "12月31日"),
        ),
        key=name,
        label=name,
        mark=more.get("mark", ""),
        current="current" in more,
    )


def tasks() -> Table:
    """Return a table of tasks with every colour of light."""
    columns = (
        Column("任务", href="?sort=title"),
        Column("牵头"),
        Column("目标", "number"),
        Column("已完成", "number"),
        Column("进度（竖线为序时）"),
        Column("灯", href="?sort=-lamp", order="descending"),
        Column("期限"),
    )
    jobs = Bar(590 / 1000, PACE)
    homes, lifts, rails = Bar(24 / 50, PACE), Bar(8 / 18, PACE), Bar(7 / 25, PACE)
    rows = (
        _task(
            "松涛路修缮 启动", "城建办", Lamp("red", "超期", "6月节点已过3天"), None,
            why="节点 1/3：施工进场", blank="看节点", due="6月30日",
        ),
        _task(
            "坡道扶手", "社区服务办", Lamp("red", "严重滞后"), rails,
            target="25个", done="7个",
        ),
        _task(
            "电梯新增完工", "社区自治办", Lamp("yellow"), lifts,
            target="18台", done="8台", current="1",
        ),
        _task("新增就业岗位", "社区服务办", Lamp("green"), jobs, target="1000个", done="590个"),
        _task("居家适老化改造", "社区服务办", Lamp("green"), homes, target="50户", done="24户"),
        _task("人才公寓房源", "营商办", Lamp("blue"), Bar(1, PACE), target="40间", done="40间"),
        _task(
            "残疾人无障碍改造", "社区服务办", Lamp("grey"), None,
            target="9户", why="还没有关联记录",
        ),
        _task("社区食堂", "社区服务办", Lamp("grey", "未启动"), Bar(0, PACE), target="1处", done="0处"),
    )  # fmt: skip
    return Table("任务督办", columns, rows, selectable=True)


def promises() -> Table:
    """Return the right pane of a plan that is being read; rows are tied to marks by key."""
    columns = (Column("承诺"), Column("力度"), Column("目标", "number"), Column("灯"))
    return Table(
        "承诺",
        columns,
        (
            Row(
                (Cell("新增就业岗位", "?c=1"), "争取", "1000个", Cell(lamp=Lamp("green"))),
                mark="1",
            ),
            Row((Cell("无障碍改造", "?c=2"), "完成", "9户", Cell(lamp=Lamp("grey"))), mark="2"),
        ),
        groups=(
            Group("稳住经济底盘", 1, "1条承诺", open=True),
            Group("办好民生实事", 1, "1条承诺", ((Lamp("yellow", "滞后"), 1),)),
        ),
    )


def tiles() -> tuple[Tile, ...]:
    """Return four tiles, one of them without a figure."""
    year = (9.0, 11.0, 10.0, 12.0, 13.0, None, 13.0, 14.0, 15.0, 15.0, 16.0, 16.0)
    return (
        Tile(
            "加装电梯完工", "16", "台", "#n1", "18台", Bar(16 / 36, PACE), year,
            "同比 上升23.1%", "有利",
        ),
        Tile(
            "先行联系率", "99.6%", "", "#n2", "100%",
            values=(98.0, 98.4, 98.8, 99.0, 99.6, 99.6), change="同比 上升0.8个百分点", favour="有利",
        ),
        Tile(
            "为老助餐", "48120", "人次", "#n3", values=(7200, 7900, 8100, 8300, 8200, 8420),
            change="同比 上升5.2%", note="本年无目标",
        ),
        Tile("群众满意率", "", why="这段时间没有回访"),
    )  # fmt: skip


def facets() -> tuple[Facet, ...]:
    """Return the filters of a list."""
    lights = (
        Choice("", "?lamp=red", 2, lamp=Lamp("red", "超期")),
        Choice("", "?lamp=yellow", 5, current=True, lamp=Lamp("yellow")),
        Choice("", "?lamp=green", 41, lamp=Lamp("green")),
    )
    leads = (Choice("社区服务办", "?lead=fwb", 23), Choice("社区自治办", "?lead=zzb", 12))
    return Facet("灯", lights, clear="?"), Facet("牵头", leads)


def events() -> tuple[Event, ...]:
    """Return a timeline from three sources."""
    return (
        Event(AT.replace(hour=7), "水表24小时未用水", source="感知", lamp=Lamp("yellow", "今天")),
        Event(AT.date().replace(day=1), "助餐 午餐1次", "电机为老中心", source="服务"),
        Event(AT.replace(month=5, day=28), "走访", "孙丽萍", "饮食正常", "#visit", source="走访"),
        Event(AT.replace(year=2022), "适老化改造 验收", source="项目", quiet=True),
    )


def facts() -> tuple[Fact, ...]:
    """Return what is known of one household."""
    reasons = ("先行联系", "走访", "回访")
    return (
        Fact("地址", "听泉路123弄5号301室"),
        Fact("户主", "张**（82岁）"),
        Fact("电话", masked=Masked("138****5678", "#reveal", reasons=reasons)),
        Fact("助餐", "46次", "#number", number=True),
        Fact("一键通", lamp=Lamp("green", "在线")),
        Fact("残疾证", why="没有登记"),
    )


def _regions() -> list[maps.Region]:
    """Return twelve invented units on a slanted grid of quadrangles."""
    names = [
        "听泉",
        "安宁一",
        "松涛",
        "高华",
        "红旗",
        "电机",
        "碧江",
        "新闵",
        "红四",
        "夏朵园",
        "永平",
        "汽轮",
    ]
    values = (12, 30, 44, 21, 8, None, 17, 26, 15, 33, 9, 19)
    found = []
    for index, (name, value) in enumerate(zip(names, values, strict=True)):
        row, column = divmod(index, 4)
        corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        ring = [
            [
                121.40 + (column + x) * 0.010 + (row + y) * 0.002 + 0.0015 * ((row + y) % 2),
                31.02 - (row + y) * 0.006 - 0.0012 * ((column + x) % 2),
            ]
            for x, y in corners
        ]
        text = "" if value is None else f"{value}件"
        shape = {"type": "Polygon", "coordinates": [ring]}
        found.append(
            maps.Region(f"c{index}", name, value, f"?unit=c{index}", text, shape, name == "松涛")
        )
    return found


def drawings() -> dict[str, object]:
    """Return three charts and two maps."""
    months = [f"{n}月" for n in range(1, 7)]
    here = (38, 41, 36, None, 33, 44)
    course = [Point(m, v, "松涛") for m, v in zip(months, here, strict=True)]
    course += [Point(m, v, "听泉") for m, v in zip(months, (20, 18, 15, 16, 13, 12), strict=True)]
    rank = [Point(r.title, r.value) for r in _regions()[:7]]
    meals = (7200, 7900, 8100, None, 8200, 8420)
    return {
        "chart": charts.line(course, title="热线工单", unit="件"),
        "bars": charts.bars(rank, title="按居民区：热线工单", unit="件"),
        "months": charts.columns_by_month(
            [Point(m, v) for m, v in zip(months, meals, strict=True)],
            title="为老助餐",
            unit="人次",
        ),
        "unit_map": maps.choropleth(_regions(), title="按居民区：热线工单（件）", ident="map"),
        "unit_grid": maps.squares(_regions(), title="按居民区：热线工单（件）", ident="squares"),
    }


def gallery() -> dict[str, object]:
    """Return the context of `web/gallery.html`."""
    form = Report({"what": "", "where": "", "doors": "-1", "on": "2023-12-31"})
    periods = (Choice("2023年上半年", "?period=2023H1", current=True), Choice("2023年", "?p=2023"))
    return {
        **drawings(),
        "title": "组件",
        "at": AT,
        "sample_form": form,
        "crumbs": (Crumb("指标", "/indicators"), Crumb("组件")),
        "scope": (Chip("全街道", "单元", choices=(Choice("松涛", "?u=hd"),)), Chip("2023年上半年", "期间", choices=periods)),
        "folded": Folded((Chip("2023年上半年", "期间", remove="?"),), "?"),
        "actions": (Action("打印一页纸", "#print"), Action("冻结数字", "#freeze", primary=True, post=True)),
        "tabs": (
            Choice("要联系", "?tab=1", 3, current=True),
            Choice("今天到期", "?tab=2", 7),
            Choice("待回访", "?tab=3", 12),
        ),
        "tasks": tasks(),
        "promises": promises(),
        "tiles": tiles(),
        "facets": facets(),
        "events": events(),
        "facts": facts(),
        "filters": (Chip("独居", remove="?"), Chip("80岁以上", remove="?")),
        "pager": Pager(1, 50, 312, "件", next="?after=50"),
        "undo": Undo("已办结。", "#undo", until="8:10"),
        "masked": Masked("138****5678", "#reveal", reasons=("先行联系",)),
        "choose": Action("选记录", "#choose", primary=True),
        "spark": (1.0, 2.0, None, 3.0, 5.0, 4.0),
        "pace": PACE,
        "lamps": [
            Lamp("green"), Lamp("yellow"), Lamp("red"), Lamp("red", "严重滞后"), Lamp("grey"),
            Lamp("grey", "未启动"), Lamp("blue"),
        ],
    }  # fmt: skip
