"""What every declaration of a pack is made of: its base, and the kinds of word in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=40)]
UnitWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8)]
Expressed = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-4]):[0-5][0-9]$")]

#: The class of an area in the standards of city management: A is the busiest.
Area = Literal["A", "B", "C"]


class Words(BaseModel):
    """The base of every declaration: unknown keys are refused, values stay as loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Source(Words):
    """Where a declaration comes from: a document and its page, or the words 'our choice'."""

    document: Text
    page: int | Text | None = None
