"""What the demonstration tells: two organizations, their people, their deployments, their KPIs.

Each story shows one way in which a deployment can fool its owners, or hold what it promises.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class KpiStory:
    """A KPI of the set; `weekly` makes a year of figures: (before, after, drift) per kind."""

    key: str
    name: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    target: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] | None = None
    weekly: tuple[float, float, int] | None = None
    grade: str = "measured"


@dataclass(frozen=True)
class Story:
    """A deployment with its use case and KPI set; `file` is imported instead of made up."""

    name: str
    work: str
    pain: str
    unit: str
    owner: str
    system: str
    vendor: str
    model_version: str
    weeks_live: int
    facts: dict[str, Any]
    tasks: list[str]
    kpis: list[KpiStory]
    data: list[str] = field(default_factory=lambda: ["Documents of the case"])
    file: str = ""
    changed_weeks_ago: int | None = None
    gates: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    costs: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    basis: dict[str, Any] = field(default_factory=dict)


def own(name: str, kind: str, unit: str, role: str, direction: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "unit": unit, "role": role, "direction": direction} | more


# Cost parts that do not apply: no money, no hours, a reason.
NOT = ("", "", "nothing of the kind is bought")
IN_TASK = ("", "", "counted in the minutes per task")

CONTRACTS = Story(
    name="Contract clause summaries",
    work="Lawyers read long contracts and need the clauses that matter on one page.",
    pain="A first reading takes most of an hour, and deadlines slip at quarter end.",
    unit="Legal",
    owner="Mara Okafor",
    system="Clausal",
    vendor="Clausal Inc.",
    model_version="clausal-2.3",
    weeks_live=8,
    facts={
        "phase": "general_availability", "status": "active", "risk_class": "regulated",
        "effect_reach": "professional_user", "human_review": "unverified",
        "regulated_domain": "legal",
    },
    tasks=["Summaries of supplier contracts", "Summaries of lease contracts"],
    answers={
        "tied_to_use_case": "yes", "has_baseline": "yes", "benefits_and_side_effects": "not_sure",
        "review_measured": "no", "risk_controls_measured": "no", "triggers_action": "yes",
        "kept_current": "yes",
    },
    costs={"licences": ("3600", "", "measured"), "usage": ("96", "", "measured"),
           "setup": ("1500", "", "estimated")},
    file="legal_start_up.csv",
    kpis=[
        KpiStory(
            "contract-review-minutes",
            fields=own("Time to finished review", "duration", "minutes", "outcome", "down",
                       is_primary=True, pair_with=["regeneration_rate"],
                       definition_text="Minutes from opening a contract to the signed-off summary"),
            target={"mwb": "0.10"},
        ),
        KpiStory("ai_feature_adoption_rate", target={"expected_min": "0.30"}),
        KpiStory("engagement_depth"),
        KpiStory("regeneration_rate", fields={"is_guardrail": True, "is_critical_measure": True},
                 target={"target": "0.10", "warning": "0.15"}),
        KpiStory("hallucination_rate",
                 fields={"is_guardrail": True, "is_critical_measure": True},
                 target={"target": "0.005", "warning": "0.01", "critical": "0.03"}),
        KpiStory("thumbs_down_rate"),
        KpiStory("human_handoff_rate"),
        KpiStory("latency_p50", fields={"unit": "seconds"}, target={"warning": "2"}),
        KpiStory("latency_p95", fields={"unit": "seconds"}, target={"warning": "5"}),
        KpiStory("cost_per_query"),
    ],
)  # fmt: skip

EMERGENCY = Story(
    name="Emergency flow forecast",
    work="Charge nurses decide each shift how many cubicles to keep free for the next hours.",
    pain="People wait longer than four hours although staff were sent home the day before.",
    unit="Health operations",
    owner="Stella Quist",
    system="Flowcast",
    vendor="Tidewater Analytics",
    model_version="flowcast-1.8",
    weeks_live=20,
    facts={
        "phase": "beta", "status": "active", "risk_class": "high",
        "effect_reach": "professional_user", "human_review": "effective",
        "regulated_domain": "medical",
    },
    tasks=["Forecast of attendances for the next twelve hours"],
    file="nhs_emergency_weekly.csv",
    kpis=[
        KpiStory(
            "seen-within-four-hours",
            fields=own("Seen within four hours", "ratio", "fraction", "outcome", "up",
                       is_primary=True,
                       definition_text="seen within 4 hours / attendances"),
            target={"requirement": "0.95", "target": "0.95", "warning": "0.94", "mwb": "0.01"},
        ),
    ],
)  # fmt: skip

PAYMENTS = Story(
    name="Payment exception handling",
    work="Clerks clear payments that the bank sent back, each with a reason to be found out.",
    pain="Volumes grew by a third in a year and the team did not.",
    unit="Payments",
    owner="Mara Okafor",
    system="Clearpath",
    vendor="In-house",
    model_version="clearpath-5",
    weeks_live=40,
    facts={
        "phase": "scale", "status": "active", "risk_class": "limited",
        "effect_reach": "internal_draft", "human_review": "effective", "regulated_domain": "",
    },
    tasks=["Proposal of the reason for a returned payment"],
    file="unit_cost_weekly.csv",
    kpis=[
        KpiStory(
            "cost-per-transaction",
            fields=own("Average cost per transaction", "opaque", "currency", "cost", "down",
                       other_names=["average_cost_per_transaction"],
                       definition_text="All cost of the team divided by cleared payments"),
            target={"target": "300", "warning": "320"},
        ),
        KpiStory("error_rate", fields={"is_guardrail": True, "is_critical_measure": True},
                 target={"warning": "0.05", "margin": "0.02"},
                 baseline={"num": 40, "den": 800, "periods": 12}, weekly=(0.050, 0.038, 64)),
    ],
)  # fmt: skip

HELP_DESK = Story(
    name="Help-desk summaries",
    work="First-line staff hand a ticket on with a summary of what was tried.",
    pain="Second line asks the same questions again.",
    unit="IT",
    owner="Tom Brandt",
    system="Ticketwise",
    vendor="Ticketwise GmbH",
    model_version="tw-2026-05",
    weeks_live=21,
    facts={
        "phase": "general_availability", "status": "active", "risk_class": "low",
        "effect_reach": "internal_draft", "human_review": "effective", "regulated_domain": "",
    },
    tasks=["Summary of a ticket before it is handed on"],
    kpis=[
        KpiStory("resolution-minutes",
                 fields=own("Time to resolution", "duration", "minutes", "outcome", "down",
                            is_primary=True,
                            definition_text="Minutes from opening to closing a ticket"),
                 target={"mwb": "0.10"}, weekly=(38.0, 38.0, 23)),
        KpiStory("correction_rate", fields={"is_guardrail": True, "is_critical_measure": True},
                 target={"warning": "0.10", "critical": "0.20"}, weekly=(0.04, 0.04, 24)),
        KpiStory("ai_feature_adoption_rate", target={"expected_min": "0.50"},
                 weekly=(0.9, 0.9, 50)),
    ],
)  # fmt: skip

LETTERS = Story(
    name="Claims letters",
    work="Case handlers answer claims by letter; each must give the reason in plain words.",
    pain="Letters took two days and read like statutes.",
    unit="Customer service",
    owner="Mara Okafor",
    system="Letterline",
    vendor="Letterline Ltd.",
    model_version="ll-4.1",
    weeks_live=29,
    facts={
        "phase": "general_availability", "status": "active", "risk_class": "limited",
        "effect_reach": "customer_direct", "human_review": "symbolic", "regulated_domain": "",
    },
    tasks=["Draft of a letter that answers a claim"],
    kpis=[
        KpiStory("letter-minutes",
                 fields=own("Time to finished letter", "duration", "minutes", "outcome", "down",
                            is_primary=True, pair_with=["letter-errors"],
                            definition_text="Minutes from opening a claim to the letter sent"),
                 target={"mwb": "0.10"},
                 baseline={"n": 500, "mean": 42.0, "sd": 15.0, "periods": 12},
                 weekly=(42.0, 21.0, 49)),
        KpiStory("letter-errors",
                 fields=own("Letters with an error", "ratio", "fraction", "quality", "down",
                            is_guardrail=True, is_critical_measure=True, measured_by_review=True,
                            definition_text="letters with an error / letters checked"),
                 target={"margin": "0.01"}, baseline={"num": 15, "den": 500, "periods": 12},
                 weekly=(0.03, 0.005, 49)),
    ],
)  # fmt: skip

POLICY = Story(
    name="Questions about staff policy",
    work="The people team answers the same questions about leave, travel and equipment.",
    pain="Answers take days, and two colleagues get two answers.",
    unit="People team",
    owner="Ada Lind",
    system="Askwell",
    vendor="Askwell",
    model_version="aw-3",
    weeks_live=52,
    facts={
        "phase": "scale", "status": "active", "risk_class": "limited",
        "effect_reach": "internal_draft", "human_review": "effective", "regulated_domain": "",
    },
    tasks=["Draft of an answer with the paragraph it rests on"],
    changed_weeks_ago=3,
    answers={"tied_to_use_case": "yes", "has_baseline": "yes", "costs_complete": "yes",
             "triggers_action": "yes", "kept_current": "yes"},
    basis={
        "tasks": 1500, "accepted": 1500, "hourly_rate": "48", "minutes_before": "26",
        "minutes_draft": "6", "minutes_review": "8", "rework_share": "0.18",
        "minutes_rework": "15", "hours_used_for": "backlog", "grade": "sampled",
    },
    costs={
        "licences": ("3600", "", "measured"), "usage": ("525", "", "measured"),
        "setup": ("1500", "", "estimated"), "training": ("", "24", "measured"),
        "support": NOT, "integration": NOT, "review_and_correction": IN_TASK,
        "hidden_support": ("", "40", "estimated"), "prompt_upkeep": ("", "12", "estimated"),
        "monitoring_and_governance": ("", "8", "estimated"), "rework": IN_TASK,
        "vendor_management": ("", "6", "estimated"), "incidents": ("", "4", "measured"),
    },
    kpis=[
        KpiStory("minutes-per-question",
                 fields=own("Time per question", "duration", "minutes", "outcome", "down",
                            is_primary=True, pair_with=["wrong-answers"],
                            definition_text="Minutes from question to final answer"),
                 target={"mwb": "0.10"},
                 baseline={"n": 120, "mean": 26.0, "sd": 12.0, "periods": 10},
                 weekly=(26.0, 17.0, 12)),
        KpiStory("wrong-answers",
                 fields=own("Wrong answers", "ratio", "fraction", "quality", "down",
                            is_guardrail=True, is_critical_measure=True,
                            definition_text="wrong answers / answers checked"),
                 target={"margin": "0.02", "warning": "0.05"},
                 baseline={"num": 9, "den": 200, "periods": 10}, weekly=(0.045, 0.012, 24),
                 grade="sampled"),
    ],
)  # fmt: skip

BAKERY = Story(
    name="Offers and order mails",
    work="The owner and three staff write offers for catering and answer order mails.",
    pain="Offers are written at night.",
    unit="",
    owner="Hugo Brandt",
    system="Mail assistant",
    vendor="Office suite",
    model_version="2026-09",
    weeks_live=13,
    facts={
        "phase": "general_availability", "status": "active", "risk_class": "low",
        "effect_reach": "customer_direct", "human_review": "effective", "regulated_domain": "",
    },
    tasks=["Draft of an offer", "Draft of an answer to an order"],
    kpis=[
        KpiStory("hours-per-week",
                 fields=own("Hours per week, review included", "mean", "hours", "outcome", "down",
                            is_primary=True, n_unit="period", pair_with=["rejected-drafts"],
                            definition_text="Hours of the week spent on offers and mails"),
                 target={"mwb": "0.10"},
                 baseline={"n": 6, "mean": 11.5, "sd": 1.8, "periods": 6},
                 weekly=(11.5, 7.4, 1)),
        KpiStory("review-hours",
                 fields=own("Review hours per week", "mean", "hours", "review", "down",
                            n_unit="period", definition_text="Hours of checking and correcting"),
                 target={"warning": "3", "critical": "4"}, weekly=(1.6, 1.6, 1)),
        KpiStory("rejected-drafts",
                 fields=own("Rejected or heavily corrected", "ratio", "fraction", "quality",
                            "down", is_guardrail=True, is_critical_measure=True,
                            definition_text="drafts rejected or heavily corrected / drafts"),
                 target={"warning": "0.20", "critical": "0.35"}, weekly=(0.09, 0.09, 13)),
        KpiStory("customer-errors",
                 fields=own("Errors that reached customers", "ratio", "fraction", "customer",
                            "down", is_guardrail=True, is_critical_measure=True,
                            definition_text="mails with an error a customer saw / mails sent"),
                 target={"margin": "0.03"}, baseline={"num": 3, "den": 150, "periods": 6},
                 weekly=(0.02, 0.012, 13)),
        KpiStory("monthly-cost",
                 fields=own("Monthly tool cost", "money", "currency", "cost", "down",
                            cadence="monthly", definition_text="Licences of the month"),
                 target={"warning": "120"}, weekly=(60.0, 60.0, 0)),
    ],
)  # fmt: skip

LEXORA = [CONTRACTS, EMERGENCY, PAYMENTS, HELP_DESK, LETTERS, POLICY]
HARBOR = [BAKERY]
PASSWORD = "a plumb line hangs true"
UNITS = ["Legal", "Health operations", "Payments", "IT", "Customer service", "People team"]
PEOPLE = {
    "lexora": [
        ("mara@lexora.example", "Mara Okafor", "manager"),
        ("ines@lexora.example", "Dr. Ines Roth", "executive"),
        ("tom@lexora.example", "Tom Brandt", "staff"),
        ("stella@lexora.example", "Stella Quist", "steward"),
        ("otto@lexora.example", "Otto Vance", "auditor"),
        ("ada@lexora.example", "Ada Lind", "administrator"),
    ],
    "harbor": [
        ("hugo@harbor.example", "Hugo Brandt", "manager"),
        ("lena@harbor.example", "Lena Brandt", "administrator"),
        ("piet@harbor.example", "Piet Maas", "staff"),
    ],
}
