"""The command line: what it prints, and what it says when something is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiezhen.conf.cli import app, main
from jiezhen.conftest import AT, Cast
from jiezhen.records import operations as records
from jiezhen.registers.models import Entry

pytestmark = pytest.mark.usefixtures("still")

PLAN = "云岫街道2023年工作计划\n一、民生\n1.力争电梯全年新增完工8台。\n2.新建口袋公园3个。\n"


def run(*words: str, status: int = 0) -> str:
    answer = CliRunner().invoke(app, list(words))
    assert answer.exit_code == status, answer.output + repr(answer.exception)
    return answer.output


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "计划.txt"
    file.write_text(PLAN, "utf-8")
    return file


def test_read_prints_one_object_a_line_and_nothing_else(plan: Path) -> None:
    rows = [json.loads(line) for line in run("read", str(plan), "--json").splitlines()]
    told = {r["span"]: r for r in rows}
    assert told["8台"]["value"] == 8
    assert told["8台"]["kind"] == "target"
    for row in rows:
        assert PLAN[row["start"] : row["end"]] == row["span"]
    assert any(r["kind"] == "id" for r in rows)


def test_read_prints_commitments(plan: Path) -> None:
    rows = [
        json.loads(line) for line in run("read", str(plan), "--commitments", "--json").splitlines()
    ]
    assert [r["strength"] for r in rows] == ["力争", "必成"]
    assert "8台" in run("read", str(plan), "--commitments")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for command in ("read", "check"):
        assert "没有文件" in run(command, str(tmp_path / "x.docx"), status=1)


def test_a_broken_file_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "坏.docx"
    file.write_bytes(b"PK\x03\x04 broken")
    monkeypatch.setattr("sys.argv", ["jiezhen", "read", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 2


def test_figures_are_computed_from_the_records(cast: Cast) -> None:
    for n in range(3):
        values = {"registration": f"R{n}", "address": f"松涛路{n}号"}
        records.create(
            cast.viewers["section"],
            "lifts.lift",
            cast.unit("c1"),
            values,
            AT,
            given={"valid_from": "2023-01-05"},
        )
    found = json.loads(run("figures", "lifts_in_use", "--period", "2023H1", "--json"))
    assert (found["value"], found["text"]) == (3, "3台")
    assert "3台" in run("figures", "lifts_in_use", "--unit", "松涛", "--period", "2023H1")
    assert "没有指标" in run("figures", "nonsense", status=1)


def test_a_table_goes_in_and_out(cast: Cast, tmp_path: Path) -> None:
    table = tmp_path / "lifts.csv"
    table.write_text("登记代码,地址,居民区\nA1,松涛路1号,松涛\nA2,松涛路2号,松涛村\n", "utf-8")
    said = run("import", "lifts.lift", str(table), status=2)
    assert "您是说“松涛”吗" in said
    assert Entry.objects.for_system("test").filter(kind="lifts.lift").count() == 1
    out = tmp_path / "out.json"
    assert "导出1条" in run("export", "lifts.lift", str(out))
    assert "A1" in out.read_text("utf-8")
    assert "没有记录种类" in run("import", "nonsense", str(table), status=1)


def test_a_draft_is_checked_against_the_records(cast: Cast, tmp_path: Path) -> None:
    values = {"registration": "R1", "address": "松涛路1号"}
    records.create(
        cast.viewers["section"],
        "lifts.lift",
        cast.unit("c1"),
        values,
        AT,
        given={"valid_from": "2023-01-05"},
    )
    draft = tmp_path / "稿.txt"
    draft.write_text("云岫街道2023年上半年工作情况\n在用电梯7台。\n", "utf-8")
    assert "不一致" in run("check", str(draft), status=2)
    told = json.loads(run("check", str(draft), "--json", status=2))
    assert told["counts"]["differs"] == 1


def test_packs_are_listed_shown_checked_and_begun(tmp_path: Path) -> None:
    assert "lifts" in run("pack", "list")
    assert "加装电梯完工" in run("pack", "show", "lifts")
    assert "没有问题" in run("pack", "check")
    run("pack", "new", "myoffice", "--folder", str(tmp_path))
    assert "没有问题" in run("pack", "check", str(tmp_path / "myoffice"))
    kinds = next((tmp_path / "myoffice").glob("kinds*.yaml"))
    kinds.write_text(kinds.read_text("utf-8").replace("shape:", "shap:", 1), "utf-8")
    said = run("pack", "check", str(tmp_path / "myoffice"), status=1)
    assert "shap" in said
    assert kinds.name in said


def test_the_trail_is_verified_and_sealed(cast: Cast, settings, tmp_path: Path) -> None:
    settings.WITNESS = tmp_path
    assert "封存" in run("trail", "seal")
    assert "完整" in run("trail", "verify")
    next(tmp_path.glob("*.json")).write_text('{"size": 9999, "head": "x", "at": "x"}')
    run("trail", "verify", status=1)
