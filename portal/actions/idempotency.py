"""Answers kept under a key: claimed before the work, filled in after it, forgotten after a day."""

import datetime as dt
from typing import Any

from django.db import connection

from portal.models import KeptAnswer, Organization
from portal.tenancy.scope import acting_in, current_organization_id

KEEP = dt.timedelta(hours=24)
_CLAIM = """
INSERT INTO portal_keptanswer
    (organization_id, caller, key, request_digest, status, content, kept_at)
VALUES (%s, %s, %s, %s, 0, '', %s)
ON CONFLICT (organization_id, caller, key) DO UPDATE
SET request_digest = EXCLUDED.request_digest, status = 0, content = '', kept_at = EXCLUDED.kept_at
WHERE portal_keptanswer.kept_at <= %s
"""


def claim(*, caller: str, key: str, digest: str, at: dt.datetime) -> KeptAnswer | None:
    """Take the key in the caller's transaction; the kept answer where it is taken already.

    Waits for another transaction that holds the key: when it has written there is an answer, when
    it has failed the key is free. An answer older than a day is as good as none.
    """
    values: list[Any] = [current_organization_id(), caller, key, digest, at, at - KEEP]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        if cursor.rowcount:
            return None
    kept: KeptAnswer = KeptAnswer.objects.get(caller=caller, key=key)
    return kept


def keep(*, caller: str, key: str, status: int, content: bytes) -> None:
    """Keep the answer under a key that was claimed."""
    KeptAnswer.objects.filter(caller=caller, key=key).update(status=status, content=content)


def forget(*, at: dt.datetime) -> None:
    """Remove answers of more than a day ago, organization by organization."""
    for organization in Organization.objects.order_by("pk"):
        with acting_in(organization):
            KeptAnswer.objects.filter(kept_at__lte=at - KEEP).delete()
