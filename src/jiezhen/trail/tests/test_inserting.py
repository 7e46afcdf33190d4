"""Rows are inserted as Django would, with ids in the order of the rows."""

import pytest
from django.db import IntegrityError, transaction

from jiezhen.conftest import AT
from jiezhen.trail import inserting
from jiezhen.trail.inserting import insert, insert_new
from jiezhen.trail.models import Entry, Nonce

pytestmark = pytest.mark.django_db


def entry(number: int) -> Entry:
    return Entry(
        at=AT, office_id=1, account_id=2, actor="林书记", path="/yunxiu/", action="a.b",
        on=f"x:{number}", after={"n": number, "words": ["一", None]},
    )  # fmt: skip


def test_what_was_inserted_reads_back_as_it_was(django_assert_num_queries: object) -> None:
    rows = [entry(n) for n in range(inserting.BATCH + 3)]
    with django_assert_num_queries(2):  # type: ignore[operator]
        insert(rows)
    ids = [row.pk for row in rows]
    assert ids == sorted(set(ids))
    told = {row.pk: row for row in Entry.objects.all()}
    for row in rows:
        again = told[row.pk]
        assert (again.on, again.after, again.before, again.at) == (row.on, row.after, None, AT)
        assert not row._state.adding


def test_a_row_with_its_own_key_keeps_it_and_is_refused_twice() -> None:
    def nonce() -> Nonce:
        return Nonce(key="1:k", account_id=1, digest="d", status=201, at=AT)

    insert([nonce()])
    assert Nonce.objects.get(pk="1:k").answer == ""
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([nonce()])
    assert Nonce.objects.count() == 1


def test_nothing_is_a_statement_less(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        insert([])


@pytest.mark.parametrize("more", [[], ["1:new"]])
def test_a_key_that_is_taken_leaves_the_transaction_whole(more: list[str]) -> None:
    def nonce(key: str) -> Nonce:
        return Nonce(key=key, account_id=1, digest="d", status=201, at=AT)

    assert insert_new([nonce("1:k")])
    assert not insert_new([nonce(key) for key in [*more, "1:k"]])
    assert Nonce.objects.count() == 1, "none of several is in, and questions are still answered"
    assert insert_new([nonce("1:l"), nonce("1:m")])


def test_a_single_new_row_is_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert insert_new([entry(1)])
