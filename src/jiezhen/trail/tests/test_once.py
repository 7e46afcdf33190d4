"""Pressing twice does it once."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.http import HttpResponse, HttpResponseRedirect

from jiezhen.conftest import AT, Cast
from jiezhen.trail import once, operations
from jiezhen.trail.models import Entry, Nonce


def test_the_second_press_gets_the_first_answer(cast: Cast) -> None:
    done: list[int] = []

    def work() -> HttpResponse:
        done.append(1)
        return HttpResponseRedirect("/records/x")

    first = once.perform("k", 7, b"same", work)
    second = once.perform("k", 7, b"same", work)

    assert (first.headers["Location"], second.headers["Location"]) == ("/records/x", "/records/x")
    assert len(done) == 1


def test_the_same_key_with_other_content_is_refused(cast: Cast) -> None:
    once.perform("k", 7, b"one", lambda: HttpResponse("a"))
    with pytest.raises(once.KeyReused):
        once.perform("k", 7, b"two", lambda: HttpResponse("b"))


def test_a_refused_form_leaves_nothing_and_may_be_sent_again(cast: Cast) -> None:
    before = Entry.objects.count()

    def refuse() -> HttpResponse:
        operations.append(cast.system, "test.thing.done", "thing", AT)
        return HttpResponse("bad", status=422)

    once.perform("k", 7, b"x", refuse)
    assert Entry.objects.count() == before
    assert not Nonce.objects.exists()
    assert once.perform("k", 7, b"y", lambda: HttpResponse("ok")).status_code == 200


def test_another_person_may_use_the_same_key(cast: Cast) -> None:
    once.perform("k", 7, b"x", lambda: HttpResponse("a"))
    assert once.perform("k", 8, b"x", lambda: HttpResponse("b")).content == b"b"


def test_a_defect_of_the_work_is_not_taken_for_a_repeat(cast: Cast) -> None:
    def broken() -> HttpResponse:
        raise IntegrityError("another constraint")

    with pytest.raises(IntegrityError):
        once.perform("k", 7, b"x", broken)


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_do_it_once() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite cannot serve many threads; tests/kill covers the file")
    done: list[int] = []
    answers: list[str] = []

    def press() -> None:
        response = once.perform("k", 7, b"x", lambda: (done.append(1), HttpResponse("ok"))[1])
        answers.append(response.content.decode())
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["ok"] * 20
    assert Nonce.objects.count() == 1
