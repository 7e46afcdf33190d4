"""Webhooks: signed, tried again, laid down, and kept away from the inner doors of machines."""

import base64
import hashlib
import hmac
import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.effects import queries
from jiezhen.effects.models import Announcement, Delivery, Webhook
from jiezhen.effects.rules import addresses, waits
from jiezhen.effects.tasks import posting
from jiezhen.effects.tests.receivers import Receiver, receiver
from jiezhen.effects.tests.support import case, later, say, work
from jiezhen.people.sealing import unseal
from jiezhen.trail.models import Entry


@pytest.fixture
def there(settings: Any) -> Iterator[Receiver]:
    """Return a receiver that may be reached although it is on this machine."""
    settings.EFFECTS_LOOPBACK = True
    settings.ADDRESS = "https://jiezhen.example"
    with receiver() as state:
        yield state


def register(cast: Cast, address: str, who: str = "administrator", **more: str) -> Any:
    """Register a webhook with the form, as an administrator does."""
    given = {
        "title": "区平台",
        "address": address,
        "shape": "jiezhen",
        "patterns": "matter.*",
        "sensitivity": "personal",
        "_nonce": f"n{Webhook.objects.for_system('test').count()}{address}"[:60],
    }
    return cast.client(who).post("/admin/effects", given | more)


def secret_of(answer: Any) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.content.decode())
    assert found
    return found[0]


def press(cast: Cast, href: str, **data: Any) -> str:
    """Press a button of the page and return the page that follows."""
    data.setdefault("_nonce", f"p{href}{Entry.objects.count()}"[-60:])
    administrator = cast.client("administrator")
    assert administrator.post(f"/admin/effects/{href}", data).status_code == 302
    return administrator.get("/admin/effects").content.decode()


def sent() -> list[Delivery]:
    return list(Delivery.objects.for_system("test").order_by("id"))


def test_an_event_arrives_signed(cast: Cast, there: Receiver) -> None:
    answer = register(cast, there.address)
    secret = secret_of(answer)
    say(cast, case(data={"count": 2}), case("plan.pressed", number=2))
    work()
    [got] = there.got
    assert got.path == "/hook?key=k1"
    assert got.json == {
        "id": got.headers["webhook-id"],
        "type": "matter.dispatched",
        "timestamp": AT.isoformat(),
        "data": {
            "about": "hotline.case:HT-2023-000001",
            "kind": "hotline.case",
            "unit": "/yunxiu/p1/c1/",
            "title": "楼道堆物派到松涛居民区（1）",
            "text": "",
            "href": "https://jiezhen.example/matters/HT-2023-000001",
            "values": {"count": 2},
        },
    }
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{wanted}"
    assert int(got.headers["webhook-timestamp"]) == int(AT.timestamp())


def test_the_secret_is_shown_once_and_lies_sealed(cast: Cast, there: Receiver) -> None:
    secret = secret_of(register(cast, there.address))
    page = cast.client("administrator").get("/admin/effects").content.decode()
    assert secret not in page and "key=k1" not in page
    hook = Webhook.objects.for_system("test").get()
    assert secret not in str(hook.__dict__) and "key=k1" not in str(hook.__dict__)
    assert unseal(hook.address, "effects.webhook") == there.address
    assert not Entry.objects.filter(after__icontains="k1").exists()


def test_a_failing_receiver_is_tried_with_growing_waits_and_the_same_id(
    cast: Cast, there: Receiver
) -> None:
    register(cast, there.address)
    there.answers = [500, 503, 404, 200]
    say(cast, case())
    times, at = [], AT
    while len(there.got) < 4:
        before = len(there.got)
        work(at)
        if len(there.got) > before:
            times.append((at - AT).total_seconds())
        at += timedelta(seconds=1 if len(there.got) < 3 else 5)
    assert len(there.got) == 4
    assert len({g.headers["webhook-id"] for g in there.got}) == 1
    assert len({g.body for g in there.got}) == 1
    gaps = [b - a for a, b in pairwise(times)]
    for gap, wait in zip(gaps, waits.WAITS, strict=False):
        assert 0.8 * wait <= gap <= 1.2 * wait + 5
    assert [d.state for d in sent()] == ["done"]


def test_after_eight_tries_it_is_laid_down_and_a_person_sends_it_again(
    cast: Cast, there: Receiver
) -> None:
    register(cast, there.address)
    there.answers = [500]
    say(cast, case())
    for hours in range(60):
        work(later(hours=hours))
    assert len(there.got) == waits.TRIES == 8
    [letter] = sent()
    assert (letter.state, letter.reason) == ("dead", "对方答500。")
    page = cast.client("administrator").get("/admin/effects").content.decode()
    assert "对方答500。" in page and "HT-2023-000001" in page
    assert "楼道堆物" not in page  # an administrator reads no matters
    there.answers = [200]
    assert "没有死信" in press(cast, "letters/message/retry", id=letter.pk)
    work(later(days=5000))
    assert len(there.got) == 9
    assert len({g.headers["webhook-id"] for g in there.got}) == 1
    assert Entry.objects.filter(action="effects.letter.retried").count() == 1


def test_a_dead_letter_can_be_dropped(cast: Cast, there: Receiver) -> None:
    register(cast, there.address)
    there.answers = [500]
    say(cast, case())
    for hours in range(60):
        work(later(hours=hours))
    assert "没有死信" in press(cast, "letters/message/drop", id=sent()[0].pk)
    work(later(days=5000))
    assert (len(there.got), sent()[0].state) == (8, "dropped")


def test_one_that_fails_does_not_hold_up_another(
    cast: Cast, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "STEP", 0.3)
    with receiver() as hanging:
        hanging.answers = ["hang"]
        register(cast, hanging.address)
        register(cast, there.address)
        say(cast, *(case(number=n) for n in range(30)))
        begun = time.monotonic()
        work()
        assert time.monotonic() - begun < 5
        assert len(there.got) == 30
        assert len(hanging.got) == 1
        waiting = [d for d in sent() if d.state == "waiting"]
        assert len(waiting) == 30
        assert {d.tries for d in waiting} == {0, 1}
        assert {d.reason for d in waiting} == {"", f"对方{posting.WHOLE}秒内没有答。"}
        hanging.answers = [200]
        work(later(minutes=2))
        assert len({g.headers["webhook-id"] for g in hanging.got}) == 30


def test_one_that_drips_is_cut_off(
    cast: Cast, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WHOLE", 1)
    register(cast, there.address)
    there.answers = ["drip"]
    say(cast, case())
    begun = time.monotonic()
    work()
    assert time.monotonic() - begun < 3
    assert sent()[0].reason == "对方1秒内没有答。"


def test_a_redirect_is_not_followed(cast: Cast, there: Receiver) -> None:
    register(cast, there.address)
    there.answers = [302]
    say(cast, case())
    work()
    assert [g.path for g in there.got] == ["/hook?key=k1"]
    assert "转向不跟" in sent()[0].reason


def test_a_huge_answer_is_not_read(cast: Cast, there: Receiver) -> None:
    register(cast, there.address, shape="wecom")
    there.said = b'{"errcode": 0, "x": "' + b"x" * 5_000_000 + b'"}'
    say(cast, case())
    work()
    assert sent()[0].reason.startswith("机器人没有收下")


def test_this_machine_needs_the_setting(cast: Cast, there: Receiver, settings: Any) -> None:
    register(cast, there.address)
    settings.EFFECTS_LOOPBACK = False
    say(cast, case())
    work()
    assert there.got == []
    assert "指向本机" in sent()[0].reason
    answer = register(cast, there.address, title="又一个")
    assert answer.status_code == 422 and "指向本机" in answer.content.decode()


def test_a_name_is_looked_up_once_and_that_number_is_used(
    cast: Cast, there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means a harmless machine when checked and the inner door when used."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host != "hooks.example":
            return real(host, port, *args, **more)
        asked.append(host)
        number = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    register(cast, f"http://hooks.example:{there.port}/in")
    say(cast, case())
    work()
    assert asked == ["hooks.example"]
    assert there.got[0].headers["host"] == f"hooks.example:{there.port}"
    say(cast, case(number=2))
    work()
    assert len(there.got) == 1
    assert "169.254.169.254" in sent()[1].reason


@pytest.mark.parametrize(
    ("number", "loopback", "wanted"),
    [
        ("10.0.0.1", False, False),
        ("192.168.3.4", False, False),
        ("fd12::1", False, False),
        ("203.0.113.9", False, False),
        ("127.0.0.1", False, True),
        ("127.8.9.1", True, False),
        ("::1", False, True),
        ("::1", True, False),
        ("169.254.169.254", True, True),
        ("fe80::1%eth0", True, True),
        ("::ffff:169.254.169.254", True, True),
        ("::ffff:127.0.0.1", False, True),
        ("64:ff9b::a9fe:a9fe", True, True),
        ("2002:a9fe:a9fe::", True, True),
        ("100.100.100.200", True, True),
        ("fd00:ec2::254", True, True),
        ("0.0.0.0", True, True),  # noqa: S104
        ("0.1.2.3", True, True),
        ("::", True, True),
        ("224.0.0.1", True, True),
        ("255.255.255.255", True, True),
    ],
)
def test_numbers_that_must_not_be_reached(number: str, loopback: bool, wanted: bool) -> None:
    assert addresses.forbidden(number, loopback=loopback) is wanted


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "example.org/x",
        "http://user:word@example.org/",
        "http://example.org/a b",
        "http://example.org/\r\nX: y",
        "http://例子.中国/",
        "http://example.org:99999/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
    ],
)
def test_an_address_that_cannot_be_used_is_refused(cast: Cast, address: str) -> None:
    answer = register(cast, address)
    assert answer.status_code == 422
    assert not Webhook.objects.for_system("test").exists()


def test_patterns_and_depth_decide_what_leaves(cast: Cast, there: Receiver) -> None:
    register(cast, there.address, patterns="*.overdue\nplan.*", sensitivity="inner")
    say(
        cast,
        case("matter.dispatched", number=1, sensitivity="inner"),
        case("matter.overdue", number=2, sensitivity="inner"),
        case("matter.overdue", number=3, sensitivity="personal"),
        case("plan.pressed", number=4, sensitivity="open"),
    )
    work()
    assert sorted(g.json["data"]["about"][-1] for g in there.got) == ["2", "4"]


def test_wecom_and_dingtalk_get_their_shapes(cast: Cast, there: Receiver) -> None:
    there.said = b'{"errcode": 0, "errmsg": "ok"}'
    register(cast, there.address, shape="wecom", title="值班群")
    register(cast, there.address, shape="dingtalk", title="钉钉群", secret="SEC123")
    say(cast, case(title="路灯*不亮*", text="在<松涛路>"))
    work()
    wecom, dingtalk = (g.json for g in there.got)
    words = wecom["markdown"]["content"]
    assert wecom["msgtype"] == dingtalk["msgtype"] == "markdown"
    assert words == (
        "**路灯＊不亮＊**\n\n在＜松涛路＞\n\n"
        "[打开](https://jiezhen.example/matters/HT-2023-000001)"
    )
    assert dingtalk["markdown"] == {"title": "路灯*不亮*", "text": words}
    assert there.got[0].path == "/hook?key=k1"
    stamp = str(int(AT.timestamp() * 1000))
    seal = hmac.new(b"SEC123", f"{stamp}\nSEC123".encode(), hashlib.sha256).digest()
    from urllib.parse import parse_qs, urlsplit

    asked = parse_qs(urlsplit(there.got[1].path).query)
    assert asked == {
        "key": ["k1"],
        "timestamp": [stamp],
        "sign": [base64.b64encode(seal).decode()],
    }


def test_a_robot_that_answers_200_and_refuses_has_not_taken_it(
    cast: Cast, there: Receiver
) -> None:
    there.said = b'{"errcode": 93000, "errmsg": "invalid webhook url"}'
    register(cast, there.address, shape="wecom")
    say(cast, case())
    work()
    assert sent()[0].reason == "机器人没有收下（errcode 93000）。"


def test_the_buttons_of_the_page(cast: Cast, there: Receiver) -> None:
    register(cast, there.address, shape="wecom")
    there.said = b'{"errcode": 0}'
    hook = Webhook.objects.for_system("test").get()
    assert "测试消息已排队" in press(cast, f"{hook.pk}/test")
    work(later(days=5000))
    assert "测试消息" in there.got[0].json["markdown"]["content"]
    page = cast.client("administrator").get("/admin/effects").content.decode()
    assert "送到了" in page and "排队0条" in page
    assert "已暂停" in press(cast, f"{hook.pk}/pause")
    say(cast, case(number=1))
    work()
    assert len(there.got) == 1
    press(cast, f"{hook.pk}/resume")
    say(cast, case(number=2))
    work()
    assert len(there.got) == 2
    there.answers = [500]
    say(cast, case(number=3))
    work()
    press(cast, f"{hook.pk}/pause")
    work(later(hours=1))
    assert len(there.got) == 3  # what is queued waits, too
    press(cast, f"{hook.pk}/resume")
    work(later(days=4000))
    assert len(there.got) == 4
    assert "请先暂停" in press(cast, f"{hook.pk}/remove")
    press(cast, f"{hook.pk}/pause")
    assert "还没有对外地址" in press(cast, f"{hook.pk}/remove")
    work(later(days=5000))
    assert (len(there.got), Delivery.objects.for_system("test").count()) == (4, 0)
    done = set(Entry.objects.values_list("action", flat=True))
    assert {
        f"effects.webhook.{d}" for d in ("added", "tested", "paused", "resumed", "removed")
    } <= (done)


def test_only_the_administrator_of_the_office_manages_webhooks(
    cast: Cast, there: Receiver
) -> None:
    for who in ("leader", "section", "auditor", "security", "grid"):
        assert register(cast, there.address, who).status_code == 403
        assert cast.client(who).get("/admin/effects").status_code == 403
    register(cast, there.address)
    from jiezhen.conftest import build_cast

    other = build_cast("beiyue")
    hook = Webhook.objects.for_system("test").get()
    assert queries.webhooks(other.viewers["administrator"]) == []
    page = press(other, f"{hook.pk}/remove")
    assert "没有这个消息出口" in page
    assert Webhook.objects.for_system("test").exists()
    say(other, case(unit_path="/beiyue/p1/c1/"))
    work()
    assert there.got == []
    assert Announcement.objects.for_system("test").get().state == "done"


def test_tls_is_checked_under_the_name_of_the_host(
    cast: Cast, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EFFECTS_LOOPBACK = True
    context = _certificate(tmp_path, "localhost")
    with receiver(lambda plain: context.wrap_socket(plain, server_side=True)) as there:
        register(cast, f"https://localhost:{there.port}/in")
        say(cast, case(number=1))
        work()
        assert sent()[0].reason == "对方的证书不对，连接没有建立。"
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        work(later(minutes=1))
        assert (len(there.got), sent()[0].state) == (1, "done")
        register(cast, f"https://127.0.0.1:{there.port}/in", title="别名")
        say(cast, case(number=2))
        work(later(minutes=2))
        assert "证书不对" in sent()[-1].reason


def _certificate(folder: Any, name: str) -> Any:
    import ssl
    from datetime import UTC, datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
