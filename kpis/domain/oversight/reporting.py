"""Are silence and safety the same (method 6.2)? Expected reports and the flags around them."""

from dataclasses import dataclass

from kpis.domain.policy import Policy
from kpis.domain.statistics.intervals import Interval, Share, garwood, poisson_at_most, wilson


@dataclass(frozen=True)
class ReportingHealth:
    """Expected reports, the probability of so few, flags; None where it cannot be computed."""

    expected: float | None
    probability: float | None
    flags: tuple[str, ...]
    confirmed: bool


def expected_reports(
    uses: int | None, audit: Share | None, *, policy: Policy, z: float
) -> float | None:
    """Uses * lower limit of the audited share of wrong outputs * the least share reported."""
    if uses is None or audit is None or audit.den < policy.floor_share:
        return None
    return uses * wilson(audit.num, audit.den, z).lo * policy.report_yield


def reports_per_thousand(reports: int, uses: int, z: float) -> Interval:
    """Reports per 1,000 uses with their exact interval. Raises EmptySeries without uses."""
    return garwood(reports, uses / 1000, z)


def flags(
    participation: Share | None,
    afraid: Share | None,
    incidents: int | None,
    near_misses: int | None,
    *,
    policy: Policy,
    z: float,
) -> tuple[str, ...]:
    """Signs that problems go unreported; what fewer than the floor were asked raises none."""
    raised = []
    if _asked(participation, policy) and _range(participation, z).hi < policy.participation_min:
        raised.append("low_participation")
    if _asked(afraid, policy) and _range(afraid, z).lo > policy.afraid_limit:
        raised.append("afraid")
    if (incidents or 0) >= 1 and near_misses == 0:
        raised.append("no_near_misses")
    return tuple(raised)


def _asked(share: Share | None, policy: Policy) -> bool:
    return share is not None and share.den >= policy.floor_people


def _range(share: Share | None, z: float) -> Interval:
    assert share is not None
    return wilson(share.num, share.den, z)


def reporting_health(
    *,
    uses: int | None,
    reports: int | None,
    near_misses: int | None,
    incidents: int | None,
    participation: Share | None,
    afraid: Share | None,
    audit: Share | None,
    policy: Policy,
    z: float,
) -> ReportingHealth:
    """Confirmed underreporting: so few reports are too unlikely at the least expected number."""
    expected = expected_reports(uses, audit, policy=policy, z=z)
    probability = None
    if expected is not None and reports is not None:
        probability = poisson_at_most(reports, expected)
    found = flags(participation, afraid, incidents, near_misses, policy=policy, z=z)
    confirmed = probability is not None and probability < policy.underreporting_p
    return ReportingHealth(expected, probability, found, confirmed)
