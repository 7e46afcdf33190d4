"""Look into the database of a killed server with nothing but SQL."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jiezhen.conf import driver

driver.use_safe_sqlite()


class Evidence:
    """The database file as it lies there; opening it lets SQLite recover its log."""

    def __init__(self, home: Path) -> None:
        """Open the file of a home whose server is dead."""
        import sqlite3 as safe  # the library that `driver` put in place

        self.line: sqlite3.Connection = safe.connect(home / "jiezhen.sqlite3")

    def close(self) -> None:
        """Let go of the file."""
        self.line.close()

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a question."""
        return list(self.line.execute(sql, values))

    def cases(self) -> Counter[str]:
        """Return how often each token was registered."""
        return Counter(
            token for (token,) in self.ask(
                "SELECT json_extract(data, '$.token') FROM matters_matter WHERE kind = 'kill.case'"
            )
        )  # fmt: skip

    def items(self) -> Counter[str]:
        """Return how many rows of each file are there."""
        return Counter(
            token.split("-")[0] for (token,) in self.ask(
                "SELECT json_extract(data, '$.token') FROM registers_entry"
                " WHERE kind = 'kill.item' AND withdrawn_at IS NULL"
            )
        )  # fmt: skip

    def faults(self, *, thorough: bool = False) -> list[str]:
        """Return what is half there or damaged."""
        found = []
        check = "integrity_check" if thorough else "quick_check"
        said = [row[0] for row in self.ask(f"PRAGMA {check}")]
        if said != ["ok"]:
            found.append(f"{check}: {said[:3]}")
        for what, sql in _HALVES.items():
            ((count,),) = self.ask(sql)
            if count:
                found.append(f"{what}: {count}")
        return found


_HALVES = {
    "a case without its first move": (
        "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS"
        " (SELECT 1 FROM matters_move v WHERE v.matter_id = m.id AND v.name = 'opened')"
    ),
    "a case without its entry of the trail": (
        "SELECT count(*) FROM matters_matter m WHERE NOT EXISTS (SELECT 1 FROM trail_entry e"
        " WHERE e.action = 'matter.created' AND e.\"on\" = 'kill.case:' || m.code)"
    ),
    "an entry of the trail without its case": (
        "SELECT count(*) FROM trail_entry e WHERE e.action = 'matter.created' AND NOT EXISTS"
        " (SELECT 1 FROM matters_matter m WHERE e.\"on\" = 'kill.case:' || m.code)"
    ),
    "a form that was carried out without a nonce": (
        "SELECT count(*) FROM (SELECT (SELECT count(*) FROM matters_matter) AS made,"
        " (SELECT count(*) FROM trail_nonce WHERE location LIKE '%kill.case%') AS keys)"
        " WHERE made <> keys"
    ),
    "a written import without its entry of the trail": (
        "SELECT count(*) FROM records_batch b WHERE b.committed_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM trail_entry e WHERE e.action = 'imports.batch.committed'"
        " AND e.\"on\" = 'batch:' || b.id)"
    ),
    "an import whose rows and counts differ": (
        "SELECT count(*) FROM records_batch b WHERE b.committed_at IS NOT NULL AND"
        " json_extract(b.counts, '$.created') <> (SELECT count(*) FROM registers_entry r"
        " WHERE r.batch_id = b.id)"
    ),
    "rows of an import that was not written": (
        "SELECT count(*) FROM registers_entry r WHERE r.batch_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM records_batch b WHERE b.id = r.batch_id AND b.committed_at IS NOT NULL)"
    ),
}
