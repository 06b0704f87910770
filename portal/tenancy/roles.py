"""The three database roles, and the one door through which a command acts as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from portal.environment import BadEnvironment, database

OWNER = "plumbline_owner"
APPLICATION = "plumbline_app"
BACKUP = "plumbline_backup"


@contextmanager
def as_owner() -> Iterator[None]:
    """Run the enclosed statements as the owner of the tables (migrations, nothing else).

    Raises BadEnvironment when DATABASE_OWNER_URL is not set.
    """
    if not settings.DATABASE_OWNER_URL:
        raise BadEnvironment("Set DATABASE_OWNER_URL: only the owner may change the tables.")
    owner = database(settings.DATABASE_OWNER_URL)
    kept = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    connection.close()
    connection.settings_dict.update({key: owner[key] for key in kept})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
