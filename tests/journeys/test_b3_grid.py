"""B3: a finding is verified, filed, dispatched, handled, checked and closed by the standards."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiezhen.conftest import Cast
from jiezhen.matters.models import Matter
from jiezhen.records import sheets
from jiezhen.units.models import Unit
from jiezhen.units.queries import trees

from . import doors
from .city import City, Values
from .civic import machine_of

pytestmark = pytest.mark.django_db
KIND, CHECK = "grid.finding", "grid.check"


@pytest.fixture
def city(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> City:
    found = City(cast, monkeypatch)
    found.now("2023-06-19 09:00")
    return found


def report(city: City, **values: object) -> str:
    told: Values = {"place": "松涛路1号", "problem": "waste", "found_on": "2023-06-19"} | values
    return city.open(KIND, "c1", who="grid", **told)


def child(code: str) -> str:
    """Return the number of the newest task of a finding."""
    rows = Matter.objects.for_system("a test looks for the task")
    found = rows.filter(kind=CHECK, parent__code=code).order_by("-id").first()
    assert found is not None
    return found.code


def state(city: City, code: str) -> str:
    return str(city.record(KIND, code)["state"])


def test_the_whole_way_with_tasks_and_one_rework(city: City) -> None:
    code = report(city, detail="垃圾桶满溢")
    city.move(KIND, code, "ask_verify")
    assert city.move(CHECK, child(code), "pass", status=409), "a task to verify is not a check"
    city.move(CHECK, child(code), "exists", who="grid", seen="确有垃圾")
    assert state(city, code) == "filed"
    city.move(KIND, code, "dispatch", unit="cgb")
    city.now("2023-06-19 15:00")
    city.move(KIND, code, "fix", who="section", done="已清理")
    city.move(KIND, code, "ask_check")
    city.move(CHECK, child(code), "not_pass", seen="还有一半")
    assert state(city, code) == "dispatched"
    city.now("2023-06-20 10:00")
    city.move(KIND, code, "fix", who="section", done="已全部清理", fixed_on="2023-06-20")
    city.move(KIND, code, "ask_check")
    city.move(CHECK, child(code), "pass")
    assert state(city, code) == "closed"
    city.now("2023-07-03 09:00")
    figures = city.figures(
        "findings_filed,findings_closed,findings_reworked,findings_rework_rate,findings_checked,"
        "findings_passed_rate,findings_due,findings_due_in_time_rate,findings_handle_due",
        "2023-06",
    )
    assert figures == {
        "findings_filed": 1,
        "findings_closed": 1,
        "findings_reworked": 1,
        "findings_rework_rate": 1,
        "findings_checked": 1,
        "findings_passed_rate": 1,
        "findings_due": 1,
        "findings_due_in_time_rate": 1,
        "findings_handle_due": 1,
    }


@pytest.mark.parametrize(
    ("name", "after"), [("not_exist", "dismissed"), ("unable", "reported"), ("exists", "filed")]
)
def test_the_end_of_a_verification_moves_the_finding(city: City, name: str, after: str) -> None:
    code = report(city)
    city.move(KIND, code, "ask_verify")
    city.move(CHECK, child(code), name, who="grid", seen="到场看过")
    assert state(city, code) == after


def test_a_simple_matter_is_closed_on_the_spot_in_one_move(city: City) -> None:
    code = report(city, problem="parking")
    city.move(KIND, code, "settle", who="grid", done="当场劝离")
    assert state(city, code) == "closed"
    assert city.figures("findings_settled,findings_accepted", "2023-06") == {
        "findings_settled": 1,
        "findings_accepted": 1,
    }


STANDARD = [
    "部件或事件",
    "大类代码",
    "大类",
    "小类代码",
    "小类",
    "立案条件",
    "A类",
    "B类",
    "C类",
    "时限单位",
]


@pytest.mark.parametrize(
    ("area", "small", "due"),
    [
        ("A", "01", "2023-06-19T11:00"),
        ("B", "01", "2023-06-19T14:30"),
        ("C", "01", "2023-06-20T09:00"),
        ("B", "101", "2023-06-20T09:00"),
        ("B", "1", "2023-06-25T09:00"),
    ],
)
def test_deadlines_are_those_of_the_standard_by_class_of_area(
    city: City, area: str, small: str, due: str
) -> None:
    """Small classes have two or three digits and are texts: 01 is not 1."""
    told = city.table(
        "grid.standard",
        STANDARD,
        [
            ["事件", "01", "市容环境", "01", "暴露垃圾", "一处以上", "2", "4", "7.5", "工作时"],
            [
                "事件",
                "01",
                "市容环境",
                "101",
                "积存渣土",
                "一处以上",
                "12",
                "24",
                "48",
                "紧急工作时",
            ],
        ],
    )
    assert told["counts"]["created"] == 2, told
    Unit.objects.for_system("a test").filter(code="c1").update(area_class=area)
    trees.forget(city.cast.system.office_id)
    code = report(city)
    city.move(KIND, code, "file", object="event", big="01", small=small)
    city.move(KIND, code, "dispatch", unit="c1")
    timers = Matter.objects.for_system("a test looks").get(code=code).timers
    assert timers["handle"]["due"].startswith(due)


def workbook(rows: list[list[str]]) -> bytes:
    """Return the standards as an Excel file."""
    out = io.BytesIO()
    with sheets.SafeBook(out) as book:
        sheet = book.sheet("立结案标准", [sheets.Head(title) for title in CONDITIONS])
        for row in rows:
            sheet.row(row)
    return out.getvalue()


CONDITIONS = [*STANDARD[:5], "立案明细编码", *STANDARD[5:]]
WASTE = [
    ["事件", "01", "市容环境", "01", "暴露垃圾", "0101", "堆积１处以上", "2", "4", "6", "工作时"],
    ["事件", "01", "市容环境", "01", "暴露垃圾", "0102", "面积10 平方米以上", "8", "24", "48", "紧急工作时"],
    ["事件", "01", "市容环境", "01", "暴露垃圾", "0103", "有毒有害", "", "1", "", "工作日"],
    ["事件", "01", "市容环境", "02", "积存渣土", "0201", "1处以上", "2", "3", "4", "工作日"],
]  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "due"),
    [
        ("", "2023-06-19T14:30"),
        ("堆积1处以上", "2023-06-19T14:30"),
        ("面积１０平方米以上", "2023-06-20T09:00"),
        ("0102", "2023-06-20T09:00"),
        ("0103", "2023-06-20T09:00"),
        ("没有这个条件", "2023-06-19T14:30"),
    ],
)
@pytest.mark.parametrize("again", [False, True])
def test_a_small_class_keeps_all_its_conditions(
    city: City, condition: str, due: str, again: bool
) -> None:
    """An Excel file with several conditions for a class; the case names one or takes the first."""
    machine = machine_of(city.cast, "section")

    def take_in(rows: list[list[str]]) -> Values:
        file = SimpleUploadedFile("立结案标准.xlsx", workbook(rows), doors.XLSX)
        return dict(machine.send("imports/grid.standard", file=file)["counts"])

    assert take_in(WASTE)["created"] == 4
    if again:
        # The file of the next year comes in another order and changes nothing but one time.
        next_year = [[*WASTE[2][:8], "2", *WASTE[2][9:]], *WASTE[3:], *WASTE[:2]]
        counts = take_in(next_year)
        assert (counts["created"], counts["updated"], counts["same"]) == (0, 1, 3)
        due = "2023-06-21T09:00" if condition == "0103" else due
    code = report(city)
    city.move(KIND, code, "file", object="event", big="01", small="01", condition=condition)
    city.move(KIND, code, "dispatch", unit="c1")
    timers = Matter.objects.for_system("a test looks").get(code=code).timers
    assert timers["handle"]["due"].startswith(due)


def test_a_case_due_this_month_counts_though_it_was_filed_last_month(city: City) -> None:
    """应结案 counts what is due in the period, not what was opened in it."""
    city.now("2023-05-29 09:00")
    code = report(city, found_on="2023-05-29")
    city.move(KIND, code, "file")
    city.move(KIND, code, "dispatch", unit="cgb")
    city.now("2023-06-12 09:00")
    assert city.figures("findings_due,findings_due_closed_rate", "2023-06") == {
        "findings_due": 1,
        "findings_due_closed_rate": 0,
    }
    assert city.figures("findings_due", "2023-05") == {"findings_due": 0}
    city.move(KIND, code, "fix", who="section")
    city.move(KIND, code, "verify")
    assert city.figures("findings_due_closed_rate,findings_due_in_time_rate", "2023-06") == {
        "findings_due_closed_rate": 1,
        "findings_due_in_time_rate": 0,
    }


def test_what_is_not_ours_is_sent_back_by_an_article_and_what_cannot_be_done_is_hung(
    city: City,
) -> None:
    duty = {"number": "Q-3", "name": "占道经营处置", "list": "power"}
    article = city.post("records/duties.duty", {"unit": "yunxiu", "values": duty}, who="section")[
        "code"
    ]
    code = report(city)
    city.move(KIND, code, "file")
    city.move(KIND, code, "dispatch", unit="cgb")
    asked = {"reason": "not_ours", "article": "Q-99"}
    city.post(f"matters/{KIND}/{code}/requests/return", asked, who="section", status=422)
    asked["article"] = article
    made = city.post(f"matters/{KIND}/{code}/requests/return", asked, who="section")
    city.post(f"requests/{made['id']}", {"grant": True}, who="leader")
    assert state(city, code) == "filed"
    asked = {"reason": "money", "words": "等明年预算"}
    made = city.post(f"matters/{KIND}/{code}/requests/hang", asked, who="section")
    city.post(f"requests/{made['id']}", {"grant": True}, who="city")
    assert state(city, code) == "filed", "the first of two reviews changes nothing"
    city.post(f"requests/{made['id']}", {"grant": True}, who="leader")
    assert state(city, code) == "hung"
    assert city.figures("findings_hung", "2023-06") == {"findings_hung": 1}
