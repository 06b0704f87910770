"""Reading of environment variables, with a sentence when one cannot be understood."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class BadEnvironment(RuntimeError):
    """An environment variable is missing or has a value that cannot be used."""


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; the default when the variable is not set."""
    raw = os.environ.get(name)
    return default if raw is None else raw.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated, stripped, non-empty parts of a variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's settings of one PostgreSQL connection from a `postgresql://` address.

    A socket folder may be given as `?host=/folder`. Raises BadEnvironment for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadEnvironment("DATABASE_URL must start with postgresql://; no other database fits.")
    query: Mapping[str, list[str]] = parse_qs(parts.query)
    options = {key: values[0] for key, values in query.items() if key not in {"host", "port"}}
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
