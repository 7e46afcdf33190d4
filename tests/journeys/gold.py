"""The labelled figures of a shared document, and how each of them arises in the office."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from jiezhen.conf.testing import shared

MAPPING = Path(__file__).with_name("document_000.yaml")
WHY = "the shared documents are not on this machine"


@dataclass(frozen=True)
class Gold:
    """One labelled figure: where it stands, what it says, in base units."""

    id: str
    start: int
    end: int
    span: str
    value: Decimal
    unit: str | None
    comparator: str
    kind: str
    objects: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """How a figure arises: a row of the mapping."""

    id: str
    how: str
    indicators: tuple[str, ...]
    period: str
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def indicator(self) -> str:
        """Return the first of its indicators."""
        return self.indicators[0]


def document(number: str) -> str | None:
    """Return the text of a shared document; None where there are none."""
    folder = shared()
    found = sorted((folder / "seeds").glob(f"{number}_*.txt")) if folder else []
    return found[0].read_text("utf-8") if found else None


def figures(number: str) -> dict[str, Gold]:
    """Return the figures of a document by id in its order, numbers in names left out."""
    folder = shared()
    assert folder is not None
    path = next((folder / "gold").glob(f"{number}_*.jsonl"))
    rows = [json.loads(line, parse_float=Decimal) for line in path.read_text("utf-8").splitlines()]
    return {
        r["id"]: Gold(
            r["id"],
            r["start"],
            r["end"],
            r["span"],
            Decimal(r["value"]),
            r["unit"],
            r["comparator"],
            r["kind"],
            tuple(r.get("objects", ())),
        )
        for r in rows
        if r["kind"] != "id"
    }


def mapping() -> tuple[dict[str, Origin], list[dict[str, Any]]]:
    """Return how every figure arises, and what the lights need besides."""
    told = yaml.safe_load(MAPPING.read_text("utf-8"))
    found = {}
    for ident, row in told["figures"].items():
        names = row.pop("indicators", None) or [row.pop("indicator")]
        found[ident] = Origin(ident, row.pop("as"), tuple(names), str(row.pop("period")), row)
    return found, told["reached"]


def bound(figure: Gold) -> bool:
    """Say whether the figure is written as a lower bound or roughly, so that more fits it too."""
    return figure.comparator in (">=", "~")


def is_share(figure: Gold) -> bool:
    """Say whether the figure is a share of 1."""
    return figure.unit == "%"


def exact(value: Decimal | Fraction) -> Fraction:
    """Return a value without the dust of decimals."""
    return Fraction(value)
