"""What is wrong with a pack is said with file, line, key and what is allowed."""

import pytest

from jiezhen.packs import cases, commands, registry, yaml_file
from jiezhen.packs.errors import BadPacks, PackError

HEAD = "pack: mine\ntitle: 我的\nsource: {document: 本单位约定}\n"
KIND = """kinds:
  thing:
    title: 某事
    shape: matter
    code: MSX
    label: "{name}"
    on: done_on
    flow: thing
    fields:
      name: {title: 名称, type: text}
      area: {title: 面积, type: number, unit: 平方米}
      cost: {title: 费用, type: money}
      done_on: {title: 完成日期, type: date}
flows:
  thing:
    title: 某事流程
    states:
      open: {title: 待办, start: true}
      done: {title: 完成, end: true, date: done_on}
    moves:
      finish: {title: 办完, from: [open], to: done, asks: [done_on]}
indicators:
  things_done: {title: 办完某事, unit: 件, of: thing, measure: count, where: state = 'done'}
  area_done: {title: 办完面积, unit: 平方米, of: thing, measure: sum, value: area}
  share: {title: 办完的比例, unit: "%", measure: ratio, numerator: things_done, denominator: things}
  things: {title: 全部某事, unit: 件, of: thing, measure: count, on: opened_on}
  cost_done: {title: 办完费用, unit: 元, of: thing, measure: sum, value: cost}
"""


def pack(tmp_path, text=KIND, head=HEAD, name="mine"):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder):
    return registry.examine([folder]).problems


def test_a_sound_pack_loads(tmp_path):
    full = registry.load([pack(tmp_path)])
    kind = full.kinds["mine.thing"]
    assert kind.flow == "mine.thing"
    assert full.indicators["things_done"].of == "mine.thing"
    columns = kind.columns()
    assert columns["state"].options == {"open": "待办", "done": "完成"}
    assert columns["entered_done_on"].type == "date"
    assert "valid_from" not in columns
    assert len(full.indicators["share"].definition.parts) == 2
    sentence = full.indicators["things_done"].definition_sentence()
    assert sentence == "数一数“某事”里，完成日期在这段时间内、状态为完成的条目。"


#: What is written instead of what, words the message must name, and the line it must give.
WRONG = [
    ("shape: matter", "shape: mater", ["mater", "matter", "activity"], 4),
    ("label:", "lable:", ["lable", "label", "sensitivity"], 6),
    ("code: MSX", "code: ms", ["code", "A-Z"], 5),
    ("type: text", "type: txt", ["txt", "text", "money"], 10),
    ("type: text", "type: face_template", ["face_template", "生物识别"], 10),
    ("name: {title: 名称", "person_score: {title: 名称", ["person_score", "打分"], 10),
    ("title: 名称", "title: 居民评分", ["居民评分"], 10),
    ("name: {title: 名称, type: text", "name: {title: 名称, type: person", ["purpose"], 10),
    ("name: {title: 名称, type: text", "order by: {title: 名称, type: text", ["order by"], 10),
    ("name: {title: 名称, type: text", "state: {title: 名称, type: text", ["state"], 10),
    ("unit: 平方米}\n      cost", "whole: yes}\n      cost", ["whole", "true"], 11),
    ("type: number, unit: 平方米", "type: number", ["单位"], 11),
    ("{title: 费用, type: money}", "{title: 费用, type: link, to: lift}", ["mine.lift"], 12),
    ("{title: 费用, type: money}", "{title: 名称, type: money}", ["名称"], 12),
    ("on: done_on", "on: name", ["name", "done_on"], 7),
    ('label: "{name}"', 'label: "{nam}"', ["nam", "name"], 6),
    ("flow: thing", "flow: thin", ["mine.thin", "mine.thing"], 8),
    ("start: true", "start: false", ["起点"], 17),
    ("to: done", "to: dona", ["dona", "done"], 21),
    ("from: [open]", "from: [opened]", ["opened"], 21),
    ("asks: [done_on]", "asks: [don_on]", ["don_on", "done_on"], 21),
    (
        "asks: [done_on]",
        "asks: [done_on], turns: {where: cost > 1, into: ende}",
        ["ende", "finish"],
        21,
    ),
    (
        "asks: [done_on]",
        "asks: [done_on], turns: {where: cost > 1, into: finish}",
        ["自己不再变"],
        21,
    ),
    ("asks: [done_on]", "asks: [done_on], turns: {where: cost, into: finish}", ["条件"], 21),
    ("date: done_on}", "date: name}", ["name", "done_on"], 19),
    ("state = 'done'", "state = 'dona'", ["dona", "done"], 23),
    ("state = 'done'", "stat = 'done'", ["stat", "state"], 23),
    ("state = 'done'", "cost", ["cost", "金额"], 23),
    (
        "unit: 件, of: thing, measure: count, where",
        "of: thing, measure: count, where",
        ["unit"],
        23,
    ),
    ("of: thing, measure: count, where", "of: thingy, measure: count, where", ["thingy"], 23),
    ("measure: sum, value: area", "measure: sum", ["value"], 24),
    ("measure: sum, value: area", "measure: sum, value: name", ["name", "数"], 24),
    ("measure: sum, value: area", "measure: count, value: area", ["value", "where"], 24),
    ("unit: 平方米, of", "unit: 亩, of", ["平方米", "亩"], 24),
    ("unit: 元, of", "unit: 万元, of", ["元"], 27),
    ('unit: "%"', "unit: 件", ["%"], 25),
    ("numerator: things_done", "numerator: share", ["share → share"], 25),
    ("numerator: things_done", "numerator: nothing", ["nothing", "things_done"], 25),
    ("title: 全部某事", "title: 办完某事", ["办完某事", "things_done"], 26),
    ("on: opened_on", "on: opend_on", ["opend_on", "opened_on"], 26),
    ("indicators:", "indicator:", ["indicator", "statistics"], 22),
    ("    title: 某事\n", "    title: 某事\n    title: 某事\n", ["title", "第 3 行"], 4),
    ("title: 某事\n", "title: &a 某事\n", ["锚点"], 3),
    ("title: 某事\n", "title: !x 某事\n", ["标记"], 3),
    ("title: 某事\n", "title: [某事\n", ["YAML"], 4),
    ("title: 某事\n", "title: 7\n", ["title", "文字"], 3),
    ("    title: 某事\n", "", ["title"], 2),
]


@pytest.mark.parametrize(("old", "new", "words", "line"), WRONG, ids=[w[1][:30] for w in WRONG])
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, words, line):
    assert old in KIND
    found = problems(pack(tmp_path, KIND.replace(old, new, 1)))
    hits = [p for p in found if p.line == line and all(word in p.message for word in words)]
    assert hits, [str(p) for p in found]
    assert hits[0].file.name == "all.yaml"
    assert hits[0].message_en


def test_all_problems_are_told_at_once(tmp_path):
    text = KIND.replace("type: text", "type: txt").replace("measure: sum", "measure: total")
    with pytest.raises(BadPacks) as caught:
        registry.load([pack(tmp_path, text)])
    assert len(caught.value.problems) >= 3
    assert "另有" in caught.value.message


def test_a_state_that_no_move_reaches_is_refused(tmp_path):
    text = KIND.replace(
        "      done: {title: 完成", "      lost: {title: 丢失}\n      done: {title: 完成"
    )
    assert any("丢失" in p.message and p.line == 19 for p in problems(pack(tmp_path, text)))


def test_a_pack_that_is_used_must_be_required(tmp_path):
    text = KIND.replace("{title: 费用, type: money}", "{title: 电梯, type: link, to: lifts.lift}")
    text = text.split("  cost_done")[0]
    folder = pack(tmp_path, text)
    lifts = registry.BUILT_IN / "lifts"
    found = registry.examine([lifts, folder]).problems
    assert [p for p in found if "requires" in p.message and p.line == 12]
    (folder / "pack.yaml").write_text(HEAD + "requires: [lifts]\n", encoding="utf-8")
    assert registry.examine([lifts, folder]).problems == []


def test_two_packs_with_one_name_are_refused(tmp_path):
    first = pack(tmp_path)
    second = pack(tmp_path, name="other")
    found = registry.examine([first, second]).problems
    assert ["“mine”" in p.message for p in found] == [True]


def test_an_unknown_key_in_the_head_is_refused(tmp_path):
    found = problems(pack(tmp_path, head=HEAD + "requried: []\n"))
    assert "requires" in found[0].message
    assert found[0].line == 4


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"a: " + b"[" * 5000 + b"]" * 5000, "太深"),
        (b"x" * (yaml_file.MOST_BYTES + 1), "KB"),
        (b"a: &a [1]\nb: *a\n", "锚点"),
        ("a: 甲\n".encode("gbk"), "UTF-8"),
        (b"a: 1\n---\nb: 2\n", "一份"),
        (b"a: \x01\n", "字符"),
        (b"? [a, b]\n: 1\n", "一个词"),
        (b"<<: {a: 1}\n", "一个词"),
    ],
)
def test_a_bad_file_is_refused(tmp_path, raw, word):
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    with pytest.raises(PackError) as caught:
        yaml_file.read(path)
    assert word in caught.value.message
    assert caught.value.message_en
    assert caught.value.file == path


def test_words_stay_as_they_are_written(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("on: yes\nno: 010\nday: 2023-06-30\nn: 12\nf: 0.5\nt: true\nq: '7'\nz:\n")
    assert yaml_file.read(path).values == {
        "on": "yes",
        "no": "010",
        "day": "2023-06-30",
        "n": 12,
        "f": 0.5,
        "t": True,
        "q": "7",
        "z": None,
    }


def test_the_digest_changes_with_the_counting_alone(tmp_path):
    def digests(text, name):
        return {
            k: v.digest
            for k, v in registry.load([pack(tmp_path, text, name=name)]).indicators.items()
        }

    before = digests(KIND, "a")
    renamed = digests(KIND.replace("title: 办完某事", "title: 办结某事"), "b")
    changed = digests(KIND.replace("state = 'done'", "state <> 'open'"), "c")
    assert before == renamed
    assert {k for k in before if before[k] != changed[k]} == {"things_done", "share"}


def test_new_writes_a_pack_that_passes(tmp_path):
    folder = commands.new("my_work", tmp_path)
    assert [str(p) for p in commands.check(folder)] == []
    with pytest.raises(PackError):
        commands.new("my_work", tmp_path)
    with pytest.raises(PackError):
        commands.new("My Work", tmp_path)


def test_an_indicator_without_a_case_is_told(tmp_path):
    found = commands.check(pack(tmp_path))
    assert len(found) == 5
    assert all("例子" in p.message for p in found)


def test_list_and_show_speak():
    assert "hotline" in commands.overview()
    assert "先行联系率" in commands.show("hotline")
    assert "流程" in commands.show("lifts.retrofit")
    assert "数一数" in commands.show("lifts_completed")
    with pytest.raises(PackError):
        commands.show("nothing")


CASE = """cases:
  - name: 一个例子在这里
    period: 2023H1
    records:
      - {kind: mine.thing, values: {area: 3, done_on: 2023-06-30}, state: done}
    expect: {things_done: 1}
"""


@pytest.mark.parametrize(
    ("old", "new", "word", "line"),
    [
        ("2023H1", "2023H3", "2023H3", 3),
        ("mine.thing", "mine.thin", "mine.thing", 5),
        ("area: 3", "aria: 3", "area", 5),
        ("area: 3", "area: 三", "面积", 5),
        ("2023-06-30", "2023-6-30", "完成日期", 5),
        ("state: done", "state: dona", "done", 5),
        ("things_done", "thing_done", "things_done", 6),
        ("expect:", "expects:", "expect", 6),
        ("name: 一个例子在这里", "name: 短", "name", 2),
    ],
)
def test_a_wrong_case_is_told_with_its_line(tmp_path, old, new, word, line):
    folder = pack(tmp_path)
    (folder / "cases").mkdir()
    path = folder / "cases" / "a.yaml"
    full = registry.load([folder])
    path.write_text(CASE, encoding="utf-8")
    assert len(cases.load("mine", full)) == 1
    path.write_text(CASE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadPacks) as caught:
        cases.load("mine", full)
    assert [p for p in caught.value.problems if word in p.message and p.line == line]


def test_reload_keeps_the_old_packs_when_the_new_are_wrong(tmp_path, monkeypatch):
    before = registry.catalogue()
    monkeypatch.setenv("JIEZHEN_PACKS", str(pack(tmp_path, "kindz: {}\n")))
    with pytest.raises(BadPacks):
        registry.reload()
    assert registry.catalogue() is before


def test_an_office_adds_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JIEZHEN_PACKS", str(pack(tmp_path).parent))
    try:
        assert "mine.thing" in registry.reload().kinds
    finally:
        monkeypatch.delenv("JIEZHEN_PACKS")
        registry.reload()


STANDARD = """  standard:
    title: 标准
    shape: entry
    code: BZ
    label: "{small}"
    fields:
      small: {title: 小类, type: text}
      time:  {title: 时限, type: number, unit: 时, min: 0}
      words: {title: 说明, type: text}
      unit_: {title: 时间单位, type: choice, options: {work_day: 工作日, calendar_day: 天}}
"""
TIMER = """    timers:
      total:
        title: 办结
        starts: [opened]
        stops: [finish]
        standard: {kind: standard, match: {small: name}, amount: {A: time}, unit: unit_}
"""


def with_standard(tmp_path, old="", new=""):
    text = KIND.replace("flows:", f"{STANDARD}flows:").replace(
        "indicators:", f"{TIMER}indicators:"
    )
    assert old in text
    return problems(pack(tmp_path, text.replace(old, new) if old else text))


def test_a_register_of_deadlines_has_numbers_and_units_that_clocks_know(tmp_path):
    assert not with_standard(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("calendar_day: 天", "days: 天", "days"),
        ("unit: unit_", "unit: words", "时限单位"),
        ("{A: time}", "{A: words}", "不是数"),
    ],
)
def test_a_register_of_deadlines_that_no_clock_can_read_is_told(tmp_path, old, new, said):
    (problem,) = with_standard(tmp_path, old, new)
    assert said in str(problem) and "all.yaml" in str(problem)
