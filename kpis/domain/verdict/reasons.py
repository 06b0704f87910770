"""Sentences a manager understands, with the numbers in them: made here and nowhere else."""

from collections.abc import Callable, Mapping
from typing import Any

from kpis.domain.change import Change
from kpis.domain.verdict.expansion import used_as_expected, worse_within
from kpis.domain.verdict.facts import KpiFacts
from kpis.domain.verdict.rules import Hit
from kpis.domain.verdict.world import World

RECOMMEND = {
    "stop": "Stop this deployment.",
    "pause": "Pause this deployment until what follows is cleared.",
    "restrict": "Restrict this deployment to what is approved and under control.",
    "improve": "Improve before anything is expanded.",
    "continue": "Continue as it is; nothing here opens an expansion.",
    "expand": "The proposed expansion may go ahead.",
}
GATES = {
    "owner": "a named owner",
    "legal_basis": "the legal basis",
    "dpia": "the data-protection impact assessment",
    "fallback": "a way to work without the AI",
    "oversight": "human oversight",
}
DATA = {
    "not_measured": "nobody measures it",
    "definition_changed": "its definition changed",
    "not_independent": "its figure comes from the review that failed",
    "too_few": "there are too few cases",
    "stale": "its figures are out of date",
    "partial": "less than 80% of the work is covered",
}
CHANGES = {
    Change.WORSE: "it got worse than before",
    Change.WORSE_BEYOND_MARGIN: "it got worse by more than was tolerated",
    Change.WORSE_WITHIN_MARGIN: "it got worse, within what was tolerated",
    Change.UNCLEAR: "better cannot be told from worse",
    Change.NOT_WORSE: "it did not get worse, and no improvement is shown",
    Change.POINT_ONLY: "a single figure allows no comparison",
}
SHARES = {
    "out_of_scope": "use outside the approved scope",
    "shadow": "use of tools that nobody approved",
    "implausibly_fast": "reviews that were too fast",
    "unedited_approved": "approvals without an edit",
    "bursts": "approvals in quick succession",
    "participation": "participation in the survey",
    "afraid": "fear to report",
    "audit": "errors found in audits",
}
FLAGS = {
    "low_participation": "few people answer the survey",
    "afraid": "many are afraid to report",
    "no_near_misses": "there are incidents but not one near miss",
}


def named(kpi: KpiFacts) -> str:
    """The KPI's name; without one its key as words, first letter capital."""
    if kpi.given["name"]:
        return str(kpi.given["name"])
    words = kpi.key.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def figure(value: float | None, kind: str) -> str:
    """A value as a reader writes it: shares in per cent."""
    if value is None:
        return "no figure"
    if kind in {"ratio", "rating", "uptime"}:
        return f"{value * 100:.3g}%" if value else "0%"
    return f"{value:,.4g}"


def share(numbers: Mapping[str, Any]) -> str:
    """ "12 of 40 (30%)" for {num, den}."""
    num, den = numbers["num"], numbers["den"]
    return f"{num:,} of {den:,} ({num / den * 100:.3g}%)" if den else "none"


def state(kpi: KpiFacts) -> str:
    """What is wrong with a KPI: its level beside the threshold, else its change, else its data."""
    kind, given = str(kpi.given["kind"]), kpi.given
    name = kpi.level.removeprefix("suspected_")
    if name in {"warning", "critical"}:
        limit = given[name]
        if limit is None or kpi.value is None:
            return f"it is still at {name} level from an earlier period"
        perhaps = "perhaps " if kpi.level.startswith("suspected") else ""
        if given["direction"] == "band":
            return f"it is at {figure(kpi.value, kind)}, {perhaps}too far outside its range"
        side = "below" if given["direction"] == "up" else "above"
        return (
            f"it is at {figure(kpi.value, kind)}, {perhaps}{side} the {name} limit of "
            f"{figure(limit, kind)}"
        )
    if kpi.change in CHANGES:
        return CHANGES[Change(kpi.change)]
    return DATA.get(kpi.data, "it is within limits")


def _kpi(hit: Hit) -> str:
    assert hit.kpi is not None
    return f"{named(hit.kpi)}: {state(hit.kpi)}."


def _unmeasured(hit: Hit) -> str:
    assert hit.kpi is not None
    return f"{named(hit.kpi)} must be measured, but {DATA.get(hit.kpi.data, hit.kpi.data)}."


def _no_outcome(hit: Hit) -> str:
    if hit.kpi is None:
        return "No primary outcome was chosen, so nobody can tell whether the work got better."
    return f"The outcome cannot be judged: {named(hit.kpi)}, {DATA[hit.kpi.data]}."


def _futile(hit: Hit) -> str:
    if hit.kpi is None:
        return "Even at best the net value is not above zero, after an improvement plan."
    return (
        f"Two reviews without benefit after an improvement plan; {named(hit.kpi)} cannot reach it."
    )


def _unclear(hit: Hit) -> str:
    if hit.kpi is not None:
        return _kpi(hit)
    return f"Too few cases to judge {SHARES[hit.about]}."


def _adoption(hit: Hit) -> str:
    assert hit.kpi is not None
    least = figure(hit.kpi.given["expected_min"], "ratio")
    return (
        f"{named(hit.kpi)} is {figure(hit.kpi.value, 'ratio')}, below the expected {least}: ask "
        "about fit, training, access and trust."
    )


def _set(hit: Hit) -> str:
    if hit.numbers["changed"]:
        return "The deployment changed, and nobody has confirmed the KPI set since."
    return f"The KPI set was last looked at {hit.numbers['days']} days ago; 180 are the limit."


def _incident(text: str) -> Callable[[Hit], str]:
    return lambda hit: text.format(
        category=hit.about.replace("_", " "), severity=hit.numbers.get("severity", "serious")
    )


def _fixed(text: str) -> Callable[[Hit], str]:
    return lambda hit: text.format(about=hit.about, **hit.numbers)


def _share(text: str) -> Callable[[Hit], str]:
    return lambda hit: text.format(share=share(hit.numbers))


SENTENCES: Mapping[str, Callable[[Hit], str]] = {
    "S1_PROHIBITED": _fixed("This use is not allowed, or an authority ordered its end."),
    "S2_REPEAT_HARM": _incident("A {severity} {category} incident came again after its repair."),
    "S3_FUTILE": _futile,
    "P1_SERIOUS_OPEN": _incident("A {severity} {category} incident is open or its cause unknown."),
    "P2_SAFETY_CRITICAL": _kpi,
    "P3_GATE": lambda hit: f"Missing: {GATES[hit.about]}.",
    "P4_REVIEW_FAILED": _fixed("The human review does not catch errors."),
    "R1_UNAPPROVED_EXPANSION": _fixed("It is used without approval: {about}."),
    "R2_SCOPE_DRIFT": _share("Use outside the approved scope: {share}."),
    "R3_REVIEW_SYMBOLIC": _fixed("The human review is symbolic: it does not catch errors."),
    "R4_REVIEW_OVERLOAD": _fixed("Reviewers carry {load:.0%} of their capacity, twice in a row."),
    "R6_LOCAL_BREACH": lambda hit: f"Only in one unit: {_kpi(hit)}",
    "R7_UNMEASURED_UNREVIEWED": lambda hit: f"Neither measured nor reviewed. {_unmeasured(hit)}",
    "R8_HARM_AT_SCALE": lambda hit: f"It reaches people without an effective check. {_kpi(hit)}",
    "I1_GUARDRAIL": _kpi,
    "I2_BLIND_SPOT": _unmeasured,
    "I3_NO_BASELINE": lambda hit: (
        f"Nobody knows how it was before AI: {named(hit.kpi) if hit.kpi else ''}."
    ),
    "I4_NO_OUTCOME": _no_outcome,
    "I4_NO_BENEFIT": lambda hit: f"No benefit is shown. {_kpi(hit)}",
    "I5_COST_NO_BENEFIT": lambda hit: f"It costs more without a worthwhile benefit. {_kpi(hit)}",
    "I5_NEGATIVE_VALUE": _fixed("Even at best the net value is {high:,.0f}, not above zero."),
    "I6_LOW_ADOPTION": _adoption,
    "I7_UNDERREPORTING": _fixed(
        "Far fewer reports than the audits let expect ({expected:.1f}): silence is not safety."
    ),
    "I7_UNDERREPORTING_SUSPECTED": _fixed("Several signs say that problems go unreported."),
    "I8_SHADOW_AI": _share("Use of tools that nobody approved: {share}."),
    "I9_REVIEW_SUSPECT": _fixed("The way reviews are done raises doubt that they are real."),
    "I10_STALE_KPI_SET": _set,
    "I11_EARLY_WARNING": lambda hit: (
        f"Early warning: {named(hit.kpi) if hit.kpi else ''} moves the wrong way."
    ),
    "I12_WORKFORCE": _kpi,
    "I13_GATE": lambda hit: f"Missing: {GATES[hit.about]}.",
    "I14_INCIDENT_ACTION": _incident("Work after a {severity} {category} incident is not done."),
    "W_EARLY": lambda hit: f"{named(hit.kpi) if hit.kpi else ''} moves the wrong way.",
    "W_UNCLEAR": _unclear,
    "W_SMALL_BENEFIT": lambda hit: (
        f"{named(hit.kpi) if hit.kpi else ''} is better, not yet by what was called worthwhile."
    ),
    "W_TOO_EARLY": lambda hit: f"It is too early to judge {named(hit.kpi) if hit.kpi else ''}.",
    "W_COST_UP": lambda hit: f"It costs more than before. {_kpi(hit)}",
    "W_REPORTING": lambda hit: f"Reports may be missing: {FLAGS[hit.about]}.",
    "W_RECENT_SERIOUS": _incident("A {severity} {category} incident is closed for under 90 days."),
    "W_REVIEW_LOAD": _fixed("Reviewers carry {load:.0%} of their capacity; above 85% is too much."),
}
AGAINST = {
    "PROXY_BETTER": "A stand-in got better while the outcome itself did not.",
    "FAST_BUT_SEEDS_CAUGHT": "Reviews are fast, yet planted errors are caught.",
    "BENEFIT_DESPITE_HARM": "The outcome itself got better.",
    "BASELINE_ALREADY_CHANGING": "The outcome was already changing before AI came.",
    "INCIDENTS_NOT_INTERPRETABLE": "Fewer incidents mean nothing while so few people report.",
}


def sentences(
    world: World,
    decision: str,
    fired: Mapping[str, list[Hit]],
    watched: Mapping[str, list[Hit]],
    against: list[str],
) -> dict[str, list[str]]:
    """`because`, `watch_sentences`, `counter_sentences`, and `reasons` with all in fixed order."""
    because = _said(fired)
    watching = _said(watched)
    counter = [sentence for code in against for sentence in _against(world, code)]
    silent = [
        f"{named(kpi)}: {DATA[kpi.data]}."
        for kpi in world.kpis
        if kpi.data in {"not_measured", "definition_changed", "not_independent", "too_few"}
    ]
    reasons = [RECOMMEND[decision], *because, *watching, *counter, *silent]
    return {
        "reasons": list(dict.fromkeys(reasons)),
        "because": because,
        "watch_sentences": watching,
        "counter_sentences": counter,
    }


def _said(hits: Mapping[str, list[Hit]]) -> list[str]:
    said = [
        line for code, found in hits.items() for line in sorted({SENTENCES[code](h) for h in found})
    ]
    return list(dict.fromkeys(said))


def _against(world: World, code: str) -> list[str]:
    if code == "USE_IS_NOT_SUCCESS":
        return sorted(
            f"{named(kpi)} is {figure(kpi.value, str(kpi.given['kind']))}: people use it, which "
            "says nothing about whether it helps."
            for kpi in used_as_expected(world)
        )
    if code == "WORSE_WITHIN_MARGIN":
        return sorted(
            f"{named(kpi)} got worse, within what was tolerated." for kpi in worse_within(world)
        )
    return [AGAINST[code]]
