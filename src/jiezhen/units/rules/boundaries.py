"""Read a file of boundaries in a child process with limits; the web process opens none.

The same module is both sides: `read_file` starts the child, `main` is the child. A line is one
feature of the file, in order; the latest line says how it ended.
"""

import codecs
import json
import sys
import tempfile
from dataclasses import asdict
from typing import Any

from jiezhen.kernel import confine, sandbox
from jiezhen.units.rules.coordinates import System
from jiezhen.units.rules.geometry import BadShape, Drawn, read_collection

MOST_BYTES = 30 * 2**20
_WIDE = 400
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_file(content: bytes, system: System) -> list[Drawn | BadShape]:
    """Return the polygons of a GeoJSON file in WGS-84; a bad feature stands as its fault.

    Raises:
        BadShape: The file is no GeoJSON, or too large or hostile; the message says what to do.
    """
    if len(content) > MOST_BYTES:
        raise BadShape("文件超过30MB。请先在制图软件里简化边界。")
    found: list[Drawn | BadShape] = []
    end = ""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            for line in sandbox.run("jiezhen.units.rules.boundaries", file, [system]):
                said = json.loads(line)
                if "end" in said:
                    end = said["end"]
                else:
                    found.append(BadShape(said["bad"]) if "bad" in said else Drawn(**said))
    except sandbox.ChildFailed as failed:
        raise BadShape("文件太大或结构异常，没有读完。请简化边界后再导出。") from failed
    if end != "done":
        raise BadShape(end or "文件读不出来。请在制图软件里重新导出GeoJSON。")
    return found


def main() -> None:
    """Read standard input as the arguments say: memory, cpu, system."""
    confine.limit(int(sys.argv[1]), int(sys.argv[2]))
    system: System = sys.argv[3]  # type: ignore[assignment]
    content = sys.stdin.buffer.read()
    for encoding in _ENCODINGS:  # loaded before the doors close
        codecs.lookup(encoding)
    confine.lock()
    try:
        for one in read_collection(_parsed(content), system):
            _say({"bad": str(one)} if isinstance(one, BadShape) else asdict(_narrow(one)))
        _say({"end": "done"})
    except BadShape as bad:
        _say({"end": str(bad)})
    except MemoryError:
        sys.exit(sandbox.OUT_OF_MEMORY)


def _parsed(content: bytes) -> Any:
    for encoding in _ENCODINGS:
        try:
            return json.loads(content.decode(encoding))
        except UnicodeDecodeError:
            continue
        except (ValueError, RecursionError):
            break
    raise BadShape("不是GeoJSON。请在制图软件里导出为GeoJSON。")


def _narrow(drawn: Drawn) -> Drawn:
    """Keep of the properties what can name a unit: short texts and numbers."""
    kept = {
        str(k)[:_WIDE]: str(v).strip()
        for k, v in drawn.properties.items()
        if isinstance(v, str | int) and not isinstance(v, bool) and len(str(v)) <= _WIDE
    }
    return Drawn(kept, drawn.polygon, drawn.mended)


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
