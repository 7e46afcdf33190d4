"""Django settings, derived from `conf.options`."""

import base64
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from jiezhen.conf import driver, options

SQLITE_VERSION = driver.use_safe_sqlite()

HOME = Path(options.value("JIEZHEN_HOME")).expanduser().resolve()
HOME.mkdir(parents=True, exist_ok=True)


def _kept_secret(name: str, file: str, make: Any) -> str:
    """Return a secret from its option, or from a file made once with mode 600."""
    given = options.value(name)
    if given:
        return given
    path = HOME / file
    if not path.exists():
        fresh = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fresh, "w") as out:
            out.write(make())
    return path.read_text("utf-8").strip()


SECRET_KEY = _kept_secret("JIEZHEN_SECRET_KEY", "secret.key", lambda: secrets.token_urlsafe(48))
FIELD_KEY = base64.urlsafe_b64decode(
    _kept_secret(
        "JIEZHEN_FIELD_KEY",
        "field.key",
        lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    )
)
DEBUG = options.yes("JIEZHEN_DEBUG")
DEMO = options.yes("JIEZHEN_DEMO")
HTTPS = options.yes("JIEZHEN_HTTPS")
ALLOWED_HOSTS = [h for h in options.value("JIEZHEN_HOSTS").split(",") if h]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "jiezhen.people",
    "jiezhen.trail",
    "jiezhen.web",
    "jiezhen.packs",
    "jiezhen.units",
    "jiezhen.effects",
    "jiezhen.records",
    "jiezhen.registers",
    "jiezhen.matters",
    "jiezhen.activities",
    "jiezhen.sensing",
    "jiezhen.indicators",
    "jiezhen.plans",
    "jiezhen.reports",
    "jiezhen.api",
    "jiezhen.desk",
    "jiezhen.portal",
    "jiezhen.conf",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "jiezhen.web.characters.CharactersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "jiezhen.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jiezhen.web.methods.MethodsMiddleware",
    "jiezhen.units.middleware.ViewerMiddleware",
    "jiezhen.trail.middleware.OnceMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "jiezhen.conf.urls"
WSGI_APPLICATION = "jiezhen.conf.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiezhen.web.context.page",
                "jiezhen.trail.context.nonce",
            ],
        },
    },
]


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "jiezhen.conf.sqlite",
            "NAME": HOME / "jiezhen.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-65536",
            },
            # Opening, telling the pragmas and closing cost more than a short request.
            "CONN_MAX_AGE": 600,
        }
    at = urlsplit(url)
    if at.scheme not in {"postgres", "postgresql"}:
        raise options.BadOption("JIEZHEN_DATABASE must begin with postgres://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": at.path.lstrip("/"),
        "USER": unquote(at.username or ""),
        "PASSWORD": unquote(at.password or ""),
        "HOST": at.hostname or "",
        "PORT": str(at.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(options.value("JIEZHEN_DATABASE"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_IPWARE_PROXY_COUNT = options.whole("JIEZHEN_PROXIES")
AXES_LOCKOUT_TEMPLATE = "web/locked.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jiezhen.web.finders.Vendored",
]
# Files are served from the packages themselves; nothing has to be collected.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILES = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# Over plain HTTP browsers ignore this header and complain on the console.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if options.whole("JIEZHEN_PROXIES") else None
)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

ADDRESS = options.value("JIEZHEN_ADDRESS").strip().rstrip("/")
EFFECTS_LOOPBACK = options.yes("JIEZHEN_EFFECTS_LOOPBACK")
DIGEST_HOUR = options.whole("JIEZHEN_DIGEST_HOUR")
if DIGEST_HOUR > 23:
    raise options.BadOption("JIEZHEN_DIGEST_HOUR must be an hour from 0 to 23")


def _mail(url: str) -> dict[str, Any]:
    """Return Django's settings of the mail server; without one nothing is sent."""
    if not url:
        return {}
    at = urlsplit(url)
    if at.scheme not in {"smtp", "smtps", "smtp+tls"} or not at.hostname:
        raise options.BadOption("JIEZHEN_SMTP must be smtp://, smtps:// or smtp+tls://host:port")
    return {
        "EMAIL_HOST": at.hostname,
        "EMAIL_PORT": at.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[at.scheme],
        "EMAIL_HOST_USER": unquote(at.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(at.password or ""),
        "EMAIL_USE_SSL": at.scheme == "smtps",
        "EMAIL_USE_TLS": at.scheme == "smtp+tls",
    }


MAIL = bool(options.value("JIEZHEN_SMTP"))
globals().update(_mail(options.value("JIEZHEN_SMTP")))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = options.value("JIEZHEN_MAIL_FROM") or "jiezhen@localhost"

WITNESS = Path(options.value("JIEZHEN_WITNESS") or HOME / "witness")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"private": {"()": "jiezhen.people.masking.LogFilter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["private"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
}
