"""Everything the rules look at, derived once from the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kpis.domain.change import BETTER, Change
from kpis.domain.intervals import wilson
from kpis.domain.verdict.evidence import is_primary
from kpis.domain.verdict.facts import (
    PEOPLE,
    SHARES,
    KpiFacts,
    ReportingFacts,
    ReviewFacts,
    has_experiment,
    kpi_facts,
    reporting_facts,
    review_facts,
    z_of,
)

SERIOUS = {"serious", "critical"}


@dataclass(frozen=True)
class World:
    """The checked case with review, reporting and KPI states."""

    case: Mapping[str, Any]
    z: float
    review: ReviewFacts
    reporting: ReportingFacts
    kpis: tuple[KpiFacts, ...]

    @classmethod
    def of(cls, case: Mapping[str, Any]) -> "World":
        z = z_of(case)
        review = review_facts(case, z)
        return cls(case, z, review, reporting_facts(case, z), tuple(kpi_facts(case, review, z)))

    @property
    def deployment(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.case["deployment"]
        return found

    @property
    def is_high(self) -> bool:
        return self.deployment["risk_class"] in {"high", "regulated"}

    @property
    def is_small(self) -> bool:
        return bool(self.deployment["profile"] == "small")

    @property
    def is_between(self) -> bool:
        return bool(self.case["look"] == "between")

    @property
    def is_early(self) -> bool:
        days = self.deployment["days_since_start"]
        return days is not None and days < self.deployment["min_window_days"]

    @cached_property
    def primaries(self) -> tuple[KpiFacts, ...]:
        return tuple(kpi for kpi in self.kpis if is_primary(kpi.given))

    @cached_property
    def primary_better(self) -> bool:
        """Every primary is better or better by a worthwhile amount."""
        return bool(self.primaries) and all(kpi.change in BETTER for kpi in self.primaries)

    @cached_property
    def primary_worthwhile(self) -> bool:
        return bool(self.primaries) and all(
            kpi.change == Change.BETTER_WORTHWHILE for kpi in self.primaries
        )

    @property
    def has_experiment(self) -> bool:
        return has_experiment(self.case)

    def judged(self, *, workforce: bool = False) -> list[KpiFacts]:
        """KPIs the general rules may look at: not adoption, not cost, not context."""
        left_out = {"adoption", "cost", "context"} | (set() if workforce else {"workforce"})
        return [kpi for kpi in self.kpis if kpi.role not in left_out]

    def is_exempt(self, kpi: KpiFacts) -> bool:
        """An enterprise measure of a small organization is no blind spot."""
        return self.is_small and bool(kpi.given["enterprise_only"])

    @cached_property
    def blind_spots(self) -> list[KpiFacts]:
        """Critical measures without data that speak (I2)."""
        return [
            kpi
            for kpi in self.judged()
            if kpi.given["critical_measure"] and kpi.data != "measured" and not self.is_exempt(kpi)
        ]

    @cached_property
    def failed_gates(self) -> list[str]:
        return [
            gate
            for gate, state in self.case["gates"].items()
            if state not in {"met", "not_applicable"}
        ]

    @cached_property
    def serious(self) -> list[Mapping[str, Any]]:
        return [one for one in self.case["incidents"] if one["severity"] in SERIOUS]

    def share_above(self, block: str, field: str, limit: float, floor: int) -> bool:
        found = self.case[block][field]
        if found is None or found["den"] < floor:
            return False
        return wilson(found["num"], found["den"], self.z).lo > limit

    @cached_property
    def is_shadowed(self) -> bool:
        scope = self.case["scope"]
        floor = PEOPLE if scope["shadow_survey"] else SHARES
        return self.share_above("scope", "shadow", scope["shadow_limit"], floor)

    @cached_property
    def too_few(self) -> list[str]:
        """Shares whose denominator is below their floor."""
        floors = {
            "out_of_scope": ("scope", SHARES),
            "shadow": ("scope", PEOPLE if self.case["scope"]["shadow_survey"] else SHARES),
            "implausibly_fast": ("review", SHARES),
            "unedited_approved": ("review", SHARES),
            "bursts": ("review", SHARES),
            "participation": ("reporting", PEOPLE),
            "afraid": ("reporting", PEOPLE),
            "audit": ("reporting", SHARES),
        }
        return sorted(
            field
            for field, (block, floor) in floors.items()
            if self.case[block][field] is not None
            and self.case[block][field]["den"] < floor
            and not (self.is_small and field in {"participation", "afraid"})
        )
