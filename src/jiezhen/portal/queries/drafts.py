"""Draft rules and opinions on them, article by article, and what became of suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from jiezhen.kernel import clock
from jiezhen.matters.queries.public import OpenMatter, Wanted, open_matters
from jiezhen.packs.registry import catalogue
from jiezhen.packs.schema import Kind
from jiezhen.portal.queries.fronts import Office
from jiezhen.portal.queries.offers import is_open, kinds_behind
from jiezhen.portal.rules import articles, windows
from jiezhen.portal.rules.doors import Door
from jiezhen.portal.rules.windows import State, Window
from jiezhen.records import lookups, shapes, wording
from jiezhen.records import operations as records
from jiezhen.records.models import Row

_OPEN = "what is put up for comment is open to everybody"
#: Most articles on a page, and most drafts that are looked at, the newest first.
MOST, MOST_DRAFTS = 1000, 200


@dataclass(frozen=True, slots=True)
class Article:
    """One article: what it says under which heading, and where an opinion on it is written.

    `ways` are addresses of the form, one for each stance; none where nothing is taken in.
    """

    code: str
    title: str
    texts: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft: how far its consultation is, and its articles in order where they were asked for.

    `code` is blank for articles that belong to no draft.
    """

    code: str
    title: str
    state: State
    window: Window
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What an opinion is about: the article, its draft, and whether opinions are taken in.

    `fills` are values of the opinion that follow from the article.
    """

    draft: Draft
    article: Article
    fills: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Sort:
    """The kinds of one consultation: opinions on articles of drafts, and the links between them."""

    opinion: Kind
    article: Kind
    link: str
    above: str
    parent: Kind | None


def link_of(kind: Kind) -> str:
    """Return the offered field that leads to what an opinion is about; blank when there is none."""
    names = kind.offer.fields if kind.offer else ()
    return next((n for n in names if kind.fields[n].type == "link"), "")


def _sort(kind: Kind) -> _Sort | None:
    """Return what opinions of a kind are about, when it is open to everybody."""
    kinds, link = catalogue().kinds, link_of(kind)
    article = kinds.get(str(kind.fields[link].to)) if link else None
    if article is None or not is_open(article):
        return None
    above = next((n for n, f in article.fields.items() if f.type == "link"), "")
    parent = kinds.get(str(article.fields[above].to)) if above else None
    return _Sort(kind, article, link, above if parent else "", parent)


def _sorts() -> list[_Sort]:
    return [s for k in kinds_behind("consult") if (s := _sort(k)) is not None]


def drafts(office: Office, at: datetime) -> list[Draft]:
    """Return the drafts on which something may be said now or soon, what closes first at the top.

    Two statements for each kind.
    """
    found: list[Draft] = []
    for sort in _sorts():
        if sort.parent is None:
            found += _loose(office, sort, at)
            continue
        rows = [r for r in _parents(office, sort) if _state(sort, r, at) != "closed"]
        found += [d for d in _whole(office, sort, rows, at) if d.articles]
    return sorted(found, key=lambda d: (d.state == "coming", d.window.closes or date.max))


def many_open(office: Office, at: datetime) -> int:
    """Return on how many drafts something may be said today."""
    return sum(d.state == "open" for d in drafts(office, at))


def closed(office: Office, at: datetime) -> list[Draft]:
    """Return the drafts whose consultation is over, without articles, the latest first."""
    found = [
        _draft(sort, row, at)
        for sort in _sorts()
        if sort.parent is not None
        for row in _parents(office, sort)
        if _state(sort, row, at) == "closed"
    ]
    return sorted(found, key=lambda d: d.window.closes or date.min, reverse=True)


def draft(office: Office, code: str, at: datetime) -> Draft | None:
    """Return one draft with its articles, whether its consultation is over or not."""
    for sort in _sorts():
        if sort.parent is not None:
            rows = list(_rows(office, sort.parent.name).filter(code=code)[:1])
            if rows:
                return _whole(office, sort, rows, at)[0]
    return None


def about(office: Office, kind: Kind, raw: Mapping[str, Any], at: datetime) -> About | None:
    """Return what an opinion is about; None when it names nothing that is there."""
    sort = _sort(kind)
    if sort is None or not raw.get(sort.link):
        return None
    named = {sort.link: raw[sort.link]}
    context = records.context_for(office.viewer, at)
    plain, _unread = records.read_values(kind, named, context, partly=True)
    row = _rows(office, sort.article.name).filter(pk=plain.get(sort.link) or 0).first()
    if row is None:
        return None
    parent = None
    if sort.parent is not None:
        rows = _rows(office, sort.parent.name)
        parent = rows.filter(pk=row.data.get(sort.above) or 0).first()
    if parent is None:
        found = _draft(sort, row, at, title=sort.article.title)
        return About(found, _article(sort, row, found, at), {})
    found = _draft(sort, parent, at)
    over = _window(sort, row).within(found.window)
    standing = replace(found, state=over.state(clock.day_of(at)), window=over)
    return About(standing, _article(sort, row, found, at), _fills(sort, parent))


def _fills(sort: _Sort, parent: Row) -> dict[str, int]:
    """Return the field of an opinion that names the draft, where it has one that nobody is asked."""
    offered = sort.opinion.offer.fields if sort.opinion.offer else ()
    if sort.parent is None or sort.parent.sensitivity != "open":
        return {}
    return {
        name: int(parent.pk)
        for name, spec in sort.opinion.kept.items()
        if spec.type == "link" and spec.to == parent.kind and name not in offered
    }


def _rows(office: Office, kind: str) -> Any:
    rows = shapes.model_of(kind).objects.for_system(_OPEN)
    return rows.filter(office_id=office.viewer.office_id, kind=kind, withdrawn_at=None)


def _parents(office: Office, sort: _Sort) -> list[Row]:
    name = sort.parent.name if sort.parent is not None else ""
    return list(_rows(office, name).order_by("-id")[:MOST_DRAFTS])


def _window(sort: _Sort, row: Row) -> Window:
    """Return what the days and the state of one row say."""
    offer, kind = sort.opinion.offer, shapes.kind_of(row.kind)
    if offer is None:
        return Window()

    def day(name: str | None) -> date | None:
        known = name is not None and name in kind.kept and row.data.get(name)
        return clock.as_day(row.data[name]) if known else None

    until = getattr(row, "until", None)
    last = until - timedelta(days=1) if until is not None else None
    return Window(
        day(offer.opens),
        windows.first([*(day(n) for n in offer.closes), last]),
        getattr(row, "closed_on", None) is not None,
    )


def _state(sort: _Sort, row: Row, at: datetime) -> State:
    return _window(sort, row).state(clock.day_of(at))


def _draft(sort: _Sort, row: Row, at: datetime, *, title: str = "") -> Draft:
    window = _window(sort, row)
    code = "" if title else row.code
    return Draft(code, title or row.title, window.state(clock.day_of(at)), window)


def _whole(office: Office, sort: _Sort, rows: list[Row], at: datetime) -> list[Draft]:
    """Return drafts with their articles; one statement."""
    found = {row.pk: _draft(sort, row, at) for row in rows}
    groups: dict[Any, list[Article]] = {pk: [] for pk in found}
    below = _rows(office, sort.article.name).alias(of=lookups.WholeValue(sort.above))
    for row in below.filter(of__in=list(found)).order_by("id")[:MOST]:
        above = row.data.get(sort.above)
        groups[above].append(_article(sort, row, found[above], at))
    return [replace(d, articles=_in_order(groups[pk])) for pk, d in found.items()]


def _in_order(found: list[Article]) -> tuple[Article, ...]:
    return tuple(articles.in_order(found, lambda article: article.title))


def _loose(office: Office, sort: _Sort, at: datetime) -> list[Draft]:
    """Return articles that belong to no draft as one; each has days of its own."""
    open_ = Draft("", sort.article.title, "open", Window())
    rows = _rows(office, sort.article.name).order_by("id")[:MOST]
    found = _in_order([_article(sort, row, open_, at) for row in rows])
    return [replace(open_, articles=found)] if found else []


def _article(sort: _Sort, row: Row, above: Draft, at: datetime) -> Article:
    texts = tuple(
        (wording.title(f), str(row.data[n]))
        for n, f in sort.article.kept.items()
        if f.type == "text" and row.data.get(n) and f"{{{n}}}" not in sort.article.label
    )
    window = _window(sort, row).within(above.window)
    takes = above.state == "open" and window.state(clock.day_of(at)) == "open"
    return Article(
        row.code, row.title, texts, _ways(sort.opinion, sort.link, row) if takes else ()
    )


def _ways(kind: Kind, link: str, row: Row) -> tuple[tuple[str, str], ...]:
    """Return an address of the form for each stance; one for all where a kind knows none."""
    offer = kind.offer
    href = f"/p/report/{kind.name}?{link}={row.code}"
    names = offer.fields if offer else ()
    stance = next((n for n in names if kind.fields[n].type == "choice"), "")
    if not stance:
        return ((href, offer.title if offer else kind.title),)
    options = wording.options(kind.fields[stance])
    return tuple((f"{href}&{stance}={value}", title) for value, title in options.items())


def outcomes(office: Office, door: Door, page: int) -> list[OpenMatter]:
    """Return what was sent through a door and was answered, the newest first.

    What nobody has read yet is not shown: anybody may write anything, and this is the office's page.
    """
    names = tuple(k.name for k in kinds_behind(door))
    if not names:
        return []
    return open_matters(
        office.viewer.office_id, Wanted(kinds=names, closed=True, page=page, size=30)
    )
