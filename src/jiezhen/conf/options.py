"""Everything an operator can set, declared once.

The reader refuses a wrong value instead of guessing. A secret may come from a
file named by the option with `_FILE` behind it. `docs/settings.md` is made from
this list.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class BadOption(Exception):
    """An environment variable holds a value that cannot be used."""

    @property
    def message(self) -> str:
        """Return what is wrong, for the command line."""
        return f"环境变量不对：{self}"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: environment name, default, unit, and what it is for."""

    name: str
    default: str
    unit: str
    help: str
    secret: bool = False


OPTIONS: tuple[Option, ...] = (
    Option("JIEZHEN_HOME", ".jiezhen", "folder", "Where data, files, keys and logs are kept."),
    Option(
        "JIEZHEN_DATABASE", "", "URL", "postgres://user:password@host:port/name; empty: SQLite."
    ),
    Option(
        "JIEZHEN_SECRET_KEY", "", "text", "Signs sessions; made in the data folder.", secret=True
    ),
    Option(
        "JIEZHEN_FIELD_KEY",
        "",
        "base64",
        "Seals id numbers; made in the data folder.",
        secret=True,
    ),
    Option("JIEZHEN_HOSTS", "localhost,127.0.0.1,[::1]", "names", "Host names that are answered."),
    Option("JIEZHEN_HTTPS", "no", "yes|no", "Served over HTTPS: secure cookies and HSTS."),
    Option("JIEZHEN_DEBUG", "no", "yes|no", "Error pages with detail; never in production."),
    Option("JIEZHEN_DEMO", "no", "yes|no", "Show the demonstration users on the sign-in page."),
    Option("JIEZHEN_NOW", "", "ISO time", "Let the clock stand still at this moment."),
    Option(
        "JIEZHEN_PACKS", "", "folders", "Further pack folders, separated by the path separator."
    ),
    Option(
        "JIEZHEN_WITNESS", "", "folder", "Where signed checkpoints go; another machine is best."
    ),
    Option(
        "JIEZHEN_ADDRESS", "", "URL", "Address of the product, for links in messages that leave."
    ),
    Option(
        "JIEZHEN_SMTP",
        "",
        "URL",
        "smtp://user:password@host:port; smtps:// for TLS, smtp+tls:// for STARTTLS.",
        secret=True,
    ),
    Option("JIEZHEN_MAIL_FROM", "", "text", "Sender of e-mail, as 街镇 <no-reply@example.org>."),
    Option("JIEZHEN_DIGEST_HOUR", "9", "hour", "When the day's digest goes out, on working days."),
    Option(
        "JIEZHEN_EFFECTS_LOOPBACK",
        "no",
        "yes|no",
        "Let webhooks reach this machine itself; for trying out only.",
    ),
    Option("JIEZHEN_PROXIES", "0", "count", "Trusted reverse proxies before the product."),
    Option(
        "JIEZHEN_ANY_SQLITE",
        "no",
        "yes|no",
        "Start on an SQLite with the known fault all the same.",
    ),
)


def value(name: str, environ: Mapping[str, str] | None = None) -> str:
    """Return an option's text.

    Raises:
        BadOption: The name is not declared, or its file cannot be read.
    """
    env = os.environ if environ is None else environ
    option = next((o for o in OPTIONS if o.name == name), None)
    if option is None:
        raise BadOption(f"{name} is not a declared option")
    if option.secret and env.get(f"{name}_FILE"):
        try:
            return Path(env[f"{name}_FILE"]).read_text("utf-8").strip()
        except OSError as problem:
            raise BadOption(f"{name}_FILE: {problem}") from problem
    return env.get(name, option.default)


def yes(name: str) -> bool:
    """Return a yes/no option.

    Raises:
        BadOption: The text is neither yes nor no.
    """
    text = value(name).strip().lower()
    if text in {"yes", "1", "true", "on"}:
        return True
    if text in {"no", "0", "false", "off", ""}:
        return False
    raise BadOption(f"{name} must be yes or no, not {text!r}")


def whole(name: str) -> int:
    """Return a whole-number option.

    Raises:
        BadOption: The text is not a whole number of zero or more.
    """
    text = value(name).strip()
    if not text.isdecimal():
        raise BadOption(f"{name} must be a whole number, not {text!r}")
    return int(text)
