"""The three database roles, and the one door through which a command acts as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from portal.environment import BadEnvironment, database

OWNER = "plumbline_owner"
APPLICATION = "plumbline_app"
BACKUP = "plumbline_backup"


GRANTS = Path(__file__).with_name("database.sql")


@contextmanager
def as_owner() -> Iterator[None]:
    """Run the enclosed statements as the owner of the tables (migrations, nothing else).

    Raises BadEnvironment when DATABASE_OWNER_URL is not set.
    """
    if not settings.DATABASE_OWNER_URL:
        raise BadEnvironment("Set DATABASE_OWNER_URL: only the owner may change the tables.")
    with connected_as(settings.DATABASE_OWNER_URL):
        yield


@contextmanager
def connected_as(url: str) -> Iterator[None]:
    """Run the enclosed statements as the role of an address, in the same database."""
    role = database(url)
    kept = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict.update({key: role[key] for key in kept})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def give_grants() -> None:
    """Give the roles their rights in the connected database, as its owner."""
    with connection.cursor() as cursor:
        cursor.execute(GRANTS.read_text(encoding="utf-8"))
