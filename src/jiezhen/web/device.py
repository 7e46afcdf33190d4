"""What a browser may know of the account that uses it: a key that names nobody.

Drafts on a phone belong to an account. The key tells two accounts apart on one phone and
means nothing elsewhere; it stays the same from one sign-in to the next.
"""

from django.utils.crypto import salted_hmac

#: The form field in which a draft says whose it is.
FIELD = "_as"
_SALT = "jiezhen.web.device"


def key_of(account_id: int) -> str:
    """Return the key of an account: 24 hexadecimal digits."""
    return salted_hmac(_SALT, str(account_id), algorithm="sha256").hexdigest()[:24]
