"""The Content-Security-Policy of every page, for `conf.settings` (django-csp's form).

No inline script, no inline style, nothing from another origin; a test renders every component and
fails when one needs more than this.
"""

SELF = "'self'"
NONE = "'none'"

DIRECTIVES: dict[str, list[str]] = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "form-action": [SELF],
}
CONTENT_SECURITY_POLICY: dict[str, dict[str, list[str]]] = {"DIRECTIVES": DIRECTIVES}


def header() -> str:
    """Return the policy as the value of its header."""
    return "; ".join(f"{name} {' '.join(values)}" for name, values in DIRECTIVES.items())
