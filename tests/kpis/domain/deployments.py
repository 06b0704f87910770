"""Generated deployments: every block of a case, with numbers around the borders of the rules."""

import datetime as dt

from hypothesis import strategies as st

from kpis.domain.verdict.schema import GATE_STATES, GATES, KINDS, REASONS_DOWN

DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2026, 6, 30)).map(dt.date.isoformat)
FLAG = st.booleans()


def shares(most=400):
    return st.integers(0, most).flatmap(
        lambda den: st.fixed_dictionaries({"num": st.integers(0, den), "den": st.just(den)})
    )


def perhaps(strategy):
    return st.none() | strategy


def figures(kind, *, baseline=False):
    more = {"sigma_z": st.sampled_from([0.5, 1.0, 2.5])}
    if baseline:
        more |= {
            "points": st.integers(0, 20),
            "trend_z": st.sampled_from([-2.5, 0.3, 1.96]),
            "estimated": FLAG,
        }
    needed = {
        "ratio": shares(),
        "rating": shares(60),
        "uptime": st.integers(0, 10**6).flatmap(
            lambda s: st.fixed_dictionaries(
                {"up_s": st.integers(s * 9 // 10, s), "observed_s": st.just(s)}
            )
        ),
        "rate": st.fixed_dictionaries(
            {"num": st.integers(0, 60), "exposure": st.sampled_from([0, 50, 1000.5])}
        ),
        "point": st.fixed_dictionaries({"value": st.sampled_from([0.0, 0.1, 0.12, 5])}),
    }
    mean = st.fixed_dictionaries(
        {"n": st.integers(0, 200), "mean": st.sampled_from([0, 31.0, 45.0])},
        optional={"sd": st.sampled_from([0, 9.5, 40.0])},
    )
    extra = st.fixed_dictionaries({}, optional=more)
    return st.builds(lambda a, b: {**a, **b}, needed.get(kind, mean), extra)


@st.composite
def kpis(draw, key, roles):
    kind = draw(st.sampled_from(KINDS))
    flags = (
        "definition_changed",
        "thresholds_valid",
        "primary",
        "guardrail",
        "critical_measure",
        "safety_critical",
        "leading",
        "measured_by_review",
        "self_reported",
        "enterprise_only",
        "budget_exhausted",
    )
    rare = st.sampled_from([False, False, True])
    kpi = {
        "key": key,
        "role": draw(st.sampled_from(roles)),
        "kind": kind,
        "direction": draw(st.sampled_from(["up", "down", "down", "band", "context"])),
        "band": [0.05, 0.2],
        "current": draw(perhaps(figures(kind))),
        "baseline": draw(perhaps(figures(kind, baseline=True))),
        "n_unit": draw(st.sampled_from(["item", "period"])),
        "mwb": draw(st.sampled_from([None, 0.02, 0.1])),
        "margin": draw(st.sampled_from([None, 0, 0.02, 0.3])),
        "two_periods": draw(st.sampled_from([True, False, "warning"])),
        "latched_level": draw(st.sampled_from([None, None, "warning", "critical"])),
        "clear_periods": draw(st.integers(0, 3)),
        "coverage": draw(st.sampled_from([1, 1, 0.8, 0.5])),
        "age_cadences": draw(st.sampled_from([0, 2, 2.5])),
        "proxy_for": draw(st.sampled_from([None, None, "k0"])),
        "spc": draw(st.sampled_from([None, "common", "concerning"])),
        "confined_to": draw(st.sampled_from([None, "north"])),
        "i2_open_days": draw(st.sampled_from([0, 31])),
        "expected_min": draw(st.sampled_from([None, 0.5])),
        **{flag: draw(rare) for flag in flags},
    }
    warning, critical = draw(st.sampled_from([(None, None), (0.05, 0.1), (0.1, None)]))
    if kpi["direction"] == "up" and critical is not None:
        warning, critical = critical, warning
    return {**kpi, "warning": warning, "critical": critical}


def incidents():
    return st.fixed_dictionaries(
        {
            "category": st.sampled_from(["privacy", "advice"]),
            "severity": st.sampled_from(["minor", "moderate", "serious", "critical"]),
            "status": st.sampled_from(["open", "contained_cause_unknown", "contained", "closed"]),
            "action": st.sampled_from(["none", "open", "done", "effective"]),
        },
        optional={
            "occurred_on": DAYS,
            "closed_on": DAYS,
            "action_effective_on": DAYS,
            "due_on": DAYS,
        },
    )


def blocks(**fields):
    return perhaps(st.fixed_dictionaries({}, optional=fields))


ROLES = [
    "outcome",
    "outcome",
    "quality",
    "quality",
    "review",
    "customer",
    "risk",
    "operational",
    "workforce",
    "cost",
    "context",
    "adoption",
]


@st.composite
def cases(draw, look=("review", "between"), roles=tuple(ROLES)):
    """One case with up to five KPIs; at most one experiment, beside at most one primary."""
    found = [draw(kpis(f"k{index}", roles)) for index in range(draw(st.integers(0, 5)))]
    for extra in [kpi for kpi in found if kpi["primary"]][3:]:
        extra["primary"] = False
    number = st.sampled_from([-5, 0, 5])
    case = {
        "as_of": "2026-06-30",
        "look": draw(st.sampled_from(look)),
        "kpis": found,
        "deployment": draw(
            blocks(
                risk_class=st.sampled_from(["low", "limited", "high", "regulated"]),
                effect_reach=st.sampled_from(["internal_draft", "customer_direct"]),
                human_review=st.sampled_from(
                    ["effective", "unverified", "symbolic", "absent", "not_required"]
                ),
                days_since_start=st.sampled_from([10, 90, 400]),
                profile=st.just("small"),
            )
        ),
        "gates": draw(
            perhaps(st.fixed_dictionaries({gate: st.sampled_from(GATE_STATES) for gate in GATES}))
        ),
        "evidence": draw(
            blocks(
                design=st.sampled_from(["randomised", "controlled", "before_after"]),
                down=st.lists(st.sampled_from(REASONS_DOWN), max_size=2),
            )
        ),
        "incidents": draw(perhaps(st.lists(incidents(), max_size=3))),
        "scope": draw(
            blocks(
                unapproved=st.lists(st.sampled_from(["north", "south"]), max_size=2),
                out_of_scope=shares(),
                shadow=shares(),
                shadow_survey=FLAG,
                changed_since_kpi_review=FLAG,
            )
        ),
        "review": draw(
            blocks(
                implausibly_fast=shares(),
                unedited_approved=shares(),
                bursts=shares(),
                seeded=shares(60),
                load=st.sampled_from([0.5, 0.9, 1.2]),
                load_previous=st.sampled_from([0.5, 1.2]),
            )
        ),
        "reporting": draw(
            blocks(
                uses=st.sampled_from([400, 30_000]),
                reports=st.integers(0, 40),
                near_misses=st.integers(0, 3),
                incidents=st.integers(0, 3),
                participation=shares(),
                afraid=shares(),
                audit=shares(),
                monthly_talk_signed=FLAG,
            )
        ),
        "value": draw(blocks(net_value_low=number, net_value_high=number)),
        "history": draw(
            blocks(
                previous_review_better=FLAG,
                consecutive_no_benefit_reviews=st.integers(0, 3),
                improvement_plan_completed=FLAG,
                last_decision=st.sampled_from(["continue", "improve", "pause"]),
            )
        ),
        "expansion_proposal": draw(
            blocks(gates_ready=FLAG, reviewer_load_after=st.sampled_from([0.5, 0.9]))
        ),
    }
    return {block: value for block, value in case.items() if value is not None}
