"""Where a number is used: plans and reports tell it, this engine only asks.

A provider is offered once at start-up. It is called with the viewer and the name of an
indicator and gives either a list of `Use`, or a query set made with `rows`, which costs no
statement of its own because it joins the one that reads targets and definitions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import JSONObject

from jiezhen.people.access import Viewer


@dataclass(frozen=True, slots=True)
class Use:
    """One place where a number is used: 任务“电梯新增完工36台”, and its address."""

    title: str
    href: str = ""
    unit_id: int | None = None
    period: str = ""


Provider = Callable[[Viewer, str], Iterable[Use] | QuerySet[Any]]
_providers: dict[str, Provider] = {}


def offer(name: str, provider: Provider) -> None:
    """Tell where numbers are used; offering the same name again replaces the provider."""
    _providers[name] = provider


def rows(found: QuerySet[Any], *, title: Any, href: Any, period: Any = None) -> QuerySet[Any]:
    """Return a query set of uses: `title`, `href` and `period` are expressions over its rows."""
    body = JSONObject(title=title, href=href, period=period or Value(""))
    return found.order_by().values_list(Value("use", output_field=CharField()), body)


def asked(viewer: Viewer, indicator: str) -> tuple[list[Use], list[QuerySet[Any]]]:
    """Return what providers answer at once, and the query sets that are still to be read."""
    uses: list[Use] = []
    waiting: list[QuerySet[Any]] = []
    for provider in _providers.values():
        answer = provider(viewer, indicator)
        if isinstance(answer, QuerySet):
            waiting.append(answer)
        else:
            uses += list(answer)
    return uses, waiting
