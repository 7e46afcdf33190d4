"""Collect the words of the face and keep the English catalogue complete.

    python tools/messages.py update    # add new words to the catalogue, drop dead ones, compile
    python tools/messages.py check     # say what is missing or stale; exit 1 when anything is

Chinese is the source. Only Babel is needed, not the gettext programs.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "jiezhen"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext")


def _of_python(text: str) -> Iterator[tuple[int, object]]:
    """Give the words of a module; the tree sees what stands inside an f-string too."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in KEYWORDS:
            continue
        first = node.args[0]
        choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
        words = [c.value for c in choices if isinstance(c, ast.Constant) and c.value]
        if name == "ngettext" and words:
            yield node.lineno, (words[0], getattr(node.args[1], "value", words[0]))
        else:
            yield from ((node.lineno, word) for word in words)


def _of_template(path: Path, text: str) -> Iterator[tuple[int, object]]:
    """Give the words of a template."""
    code = io.BytesIO(templatize(text, origin=str(path)).encode())
    for line, _name, words, _comments in extract_python(
        code, dict.fromkeys(KEYWORDS), (), {"encoding": "utf-8"}
    ):
        yield line, tuple(words[:2]) if isinstance(words, (tuple, list)) else words


def _found() -> Iterator[tuple[str, int, object]]:
    """Give every word of the face with file and line."""
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html")]):
        if {"tests", "migrations"} & set(path.parts) or path.name == "conftest.py":
            continue
        text = path.read_text("utf-8")
        words = _of_template(path, text) if path.suffix == ".html" else _of_python(text)
        for line, word in words:
            yield str(path.relative_to(SOURCE)), line, word


def collected() -> Catalog:
    """Return a catalogue of every word that the source holds now."""
    catalogue = Catalog(locale="en", project="jiezhen", charset="utf-8")
    for name, line, words in _found():
        if words and words != "":
            catalogue.add(words, locations=[(name, line)])  # type: ignore[arg-type]
    return catalogue


def kept() -> Catalog:
    """Return the catalogue as it is kept."""
    if not PO.exists():
        return Catalog(locale="en", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalogue: Catalog) -> bytes:
    """Return the machine form of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update() -> int:
    """Merge new words into the catalogue and compile it."""
    catalogue = kept()
    catalogue.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False  # Django passes over a catalogue whose header is in doubt
    catalogue.header_comment = "# The English words of Jiezhen. Chinese is the source."
    catalogue.project, catalogue.version = "jiezhen", "1"
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        # No line numbers: they would change the file with every edit of a page.
        write_po(file, catalogue, no_location=True, omit_header=False, sort_output=True, width=100)
    PO.with_suffix(".mo").write_bytes(compiled(kept()))
    missing = [m.id for m in kept() if m.id and not m.string]
    sys.stdout.write(f"{len(kept())} words, {len(missing)} without English\n")
    return 0


def check() -> int:
    """Say which words have no English and whether the compiled file is stale."""
    catalogue = kept()
    wanted = {m.id for m in collected() if m.id}
    have = {
        m.id
        for m in catalogue
        if m.id and all([m.string] if isinstance(m.string, str) else m.string or [""])
    }
    faults = [f"no English: {word}" for word in sorted(map(str, wanted - have))]
    mo = PO.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        faults.append("the compiled catalogue is stale: run tools/messages.py update")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
