"""The commands of `jiezhen`. Each imports Django only when it runs."""

import sys
from pathlib import Path
from typing import NoReturn

import typer


def django() -> None:
    """Set Django up; commands that need no database do not call it."""
    import django as framework  # noqa: PLC0415  # costs a second

    framework.setup()


def there(file: Path) -> Path:
    """Return a file that exists; otherwise say so and end with status 1."""
    if not file.is_file():
        fail(f"没有文件“{file}”。请核对路径。", f"There is no file {file}.")
    return file


def fail(message: str, message_en: str = "") -> NoReturn:
    """Say on standard error what is wrong and what to do, and end with status 1."""
    sys.stderr.write(message + (f"\n{message_en}" if message_en else "") + "\n")
    raise typer.Exit(1)
