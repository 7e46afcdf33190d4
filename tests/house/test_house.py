"""House rules that a machine can see."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jiezhen.conf.options import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "jiezhen"
PYTHON = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
OWN = [p for p in PYTHON if "tests" not in p.parts and p.name != "conftest.py"]
TEMPLATES = list(SOURCE.rglob("templates/**/*.html"))

# Product rules: no such thing exists for staff, in any word of the face.
REFUSED = ("打卡", "积分排名", "在线时长", "人脸识别", "face_template", "person_score")


def named(paths: list[Path]) -> list[str]:
    return [str(p.relative_to(ROOT)) for p in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=named(TEMPLATES))
def test_a_template_holds_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<[^>]+\son[a-z]+=", text)
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag
    assert not re.search(r"(src|href)=[\"']https?://", text)
    assert "|safe" not in text


def test_every_posted_form_carries_a_nonce() -> None:
    free = ("/logout", "/preferences", "logout_href", "look.html")
    for path in TEMPLATES:
        for form in re.findall(r"<form\b.*?</form>", path.read_text("utf-8"), re.DOTALL):
            if not re.search(r"method=[\"']post", form, re.IGNORECASE):
                continue
            if any(word in form or word in path.name for word in free):
                continue
            assert "nonce" in form, f"{path.relative_to(ROOT)}: {form[:80]}"
            assert "csrf_token" in form, f"{path.relative_to(ROOT)}: {form[:80]}"


def test_the_face_says_nothing_that_the_product_refuses() -> None:
    for path in [*TEMPLATES, *OWN]:
        if path.name == "stance.py":
            continue  # the list of what packs may not declare
        text = path.read_text("utf-8")
        assert not [word for word in REFUSED if word in text], path


def test_the_clock_is_read_at_the_edge() -> None:
    for path in OWN:
        if path.name == "clock.py":
            continue
        text = path.read_text("utf-8")
        assert not re.search(r"datetime\.now\(|date\.today\(|timezone\.now\(", text), path


def test_no_row_is_marked_safe_outside_the_design_system() -> None:
    for path in OWN:
        if "web" in path.parts:
            continue
        assert "mark_safe(" not in path.read_text("utf-8"), path


def test_only_one_writer_makes_spreadsheets() -> None:
    for path in OWN:
        text = path.read_text("utf-8")
        if re.search(r"import xlsxwriter|csv\.writer\(", text):
            assert path.parent.name in {"records", "sheets"} and "sheet" in str(path), path


def test_the_web_process_imports_no_parser() -> None:
    code = (
        "import os, sys, tempfile; os.environ['JIEZHEN_HOME'] = tempfile.mkdtemp();"
        "from jiezhen.conf import wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns;"
        "print([m for m in ('docx', 'python_calamine', 'pypdfium2', 'sklearn') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]", ran.stdout


def test_operations_know_who_and_when() -> None:
    """Every public operation takes a viewer and a moment; the trail needs both."""
    for path in OWN:
        if path.stem != "operations" and path.parent.name != "operations":
            continue
        if path.parts[-2] in {"trail"} or path.name == "__init__.py":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            writes = any("atomic" in ast.dump(d) for d in node.decorator_list)
            if writes:
                names = {a.arg for a in (*node.args.args, *node.args.kwonlyargs)}
                assert "at" in names, f"{path.relative_to(ROOT)}: {node.name}"


def test_every_option_is_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert not [o.name for o in OPTIONS if f"`{o.name}`" not in page]


def test_generated_pages_are_fresh() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_file_grows_without_bound() -> None:
    """400 lines are the aim; a file may keep whole what belongs together, up to this."""
    long = {
        str(p.relative_to(ROOT)): n
        for p in OWN
        if (n := len(p.read_text("utf-8").splitlines())) > 480
    }
    assert not long


def test_the_repository_names_no_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    for name in tracked:
        path = ROOT / name
        if path.suffix not in {".py", ".md", ".toml", ".yaml", ".html", ".css", ".js", ".txt"}:
            continue
        text = path.read_text("utf-8", "ignore")
        assert not re.search(r"/(work|root|home/\w+)/(main|shared|\.)", text), name
