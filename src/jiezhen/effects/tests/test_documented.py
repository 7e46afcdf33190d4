"""The worked example of docs/effects.md holds."""

import re
from datetime import UTC, datetime

from jiezhen.conf.testing import ROOT
from jiezhen.effects.rules import Event, messages


def test_the_worked_signature_is_the_one_that_is_sent() -> None:
    page = (ROOT / "docs" / "effects.md").read_text("utf-8")
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{8,}", page)
    head = dict(re.findall(r"^(webhook-\w+): (.+)$", page, re.MULTILINE))
    shown = re.search(r'^\{"id".*$', page, re.MULTILINE)
    assert secret and shown
    event = Event(
        name="matter.dispatched",
        about="hotline.case:HT-2023-000713",
        unit_path="/yunxiu/p1/c1/",
        kind="hotline.case",
        title="路灯不亮：派到松涛居民区",
        key="x",
    )
    at = datetime.fromtimestamp(int(head["webhook-timestamp"]), UTC)
    link = "https://jiezhen.example/matters/HT-2023-000713"
    body = messages.body("jiezhen", event, head["webhook-id"], at, link)
    assert body.decode() == shown[0]
    assert messages.headers(secret[0], head["webhook-id"], at, body) == head
    assert page.count(head["webhook-signature"]) == 2
