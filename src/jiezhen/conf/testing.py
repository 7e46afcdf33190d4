"""What tests share: where the shared documents lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def shared() -> Path | None:
    """Return the folder of shared documents, or None where it is absent."""
    folder = Path(os.environ.get("JIEZHEN_SHARED", str(ROOT.parent / "shared")))
    return folder if (folder / "seeds").is_dir() else None
