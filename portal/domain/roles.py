"""Who may do what: one table, with a sentence per role."""

from enum import StrEnum


class Role(StrEnum):
    STAFF = "staff"
    MANAGER = "manager"
    EXECUTIVE = "executive"
    STEWARD = "steward"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """One thing a person may be allowed to do inside an organization."""

    SEE_DEPLOYMENTS = "see_deployments"
    CHANGE_DEPLOYMENTS = "change_deployments"
    SEE_KPIS = "see_kpis"
    CHANGE_KPIS = "change_kpis"
    ENTER_FIGURES = "enter_figures"
    SEE_CATALOGUE = "see_catalogue"
    SEE_REVIEWS = "see_reviews"
    OPEN_REVIEWS = "open_reviews"
    SEE_AUDIT = "see_audit"
    SEE_MEMBERS = "see_members"
    CHANGE_MEMBERS = "change_members"
    CHANGE_ORGANIZATION = "change_organization"
    CHANGE_TOKENS = "change_tokens"


_SEE_WORK = frozenset(
    {
        Permission.SEE_DEPLOYMENTS,
        Permission.SEE_KPIS,
        Permission.SEE_CATALOGUE,
        Permission.SEE_REVIEWS,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: frozenset({Permission.SEE_DEPLOYMENTS}),
    Role.MANAGER: _SEE_WORK
    | {
        Permission.CHANGE_DEPLOYMENTS,
        Permission.CHANGE_KPIS,
        Permission.ENTER_FIGURES,
        Permission.OPEN_REVIEWS,
        Permission.CHANGE_TOKENS,
    },
    Role.EXECUTIVE: _SEE_WORK | {Permission.OPEN_REVIEWS},
    Role.STEWARD: _SEE_WORK | {Permission.CHANGE_DEPLOYMENTS, Permission.CHANGE_KPIS},
    Role.AUDITOR: _SEE_WORK | {Permission.SEE_AUDIT, Permission.SEE_MEMBERS},
    Role.ADMINISTRATOR: _SEE_WORK
    | {
        Permission.SEE_AUDIT,
        Permission.SEE_MEMBERS,
        Permission.CHANGE_MEMBERS,
        Permission.CHANGE_ORGANIZATION,
        Permission.CHANGE_TOKENS,
    },
}

ROLE_SENTENCES: dict[Role, str] = {
    Role.STAFF: "Works with AI and sees which deployments exist and what they are approved for.",
    Role.MANAGER: "Registers deployments, chooses KPIs, enters figures and opens reviews.",
    Role.EXECUTIVE: "Reads every deployment and review, opens reviews and downloads the PDF.",
    Role.STEWARD: "Handles incidents and looks after the KPI catalogue and the KPI sets.",
    Role.AUDITOR: "Reads everything, the audit trail included, and changes nothing.",
    Role.ADMINISTRATOR: "Manages people and the organization's settings, and reads all work.",
}


def may(role: Role | str, permission: Permission) -> bool:
    """Whether the role holds the permission. Raises ValueError for an unknown role."""
    return permission in ROLE_PERMISSIONS[Role(role)]
