"""What leaves: the bodies of the three shapes of webhook, and their signatures."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from jiezhen.effects.rules.events import Event
from jiezhen.kernel import clock

#: Shapes of webhook: our own JSON, and the robots of WeCom and DingTalk.
SHAPES = ("jiezhen", "wecom", "dingtalk")
PREFIX = "whsec_"
#: WeCom takes 4096 bytes of markdown: so many characters of text leave room for the rest.
_MOST = 1000


def body(shape: str, event: Event, uid: str, at: datetime, link: str) -> bytes:
    """Return the body of a webhook; the same for every try, so that it can be compared."""
    if shape == "jiezhen":
        return _json(
            {
                "id": uid,
                "type": event.name,
                "timestamp": at.astimezone(clock.ZONE).isoformat(timespec="seconds"),
                "data": {
                    "about": event.about,
                    "kind": event.kind,
                    "unit": event.unit_path,
                    "title": event.title,
                    "text": event.text,
                    "href": link,
                    **({"values": dict(event.data)} if event.data else {}),
                },
            }
        )
    words = _markdown(event, link)
    if shape == "wecom":
        return _json({"msgtype": "markdown", "markdown": {"content": words}})
    said = {"title": event.title, "text": words}
    return _json({"msgtype": "markdown", "markdown": said})


def _json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _markdown(event: Event, link: str) -> str:
    lines = [f"**{_plain(event.title)}**"]
    if event.text:
        lines.append(_plain(event.text[:_MOST]))
    if link.startswith("http"):
        lines.append(f"[打开]({link})")
    return "\n\n".join(lines)


def _plain(text: str) -> str:
    """Return text whose signs mean nothing to markdown."""
    for sign in "\\*_`[]<>#":
        text = text.replace(sign, chr(ord(sign) + 0xFEE0))
    return text


def headers(secret: str, uid: str, at: datetime, content: bytes) -> dict[str, str]:
    """Return the signed headers of the shape `jiezhen` (as Standard Webhooks has them)."""
    stamp = str(int(at.timestamp()))
    return {
        "webhook-id": uid,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature(secret, uid, stamp, content)}",
    }


def signature(secret: str, uid: str, stamp: str, content: bytes) -> str:
    """Return base64 of HMAC-SHA256 over `id.timestamp.body`; the secret is `whsec_` + base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((uid.encode(), stamp.encode(), content))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def signed_path(path: str, secret: str, at: datetime) -> str:
    """Return a DingTalk robot's path with its timestamp and signature (加签), if it has a secret."""
    if not secret:
        return path
    stamp = str(int(at.timestamp() * 1000))
    seal = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
    asked = urlencode({"timestamp": stamp, "sign": base64.b64encode(seal).decode()})
    return f"{path}{'&' if '?' in path else '?'}{asked}"


def trouble(shape: str, status: int, answer: bytes) -> str:
    """Return what is wrong with an answer in words, or nothing when the message arrived.

    Robots of WeCom and DingTalk answer 200 and say in `errcode` that they refused.
    """
    if 300 <= status < 400:
        return f"对方要转到别处（{status}）。转向不跟，请登记最终的地址。"
    if not 200 <= status < 300:
        return f"对方答{status}。"
    if shape == "jiezhen":
        return ""
    code = _errcode(answer)
    return "" if code == 0 else f"机器人没有收下（errcode {str(code)[:20]}）。"


def _errcode(answer: bytes) -> object:
    try:
        said = json.loads(answer)
    except ValueError:
        return "?"
    return said.get("errcode", "?") if isinstance(said, Mapping) else "?"
