"""The fields of a case (method 5.8): one declaration each for name, reader and default."""

# `given` and `needed` return dataclass fields, which the linter cannot see.
# ruff: noqa: RUF009

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from kpis.domain.statistics.intervals import Share
from kpis.domain.verdict.readers import (
    Reader,
    amount,
    band,
    count,
    day,
    flag,
    held,
    many_of,
    number,
    one_of,
    one_or_none,
    part_of_one,
    share,
    text,
    words,
)

KINDS = ("ratio", "rating", "rate", "duration", "mean", "uptime", "point")
ROLES = (
    "adoption",
    "outcome",
    "quality",
    "review",
    "customer",
    "risk",
    "operational",
    "workforce",
    "cost",
    "context",
)
GATES = ("owner", "legal_basis", "dpia", "fallback", "oversight")
GATE_STATES = ("met", "not_met", "expired", "refused", "not_applicable")
REASONS_DOWN = (
    "imprecise",
    "self_reported",
    "estimated_baseline",
    "baseline_trending",
    "critical_measure_missing",
    "coverage_below_80pct",
    "contaminated_by_shadow_use",
    "seasonal_not_adjusted",
    "units_disagree",
)


def given(read: Reader, default: Any = None) -> Any:
    """A field that may be absent."""
    return field(default=default, metadata={"read": read})


def needed(read: Reader) -> Any:
    """A field without which the block has no meaning."""
    return field(metadata={"read": read, "needed": True})


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What is judged; risk, reach and review are None until the strictest value is assumed."""

    risk_class: str | None = given(one_of("low", "limited", "high", "regulated"))
    effect_reach: str | None = given(
        one_of("internal_draft", "professional_user", "customer_direct", "decision_on_person")
    )
    human_review: str | None = given(
        one_of("effective", "unverified", "symbolic", "absent", "not_required")
    )
    days_since_start: int | None = given(count)
    min_window_days: int | None = given(count)
    use_prohibited: bool = given(flag, False)
    authority_order: bool = given(flag, False)
    phase: str | None = given(text)
    profile: str | None = given(one_or_none("small"))


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Parts of a current value or a baseline; which of them are set depends on the kind.

    num, den: cases (uptime: seconds up and observed; rate: events and exposure); n, mean, sd:
    cases with their mean and spread; value: a single figure.
    """

    num: float = 0
    den: float = 0
    n: int = 0
    mean: float = 0
    sd: float | None = None
    value: float = 0
    sigma_z: float | None = None
    points: int | None = None
    trend_z: float | None = None
    estimated: bool = False


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """One KPI as given; `current` and `baseline` are read beside the fields below.

    `name` is how people call it, `unit` what its value is counted in; sentences use them, rules
    do not.
    """

    key: str = needed(text)
    name: str | None = given(text)
    unit: str | None = given(text)
    role: str = needed(one_of(*ROLES))
    kind: str = needed(one_of(*KINDS))
    direction: str = needed(one_of("up", "down", "band", "context"))
    band: tuple[float, float] | None = given(band)
    n_unit: str = given(one_of("item", "period"), "item")
    mwb: float | None = given(number)
    margin: float | None = given(number)
    warning: float | None = given(number)
    critical: float | None = given(number)
    two_periods: bool | str = given(held, False)
    latched_level: str | None = given(one_or_none("warning", "critical"))
    clear_periods: int = given(count, 0)
    coverage: float = given(part_of_one, 1.0)
    age_cadences: float = given(amount, 0.0)
    definition_changed: bool = given(flag, False)
    thresholds_valid: bool = given(flag, True)
    primary: bool = given(flag, False)
    guardrail: bool = given(flag, False)
    critical_measure: bool = given(flag, False)
    safety_critical: bool = given(flag, False)
    leading: bool = given(flag, False)
    measured_by_review: bool = given(flag, False)
    self_reported: bool = given(flag, False)
    enterprise_only: bool = given(flag, False)
    budget_exhausted: bool = given(flag, False)
    proxy_for: str | None = given(text)
    derived_from: tuple[str, ...] = given(words, ())
    spc: str | None = given(one_or_none("common", "improving", "concerning"))
    expected_min: float | None = given(number)
    confined_to: str | None = given(text)
    i2_open_days: int = given(count, 0)
    current: Figure | None = None
    baseline: Figure | None = None

    @property
    def is_primary(self) -> bool:
        """Flagged primary, role outcome, and no stand-in for another KPI."""
        return self.primary and self.role == "outcome" and self.proxy_for is None


@dataclass(frozen=True, kw_only=True)
class Incident:
    category: str = needed(text)
    severity: str = needed(one_of("minor", "moderate", "serious", "critical"))
    status: str = given(one_of("open", "contained_cause_unknown", "contained", "closed"), "open")
    action: str = given(one_of("none", "open", "done", "effective"), "none")
    occurred_on: dt.date | None = given(day)
    closed_on: dt.date | None = given(day)
    action_effective_on: dt.date | None = given(day)
    due_on: dt.date | None = given(day)

    @property
    def is_serious(self) -> bool:
        return self.severity in {"serious", "critical"}


@dataclass(frozen=True, kw_only=True)
class Design:
    """How the evidence was gained, and why it weighs less."""

    design: str = given(
        one_of("randomised", "controlled", "before_after", "after_only"), "after_only"
    )
    down: tuple[str, ...] = given(many_of(*REASONS_DOWN), ())


@dataclass(frozen=True, kw_only=True)
class Experiment:
    lo: float | None = given(number)
    hi: float | None = given(number)
    srm_p: float | None = given(part_of_one)


@dataclass(frozen=True, kw_only=True)
class Scope:
    unapproved: tuple[str, ...] = given(words, ())
    out_of_scope: Share | None = given(share)
    out_of_scope_limit: float | None = given(part_of_one)
    shadow: Share | None = given(share)
    shadow_limit: float | None = given(part_of_one)
    shadow_survey: bool = given(flag, False)
    changed_since_kpi_review: bool = given(flag, False)
    days_since_kpi_review: int = given(count, 0)


@dataclass(frozen=True, kw_only=True)
class Review:
    implausibly_fast: Share | None = given(share)
    unedited_approved: Share | None = given(share)
    bursts: Share | None = given(share)
    seeded: Share | None = given(share)
    load: float | None = given(amount)
    load_previous: float | None = given(amount)


@dataclass(frozen=True, kw_only=True)
class Reporting:
    uses: int | None = given(count)
    reports: int | None = given(count)
    near_misses: int | None = given(count)
    incidents: int | None = given(count)
    participation: Share | None = given(share)
    afraid: Share | None = given(share)
    audit: Share | None = given(share)
    monthly_talk_signed: bool = given(flag, False)


@dataclass(frozen=True, kw_only=True)
class Value:
    net_value_low: float | None = given(number)
    net_value_high: float | None = given(number)


@dataclass(frozen=True, kw_only=True)
class History:
    previous_review_better: bool = given(flag, False)
    consecutive_no_benefit_reviews: int = given(count, 0)
    improvement_plan_completed: bool = given(flag, False)
    restart_decided_on: dt.date | None = given(day)
    last_decision: str = given(
        one_of("stop", "pause", "restrict", "improve", "continue", "expand"), "continue"
    )


@dataclass(frozen=True, kw_only=True)
class Proposal:
    gates_ready: bool = given(flag, False)
    reviewer_load_after: float | None = given(amount)
    own_kpi_set: bool = given(flag, True)


@dataclass(frozen=True, kw_only=True)
class Case:
    """All blocks, checked and complete; None where the presence of a block itself matters."""

    id: str | None
    as_of: dt.date | None
    look: str
    deployment: Deployment
    assumed: tuple[str, ...]
    gates: dict[str, str]
    kpis: tuple[Kpi, ...]
    design: Design
    experiment: Experiment | None
    incidents: tuple[Incident, ...]
    scope: Scope
    review: Review
    reporting: Reporting | None
    value: Value
    history: History
    proposal: Proposal | None

    @property
    def primaries(self) -> tuple[Kpi, ...]:
        return tuple(kpi for kpi in self.kpis if kpi.is_primary)
