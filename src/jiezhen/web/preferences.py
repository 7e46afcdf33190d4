"""What a person chose for the look of the pages: kept in cookies, needs no script.

Words: `theme` dark or light or as the system; `density` of tables; `size` of type (大字版);
`keys` whether single-key shortcuts work (WCAG 2.1.4 asks for a switch).
"""

from collections.abc import Mapping
from dataclasses import dataclass

ALLOWED: dict[str, tuple[str, ...]] = {
    "theme": ("auto", "light", "dark"),
    "density": ("normal", "compact"),
    "size": ("normal", "large", "larger", "largest"),
    "keys": ("on", "off"),
}
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices; the first of each list is the default."""

    theme: str = "auto"
    density: str = "normal"
    size: str = "normal"
    keys: str = "on"

    @classmethod
    def of(cls, cookies: Mapping[str, str]) -> "Preferences":
        """Read the cookies `look_<name>`; anything not allowed is the default."""
        return cls(**{name: _choice(name, cookies.get(f"look_{name}", "")) for name in ALLOWED})


def _choice(name: str, value: str) -> str:
    return value if value in ALLOWED[name] else ALLOWED[name][0]
