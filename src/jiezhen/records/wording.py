"""The words of packs in the language of the page: titles of kinds, fields, options, states."""

from typing import Protocol

from django.utils.translation import get_language

from jiezhen.kernel.periods import Period
from jiezhen.packs.flows import Request
from jiezhen.packs.schema import Field


class Titled(Protocol):
    """A declaration with a title, and an English one perhaps."""

    @property
    def title(self) -> str:
        """Return the Chinese title."""

    @property
    def title_en(self) -> str:
        """Return the English title, empty where none was written."""


def english() -> bool:
    """Say whether the page is in English."""
    return (get_language() or "").startswith("en")


def title(spec: Titled) -> str:
    """Return the title in the language of the page; Chinese where no other was written."""
    return spec.title_en if english() and spec.title_en else spec.title


def period(span: Period) -> str:
    """Return the name of a period in the language of the page."""
    return span.title_en if english() else span.title


def option(field: Field, key: str) -> str:
    """Return the title of a choice; the key itself for one that the pack dropped."""
    if english() and field.options_en.get(key):
        return field.options_en[key]
    return field.options.get(key, key)


def options(field: Field) -> dict[str, str]:
    """Return key and title of every choice in the language of the page."""
    return {key: option(field, key) for key in field.options}


def reason(spec: Request, key: str) -> str:
    """Return the title of a listed reason in the language of the page."""
    if english() and spec.reasons_en.get(key):
        return spec.reasons_en[key]
    return spec.reasons.get(key, key)
