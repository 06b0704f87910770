"""The words in which a deployment is described; codes are those of the verdict's evidence."""

from enum import StrEnum


class Phase(StrEnum):
    PRE_LAUNCH = "pre_launch"
    BETA = "beta"
    GENERAL_AVAILABILITY = "general_availability"
    SCALE = "scale"


class Status(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    RESTRICTED = "restricted"
    PAUSED = "paused"
    STOPPED = "stopped"


class RiskClass(StrEnum):
    LOW = "low"
    LIMITED = "limited"
    HIGH = "high"
    REGULATED = "regulated"


class EffectReach(StrEnum):
    INTERNAL_DRAFT = "internal_draft"
    PROFESSIONAL_USER = "professional_user"
    CUSTOMER_DIRECT = "customer_direct"
    DECISION_ON_PERSON = "decision_on_person"


class HumanReview(StrEnum):
    EFFECTIVE = "effective"
    UNVERIFIED = "unverified"
    SYMBOLIC = "symbolic"
    ABSENT = "absent"
    NOT_REQUIRED = "not_required"


LABELS: dict[StrEnum, str] = {
    Phase.PRE_LAUNCH: "Pre-launch",
    Phase.BETA: "Beta",
    Phase.GENERAL_AVAILABILITY: "General availability",
    Phase.SCALE: "Scale",
    Status.PROPOSED: "Proposed",
    Status.ACTIVE: "In use",
    Status.RESTRICTED: "Restricted",
    Status.PAUSED: "Paused",
    Status.STOPPED: "Stopped",
    RiskClass.LOW: "Low",
    RiskClass.LIMITED: "Limited",
    RiskClass.HIGH: "High",
    RiskClass.REGULATED: "Regulated",
    EffectReach.INTERNAL_DRAFT: "Stays inside as a draft",
    EffectReach.PROFESSIONAL_USER: "Read by a professional who answers for it",
    EffectReach.CUSTOMER_DIRECT: "Reaches customers or service users directly",
    EffectReach.DECISION_ON_PERSON: "Bears on a decision about a person",
    HumanReview.EFFECTIVE: "Effective: checked and shown to catch errors",
    HumanReview.UNVERIFIED: "Planned, but nobody has verified that it works",
    HumanReview.SYMBOLIC: "Symbolic: approved without real checking",
    HumanReview.ABSENT: "None",
    HumanReview.NOT_REQUIRED: "Not required for an internal draft",
}

REGULATED_DOMAINS: dict[str, str] = {
    "": "None",
    "legal": "Legal",
    "medical": "Medical",
    "financial": "Financial",
    "other": "Another regulated field",
}


def choices(vocabulary: type[StrEnum]) -> list[tuple[str, str]]:
    """(code, label) pairs of a vocabulary in its order."""
    return [(member.value, LABELS[member]) for member in vocabulary]
