"""Strangers may post so often within an hour; who sits behind a proxy is still told apart."""

from datetime import timedelta

import pytest

from jiezhen.conftest import AT, Cast
from jiezhen.portal.models import Knock
from jiezhen.portal.operations.knocks import TooMany, forget, knock
from jiezhen.portal.rules import limits
from jiezhen.portal.rules.limits import LIMITS, client


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.9"),
        ("1.2.3.4", 0, "10.0.0.9"),
        ("1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4, 10.0.0.1", 2, "1.2.3.4"),
        ("1.2.3.4", 2, "10.0.0.9"),
    ],
)
def test_only_what_a_trusted_proxy_wrote_is_believed(forwarded, proxies, address) -> None:
    assert client("10.0.0.9", forwarded, proxies) == address


def test_one_address_is_stopped_while_others_go_on_and_the_next_hour_is_fresh(cast: Cast) -> None:
    office, most = cast.system.office_id, LIMITS["code"].address
    for _n in range(most):
        knock(office, "code", "1.2.3.4", AT)
    for _n in range(3):
        with pytest.raises(TooMany):
            knock(office, "code", "1.2.3.4", AT)
    knock(office, "code", "1.2.3.5", AT)
    knock(office, "report", "1.2.3.4", AT)
    knock(office, "code", "1.2.3.4", AT + timedelta(hours=1))


def test_one_office_is_protected_from_many_addresses(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "report", limits.Limit(5, 8))
    for n in range(8):
        knock(cast.system.office_id, "report", f"10.0.0.{n}", AT)
    with pytest.raises(TooMany):
        knock(cast.system.office_id, "report", "10.0.0.99", AT)


def test_no_address_is_kept_and_a_digest_serves_one_day(cast: Cast) -> None:
    knock(cast.system.office_id, "code", "203.0.113.77", AT)
    assert not [k for k in Knock.objects.all() if "203.0" in k.who]
    knock(cast.system.office_id, "code", "203.0.113.77", AT + timedelta(days=1))
    assert len(set(Knock.objects.exclude(who="").values_list("who", flat=True))) == 2


def test_counts_are_cleared_away_after_a_day(cast: Cast) -> None:
    knock(cast.system.office_id, "code", "203.0.113.77", AT)
    assert forget(AT + timedelta(days=1), 10) == 0
    assert forget(AT + timedelta(days=1, microseconds=1), 1) == 1
    assert forget(AT + timedelta(days=1, microseconds=1), 10) == 1
    assert not Knock.objects.exists()
