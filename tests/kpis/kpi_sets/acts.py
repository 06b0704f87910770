"""What the tests of the actions share: a target, the newest event of the audit trail."""

import datetime as dt

from kpis.actions import kpi_sets
from portal.models import AuditEvent
from tests.factories.people import MARA

DAY = dt.date(2026, 11, 24)


def newest_event():
    """Verb, subject, words before and after, reason."""
    event = AuditEvent.objects.order_by("-id").first()
    return event.verb, event.subject, event.before, event.after, event.reason


def target(kpi, now, on=DAY, **numbers):
    return kpi_sets.set_target(kpi=kpi, valid_from=on, by=MARA, at=now, **numbers)
