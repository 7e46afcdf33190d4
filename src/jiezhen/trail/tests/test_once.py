"""Pressing twice does it once."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from jiezhen.conftest import AT, Cast
from jiezhen.people.access import system_viewer
from jiezhen.trail import once, operations
from jiezhen.trail.models import Entry, Nonce


def deed(cast: Cast, on: str = "thing") -> None:
    """Do something that leaves a row of the trail."""
    operations.append(cast.system, "test.thing.done", on, AT)


def deeds() -> int:
    return Entry.objects.filter(action="test.thing.done").count()


def test_the_second_press_gets_the_first_answer_and_leaves_nothing(cast: Cast) -> None:
    def work() -> HttpResponse:
        deed(cast)
        return HttpResponseRedirect("/records/x")

    first = once.perform("k", 7, b"same", work)
    second = once.perform("k", 7, b"same", work)

    assert (first.headers["Location"], second.headers["Location"]) == ("/records/x", "/records/x")
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert deeds() == 1


def test_doing_it_once_costs_one_statement(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as caught:
        once.perform("k", 7, b"x", lambda: HttpResponse("ok"))
    asked = [q["sql"] for q in caught.captured_queries]
    said = [s for s in asked if not s.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert len(said) == 1 and said[0].startswith("INSERT")


def test_a_repeat_that_finds_its_own_record_gets_the_first_answer(cast: Cast) -> None:
    """The answer was lost; the second time the number is taken, by nobody but oneself."""
    taken: set[str] = set()

    def work() -> HttpResponse:
        if "HT-1" in taken:
            return HttpResponse("HT-1 已经有了", status=409)
        taken.add("HT-1")
        deed(cast)
        return HttpResponse("HT-1", status=201)

    once.perform("k", 7, b"x", work)
    again = once.perform("k", 7, b"x", work)
    assert (again.status_code, again.content) == (201, b"HT-1")
    other = once.perform("other", 7, b"x", work)
    assert (other.status_code, deeds()) == (409, 1)


@pytest.mark.parametrize("failure", [IntegrityError("number"), PermissionDenied(), ValueError()])
def test_a_repeat_that_breaks_gets_the_first_answer(cast: Cast, failure: Exception) -> None:
    done: list[int] = []

    def work() -> HttpResponse:
        if done:
            raise failure
        done.append(1)
        return HttpResponse("ok")

    once.perform("k", 7, b"x", work)
    assert once.perform("k", 7, b"x", work).content == b"ok"
    with pytest.raises(type(failure)):
        once.perform("other", 7, b"x", work)
    with pytest.raises(once.KeyReused):
        once.perform("k", 7, b"y", work)


def test_work_that_breaks_leaves_nothing_and_may_be_sent_again(cast: Cast) -> None:
    def broken() -> HttpResponse:
        deed(cast)
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        once.perform("k", 7, b"x", broken)
    assert (deeds(), Nonce.objects.count()) == (0, 0)
    assert once.perform("k", 7, b"y", lambda: HttpResponse("ok")).content == b"ok"


def test_what_is_shown_once_is_not_kept_and_not_done_again(cast: Cast) -> None:
    def work() -> HttpResponse:
        deed(cast)
        response = HttpResponse("the secret")
        response.shown_once = True  # type: ignore[attr-defined]
        return response

    assert once.perform("k", 7, b"x", work).content == b"the secret"
    assert once.perform("k", 7, b"x", work).content == b""
    assert deeds() == 1
    assert not Nonce.objects.exclude(answer="").exists()


def test_a_file_is_made_again(cast: Cast) -> None:
    def work() -> HttpResponse:
        return StreamingHttpResponse([b"a", b"b"])  # type: ignore[return-value]

    for _press in range(2):
        answer = once.perform("k", 7, b"x", work)
        assert b"".join(answer.streaming_content) == b"ab"  # type: ignore[attr-defined]
    assert not Nonce.objects.exists()


def test_the_answer_to_a_machine_keeps_status_and_place(cast: Cast) -> None:
    def work() -> HttpResponse:
        return HttpResponse("{}", status=201, headers={"Location": "/api/records/x/1"})

    once.perform("k", 7, b"x", work)
    again = once.perform("k", 7, b"x", work)
    assert (again.status_code, again["Location"], again.content) == (
        201,
        "/api/records/x/1",
        b"{}",
    )


@pytest.mark.parametrize("status", [200, 302, 409, 422])
def test_the_same_key_with_other_content_is_refused(cast: Cast, status: int) -> None:
    once.perform("k", 7, b"one", lambda: HttpResponse("a"))

    def other() -> HttpResponse:
        deed(cast)
        return HttpResponse("b", status=status)

    with pytest.raises(once.KeyReused):
        once.perform("k", 7, b"two", other)
    assert deeds() == 0


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
    # Every press would leave a row of its own; those that lose are rolled back.
    numbers: list[int] = []
    answers: list[str] = []
    together = threading.Barrier(50)
    viewer = system_viewer(1, "/x/", "x")

    def press() -> None:
        together.wait()

        def work() -> HttpResponse:
            entry = operations.append(viewer, "test.thing.done", "thing", AT)
            numbers.append(entry.pk)
            return HttpResponse(str(entry.pk))

        try:
            answers.append(once.perform("k", 7, b"x", work).content.decode())
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert set(answers) == {str(Entry.objects.get(action="test.thing.done").pk)}
    assert Nonce.objects.count() == 1


@pytest.mark.usefixtures("still")
def test_an_answer_is_kept_for_thirty_days(cast: Cast) -> None:
    def press() -> HttpResponse:
        return once.perform("k", 7, b"x", lambda: HttpResponse(str(deeds())))

    first = press()
    deed(cast)
    limit = AT + once.KEPT
    assert (once.forget(limit, 10), press().content) == (0, first.content)
    assert once.forget(limit + timedelta(microseconds=1), 10) == 1
    assert press().content == b"1", "the key begins anew"
    assert deeds() == 1, "the trail stays"


def test_answers_are_cleared_away_in_batches(cast: Cast) -> None:
    Nonce.objects.bulk_create(
        Nonce(key=f"1:{n}", account_id=1, digest="d", status=200, at=AT - timedelta(days=31))
        for n in range(5)
    )
    with CaptureQueriesContext(connection) as caught:
        assert [once.forget(AT, 2) for _call in range(4)] == [2, 2, 1, 0]
    deleted = [q["sql"] for q in caught.captured_queries if q["sql"].startswith("DELETE")]
    assert len(deleted) == 3
