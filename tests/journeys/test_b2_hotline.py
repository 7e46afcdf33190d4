"""B2: a hotline case from the district's order to the callback, by forms, interface and files."""

import re

import pytest
from django.test import Client

from jiezhen.conftest import Cast
from jiezhen.matters.models import Matter, Move

from . import doors
from .city import City, Values

pytestmark = pytest.mark.django_db
KIND = "hotline.case"


@pytest.fixture
def city(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> City:
    found = City(cast, monkeypatch)
    found.now("2023-06-21 09:12")
    return found


def order(city: City, **values: object) -> str:
    told: Values = {
        "order_number": "SH20230621001",
        "subject": "外墙脱落",
        "class": "complaint",
        "received_on": "2023-06-21",
        "source": "hotline",
        "caller": "王秀兰",
        "phone": "13812345678",
    }
    return city.open(KIND, **(told | values))


def clock(code: str, name: str) -> Values:
    return dict(Matter.objects.for_system("a test looks").get(code=code).timers[name])


def offered(city: City, who: str, code: str) -> list[str]:
    """Return the moves that a case's page offers to somebody."""
    page = city.cast.client(who).get(f"/matters/{code}").content.decode()
    return re.findall(rf'href="/matters/{code}/moves/\w+">(.*?)<', page)


def state(city: City, code: str) -> str:
    return str(city.record(KIND, code)["state"])


def worked(city: City, code: str, unit: str = "cgb") -> None:
    """Lead a case to its closing within all deadlines."""
    city.move(KIND, code, "dispatch", unit=unit)
    city.move(KIND, code, "contact", who="section")
    city.move(KIND, code, "close", who="section", outcome="solved", answer="已修补")


def test_the_case_of_the_brief_runs_over_the_festival(city: City) -> None:
    """外墙脱落: ordered 21 June 09:12; the first handling is due on 29 June 09:12."""
    code = order(city)
    assert clock(code, "first")["due"][:16] == "2023-06-29T09:12"
    city.now("2023-06-21 09:40")
    city.move(KIND, code, "dispatch", unit="cgb")
    assert clock(code, "contact")["due"][:16] == "2023-06-25T09:40", "the Sunday is worked"
    city.now("2023-06-21 10:55")
    city.move(KIND, code, "contact", who="section")
    city.now("2023-06-30 09:00")
    assert city.figures("hotline_red", "2023-06") == {"hotline_red": 1}, "red by itself"
    city.move(KIND, code, "close", who="section", outcome="explained", answer="已解释")
    assert city.figures("hotline_red", "2023-06") == {"hotline_red": 0}
    city.move(KIND, code, "revisit", satisfaction="fair")
    assert city.figures(
        "hotline_received,hotline_closed,hotline_contact_rate,hotline_on_time_rate,hotline_late,"
        "hotline_explained_rate,hotline_satisfaction_rate,hotline_callback_rate,hotline_days,"
        "hotline_contact_hours",
        "2023-06",
        "cgb",
    ) == {
        "hotline_received": 1,
        "hotline_closed": 1,
        "hotline_contact_rate": 1,
        "hotline_on_time_rate": 0,
        "hotline_late": 1,
        "hotline_explained_rate": 1,
        "hotline_satisfaction_rate": 0.6,
        "hotline_callback_rate": 1,
        "hotline_days": 9,
        "hotline_contact_hours": 1.25,
    }


@pytest.mark.parametrize(
    ("moment", "values", "due"),
    [
        ("2023-06-21 09:12", {"class": "consult"}, "2023-06-25T09:12"),
        ("2023-06-21 09:12", {"class": "advice"}, "2023-06-25T09:12"),
        ("2023-06-21 09:12", {"class": "supervise"}, "2023-06-27T09:12"),
        ("2023-06-21 09:12", {"class": "recheck"}, "2023-06-27T09:12"),
        ("2023-06-21 09:12", {"class": "help"}, "2023-06-29T09:12"),
        ("2023-06-21 09:12", {"class": "help", "complex": "是"}, "2023-07-13T09:12"),
        ("2023-06-21 23:12", {"class": "help", "urgent": "living"}, "2023-06-22T23:12"),
        ("2019-12-02 09:12", {"class": "complaint"}, "2019-12-09T09:12"),
        ("2019-11-29 09:12", {"class": "complaint"}, "2019-12-20T09:12"),
    ],
)
def test_deadlines_are_those_of_the_class_and_of_the_day(
    city: City, moment: str, values: Values, due: str
) -> None:
    city.now(moment)
    code = order(city, received_on=moment[:10], **values)
    assert clock(code, "first")["due"][:16] == due


def test_a_dissatisfied_caller_sets_a_second_handling_going(city: City) -> None:
    code = order(city)
    worked(city, code)
    assert clock(code, "callback")["due"][:16] == "2023-06-27T09:12"
    city.move(KIND, code, "redo", note="墙面又掉了", why_unsatisfied="没有修好")
    assert city.figures("hotline_closed", "2023-06") == {"hotline_closed": 0}
    assert clock(code, "second")["due"][:16] == "2023-06-27T09:12"
    city.now("2023-06-26 16:00")
    city.move(KIND, code, "close", who="section", outcome="solved", answer="已重新加固")
    city.move(KIND, code, "revisit", satisfaction="mostly")
    assert city.record(KIND, code)["values"]["finished_on"] == "2023-06-26"
    assert city.figures(
        "hotline_redone,hotline_redo_rate,hotline_satisfaction_rate,hotline_second_rate,"
        "hotline_unsatisfied",
        "2023-06",
    ) == {
        "hotline_redone": 1,
        "hotline_redo_rate": 1,
        "hotline_satisfaction_rate": 0.8,
        "hotline_second_rate": 1,
        "hotline_unsatisfied": 0,
    }


def test_not_satisfied_at_the_callback_takes_the_case_up_again_once(city: City) -> None:
    code = order(city)
    worked(city, code)
    page = city.cast.client("city").get(f"/matters/{code}/moves/revisit").content.decode()
    assert re.findall('id="turn">(.*?)<', page) == ["满意度为不满意的，转为“重办”。"]
    city.now("2023-06-21 11:00")
    city.move(KIND, code, "revisit", who="section", status=403, satisfaction="satisfied")
    assert "回访" in offered(city, "city", code)
    assert "回访" not in offered(city, "section", code), "nobody rates their own work"
    city.move(KIND, code, "revisit", satisfaction="unsatisfied", why_unsatisfied="没有修好")
    assert state(city, code) == "redoing"
    assert clock(code, "second")["due"][:16] == "2023-06-27T11:00", "three working days"
    assert "done" in clock(code, "callback")
    assert city.figures("hotline_closed", "2023-06") == {"hotline_closed": 0}
    city.now("2023-06-26 16:00")
    city.move(KIND, code, "close", who="section", outcome="explained", answer="已再次解释")
    page = city.cast.client("city").get(f"/matters/{code}/moves/revisit").content.decode()
    assert "转为“重办”" not in page, "a second time it is only written down"
    city.move(KIND, code, "revisit", satisfaction="unsatisfied", why_unsatisfied="还是不认可")
    assert state(city, code) == "revisited"
    names = "hotline_redone,hotline_unsatisfied,hotline_satisfaction_rate,hotline_second_rate"
    assert city.figures(names, "2023-06") == {
        "hotline_redone": 1,
        "hotline_unsatisfied": 1,
        "hotline_satisfaction_rate": 0,
        "hotline_second_rate": 1,
    }


def test_a_callback_that_took_a_case_up_again_is_undone_as_one_step(city: City) -> None:
    code = order(city)
    worked(city, code)
    city.move(KIND, code, "revisit", satisfaction="unsatisfied", why_unsatisfied="没有修好")
    made = Move.objects.filter(matter__code=code).latest("id")
    assert (made.name, made.went_to) == ("redo", "redoing")
    doors.post(city.cast.client("city"), f"/matters/{code}/undo", f"/matters/{code}", move=made.pk)
    after = city.record(KIND, code)
    assert (after["state"], after["values"].get("satisfaction")) == ("closed", None)
    assert "second" not in Matter.objects.for_system("test").get(code=code).timers


def test_more_time_is_asked_for_in_time_and_granted_by_somebody_else(city: City) -> None:
    code = order(city)
    city.move(KIND, code, "dispatch", unit="cgb")
    city.move(KIND, code, "contact", who="section")
    door = f"matters/{KIND}/{code}/requests/extend"
    asked = {"reason": "works", "words": "要搭脚手架", "amount": 11}
    city.post(door, asked, who="section", status=422)
    made = city.post(door, {**asked, "amount": 10}, who="section")
    city.post(f"requests/{made['id']}", {"grant": True}, who="leader")
    assert clock(code, "first")["due"][:16] == "2023-07-13T09:12", "five and ten make fifteen"
    late = order(city, order_number="SH2")
    city.move(KIND, late, "dispatch", unit="cgb")
    city.now("2023-06-29 09:13")
    city.post(
        f"matters/{KIND}/{late}/requests/extend", {**asked, "amount": 1}, who="section", status=422
    )
    city.move(KIND, code, "close", who="section", outcome="solved", answer="已加固")
    assert city.figures("hotline_prolonged_rate,hotline_on_time_rate", "2023-06") == {
        "hotline_prolonged_rate": 1,
        "hotline_on_time_rate": 1,
    }


def test_a_pause_over_a_weekend_costs_the_clock_nothing(city: City) -> None:
    city.now("2023-06-30 16:00")
    code = order(city)
    city.move(KIND, code, "dispatch", unit="cgb")
    city.move(KIND, code, "contact", who="section")
    due = clock(code, "first")["due"]
    city.now("2023-06-30 17:30")
    asked = {"reason": "absent", "words": "居民周末不在家"}
    made = city.post(f"matters/{KIND}/{code}/requests/pause", asked, who="section")
    city.post(f"requests/{made['id']}", {"grant": True}, who="leader")
    city.now("2023-07-03 08:30")
    city.post(f"matters/{KIND}/{code}/resume", who="section")
    assert clock(code, "first")["due"] == due


def test_a_case_is_sent_back_only_by_an_article_within_a_working_day(city: City) -> None:
    duty = {"number": "G-7", "name": "轨道交通运营", "list": "reclaimed"}
    article = city.post("records/duties.duty", {"unit": "yunxiu", "values": duty}, who="section")[
        "code"
    ]
    asked = {"reason": "reclaimed", "article": article}
    first, second = order(city), order(city, order_number="SH2")
    for code in (first, second):
        city.move(KIND, code, "dispatch", unit="cgb")
    bare = {"reason": "reclaimed"}
    city.post(f"matters/{KIND}/{first}/requests/return", bare, who="section", status=422)
    made = city.post(f"matters/{KIND}/{first}/requests/return", asked, who="section")
    city.move(KIND, first, "refuse", note="不归我们", who="section", status=403)
    city.post(f"requests/{made['id']}", {"grant": True}, who="leader")
    assert state(city, first) == "returned"
    city.now("2023-06-25 09:13")
    city.post(f"matters/{KIND}/{second}/requests/return", asked, who="section", status=422)
    assert city.figures("hotline_returned,hotline_return_rate", "2023-06") == {
        "hotline_returned": 1,
        "hotline_return_rate": 0.5,
    }


def test_questions_are_answered_at_once_and_complaints_are_not(city: City) -> None:
    told = {"outcome": "explained", "answer": "已电话解释"}
    complaint, question = order(city), order(city, order_number="SH2", **{"class": "consult"})
    city.move(KIND, complaint, "answer_at_once", status=409, **told)
    city.move(KIND, question, "answer_at_once", **told)
    assert state(city, question) == "closed"


def test_one_press_of_the_usual_words_closes_a_case(city: City) -> None:
    """They are the answer where that is empty, and a note beside one that was written."""
    grid: Client = city.cast.client("grid")
    for n, (written, answer) in enumerate((("", "已清理"), ("物业已搬走", "物业已搬走"))):
        code = order(city, order_number=f"SH-P{n}")
        city.move(KIND, code, "dispatch", unit="c1")
        doors.post(grid, f"/matters/{code}/moves/contact", no_contact="")
        closing = {"outcome": "solved", "answer": written, "phrase": "已清理"}
        doors.post(grid, f"/matters/{code}/moves/close", **closing)
        assert state(city, code) == "closed"
        page = grid.get(f"/matters/{code}").content.decode()
        assert answer in page and "已清理" in page


def test_four_levels_and_the_same_case_by_forms(city: City) -> None:
    """The centre dispatches, the office calls by form and hands down, the estate closes by form."""
    code = order(city)
    city.move(KIND, code, "dispatch", unit="cgb")
    office: Client = city.cast.client("section")
    doors.post(office, f"/matters/{code}/moves/contact", no_contact="")
    city.move(KIND, code, "delegate", who="section", unit="c1")
    grid: Client = city.cast.client("grid")
    doors.post(grid, f"/matters/{code}/moves/close", outcome="solved", answer="已清理")
    assert state(city, code) == "closed"
    assert city.figures("hotline_closed", "2023-06", "c1") == {"hotline_closed": 1}


def test_deductions_go_through_three_reviews(city: City) -> None:
    code = order(city)
    kept, struck = (
        city.open(
            "hotline.deduction", "cgb", who="section", rule="late", points=points,
            noted_on="2023-06-21", disputed=code,
        )
        for points in (2, 3)
    )  # fmt: skip
    assert city.figures("hotline_points", "2023-06", "cgb") == {"hotline_points": 5}
    asked = {"reason": "not_ours", "words": "属物业公司责任"}
    door = f"matters/hotline.deduction/{struck}/requests/appeal"
    made = city.post(door, asked, who="section")["id"]
    for who in ("city", "leader"):
        city.post(f"requests/{made}", {"grant": True}, who=who)
        assert city.record("hotline.deduction", struck)["state"] == "noted"
    city.post(f"requests/{made}", {"grant": True}, who="leader")
    city.move("hotline.deduction", kept, "uphold", who="leader")
    assert city.figures("hotline_points,hotline_appeals_won", "2023-06", "cgb") == {
        "hotline_points": 2,
        "hotline_appeals_won": 1,
    }


def test_a_districts_file_comes_in_under_its_own_headings(city: City) -> None:
    heads = [
        *("工单编号", "诉求标题", "诉求类型", "发现时间", "结案时间", "截止日期", "是否先行联系"),
        *("结案评判", "回访满意度", "来电人", "来电号码", "状态", "单元"),
    ]
    rows = [
        ["A1", "楼道堆物", "投诉", "2023-06-01", "2023-06-08", "2023-06-08", "是", "实际解决", "满意", "李四", "13900000001", "已回访", "c1"],
        ["A2", "噪声", "投诉", "2023-06-01", "2023-06-09", "2023-06-08", "否", "解释说明", "未评价", "李四", "13900000001", "已回访", "c1"],
        ["A3", "路灯", "求助", "2023-06-20", "", "2023-06-28", "", "", "", "", "", "处置中", "c1"],
    ]  # fmt: skip
    told = city.table(KIND, heads, rows)
    assert told["counts"]["created"] == 3, told
    again = city.table(KIND, heads, rows)["counts"]
    assert (again["created"], again["updated"], again["same"]) == (0, 0, 3)
    changed = [rows[0], [*rows[1][:8], "满意", *rows[1][9:]], rows[2]]
    assert city.table(KIND, heads, changed)["counts"]["updated"] == 1
    assert city.figures(
        "hotline_received,hotline_closed,hotline_on_time_rate,hotline_contact_rate,"
        "hotline_solved_rate,hotline_satisfaction_rate,hotline_callback_rate",
        "2023-06",
    ) == {
        "hotline_received": 3,
        "hotline_closed": 2,
        "hotline_on_time_rate": 0.5,
        "hotline_contact_rate": 0.5,
        "hotline_solved_rate": 0.5,
        "hotline_satisfaction_rate": 1,
        "hotline_callback_rate": 1,
    }
    for row in Matter.objects.for_system("a test looks").filter(kind=KIND).order_by("id")[:2]:
        assert "李四" not in str(row.data) and "13900000001" not in str(row.data)
        assert row.parties.get().name == "李四"
