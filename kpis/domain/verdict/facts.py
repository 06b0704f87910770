"""Everything the rules look at, derived once from the evidence of a case."""

from dataclasses import dataclass
from functools import cached_property

from kpis.domain.oversight.human_review import ReviewHealth, review_health
from kpis.domain.oversight.reporting import ReportingHealth, reporting_health
from kpis.domain.policy import Policy
from kpis.domain.statistics.change import BETTER, Change
from kpis.domain.statistics.intervals import Share, wilson
from kpis.domain.verdict.kpi_facts import KpiFacts, kpi_facts, valid_experiment
from kpis.domain.verdict.schema import Case, Incident, Reporting

NO_REPORTING = Reporting()


@dataclass(frozen=True)
class Facts:
    """The checked case with the states of review, reporting and KPIs. Not changed by any rule."""

    case: Case
    policy: Policy
    z: float
    review: ReviewHealth
    reporting: ReportingHealth
    kpis: tuple[KpiFacts, ...]

    @classmethod
    def of(cls, case: Case, policy: Policy) -> "Facts":
        """In the order of method 5.2: a failed review decides which KPIs may testify."""
        z = policy.z_between if case.look == "between" else policy.z_review
        review = _review(case, policy, z)
        kpis = kpi_facts(case, review_failed=review.failed, policy=policy, z=z)
        return cls(case, policy, z, review, _reporting(case, policy, z), kpis)

    @property
    def is_high(self) -> bool:
        return self.case.deployment.risk_class in {"high", "regulated"}

    @property
    def is_small(self) -> bool:
        return self.case.deployment.profile == "small"

    @property
    def is_between(self) -> bool:
        return self.case.look == "between"

    @property
    def is_early(self) -> bool:
        """Before the end of the window; a start that nobody recorded counts as after it."""
        days, window = self.case.deployment.days_since_start, self.case.deployment.min_window_days
        return days is not None and window is not None and days < window

    @property
    def review_is_effective(self) -> bool:
        """Whether a working check stands between an output and the people it reaches (5.2, 1)."""
        deployment = self.case.deployment
        if self.review.failed:
            return False
        return deployment.human_review == "effective" or (
            deployment.human_review == "not_required"
            and deployment.effect_reach == "internal_draft"
        )

    @cached_property
    def primaries(self) -> tuple[KpiFacts, ...]:
        return tuple(kpi for kpi in self.kpis if kpi.given.is_primary)

    @cached_property
    def primary_better(self) -> bool:
        """Every primary is better or better by a worthwhile amount."""
        return bool(self.primaries) and all(kpi.change in BETTER for kpi in self.primaries)

    @cached_property
    def primary_worthwhile(self) -> bool:
        return bool(self.primaries) and all(
            kpi.change is Change.BETTER_WORTHWHILE for kpi in self.primaries
        )

    @cached_property
    def has_experiment(self) -> bool:
        return valid_experiment(self.case, self.policy) is not None

    @cached_property
    def judged(self) -> tuple[KpiFacts, ...]:
        """KPIs of the general rules: neither use nor cost, and workforce has its own rule."""
        return tuple(kpi for kpi in self.kpis if kpi.role not in {"adoption", "cost", "workforce"})

    @cached_property
    def guarded(self) -> tuple[KpiFacts, ...]:
        """KPIs that X2 and W_UNCLEAR look at: the judged ones and workforce."""
        return tuple(kpi for kpi in self.kpis if kpi.role not in {"adoption", "cost"})

    def is_exempt(self, kpi: KpiFacts) -> bool:
        """An enterprise measure is no duty of a small organization."""
        return self.is_small and kpi.given.enterprise_only

    @cached_property
    def blind_spots(self) -> tuple[KpiFacts, ...]:
        """Critical measures whose data do not speak (I2, R7, certainty)."""
        return tuple(
            kpi
            for kpi in self.judged
            if kpi.given.critical_measure and kpi.data != "measured" and not self.is_exempt(kpi)
        )

    @cached_property
    def failed_gates(self) -> tuple[str, ...]:
        return tuple(
            gate
            for gate, state in self.case.gates.items()
            if state not in {"met", "not_applicable"}
        )

    @cached_property
    def serious(self) -> tuple[Incident, ...]:
        return tuple(one for one in self.case.incidents if one.is_serious)

    @cached_property
    def recent_serious(self) -> tuple[Incident, ...]:
        """Serious incidents closed a short time ago, or closed without a date."""
        return tuple(one for one in self.serious if one.status == "closed" and self._is_recent(one))

    def _is_recent(self, incident: Incident) -> bool:
        if incident.closed_on is None or self.case.as_of is None:
            return True
        return (self.case.as_of - incident.closed_on).days < self.policy.recent_days

    def is_share_above(self, share: Share | None, limit: float | None, floor: int) -> bool:
        """Whether the whole interval of a share is above a limit; below its floor it is not."""
        if share is None or limit is None or share.den < floor:
            return False
        return wilson(share.num, share.den, self.z).lo > limit

    @property
    def shadow_floor(self) -> int:
        survey = self.case.scope.shadow_survey
        return self.policy.floor_people if survey else self.policy.floor_share

    @cached_property
    def is_shadowed(self) -> bool:
        """More use of unapproved tools than tolerated (I8, certainty)."""
        scope = self.case.scope
        return self.is_share_above(scope.shadow, scope.shadow_limit, self.shadow_floor)

    @cached_property
    def shares(self) -> dict[str, tuple[Share | None, int]]:
        """The shares outside the KPI list by name, each with the floor it is judged from."""
        scope, review = self.case.scope, self.case.review
        reporting = self.case.reporting or NO_REPORTING
        cases, people = self.policy.floor_share, self.policy.floor_people
        return {
            "out_of_scope": (scope.out_of_scope, cases),
            "shadow": (scope.shadow, self.shadow_floor),
            "implausibly_fast": (review.implausibly_fast, cases),
            "unedited_approved": (review.unedited_approved, cases),
            "bursts": (review.bursts, cases),
            # A small organization talks instead of asking by survey.
            "participation": (reporting.participation, 0 if self.is_small else people),
            "afraid": (reporting.afraid, 0 if self.is_small else people),
            "audit": (reporting.audit, cases),
        }

    @cached_property
    def too_few(self) -> tuple[str, ...]:
        """Names of the shares whose denominator is below their floor, by code point."""
        return tuple(
            name
            for name, (share, floor) in sorted(self.shares.items())
            if share is not None and share.den < floor
        )


def _review(case: Case, policy: Policy, z: float) -> ReviewHealth:
    review = case.review
    return review_health(
        recorded=str(case.deployment.human_review),
        fast=review.implausibly_fast,
        unedited=review.unedited_approved,
        bursts=review.bursts,
        caught=review.seeded,
        policy=policy,
        z=z,
    )


def _reporting(case: Case, policy: Policy, z: float) -> ReportingHealth:
    reporting = case.reporting or NO_REPORTING
    return reporting_health(
        uses=reporting.uses,
        reports=reporting.reports,
        near_misses=reporting.near_misses,
        incidents=reporting.incidents,
        participation=reporting.participation,
        afraid=reporting.afraid,
        audit=reporting.audit,
        policy=policy,
        z=z,
    )
