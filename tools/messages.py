"""Collect the words of the face and keep the English catalogue complete.

    python tools/messages.py update    # add new words to the catalogue, drop dead ones, compile
    python tools/messages.py check     # say what is missing or stale; exit 1 when anything is

Chinese is the source. Only Babel is needed, not the gettext programs.
"""

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
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "npgettext": ((1, "c"), 2, 3), "pgettext": ((1, "c"), 2),
}


def _found() -> Iterator[tuple[str, int, object]]:
    """Give every word of the face with file and line."""
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html")]):
        if {"tests", "migrations"} & set(path.parts) or path.name == "conftest.py":
            continue
        text = path.read_text("utf-8")
        code = templatize(text, origin=str(path)) if path.suffix == ".html" else text
        options = {"encoding": "utf-8"}
        for line, function, words, _comments in extract_python(
            io.BytesIO(code.encode()), list(KEYWORDS), (), options
        ):
            name = str(path.relative_to(SOURCE))
            if function in {"pgettext"} and isinstance(words, (tuple, list)):
                yield name, line, words[1]
            elif isinstance(words, (tuple, list)):
                yield name, line, tuple(words[:2])
            else:
                yield name, line, words


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
    catalogue.update(collected(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
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
    have = {m.id for m in catalogue if m.id and (m.string if isinstance(m.string, str) else all(m.string))}
    faults = [f"no English: {word}" for word in sorted(map(str, wanted - have))]
    mo = PO.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        faults.append("the compiled catalogue is stale: run tools/messages.py update")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
