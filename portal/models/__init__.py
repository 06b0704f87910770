from portal.models.audit import AuditEvent
from portal.models.idempotency import KeptAnswer
from portal.models.job import Job
from portal.models.membership import Membership
from portal.models.organization import Organization
from portal.models.owned import OrganizationOwned, OwnedKey, OwnedManager, SameOrganization
from portal.models.schedule import ScheduledRun
from portal.models.token import ApiToken
from portal.models.unit import Unit, UnitPlacement
from portal.models.user import User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Job",
    "KeptAnswer",
    "Membership",
    "Organization",
    "OrganizationOwned",
    "OwnedKey",
    "OwnedManager",
    "SameOrganization",
    "ScheduledRun",
    "Unit",
    "UnitPlacement",
    "User",
]
