"""Static files that stand in installed packages, so that no copy lies in the tree."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

#: Address below /static/ → package, folder in it, and the files that are served.
VENDORED = {"maplibre": ("maplibre", "srcjs", ("maplibre-gl.js", "maplibre-gl.css"))}


class Vendored(BaseFinder):
    """Finds the few files of packages that pages use; nothing else of them is served."""

    def check(self, **_options: Any) -> list[Any]:
        """Return nothing: a package that is missing shows as a missing file."""
        return []

    def find(self, path: str, find_all: bool = False, **_more: Any) -> Any:  # noqa: FBT001, FBT002
        """Return where a static file lies on the disk; an empty list when it is none of these."""
        found = [str(file) for name, file in _files() if name == path]
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:  # noqa: ARG002
        """Yield every file as a name in its storage, under the address of its package."""
        for name, file in _files():
            storage = FileSystemStorage(location=file.parent)
            storage.prefix = name.partition("/")[0]  # type: ignore[attr-defined]
            yield file.name, storage


def _files() -> Iterator[tuple[str, Path]]:
    for address, (package, folder, names) in VENDORED.items():
        spec = find_spec(package)
        for home in (spec.submodule_search_locations or ()) if spec else ():
            for name in names:
                yield f"{address}/{name}", Path(home) / folder / name
