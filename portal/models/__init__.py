from portal.models.audit import AuditEvent
from portal.models.idempotency import KeptAnswer
from portal.models.invitation import Invitation
from portal.models.job import Job
from portal.models.membership import Membership
from portal.models.organization import Organization
from portal.models.owned import OrganizationOwned, OwnedKey, OwnedManager, SameOrganization
from portal.models.password_request import PasswordRequest
from portal.models.schedule import ScheduledRun
from portal.models.token import ApiToken
from portal.models.unit import Unit, UnitPlacement
from portal.models.user import User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Invitation",
    "Job",
    "KeptAnswer",
    "Membership",
    "Organization",
    "OrganizationOwned",
    "OwnedKey",
    "OwnedManager",
    "PasswordRequest",
    "SameOrganization",
    "ScheduledRun",
    "Unit",
    "UnitPlacement",
    "User",
]
