"""Filters that somebody keeps under a name."""

from jiezhen.people.access import Viewer
from jiezhen.records.models import SavedList

#: Most kept filters of one person for one kind.
MOST = 30


def lists(viewer: Viewer, kind: str) -> list[SavedList]:
    """Return the filters that the viewer kept for a kind, in the order of their names."""
    found = SavedList.objects.filter(account_id=viewer.account_id, kind=kind)
    return list(found.order_by("title", "id")[:MOST])


def keep(viewer: Viewer, kind: str, title: str, query: str) -> SavedList:
    """Keep filters under a name; the same name takes the place of the older one."""
    found, _made = SavedList.objects.update_or_create(
        account_id=viewer.account_id, kind=kind, title=title, defaults={"query": query[:1000]}
    )
    return found


def forget(viewer: Viewer, kind: str, list_id: int) -> None:
    """Forget one of the viewer's own kept filters."""
    SavedList.objects.filter(account_id=viewer.account_id, kind=kind, pk=list_id).delete()
