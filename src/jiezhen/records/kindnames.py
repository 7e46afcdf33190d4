"""A kind's full name in an address: `<kind:kind>` takes lifts.retrofit and nothing else."""

from django.urls import register_converter
from django.urls.converters import get_converters

NAME = r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"


class KindName:
    """Reads the name as it stands."""

    regex = NAME

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


def register() -> None:
    """Make the converter known; a file of addresses that uses it calls this first."""
    if "kind" not in get_converters():
        register_converter(KindName, "kind")
