"""Is the human review real? The team's figures of the quarter, each with its range and limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kpis.domain import policy as policies
from kpis.domain import wording
from kpis.domain.oversight.human_review import ReviewHealth, Seeded, review_health
from kpis.domain.oversight.rubber_stamp import shift
from kpis.domain.statistics.intervals import Moments, Share, wilson
from kpis.evidence.blocks import review
from kpis.evidence.figures import parts_of
from kpis.evidence.sources import Sources
from kpis.models import Kpi

SEEDED = {
    Seeded.NONE: "No errors were planted, so nobody knows what the review catches.",
    Seeded.FAIL: "The review misses more planted errors than may be missed.",
    Seeded.TOO_FEW: "Too few errors were planted to say that the review passes.",
    Seeded.PASS: "The review catches planted errors as it must.",
    Seeded.INCONCLUSIVE: "The planted errors neither pass nor fail the review.",
}
# Measure -> field of the evidence, key of the catalogue, limit of the policy, what it counts.
SHARES = {
    "Reviews faster than anybody can read": (
        "implausibly_fast",
        "rubber_stamp_risk",
        "fast_limit",
    ),
    "Approved without an edit": (
        "unedited_approved",
        "unedited_approval_rate",
        "unedited_limit",
    ),
    "Approved within seconds of the one before": (
        "bursts",
        "burst_approval_rate",
        "bursts_limit",
    ),
}


@dataclass(frozen=True)
class Measure:
    """One line: value, cases, range and limit in words; `state` as the page colours it."""

    name: str
    key: str
    value: str
    cases: str
    span: str
    limit: str
    state: str
    words: str


@dataclass(frozen=True)
class Past:
    """A figure of the team now and before AI, in words; "not shown" below the minimum."""

    name: str
    slug: str
    before: str
    now: str
    cases: str


@dataclass(frozen=True)
class Reality:
    """The page in one object; `missing` names the measures without a figure, `past` holds the
    team against its own past, `shifted` is the rubber-stamp signal drawn from it."""

    headline: str
    health: ReviewHealth
    seeded: str
    measures: Sequence[Measure]
    missing: Sequence[str]
    past: Sequence[Past]
    shifted: bool

    @property
    def is_measured(self) -> bool:
        """Whether at least one of the four signals has a figure."""
        return len(self.missing) < len(SHARES) + 1


def reality(sources: Sources) -> Reality:
    """What the review's own figures say, under the policy in force."""
    policy = policies.current()
    given = {name: _share(value) for name, value in review(sources).items()}
    health = review_health(
        recorded=sources.deployment.human_review,
        fast=given.get("implausibly_fast"),
        unedited=given.get("unedited_approved"),
        bursts=given.get("bursts"),
        caught=given.get("seeded"),
        policy=policy,
        z=policy.z_review,
    )
    measures = [
        _measure(name, key, given.get(field), getattr(policy, limit), policy.floor_share)
        for name, (field, key, limit) in SHARES.items()
    ]
    measures.append(_caught(given.get("seeded")))
    return Reality(
        headline=_headline(health, measures, sources.deployment.human_review),
        health=health,
        seeded=SEEDED[health.seeded],
        measures=[*measures, _load(review(sources))],
        missing=[one.name for one in measures if not one.cases],
        past=_past(sources),
        shifted=_shifted(sources),
    )


def _share(value: Any) -> Any:
    return Share(int(value["num"]), int(value["den"])) if isinstance(value, dict) else value


def _headline(health: ReviewHealth, measures: Sequence[Measure], recorded: str) -> str:
    if health.failed:
        return "The human review does not hold"
    if health.seeded is Seeded.PASS:
        return "The human review catches what is wrong"
    if health.signals:
        return "The human review may be a formality"
    if recorded == "not_required" and not any(one.cases for one in measures):
        return "No human review is required here"
    return "Nobody can tell yet whether the human review is real"


def _percent(value: float) -> str:
    text = f"{value * 100:.1f}".rstrip("0").rstrip(".")
    return f"{text}%"


def _measure(name: str, key: str, share: Share | None, limit: float, floor: int) -> Measure:
    if share is None or share.den == 0:
        return Measure(
            name, key, "not measured", "", "—", _percent(limit), "unknown", "Not measured"
        )
    if share.den < floor:
        return _silent(name, key, share.den, floor, _percent(limit))
    found = wilson(share.num, share.den, policies.current().z_review)
    if found.lo > limit:
        state, words = "warning", "A signal"
    else:
        state, words = "ok", "No signal"
    cases = f"{share.num:,} of {share.den:,}"
    span = f"{_percent(found.lo)} to {_percent(found.hi)}"
    return Measure(
        name, key, _percent(share.num / share.den), cases, span, _percent(limit), state, words
    )


def _silent(name: str, key: str, cases: int, floor: int, limit: str) -> Measure:
    """Below the minimum no figure is shown: it would say more about persons than about the team."""
    said = f"{cases} of the {floor} cases that it takes"
    return Measure(name, key, "not shown", said, "—", limit, "unknown", "Too few to tell")


def _caught(share: Share | None) -> Measure:
    policy, name, key = policies.current(), "Planted errors caught", "overreliance_signals"
    limit = f"≥ {_percent(policy.required_catch)}"
    if share is None or share.den == 0:
        return Measure(name, key, "not measured", "", "—", limit, "unknown", "Not measured")
    if share.den < policy.seeds_to_fail:
        return _silent(name, key, share.den, policy.seeds_to_fail, limit)
    found = wilson(share.num, share.den, policy.z_review)
    states = {
        True: ("ok", "Passes"),
        False: ("critical", "Fails"),
        None: ("unknown", "Cannot tell"),
    }
    verdict = None
    if share.den >= policy.seeds_to_fail and found.hi < policy.required_catch:
        verdict = False
    elif share.den >= policy.seeds_to_pass and found.lo >= policy.required_catch:
        verdict = True
    state, words = states[verdict]
    span = f"{_percent(found.lo)} to {_percent(found.hi)}"
    cases = f"{share.num:,} of {share.den:,}"
    return Measure(name, key, _percent(share.num / share.den), cases, span, limit, state, words)


def _load(given: dict[str, Any]) -> Measure:
    policy, name, key = policies.current(), "Hours needed of hours planned", "reviewer_workload"
    limit, load, before = _percent(policy.load_high), given.get("load"), given.get("load_previous")
    if load is None:
        return Measure(name, key, "not measured", "", "—", limit, "unknown", "Not measured")
    over = load > policy.overload and before is not None and before > policy.overload
    state, words = ("critical", "Above capacity twice") if over else ("ok", "Within capacity")
    if not over and load > policy.load_high:
        state, words = "warning", "Close to capacity"
    said = "before: unknown" if before is None else f"{_percent(before)} the period before"
    return Measure(name, key, _percent(load), said, "—", limit, state, words)


def _past(sources: Sources) -> list[Past]:
    policy = policies.current()
    wanted = (
        ("average_review_time", "Review time", policy.floor_items),
        ("correction_rate", "Outputs corrected", policy.floor_ratio),
    )
    found = []
    for key, name, floor in wanted:
        kpi = sources.by_key(key)
        if kpi is None:
            continue
        baseline = sources.baselines.get(kpi.pk)
        now, cases = _said(
            sources, kpi, parts_of(sources.quarterly.get(kpi.pk), kpi.unit)[1], floor
        )
        before, _ = _said(sources, kpi, baseline.parts if baseline else None, floor)
        found.append(Past(name, kpi.slug, before if baseline else "—", now, cases))
    return found


def _said(sources: Sources, kpi: Kpi, parts: dict[str, Any] | None, floor: int) -> tuple[str, str]:
    """Value and cases in words; silent below the floor."""
    how = {"currency": kpi.currency, "locale": sources.organization.locale}
    if parts and {"num", "den"} <= parts.keys():
        count, value = int(parts["den"]), float(parts["num"]) / max(1, int(parts["den"]))
        cases = f"{int(parts['num']):,} of {count:,}"
    elif parts and {"n", "mean"} <= parts.keys():
        count, value = int(parts["n"]), float(parts["mean"])
        cases = f"n {count:,}"
    else:
        return "not measured", ""
    if count < floor:
        return "not shown", f"{count} of the {floor} cases that it takes"
    return wording.say(round(value, 4), kpi.unit, **how), cases


def _shifted(sources: Sources) -> bool:
    policy = policies.current()
    time, fixed = sources.by_key("average_review_time"), sources.by_key("correction_rate")
    if time is None or fixed is None:
        return False
    now = parts_of(sources.quarterly.get(time.pk), time.unit)[1]
    now_fixed = parts_of(sources.quarterly.get(fixed.pk), fixed.unit)[1]
    before, before_fixed = sources.baselines.get(time.pk), sources.baselines.get(fixed.pk)
    return shift(
        _moments(now),
        _moments(before.parts if before else None),
        _counts(now_fixed),
        _counts(before_fixed.parts if before_fixed else None),
        policy=policy,
        z=policy.z_review,
    )


def _moments(parts: dict[str, Any] | None) -> Moments | None:
    if not parts or parts.get("sd") is None:
        return None
    return Moments(int(parts["n"]), float(parts["mean"]), float(parts["sd"]))


def _counts(parts: dict[str, Any] | None) -> Share | None:
    if not parts or not {"num", "den"} <= parts.keys():
        return None
    return Share(int(parts["num"]), int(parts["den"]))
