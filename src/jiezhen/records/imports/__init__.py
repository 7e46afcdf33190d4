"""Import of Excel and CSV files: check first, write the good rows, take the batch back.

The doors: `check` and `run` for a whole file; `stage` and `proceed` for a page that shows
its progress; `rematch`, `fix_cells`, `decide` while rows wait; `commit`; `take_back`.
Words: a batch is one import of one file, a staged row is one row of it, a target is what
a column means. docs/import.md says what is guaranteed.
"""

from jiezhen.records.imports.access import (
    Locked,
    NotAllowed,
    UnableToImport,
    batch_for,
    batches,
    kinds,
)
from jiezhen.records.imports.outcome import Outcome, RowProblem, check, outcome_of, read, run
from jiezhen.records.imports.staging import (
    Origin,
    decide,
    digest_of,
    fix_cells,
    proceed,
    rematch,
    stage,
)
from jiezhen.records.imports.undoing import may_take_back, take_back
from jiezhen.records.imports.writing import commit
from jiezhen.records.models import Batch

__all__ = [
    "Batch",
    "Locked",
    "NotAllowed",
    "Origin",
    "Outcome",
    "RowProblem",
    "UnableToImport",
    "batch_for",
    "batches",
    "check",
    "commit",
    "decide",
    "digest_of",
    "fix_cells",
    "kinds",
    "may_take_back",
    "outcome_of",
    "proceed",
    "read",
    "rematch",
    "run",
    "stage",
    "take_back",
]
