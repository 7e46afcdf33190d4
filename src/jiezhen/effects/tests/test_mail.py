"""E-mail for those who chose it: at once, or one digest on a working day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail.backends import smtp

from jiezhen.conftest import AT, Cast
from jiezhen.effects.models import Delivery
from jiezhen.effects.tests.receivers import Mailbox, mail_server
from jiezhen.effects.tests.support import case, later, say, work
from jiezhen.kernel import clock
from jiezhen.trail.models import Entry
from jiezhen.units import queries as units

MONDAY_NIGHT = datetime(2023, 7, 3, 23, 30, tzinfo=clock.ZONE)


@pytest.fixture
def post(settings: Any) -> Iterator[Mailbox]:
    """Return a mail server that the product uses."""
    with mail_server() as state:
        settings.EMAIL_BACKEND = f"{smtp.__name__}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", state.port
        settings.MAIL, settings.ADDRESS = True, "https://jiezhen.example"
        settings.DEFAULT_FROM_EMAIL = "街镇 <no-reply@yunxiu.example>"
        yield state


def choose(cast: Cast, who: str, how: str, email: str = "li@yunxiu.example", **more: str) -> Any:
    """Choose with the form how to hear of everything."""
    groups = dict.fromkeys(("deadlines", "matters", "plans", "others"), how) | more
    key = f"{who}{how}{len(more)}{Entry.objects.count()}"
    form = {"email": email, "_nonce": key, **groups}
    return cast.client(who).post("/notices/settings", form)


def rounds(begin: datetime, hours: int) -> None:
    """Let the worker go round every half an hour."""
    for half in range(hours * 2):
        work(begin + timedelta(minutes=30 * half))


def test_an_email_at_once(cast: Cast, post: Mailbox) -> None:
    assert choose(cast, "grid", "now").status_code == 302
    say(cast, case(text="请今天联系。"))
    work()
    [letter] = post.letters
    assert letter["Subject"] == "楼道堆物派到松涛居民区（1）"
    assert letter["From"].addresses[0].addr_spec == "no-reply@yunxiu.example"
    body = letter.get_content()
    assert "请今天联系。" in body
    assert "https://jiezhen.example/matters/HT-2023-000001" in body
    assert "https://jiezhen.example/notices/settings" in body
    assert letter["Message-ID"] == (
        f"<{Delivery.objects.for_system('test').get().uid}@yunxiu.example>"
    )
    assert "li@yunxiu.example" in post.to[0]


def test_nobody_gets_email_who_did_not_choose_it(cast: Cast, post: Mailbox) -> None:
    choose(cast, "grid", "inside", email="")
    say(cast, case())
    rounds(AT, 30)
    assert post.letters == []


def test_choices_are_by_group(cast: Cast, post: Mailbox) -> None:
    choose(cast, "grid", "inside", deadlines="now")
    say(cast, case("matter.dispatched", number=1), case("matter.supervised", number=2))
    work()
    assert [x["Subject"] for x in post.letters] == ["楼道堆物派到松涛居民区（2）"]


def test_the_clock_wakes_nobody_at_night(cast: Cast, post: Mailbox) -> None:
    """What a person does at night is sent at once; what the clock does waits for the morning."""
    choose(cast, "grid", "now")
    friday_midnight = datetime(2023, 7, 8, 0, 0, tzinfo=clock.ZONE)
    say(
        cast,
        case("matter.overdue", number=1),
        case("matter.dispatched", number=2),
        at=friday_midnight,
    )
    work(friday_midnight)
    assert [x["Subject"][-2] for x in post.letters] == ["2"]
    work(datetime(2023, 7, 9, 20, tzinfo=clock.ZONE))
    assert len(post.letters) == 1
    work(datetime(2023, 7, 10, 8, 29, tzinfo=clock.ZONE))
    assert len(post.letters) == 1
    work(datetime(2023, 7, 10, 8, 30, tzinfo=clock.ZONE))
    assert [x["Subject"][-2] for x in post.letters] == ["2", "1"]


def test_one_digest_on_a_working_day(cast: Cast, post: Mailbox) -> None:
    choose(cast, "grid", "digest")
    say(cast, case(number=1), case(number=2), at=MONDAY_NIGHT)
    rounds(MONDAY_NIGHT, 24)
    [letter] = post.letters
    assert letter["Subject"] == "今日摘要：2条通知"
    assert "（1）" in letter.get_content() and "（2）" in letter.get_content()
    sent = Delivery.objects.for_system("test").get()
    here = sent.done_at.astimezone(clock.ZONE)
    assert (here.date().isoformat(), here.hour) == ("2023-07-04", 9)


def test_weekends_have_no_digest_and_nothing_is_lost(cast: Cast, post: Mailbox) -> None:
    choose(cast, "grid", "digest")
    friday = datetime(2023, 7, 7, 17, 30, tzinfo=clock.ZONE)
    work(friday)
    say(cast, case(number=1), at=datetime(2023, 7, 7, 18, 30, tzinfo=clock.ZONE))
    say(cast, case(number=2), at=datetime(2023, 7, 8, 10, 0, tzinfo=clock.ZONE))
    rounds(datetime(2023, 7, 7, 18, 30, tzinfo=clock.ZONE), 62)  # to Monday half past eight
    assert post.letters == []
    rounds(datetime(2023, 7, 10, 8, 30, tzinfo=clock.ZONE), 4)
    assert [x["Subject"] for x in post.letters] == ["今日摘要：2条通知"]


def test_holidays_have_no_digest_and_make_up_days_have_one(cast: Cast, post: Mailbox) -> None:
    """22 June 2023 was the Dragon Boat Festival; Sunday the 25th was worked for it."""
    choose(cast, "grid", "digest")
    eve = datetime(2023, 6, 21, 20, 0, tzinfo=clock.ZONE)
    say(cast, case(number=1), at=eve)
    rounds(eve, 84)  # to Sunday eight o'clock
    assert post.letters == []
    rounds(datetime(2023, 6, 25, 8, 0, tzinfo=clock.ZONE), 2)
    assert [x["Subject"] for x in post.letters] == ["今日摘要：1条通知"]


def test_what_was_read_is_not_in_the_digest(cast: Cast, post: Mailbox) -> None:
    choose(cast, "grid", "digest")
    say(cast, case(number=1), at=MONDAY_NIGHT)
    work(MONDAY_NIGHT)
    cast.client("grid").post("/notices/read", {"_nonce": "read"})
    rounds(MONDAY_NIGHT, 24)
    assert post.letters == []


def test_a_secret_matter_is_not_named_outside(
    cast: Cast, post: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(cast, "section", "now")
    # No role of the packs sees secret kinds everywhere; here is somebody who does.
    trusted = replace(cast.system, account_id=cast.accounts["section"].pk)
    monkeypatch.setattr(units, "viewers_of_office", lambda office_id, at: [trusted])
    say(cast, case(sensitivity="secret", title="举报某单位", text="举报内容"))
    work()
    [letter] = post.letters
    assert letter["Subject"].strip() == "一件保密事项有新消息，请登录查看"
    assert "举报" not in letter.get_content()
    assert "举报某单位" in cast.client("section").get("/notices").content.decode()


def test_a_refused_letter_is_tried_again_and_its_address_stays_private(
    cast: Cast, post: Mailbox
) -> None:
    choose(cast, "grid", "now")
    post.refuse = 550
    say(cast, case())
    work()
    [message] = Delivery.objects.for_system("test").all()
    assert message.state == "waiting"
    assert message.reason == "邮件发不出去：邮件服务器不收这个邮箱。请本人在“通知方式”里核对邮箱。"
    post.refuse = 0
    work(later(minutes=5))
    assert len(post.letters) == 1


def test_a_mail_server_that_is_away_loses_nothing(
    cast: Cast, post: Mailbox, settings: Any
) -> None:
    choose(cast, "grid", "now")
    here, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    say(cast, case())
    work()
    assert "邮件发不出去" in Delivery.objects.for_system("test").get().reason
    settings.EMAIL_PORT = here
    work(later(minutes=5))
    assert len(post.letters) == 1


def test_a_closed_account_gets_nothing_more(cast: Cast, post: Mailbox) -> None:
    choose(cast, "grid", "now")
    say(cast, case())
    account = cast.accounts["grid"]
    post.refuse = 550
    work()
    account.is_active = False
    account.save(update_fields=["is_active"])
    post.refuse = 0
    work(later(minutes=5))
    assert post.letters == []


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast) -> None:
    answer = choose(cast, "grid", "now", email="")
    assert answer.status_code == 422
    assert "要收邮件，请先填邮箱。" in answer.content.decode()
    assert choose(cast, "grid", "now", email="nonsense").status_code == 422
    assert choose(cast, "grid", "elsewhere").status_code == 422
    assert choose(cast, "grid", "digest").status_code == 302
    page = cast.client("grid").get("/notices/settings").content.decode()
    assert "li@yunxiu.example" in page
    assert page.count('value="digest" selected') == 4
    assert "还没有设邮件服务器" in page
    entry = Entry.objects.get(action="effects.preference.changed")
    assert "li@" not in str((entry.before, entry.after, entry.on))
