"""Statements of fixed text see what query sets see."""

import pytest
from django.db import connection

from jiezhen.conftest import AT, PEOPLE, Cast
from jiezhen.matters.models import Matter
from jiezhen.matters.tests.conftest import opened
from jiezhen.people.access import Viewer
from jiezhen.people.scoping import scope_text
from jiezhen.units import operations as units
from jiezhen.units import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still", "trial")]


def by_text(viewer: Viewer) -> set[int]:
    scope = scope_text(viewer, "see", "trial.case", "inner", "u.path")
    if scope is None:
        return set()
    unit = Matter._meta.get_field("unit").related_model._meta.db_table
    text = f"SELECT m.id FROM matters_matter m JOIN {unit} u ON u.id = m.unit_id"
    text += " WHERE m.office_id = %s" + (f" AND {scope[0]}" if scope[0] else "")
    with connection.cursor() as cursor:
        cursor.execute(text, [viewer.office_id, *scope[1]])
        return {row[0] for row in cursor.fetchall()}


def test_the_text_of_a_scope_sees_what_the_query_set_sees(cast: Cast, desk: Viewer) -> None:
    # A code with the wild cards of LIKE must not widen what is seen.
    units.add_units(
        cast.system,
        [
            {"code": code, "title": code, "level": "community", "parent": "p2"}
            for code in ("c_1", "c%", "cx1")
        ],
        AT,
    )
    account = cast.accounts["neighbour"]
    units.post(cast.system, account, "c_1", "grid", AT)
    for code in ("c1", "c2", "c3", "c_1", "c%", "cx1", "p2", "yunxiu"):
        Matter.objects.for_system("test").filter(pk=opened(desk).pk).update(
            unit_id=cast.unit(code).id
        )
    told = {}
    for who in PEOPLE:
        viewer = queries.viewer_of(cast.accounts[who].pk, AT)
        assert viewer is not None
        rows = Matter.objects.seen_by(viewer, "see", "trial.case", "inner")
        told[who] = set(rows.values_list("pk", flat=True))
        assert by_text(viewer) == told[who], who
    assert len(told["leader"]) == 8
    assert len(told["neighbour"]) == 2
    assert len(told["grid"]) == 1
