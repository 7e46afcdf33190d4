"""Units form a tree, people are posted in it, and a viewer is what the postings say."""

from datetime import date

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.units import operations, queries
from jiezhen.units.models import Posting


def test_a_unit_is_found_by_code_name_or_another_way_to_call_it(cast: Cast) -> None:
    for text in ("c1", "松涛居民区", "松涛", " 松涛 "):
        assert queries.unit_for(cast.system, text).code == "c1"


def test_an_unknown_unit_is_told_with_the_likeliest(cast: Cast) -> None:
    with pytest.raises(queries.UnknownUnit) as caught:
        queries.unit_for(cast.system, "松涛村")
    assert caught.value.message == "没有“松涛村”。您是说“松涛”吗？"


def test_a_viewer_sees_what_the_posting_covers(cast: Cast) -> None:
    grid = cast.viewers["grid"]
    assert grid.unit_path == "/yunxiu/p1/c1/"
    assert [u.code for u in queries.units_of(grid)] == ["c1"]
    assert cast.viewers["section"].whole_office("see")


def test_a_posting_ends_on_its_day(cast: Cast) -> None:
    account = cast.accounts["grid"]
    Posting.objects.filter(account=account).update(valid_until=date(2023, 7, 3))
    assert queries.viewer_of(account.pk, AT) is None


def test_a_closed_account_is_nobody_at_the_next_click(cast: Cast) -> None:
    client = cast.client("grid")
    assert client.get("/password").status_code == 200
    operations.set_active(cast.viewers["administrator"], "grid", AT, active=False)
    assert client.get("/password").status_code == 302


def test_units_keep_their_validity_and_their_heir(cast: Cast) -> None:
    operations.end_unit(cast.system, "c2", date(2023, 7, 1), AT, successor="c1")
    valid = [u.code for u in queries.units_of(cast.system, date(2023, 7, 2))]
    assert "c2" not in valid and "c1" in valid


@pytest.mark.parametrize("who", ["leader", "section", "grid", "auditor", "planner"])
def test_only_who_may_manages_units_and_people(cast: Cast, who: str) -> None:
    viewer = cast.viewers[who]
    row = {"code": "x9", "title": "新网格", "level": "grid", "parent": "c1"}
    with pytest.raises(operations.UnableToAdd):
        operations.add_units(viewer, [row], AT)
    person = {"username": "new", "name": "新", "password": "long-enough-1"}
    with pytest.raises(operations.UnableToHire):
        operations.hire(viewer, person, "c1", "grid", AT)


def test_a_token_acts_for_its_account_until_it_is_revoked(cast: Cast) -> None:
    key = operations.issue_token(cast.viewers["administrator"], "grid", "接口", AT)
    digest = operations.token_digest(key)
    viewer = queries.viewer_by_token(digest, AT)
    assert viewer is not None and viewer.unit_path == "/yunxiu/p1/c1/"
    token = cast.accounts["grid"].tokens.get()
    operations.revoke_token(cast.viewers["administrator"], token.pk, AT)
    assert queries.viewer_by_token(digest, AT) is None


def test_nobody_manages_another_offices_people(cast: Cast) -> None:
    from jiezhen.conftest import build_cast

    other = build_cast("qingxi")
    with pytest.raises(operations.UnableToHire):
        operations.set_active(other.viewers["administrator"], "grid", AT, active=False)
    people = queries.people_of(other.viewers["administrator"])
    assert people and all(p.username.startswith("qingxi") for p in people)
