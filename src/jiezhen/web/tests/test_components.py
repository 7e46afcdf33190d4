"""Every component: what it says, what it escapes, and that a strict policy lets it stand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms

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
    Problem,
    Row,
    Table,
    Tile,
    Undo,
)
from jiezhen.web.tests.support import HOSTILE, read, tag

H = HOSTILE
EVERYTHING: dict[str, tuple[str, dict[str, object]]] = {
    "lamp": ("{% lamp 'red' word why=word %}", {"word": H}),
    "lamp object": ("{% lamp it %}", {"it": Lamp("yellow", H, H)}),
    "number": ("{% number t t %}{% number None why=t %}", {"t": H}),
    "bar": ("{% bar 0.4 0.5 t %}", {"t": H}),
    "sparkline": ("{% sparkline v t %}", {"v": (1, 2, None), "t": H}),
    "mark": ("{% mark t 'differs' t t %}", {"t": H}),
    "tile": ("{% tile it %}", {"it": Tile(H, H, H, H, H, Bar(0.1, 0.2, H), (1.0, 2.0), H, H, H)}),
    "pager": ("{% pager it %}", {"it": Pager(1, 50, 312, H, H, H)}),
    "tabs": (
        "{% tabs it t %}",
        {"it": [Choice(H, H, 3, lamp=Lamp("red", H)), Choice(H, H)], "t": H},
    ),
    "chips": (
        "{% chips it %}",
        {"it": [Chip(H, H, choices=(Choice(H, H, 2),)), Chip(H, href=H), Chip(H, remove=H)]},
    ),
    "facets": ("{% facets it %}", {"it": [Facet(H, (Choice(H, H, 1),), H)]}),
    "crumbs": ("{% crumbs it %}", {"it": [Crumb(H, H), Crumb(H)]}),
    "timeline": (
        "{% timeline it %}",
        {"it": [Event(date(2023, 1, 1), H, H, H, H, Lamp("red", H), H)]},
    ),
    "facts": ("{% facts it %}", {"it": [Fact(H, H), Fact(H, H, H), Fact(H, why=H)]}),
    "mask": ("{% mask it %}", {"it": Masked(H, H, H, (H,), {H: H})}),
    "mask without reasons": ("{% mask it %}", {"it": Masked(H, H)}),
    "action": (
        "{% action it %}",
        {"it": Action(H, H, post=True, key=H, name=H, value=H, fields={H: H})},
    ),
    "empty": ("{% empty t t it %}", {"t": H, "it": Action(H, H)}),
    "undo": ("{% confirm_undo it %}", {"it": Undo(H, H, H, H, {H: H})}),
    "notice": ("{% notice t t %}", {"t": H}),
    "errors": ("{% error_summary None it %}", {"it": [Problem(H, H), Problem("", H)]}),
    "nonce": ("{% nonce %}", {"nonce": H}),
    "table": (
        "{% table it %}",
        {
            "it": Table(
                H,
                (Column(H, href=H, order="ascending", unit=H), Column(H, "number"), Column(H)),
                (Row((Cell(H, H, code=True), Cell(H, H, number=True, note=H), H), H, H, True, H),),
                selectable=True,
                wide=True,
            )
        },
    ),
    "table in groups": (
        "{% table it %}",
        {
            "it": Table(
                H,
                (Column(H),),
                (Row((H,)), Row((H,))),
                groups=(
                    Group(H, 1, H, ((Lamp("red", H), 1),)),
                    Group(H, 1, H, lamp=Lamp("yellow", H), open=True),
                ),
            )
        },
    ),
}


@pytest.mark.parametrize("name", EVERYTHING)
def test_it_escapes_hostile_text_and_needs_no_inline_script_or_style(name: str) -> None:
    source, context = EVERYTHING[name]
    markup = tag(source, **context)
    assert "<script" not in markup
    found = read(markup)
    assert found.blocked == []
    assert found.stack == []


LAMPS = [
    ("green", "正常"),
    ("yellow", "滞后"),
    ("red", "超期"),
    ("grey", "无数据"),
    ("blue", "销号"),
]


@pytest.mark.parametrize(("colour", "word"), LAMPS)
def test_a_lamp_says_its_word_and_has_its_own_shape(colour: str, word: str) -> None:
    markup = tag("{% lamp c %}", c=colour)
    assert f'data-lamp="{colour}"' in markup
    assert word in markup
    shapes = {tag("{% lamp c 'w' %}", c=c).replace(c, "") for c, _word in LAMPS}
    assert len(shapes) == len(LAMPS)


def test_a_lamp_of_no_known_colour_is_grey() -> None:
    assert 'data-lamp="grey"' in tag("{% lamp 'purple' %}")


def test_inline_pieces_bring_no_space_into_chinese_text() -> None:
    markup = tag("完工{% number '16台' '/n/7f3k2q' %}，占{% lamp 'green' %}。")
    assert "完工<a" in markup
    assert "</a>，占<span" in markup
    assert "</span>。" in markup


def test_a_number_is_a_link_that_copies_as_seen() -> None:
    found = read(tag("{% number '96315人次' '/n/7f3k2q' %}"))
    assert found.all("a") == [{"class": "num", "data-num": None, "href": "/n/7f3k2q"}]
    assert "".join(found.words) == "96315人次"


def test_a_blank_says_why() -> None:
    assert "还没有关联记录" in tag("{% number None why='还没有关联记录' %}")
    assert "—" in tag("{% number None %}")


def test_zero_is_not_unknown() -> None:
    assert "—" not in tag("{% number '0处' '/n/1' %}")


@pytest.mark.parametrize(
    ("share", "width", "said"),
    [
        (Decimal("0.591"), "59.10%", "59.1%"),
        (1.4, "100.00%", "140.0%"),
        (-0.1, "0.00%", "-10.0%"),
        (0, "0.00%", "0%"),
        (0.9996, "99.96%", "99.9%"),
    ],
)
def test_a_bar_stays_inside_its_track(share: object, width: str, said: str) -> None:
    markup = tag("{% bar share 0.504 %}", share=share)
    assert f'class="bar-fill" x="0" y="4" width="{width}"' in markup
    assert f"完成{said}，序时50.4%" in markup


def test_a_sparkline_keeps_its_gaps() -> None:
    markup = tag("{% sparkline v %}", v=(1, 2, None, 3, None, 5, 6))
    assert markup.count("<polyline") == 2
    assert markup.count('class="spark-dot"') == 1
    assert "这段时间没有数" in tag("{% sparkline v %}", v=(None, None))


def test_an_unknown_mark_is_told_and_a_known_one_has_a_sign() -> None:
    assert "mark-told" in tag("{% mark '5' 'nonsense' %}")
    assert "✗" in tag("{% mark '18台' 'differs' %}")
    assert "（不一致）" in tag("{% mark '18台' 'differs' %}")


def test_a_table_pairs_cells_with_heads_for_the_phone() -> None:
    table = Table("表", (Column("牵头"), Column("目标", "number")), (Row(("城建办", "36台")),))
    cells = read(tag("{% table t %}", t=table)).all("td")
    assert [c["data-label"] for c in cells] == ["牵头", "目标"]
    assert cells[1]["class"] == "is-number"


def test_groups_share_out_the_rows_in_their_order() -> None:
    rows = tuple(Row((n,)) for n in "甲乙丙")
    groups = (Group("一", 2, "2条", ((Lamp("red"), 1),)), Group("二", 1, "1条", open=True))
    table = Table("表", (Column("名"),), rows, groups=groups)
    told = [(g.title, [pairs[0][1].text for _row, pairs in body]) for g, body in table.parts]
    assert told == [("一", ["甲", "乙"]), ("二", ["丙"])]
    found = read(tag("{% table t %}", t=table))
    assert [("open" in d) for d in found.all("details")] == [False, True]
    assert [t["aria-label"] for t in found.all("table")] == ["表：一", "表：二"]
    assert len(found.all("tr")) == 5  # each group has its own head


def test_what_is_set_stays_in_sight_of_a_fold() -> None:
    scope = (
        Chip("全部", "来源", choices=(Choice("全部", "?", current=True),)),
        Chip("热线", "类型", choices=(Choice("热线", "?k=h"),), clear="?"),
        Chip("同一地点", remove="?a=1"),
    )
    folded = Folded.of(scope, "?none=1")
    assert [(c.title, c.remove, c.choices) for c in folded.chosen] == [
        ("热线", "?", ()),
        ("同一地点", "?a=1", ()),
    ]
    assert folded.clear == "?none=1"


def test_a_row_with_too_few_cells_is_a_defect() -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(Table("表", (Column("一"), Column("二")), (Row(("甲",)),)).body)


def test_a_sorted_column_says_so() -> None:
    head = read(tag("{% th c %}", c=Column("灯", href="?sort=lamp", order="descending"))).all("th")
    assert head[0]["aria-sort"] == "descending"


def test_a_timeline_drops_the_year_of_today() -> None:
    at = datetime(2023, 7, 3, 8, 0, tzinfo=UTC)
    events = [
        Event(datetime(2023, 6, 21, 1, 12, tzinfo=UTC), "受理"),
        Event(date(2022, 3, 16), "验收"),
    ]
    markup = tag("{% timeline e %}", e=events, at=at)
    assert "6月21日" in markup
    assert "09:12" in markup
    assert "2023年" not in markup
    assert "2022年3月16日" in markup


def test_showing_a_masked_value_is_a_post_with_a_reason() -> None:
    markup = tag(
        "{% mask m %}",
        m=Masked("138****5678", "/show", reasons=("先行联系",)),
        nonce="n1",
        csrf_token="c1",  # noqa: S106  # not a password
    )
    found = read(markup)
    assert found.all("form")[0]["method"] == "post"
    assert found.all("button") == [{"class": "menu-button", "name": "reason", "value": "先行联系"}]
    names = {i["name"]: i["value"] for i in found.all("input")}
    assert names == {"csrfmiddlewaretoken": "c1", "_nonce": "n1"}


def test_a_pager_without_a_total_does_not_invent_one() -> None:
    assert "/" not in "".join(read(tag("{% pager p %}", p=Pager(1, 50, unit="件"))).words)
    assert "1—50 / 312件" in tag("{% pager p %}", p=Pager(1, 50, 312, "件"))


class Visit(forms.Form):
    """A form of the kinds of control that differ."""

    where = forms.CharField(label="在哪里", help_text="例：沧源路123弄5号", max_length=5)
    what = forms.ChoiceField(label="是什么", choices=[("a", "甲")], widget=forms.RadioSelect)
    more = forms.CharField(label="补充说明", required=False)
    urgent = forms.BooleanField(label="急", required=False)


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    form = Visit({"where": "123456", "what": "a"})
    found = read(tag("{% field f %}", f=form["where"]))
    control = found.all("input")[0]
    assert control["aria-describedby"] == "id_where_hint id_where_error"
    assert control["aria-invalid"] == "true"
    ids = {attrs["id"] for attrs in found.having("id")}
    assert {"id_where", "id_where_hint", "id_where_error"} <= ids
    assert found.all("label")[0]["for"] == "id_where"


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    found = read(tag("{% field f %}", f=Visit({})["what"]))
    assert len(found.all("fieldset")) == 1
    assert len(found.all("legend")) == 1
    assert found.blocked == []


def test_optional_is_said_and_required_is_not() -> None:
    assert "（可不填）" in tag("{% field f %}", f=Visit()["more"])
    assert "可不填" not in tag("{% field f %}", f=Visit()["where"])
    assert "可不填" not in tag("{% field f %}", f=Visit()["urgent"])


def test_the_summary_counts_and_links_to_each_field() -> None:
    found = read(tag("{% error_summary f %}", f=Visit({})))
    assert "有2处要改" in "".join(found.words)
    assert [a["href"] for a in found.all("a")] == ["#id_where", "#id_what_0"]
    assert "在哪里：这一项还没有填。" in "".join(found.words)
    assert found.all("div")[0]["tabindex"] == "-1"
    assert tag("{% error_summary f %}", f=Visit({"where": "1", "what": "a"})).strip() == ""
