"""Signing in, changing the password, and the administration's pages."""

import pytest
from django.test import Client

from jiezhen.conftest import AT, PASSWORD, Cast
from jiezhen.people.models import Account, Token
from jiezhen.trail import once
from jiezhen.trail.models import Entry


def post(client: Client, path: str, **data: str):
    return client.post(path, {once.FIELD: once.fresh(), **data})


def test_somebody_signs_in_and_goes_where_they_wanted_to_be(cast: Cast) -> None:
    client = Client()
    assert client.get("/admin/audit").headers["Location"] == "/login?next=/admin/audit"
    given = {"username": "auditor", "password": PASSWORD, "next": "/admin/audit"}
    assert client.post("/login", given).headers["Location"] == "/admin/audit"
    assert client.get("/admin/audit").status_code == 200
    assert Entry.objects.filter(action="people.signed_in").exists()


def test_a_wrong_password_says_what_to_do_and_nothing_more(cast: Cast) -> None:
    for username in ("auditor", "nobody"):
        page = Client().post("/login", {"username": username, "password": "wrong-password"})
        assert page.status_code == 422
        assert "用户名或密码不对" in page.content.decode()


def test_signing_in_never_leads_outside(cast: Cast) -> None:
    given = {"username": "grid", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/login", given).headers["Location"] == "/"


def test_the_demonstration_users_are_shown_only_there(cast: Cast, settings) -> None:
    assert "demo-leader" not in Client().get("/login").content.decode()
    settings.DEMO = True
    assert "demo-leader" in Client().get("/login").content.decode()


def test_a_changed_password_ends_other_sessions(cast: Cast) -> None:
    here, there = cast.client("section"), cast.client("section")
    fresh = "another-long-password-7"
    answer = post(
        here, "/password", old_password=PASSWORD, new_password1=fresh, new_password2=fresh
    )
    assert answer.status_code == 302
    assert here.get("/password").status_code == 200
    assert there.get("/password").status_code == 302


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/admin/people", "administrator"),
        ("/admin/units", "security"),
        ("/admin/packs", "administrator"),
        ("/admin/packs/lifts", "administrator"),
        ("/admin/tokens", "administrator"),
        ("/admin/audit", "auditor"),
        ("/admin", "auditor"),
    ],
)
def test_a_page_of_administration_is_for_its_role_alone(cast: Cast, path: str, who: str) -> None:
    assert cast.client(who).get(path).status_code == 200
    for other in ("leader", "section", "grid", "planner"):
        assert cast.client(other).get(path).status_code == 403


def test_the_three_administrators_are_different_people(cast: Cast) -> None:
    assert cast.client("administrator").get("/admin/audit").status_code == 403
    assert cast.client("auditor").get("/admin/people").status_code == 403
    assert cast.client("auditor").get("/admin/units").status_code == 403


def test_an_account_is_made_and_closed_by_form(cast: Cast) -> None:
    client = cast.client("administrator")
    given = {
        "username": "newcomer",
        "name": "何新",
        "unit": "c1",
        "role": "grid",
        "password": "a-long-first-password",
    }
    assert post(client, "/admin/people", **given).status_code == 302
    account = Account.objects.get(username="newcomer")
    assert account.postings.get().unit.code == "c1"
    post(client, "/admin/people/active", username="newcomer", active="no")
    account.refresh_from_db()
    assert not account.is_active


def test_a_taken_user_name_is_said_at_the_form(cast: Cast) -> None:
    given = {
        "username": "grid",
        "name": "何新",
        "unit": "c1",
        "role": "grid",
        "password": "a-long-first-password",
    }
    page = post(cast.client("administrator"), "/admin/people", **given)
    assert page.status_code == 422
    assert "已经有了" in page.content.decode()


def test_a_form_without_its_nonce_is_refused(cast: Cast) -> None:
    page = cast.client("administrator").post("/admin/people", {"username": "x"})
    assert page.status_code == 400
    assert "刷新页面" in page.content.decode()


def test_a_tokens_key_is_shown_once_and_not_kept(cast: Cast) -> None:
    client = cast.client("administrator")
    page = post(client, "/admin/tokens", username="grid", title="区平台").content.decode()
    key = page.split("<code>jz_")[1].split("<")[0]
    assert key not in client.get("/admin/tokens").content.decode()
    assert not Token.objects.filter(digest__contains=key).exists()


def test_a_unit_is_added_by_form(cast: Cast) -> None:
    client = cast.client("security")
    given = {"code": "c4", "title": "揽月居民区", "level": "community", "parent": "p2"}
    assert post(client, "/admin/units", **given).status_code == 302
    assert cast.unit("揽月居民区").path == "/yunxiu/p2/c4/"


def test_the_audit_is_sentences_and_is_filtered(cast: Cast) -> None:
    post(cast.client("administrator"), "/admin/people/active", username="grid", active="no")
    page = cast.client("auditor").get("/admin/audit", {"on": "account:grid"}).content.decode()
    assert "people.account.closed" in page or "停用" in page
    assert cast.client("auditor").get("/admin/audit", {"day": "nonsense"}).status_code == 200


def test_what_another_person_sees_is_told_in_sentences(cast: Cast) -> None:
    account = cast.accounts["grid"]
    page = cast.client("administrator").get(f"/admin/people/{account.pk}/sees").content.decode()
    assert "松涛居民区" in page and "查看" in page
    assert cast.client("grid").get(f"/admin/people/{account.pk}/sees").status_code == 404


def test_every_page_forbids_what_comes_from_elsewhere(cast: Cast) -> None:
    answer = cast.client("leader").get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert AT.year == 2023
