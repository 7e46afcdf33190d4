"""What is sent to an address to see who may."""

from typing import Any

from .office import nonce


def form_for(path: str, method: str) -> dict[str, Any]:
    """Return what a form or a machine would send: something, with its nonce or key."""
    if method == "GET":
        return {}
    if path.startswith("/api/"):
        return {
            "data": '{"why": "x", "values": {}, "version": 1}',
            "content_type": "application/json",
            "headers": {"Idempotency-Key": nonce()},
        }
    return {"data": {"_nonce": nonce(), "why": "试", "note": "试", "text": "试", "selected": "1"}}
