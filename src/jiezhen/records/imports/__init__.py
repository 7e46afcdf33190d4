"""Import of Excel and CSV files: check first, write the good rows, take the batch back.

The doors: `check` and `run` for a whole file; `stage` and `proceed` for a page that shows
its progress; `rematch`, `fix_cells`, `decide` while rows wait; `commit`; `take_back`.
Words: a batch is one import of one file, a staged row is one row of it, a target is what
a column means. docs/import.md says what is guaranteed.
"""
