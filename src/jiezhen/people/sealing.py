"""Seal id numbers: AES-256-GCM for the value, a keyed hash for finding equal ones.

A plain hash of an id number can be tried through in minutes, so the hash is keyed and
the key stays outside the database. The algorithm's name stands before each sealed text.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_MARK = "gcm1:"


class Unopenable(Exception):
    """A sealed value does not open with the key at hand: wrong key or damaged data."""


def seal(text: str, about: str) -> str:
    """Return the sealed form of a text; `about` (the kind and field) is bound to it."""
    nonce = os.urandom(12)
    body = AESGCM(settings.FIELD_KEY).encrypt(nonce, text.encode(), about.encode())
    return _MARK + base64.urlsafe_b64encode(nonce + body).decode()


def unseal(sealed: str, about: str) -> str:
    """Return the text of a sealed form.

    Raises:
        Unopenable: The key is another one, or the value was damaged or moved.
    """
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_MARK))
        return AESGCM(settings.FIELD_KEY).decrypt(raw[:12], raw[12:], about.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise Unopenable("加密内容打不开：密钥不对或数据损坏。") from problem


def finger(text: str) -> str:
    """Return the keyed hash of a text, equal for equal texts: 64 hexadecimal digits."""
    return hmac.new(settings.FIELD_KEY, text.strip().upper().encode(), hashlib.sha256).hexdigest()
