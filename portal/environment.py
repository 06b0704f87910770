"""Reading of environment variables, with a sentence when one cannot be understood."""

import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class BadEnvironment(RuntimeError):
    """An environment variable is missing or has a value that cannot be used."""


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; the default when the variable is not set."""
    raw = os.environ.get(name)
    return default if raw is None else raw.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """A whole number, not negative. Raises BadEnvironment for anything else."""
    raw = os.environ.get(name, "").strip()
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise BadEnvironment(f"{name} is {raw!r}; it must be a whole number such as {default}.")
    return int(raw) if raw else default


def choice(name: str, choices: Sequence[str]) -> str:
    """One of the words, the first when the variable is not set. Raises BadEnvironment."""
    raw = os.environ.get(name, "").strip().lower() or choices[0]
    if raw not in choices:
        raise BadEnvironment(f"{name} is {raw!r}; it must be one of {', '.join(choices)}.")
    return raw


def secret_key(*, local: bool) -> str:
    """The key of the variable; for local use a random one, otherwise empty when there is none.

    Django refuses to sign anything with an empty key; `faults` says so before the first request.
    """
    return os.environ.get("PLUMBLINE_SECRET_KEY", "") or (secrets.token_urlsafe(50) * local)


def refuse_if_misconfigured() -> None:
    """For processes that run without Django's system checks. Raises BadEnvironment."""
    if wrong := faults():
        raise BadEnvironment(" ".join(wrong))


def faults() -> list[str]:
    """What keeps web, worker and tick from starting, a sentence each."""
    wrong = []
    if not _has_key():
        wrong.append(
            "Set PLUMBLINE_SECRET_KEY to at least 50 random characters, the same for every process "
            "of this installation: without it sessions and links of one process are unknown to the "
            "others. `bin/setup` keeps one in .plumbline/secret-key."
        )
    public_address = settings.PUBLIC_ADDRESS
    if urlsplit(public_address).path:
        wrong.append(
            f"PLUMBLINE_URL is {public_address}, which has a path; Plumbline needs a host name of "
            "its own, such as https://plumbline.example.org."
        )
    if "PLUMBLINE_BEHIND_PROXY" in os.environ:
        wrong.append(
            "PLUMBLINE_BEHIND_PROXY is no longer read: set PLUMBLINE_TRUSTED_PROXIES to the number "
            "of your proxies in front of the portal, for instance 1."
        )
    return wrong


def _has_key() -> bool:
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated, stripped, non-empty parts of a variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def session_options(limits: Mapping[str, str]) -> str:
    """Settings of a database session as an option of the connection."""
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def database(url: str, limits: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Django's settings of one PostgreSQL connection from a `postgresql://` address.

    A socket folder may be given as `?host=/folder`. `limits` are settings of the session, such as
    `statement_timeout`. Raises BadEnvironment for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadEnvironment("DATABASE_URL must start with postgresql://; no other database fits.")
    query: Mapping[str, list[str]] = parse_qs(parts.query)
    options = {key: values[0] for key, values in query.items() if key not in {"host", "port"}}
    if limits:
        options["options"] = f"{session_options(limits)} {options.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "plumbline",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": query.get("port", [str(parts.port or "")])[0],
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": None},
    }
