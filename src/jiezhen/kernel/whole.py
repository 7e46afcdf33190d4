"""Put a file in place whole: who reads it finds the old one or the new one, also after a crash."""

import os
import tempfile
from pathlib import Path


def put(file: Path, content: bytes) -> None:
    """Write the bytes beside the file, sync them, and let them take its name.

    Raises:
        OSError: The folder is absent, full or closed; what was there before still is.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too, must be there after a power cut
    finally:
        os.close(folder)
