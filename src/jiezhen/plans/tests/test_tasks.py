"""任务督办 through its forms: lights that explain themselves, 催办, decisions, lists as files."""

import io
import json
import re
from datetime import date, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from jiezhen.conftest import AT, Cast, build_cast
from jiezhen.effects import tasks as effects
from jiezhen.indicators.queries import figure
from jiezhen.plans.models import Decision, LightSnapshot, Note, Notice, Task
from jiezhen.plans.operations import snapshots
from jiezhen.plans.operations import tasks as operations
from jiezhen.plans.queries import board as boards
from jiezhen.plans.queries import decisions, uses
from jiezhen.plans.tests.test_reading_page import here, plain, post, row, uploaded
from jiezhen.records import operations as records
from jiezhen.trail.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]

PLAN = """2023年工作计划

·争取完成年度新增就业岗位 4649个
·力争全年改造完成居家环境适老化家庭 75户、坡道扶手 50个
·力争电梯全年新增完工 36台
"""
LINKED = (
    ("就业岗位", "jobs_added"),
    ("适老化", "elderly_homes_adapted"),
    ("坡道扶手", "ramps_installed"),
    ("电梯", "lifts_completed"),
)


def make_records(cast: Cast) -> None:
    """Make the half year's records: 2747 posts, 36 homes, 14 ramps, 16 lifts."""
    section, unit = cast.viewers["section"], cast.unit("c1")

    def make(kind: str, values: dict[str, object], **given: object) -> None:
        records.create(section, kind, unit, values, AT, given=given)

    make("jobs.post", {"employer": "康码", "filled_on": "2023-03-01", "posts": 2747})
    make("eldercare.ramp", {"place": "沧源路123弄", "installed_on": "2023-04-01", "quantity": 14})
    for number in range(36):
        make(
            "eldercare.adaptation",
            {"category": "elderly", "address": f"沧源路{number}号", "completed_on": "2023-05-01"},
            state="completed",
        )
    for number in range(16):
        make(
            "lifts.retrofit",
            {"address": f"剑川路{number}号", "completed_on": "2023-05-01"},
            state="accepted",
        )


def linked(cast: Cast, *, with_records: bool = True) -> None:
    """Confirm the plan with leads and links, and make the records of the half year."""
    client = cast.client("planner")
    document = uploaded(client, PLAN)
    for word, indicator in LINKED:
        commitment = row(document, word)
        answer = post(
            client,
            f"{here(document)}/rows/{commitment.number}/confirm",
            here(document),
            lead="fwb",
            due_on="2023-12-31",
            indicator=indicator,
        )
        assert answer.status_code == 302, answer.content.decode()
    if with_records:
        make_records(cast)


def task(word: str) -> Task:
    return Task.objects.for_system("test").get(title__contains=word)


def shown(cast: Cast, word: str, query: str = "") -> str:
    page = cast.client("planner").get(f"/tasks?{query}").content.decode()
    rows = re.findall(r'<tr role="row" data-row.*?</tr>', page, re.DOTALL)
    return next(r for r in rows if word in r)


@pytest.mark.parametrize(
    ("word", "share", "colour"),
    [
        ("就业岗位", "59.1%", "green"),
        ("适老化", "48.0%", "green"),
        ("电梯", "44.4%", "yellow"),
        ("坡道扶手", "28.0%", "red"),
    ],
)
def test_records_move_the_light(cast: Cast, word: str, share: str, colour: str) -> None:
    linked(cast)
    line = shown(cast, word)
    assert share in line
    assert f'data-lamp="{colour}"' in line


def test_the_chosen_row_shows_its_arithmetic_and_leads_to_the_records(cast: Cast) -> None:
    linked(cast)
    code = task("电梯").code
    page = cast.client("planner").get(f"/tasks?task={code}").content.decode()
    assert "完成44.4% ÷ 序时50.4%（184/365天）= 0.88，低于0.95。" in page
    assert re.search(r'data-num href="/n/[^"]+">看16条记录', page)


def test_confirming_a_linked_promise_sets_the_target_of_its_indicator(cast: Cast) -> None:
    linked(cast)
    found = figure(cast.viewers["planner"], "lifts_completed", "", "2023", AT)
    assert found.target is not None
    assert found.target.value == 36
    assert found.light.colour == "yellow"


def test_taking_the_link_back_takes_the_target_back(cast: Cast) -> None:
    linked(cast, with_records=False)
    client, lifts = cast.client("planner"), task("电梯").commitment
    post(
        client,
        f"{here(lifts.document)}/rows/{lifts.number}/assign",
        here(lifts.document),
        lead="fwb",
        due_on="2023-12-31",
        indicator="",
    )
    assert figure(cast.viewers["planner"], "lifts_completed", "", "2023", AT).target is None
    jobs = task("就业岗位").commitment
    post(client, f"{here(jobs.document)}/rows/{jobs.number}/unconfirm", here(jobs.document))
    assert figure(cast.viewers["planner"], "jobs_added", "", "2023", AT).target is None


def test_a_number_says_which_task_uses_it(cast: Cast) -> None:
    linked(cast)
    found = list(uses.uses(cast.viewers["planner"], "lifts_completed"))
    told = [x if isinstance(x, dict) else json.loads(x) for _use, x in found]
    lifts = task("电梯")
    assert told == [
        {"title": f"任务“{lifts.title}”", "href": f"/tasks/{lifts.code}", "period": "2023"}
    ]


def test_a_light_is_not_changed_without_a_reason(cast: Cast) -> None:
    linked(cast, with_records=False)
    client, code = cast.client("planner"), task("电梯").code
    refused = post(client, f"/tasks/{code}/light", f"/tasks/{code}", colour="green", reason=" ")
    assert refused.status_code == 422
    text = refused.content.decode()
    field = re.search(r'id="id_reason_field".*?</div>', text, re.DOTALL)[0]
    assert "改灯要写理由" in field
    assert task("电梯").manual_colour == ""
    done = post(
        client, f"/tasks/{code}/light", f"/tasks/{code}", colour="green", reason="6台等规划公示"
    )
    assert done.status_code == 302
    assert "人工调整" in shown(cast, "电梯")
    page = client.get(f"/tasks/{code}").content.decode()
    assert "6台等规划公示" in page
    assert Entry.objects.filter(action="plans.task.light_set", why="6台等规划公示").exists()


def test_the_lamp_filter_lives_in_the_address_and_the_files_have_the_same_rows(cast: Cast) -> None:
    linked(cast)
    client = cast.client("planner")
    page = client.get("/tasks?lamp=red").content.decode()
    codes = re.findall(r"/tasks/(RW-2023-\d{4})/row", page)
    assert codes == [task("坡道扶手").code]
    assert "/tasks.xlsx?lamp=red" in page
    told = json.loads(client.get("/tasks.json?lamp=red").content)
    assert [r["编号"] for r in told["rows"]] == codes
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/tasks.xlsx").content))
    cells = book.get_sheet_by_index(0).to_python()
    every = json.loads(client.get("/tasks.json").content)
    assert [r[0] for r in cells[1:]] == [r["编号"] for r in every["rows"]]
    assert len(cells) == 5
    assert client.get("/tasks.csv").content.startswith(b"\xef\xbb\xbf")
    assert client.get("/tasks.pdf").status_code == 404


def test_reminders_are_previewed_one_a_unit_and_then_sent(cast: Cast) -> None:
    linked(cast)
    city = operations.Free("剑川路大修启动", cast.unit("cgb"), date(2023, 6, 30))
    operations.create(cast.viewers["planner"], city, AT - timedelta(days=60))
    client = cast.client("planner")
    codes = [task(w).code for w in ("电梯", "坡道扶手", "剑川路")]
    preview = client.get("/tasks/remind", {"selected": codes}).content.decode()
    assert re.findall(r'data-unit="(\w+)"', preview) == ["cgb", "fwb"]
    assert Notice.objects.for_system("test").filter(kind="reminder").count() == 0
    nonce = re.search(r'name="_nonce" value="([^"]+)"', preview)[1]
    for _press in range(2):
        sent = client.post("/tasks/remind", {"_nonce": nonce, "selected": codes})
        assert sent.status_code == 302
    notices = Notice.objects.for_system("test").filter(kind="reminder")
    assert notices.count() == 2
    assert {t.code for t in notices.get(unit__code="fwb").tasks.for_system("test")} == set(
        codes[:2]
    )
    assert "44.4%" in notices.get(unit__code="fwb").text
    effects.deliver(AT)
    heard = cast.client("section").get("/notices").content.decode()
    assert "催办：2项任务请说明进展" in heard and "催办：1项任务请说明进展" in heard
    assert heard.count("有新指定的任务") == 2  # one a unit and day, however many tasks
    assert "催办" not in cast.client("grid").get("/notices").content.decode()


def test_leads_are_told_once_a_day_of_all_that_is_new(cast: Cast) -> None:
    linked(cast, with_records=False)
    notice = Notice.objects.for_system("test").get(kind="assigned")
    assert notice.tasks.for_system("test").count() == 4


def test_a_question_goes_up_and_its_answer_lands_on_the_timeline(cast: Cast) -> None:
    linked(cast, with_records=False)
    section, leader, code = cast.client("section"), cast.client("leader"), task("电梯").code
    asked = post(
        section,
        f"/tasks/{code}/ask",
        f"/tasks/{code}",
        question="1户反对，是否再协商",
        options="再协商\n停下",
    )
    assert asked.status_code == 302
    waiting = decisions.decisions_waiting(cast.viewers["leader"], AT + timedelta(days=4))
    assert [(w.question, w.waited, w.unit) for w in waiting] == [
        ("1户反对，是否再协商", "等了4天", "社区服务办")
    ]
    assert decisions.decisions_waiting(cast.viewers["section"], AT) == []
    decision = Decision.objects.for_system("test").get()
    refused = post(section, f"/decisions/{decision.pk}", f"/tasks/{code}", answer="同意")
    assert refused.status_code == 403
    done = post(
        leader, f"/decisions/{decision.pk}", f"/tasks/{code}", answer="同意", line="再谈一次"
    )
    assert done.status_code == 302
    text = plain(section.get(f"/tasks/{code}").content.decode())
    assert "同意：再谈一次" in text
    assert "林书记" in text


def test_a_task_without_a_number_follows_its_milestones_and_turns_yellow_in_silence(
    cast: Cast,
) -> None:
    client = cast.client("planner")
    made = post(
        client,
        "/tasks/new",
        "/tasks/new",
        title="剑川路大修",
        lead="cgb",
        due_on="2023-12-31",
        milestones="施工进场 2023-6-30\n完工 2023-12-1",
    )
    code = made.url.rsplit("/", 1)[1]
    assert code == "RW-2023-0001"
    line = shown(cast, "剑川路")
    assert "节点 0/2：施工进场" in line
    assert 'data-lamp="red"' in line
    assert "已过3天" in cast.client("planner").get(f"/tasks?task={code}").content.decode()
    post(client, f"/tasks/{code}/node", f"/tasks/{code}", node="0")
    assert 'data-lamp="green"' in shown(cast, "剑川路")
    later = boards.board(cast.viewers["planner"], AT + timedelta(days=45))
    assert (later.rows[0].light.colour, later.rows[0].light.word) == ("yellow", "滞后")


def test_a_task_of_its_own_is_changed_on_its_page_and_one_of_a_plan_at_its_words(
    cast: Cast,
) -> None:
    linked(cast, with_records=False)
    client = cast.client("planner")
    made = post(
        client,
        "/tasks/new",
        "/tasks/new",
        title="口袋公园",
        lead="cgb",
        due_on="2023-10-31",
        target="2个",
    )
    code = made.url.rsplit("/", 1)[1]
    page = client.get(f"/tasks/{code}/edit").content.decode()
    assert 'value="2个"' in page
    done = post(
        client,
        f"/tasks/{code}/edit",
        f"/tasks/{code}/edit",
        title="口袋公园",
        lead="fwb",
        due_on="2023.11.30",
        target="3个",
        starts_on="2023-7-1",
    )
    assert done.status_code == 302
    changed = task("口袋公园")
    assert (changed.lead.code, changed.target, changed.due_on) == ("fwb", 3, date(2023, 11, 30))
    other = task("电梯").code
    refused = post(
        client,
        f"/tasks/{other}/edit",
        f"/tasks/{other}/edit",
        title="加梯",
        lead="cgb",
        due_on="2023-12-31",
    )
    assert refused.status_code == 422
    assert "原文那一条" in refused.content.decode()


def test_a_unit_finds_its_notices(cast: Cast) -> None:
    linked(cast, with_records=False)
    client = cast.client("planner")
    codes = [task("电梯").code]
    post(client, "/tasks/remind", f"/tasks/remind?selected={codes[0]}", selected=codes)
    page = plain(cast.client("section").get("/tasks/notices").content.decode())
    assert "催办 · 社区服务办" in page
    assert codes[0] in page
    assert codes[0] not in cast.client("grid").get("/tasks/notices").content.decode()


def test_a_wrong_target_or_node_is_refused_at_its_field(cast: Cast) -> None:
    client = cast.client("planner")
    answer = post(
        client,
        "/tasks/new",
        "/tasks/new",
        title="加梯",
        lead="fwb",
        due_on="2023-12-31",
        target="很多",
        milestones="开工",
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "数字加单位" in text
    assert "后面要有日期" in text
    assert Task.objects.for_system("test").count() == 0


def test_closing_needs_a_line_and_can_be_taken_back(cast: Cast) -> None:
    linked(cast, with_records=False)
    client, code = cast.client("planner"), task("电梯").code
    assert post(client, f"/tasks/{code}/close", f"/tasks/{code}", why="").status_code == 422
    post(client, f"/tasks/{code}/close", f"/tasks/{code}", why="36台全部完工")
    line = shown(cast, "电梯")
    assert 'data-lamp="blue"' in line
    post(client, f"/tasks/{code}/reopen", f"/tasks/{code}")
    assert 'data-lamp="blue"' not in shown(cast, "电梯")


def test_taking_a_confirmation_back_takes_the_task_out_and_confirming_revives_it(
    cast: Cast,
) -> None:
    linked(cast, with_records=False)
    client, lifts = cast.client("planner"), task("电梯")
    document = lifts.commitment.document
    number = lifts.commitment.number
    post(client, f"{here(document)}/rows/{number}/unconfirm", here(document))
    assert client.get(f"/tasks/{lifts.code}").status_code == 404
    post(
        client,
        f"{here(document)}/rows/{number}/confirm",
        here(document),
        lead="cgb",
        due_on="2023-12-31",
    )
    lifts.refresh_from_db()
    assert (lifts.state, lifts.lead.code) == ("open", "cgb")


def test_other_offices_and_other_units_find_no_task(cast: Cast) -> None:
    linked(cast, with_records=False)
    code = task("电梯").code
    other = build_cast("luyuan")
    assert other.client("planner").get(f"/tasks/{code}").status_code == 404
    assert cast.client("grid").get(f"/tasks/{code}").status_code == 404
    assert cast.client("section").get(f"/tasks/{code}").status_code == 200
    assert "RW-" not in cast.client("grid").get("/tasks").content.decode()


def test_a_section_explains_its_own_task_and_nobody_edits_a_line(cast: Cast) -> None:
    linked(cast, with_records=False)
    code = task("电梯").code
    said = post(
        cast.client("section"),
        f"/tasks/{code}/note",
        f"/tasks/{code}",
        text="6台等规划公示，预计8月开工。",
        kind="explanation",
    )
    assert said.status_code == 302
    assert Note.objects.get(kind="explanation").actor == "陈服务"
    page = cast.client("leader").get(f"/tasks?task={code}").content.decode()
    assert "6台等规划公示" in page


def test_the_week_tells_how_lights_moved(cast: Cast) -> None:
    linked(cast, with_records=False)
    planner = cast.viewers["planner"]
    assert snapshots.snapshot(planner, AT - timedelta(days=7)) == 4
    assert snapshots.snapshot(planner, AT - timedelta(days=7)) == 4
    assert LightSnapshot.objects.count() == 4
    make_records(cast)
    found = boards.week_changes(planner, AT)
    assert found.sentence == "2项转绿，1项转黄，1项转红"


def test_the_desk_is_served_by_few_statements(cast: Cast, django_assert_max_num_queries) -> None:
    linked(cast)
    planner = cast.viewers["planner"]
    with django_assert_max_num_queries(8):
        found = boards.board(planner, AT)
        assert [r.light.colour for r in boards.red_and_yellow(planner, AT, 5, found)] == [
            "red",
            "yellow",
        ]
        assert boards.light_counts(planner, AT, found) == {
            "red": 1,
            "yellow": 1,
            "green": 2,
            "blue": 0,
            "grey": 0,
        }
        assert len(boards.my_tasks(cast.viewers["section"], AT, found)) == 0


def test_the_year_on_one_list(cast: Cast) -> None:
    linked(cast)
    client = cast.client("planner")
    page = plain(client.get("/plans/2023/list").content.decode())
    assert "电梯" in page
    assert "社区服务办" in page
    told = json.loads(client.get("/plans/2023/list.json").content)
    assert told["count"] == 4
    assert client.get("/plans/2022/list").status_code == 200


def test_the_year_narrowed_to_one_light_with_its_files(cast: Cast) -> None:
    linked(cast)
    client = cast.client("planner")
    every = json.loads(client.get("/plans/2023/list.json").content)["rows"]
    seen = 0
    for lamp, told in {"red": {"严重滞后", "超期"}, "yellow": {"滞后"}, "green": {"正常"}}.items():
        rows = json.loads(client.get(f"/plans/2023/list.json?lamp={lamp}").content)["rows"]
        assert rows == [r for r in every if r["灯"] in told]  # each keeps its number in the year
        page = client.get(f"/plans/2023/list?lamp={lamp}").content.decode()
        assert page.count("data-row") == len(rows)
        assert f"list.xlsx?lamp={lamp}" in page
        seen += len(rows)
    assert seen


def test_every_write_leaves_a_trail(cast: Cast) -> None:
    linked(cast, with_records=False)
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {
        "plans.document.uploaded",
        "plans.commitment.confirmed",
        "plans.task.created",
        "indicators.target.set",
    } <= actions
    assert all(
        e.at == datetime(2023, 7, 3, 8, tzinfo=AT.tzinfo)
        for e in Entry.objects.filter(action__startswith="plans.")
    )
