"""Every setting, from the environment. A value that makes no sense stops the start.

The table in README.md names and explains each variable.
"""

import json
import os
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from warnings import catch_warnings

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from regulars.ops import embedded, keys, logs, places

PACKAGE = Path(__file__).resolve().parent


def _whole(name: str, *, default: int, least: int, most: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        msg = f"{name} is {text!r}; it must be a whole number from {least} to {most}."
        raise ImproperlyConfigured(msg)
    return int(text)


def _is_json(text: str) -> bool:
    with suppress(ValueError):
        json.loads(text)
        return True
    return False


def _one_of(name: str, *choices: str) -> str:
    """The first choice is the default."""
    text = os.environ.get(name) or choices[0]
    if text not in choices:
        msg = f"{name} is {text!r}; it must be one of {', '.join(filter(None, choices))}."
        raise ImproperlyConfigured(msg)
    return text


# Files and keys

DATA_DIRECTORY = places.data_directory(os.environ)

try:
    _keys = keys.read(DATA_DIRECTORY, os.environ)
    keys.check(_keys)
except keys.BadKeyError as problem:
    raise ImproperlyConfigured(str(problem)) from problem

# A key may be missing for commands that need none; whatever serves or writes asks for all first.
SECRET_KEY = _keys.get(keys.SECRET_KEY, "")
LOOKUP_KEY = bytes.fromhex(_keys.get(keys.LOOKUP_KEY, ""))
"""Keys the HMACs by which secret codes are looked up; 32 bytes."""
ENCRYPTION_KEY = _keys.get(keys.ENCRYPTION_KEY, "")
"""A Fernet key, for what must be readable again: gift card codes, code words."""

# Where people reach us

DEBUG = _one_of("REGULARS_DEBUG", "no", "yes") == "yes"
DEMO = _one_of("REGULARS_DEMO", "no", "yes") == "yes"
"""Whether everybody may come in as any of the made-up people: set by ``regulars demo``."""

_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
_DEFAULT_ORIGIN = "http://127.0.0.1:8000"

ORIGIN = (os.environ.get("REGULARS_ORIGIN") or _DEFAULT_ORIGIN).rstrip("/")
"""The address people type, without a path: ``https://points.example.org``."""

_origin = urlsplit(ORIGIN)
_host = f"[{_origin.hostname}]" if ":" in (_origin.hostname or "") else (_origin.hostname or "")
if _origin.scheme not in {"http", "https"} or not _host or _origin.path or _origin.query:
    msg = f"REGULARS_ORIGIN is {ORIGIN!r}; it must look like https://points.example.org."
    raise ImproperlyConfigured(msg)
if _origin.scheme == "http" and _host not in _LOOPBACK:
    msg = f"REGULARS_ORIGIN is {ORIGIN!r}; away from this machine it must begin with https://."
    raise ImproperlyConfigured(msg)

ENCRYPTED = _origin.scheme == "https"
ALLOWED_HOSTS = _LOOPBACK if _host in _LOOPBACK else [_host]
CSRF_TRUSTED_ORIGINS = [ORIGIN]

# Database

THREADS = _whole("REGULARS_THREADS", default=4, least=1, most=64)
"""Requests answered at once by one process; each may hold one connection."""


def _database(url: str) -> dict[str, object]:
    database: dict[str, object] = {}
    with suppress(ValueError), catch_warnings(action="ignore"):  # Said below, in our words.
        database |= environ.Env.db_url_config(url)
    if database.get("ENGINE") != "django.db.backends.postgresql" or not database.get("NAME"):
        msg = "DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name."
        raise ImproperlyConfigured(msg)
    in_address = database.pop("OPTIONS", {})
    options = dict(in_address) if isinstance(in_address, dict) else {}
    if "host" in options:  # A socket's directory does not fit where a host stands.
        database["HOST"] = options.pop("host")
    options |= {
        "pool": {"min_size": 1, "max_size": THREADS + 1, "timeout": 10},
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
    return {**database, "ENGINE": "regulars.ops.postgresql", "OPTIONS": options}


DATABASES = {
    "default": _database(
        os.environ.get("DATABASE_URL") or embedded.database_url(DATA_DIRECTORY),
    ),
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "regulars_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
"""What all processes must count together, such as tries to sign in; a migration makes the table."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What Django is made of here

AUTH_USER_MODEL = "business.User"
ROOT_URLCONF = "regulars.urls"
WSGI_APPLICATION = "regulars.wsgi.application"

INSTALLED_APPS = [
    "regulars.business",
    "regulars.ledger",
    "regulars.catalogue",
    "regulars.programmes",
    "regulars.members",
    "regulars.giftcards",
    "regulars.bookings",
    "regulars.sales",
    "regulars.notices",
    "regulars.api",
    "regulars.site",
    "regulars.till",
    "regulars.office",
    "regulars.ops",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_scopes",
    "csp",
    "lucide",
    "ninja",
]
MIDDLEWARE = [
    "regulars.ops.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "OPTIONS": {
            "loaders": (
                _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)]
            ),
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Language and time: instants are UTC everywhere; a business has its own zone.

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_AGE = 16 * 60 * 60
"""In seconds: a long shift, from when somebody signs in."""
TILL_LOCKS_AFTER = timedelta(minutes=15)
"""A till that nobody has touched for so long asks for a PIN."""
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENCRYPTED
CSRF_COOKIE_SECURE = ENCRYPTED
CSRF_COOKIE_HTTPONLY = True
if ENCRYPTED:  # Then something in front of us takes the encryption off and says so.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# How staff sign in: e-mail and password, never a sign-up

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "till:sign_in"
LOGIN_REDIRECT_URL = "till:choose"
ACCOUNT_ADAPTER = "regulars.till.signing_in.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
"""All tries of an address; and the failed ones, of it and of one e-mail address."""

# Messages to customers

_PRINTED = "console:"
_BY_DEFAULT = "" if ENCRYPTED else _PRINTED
"""Where real customers come, nobody's messages are printed unless somebody asks for it."""

_MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def _email_server(url: str) -> SplitResult:
    with suppress(ValueError):  # Of a port that is none.
        server = urlsplit(url)
        if server.scheme in _MAIL_SCHEMES and server.hostname and server.port != 0:
            return server
    msg = "REGULARS_EMAIL_URL must be console: or like smtp+tls://user:password@host:587."
    raise ImproperlyConfigured(msg)


_email_url = os.environ.get("REGULARS_EMAIL_URL") or _BY_DEFAULT
DEFAULT_FROM_EMAIL = os.environ.get("REGULARS_EMAIL_FROM") or ""
EMAIL_TIMEOUT = 10
if _email_url not in {"", _PRINTED}:
    _server = _email_server(_email_url)
    EMAIL_HOST = _server.hostname
    EMAIL_PORT = _server.port or _MAIL_SCHEMES[_server.scheme]
    EMAIL_HOST_USER = unquote(_server.username or "")
    EMAIL_HOST_PASSWORD = unquote(_server.password or "")
    EMAIL_USE_TLS = _server.scheme == "smtp+tls"
    EMAIL_USE_SSL = _server.scheme == "smtps"
    if not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", DEFAULT_FROM_EMAIL):
        msg = "REGULARS_EMAIL_FROM must be the address that e-mail comes from: hello@example.org."
        raise ImproperlyConfigured(msg)

SMS_URL = os.environ.get("REGULARS_SMS_URL") or _BY_DEFAULT
"""Of a gateway, with ``{to}`` and ``{text}`` in it or in the body."""
SMS_BODY = os.environ.get("REGULARS_SMS_BODY") or ""
SMS_AUTHORIZATION = os.environ.get("REGULARS_SMS_AUTHORIZATION") or ""
if SMS_URL not in {"", _PRINTED} and not re.match(r"https?://[^/{}\s]+(/|$)", SMS_URL):
    msg = "REGULARS_SMS_URL must be console: or the address of a gateway, with https://."
    raise ImproperlyConfigured(msg)
if SMS_BODY and not _is_json(SMS_BODY):
    msg = 'REGULARS_SMS_BODY must be JSON, such as {"to": "{to}", "text": "{text}"}.'
    raise ImproperlyConfigured(msg)

SENDERS = {
    "email": {"": "", _PRINTED: "console"}.get(_email_url, "smtp"),
    "sms": {"": "", _PRINTED: "console"}.get(SMS_URL, "gateway"),
}
"""The module of ``regulars.notices.senders`` by which each channel's messages leave."""

# Payments online

PAYMENTS = {"": "", "test:": "test"}[_one_of("REGULARS_PAYMENTS", "", "test:")]
"""The module of ``regulars.sales.providers`` that takes payments online; "" = none does."""

# Logs

LOGGING = logs.configuration(
    _one_of("REGULARS_LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
)
