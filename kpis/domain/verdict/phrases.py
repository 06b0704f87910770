"""Parts of sentences: figures as a reader writes them, and what is the matter with a KPI."""

import math
from collections.abc import Mapping

from kpis.domain.policy import Policy
from kpis.domain.statistics.change import Change, cases_needed
from kpis.domain.verdict.figures import (
    MEANS,
    SHARES,
    is_beyond,
    level_interval,
    needed_cases,
    value_of,
)
from kpis.domain.verdict.kpi_facts import KpiFacts
from kpis.domain.verdict.schema import Kpi
from portal.domain.messages import N_, NN_, Figure, Joined, Message

# A margin below this asks for more cases than anybody has.
TELLING = 1e-4
# An effect of this size has no limit that anybody would read.
ENDLESS = 1e6
# Signs of money stand before the amount.
SIGNS = frozenset({"$", "€", "£"})


PHRASES: Mapping[str, str] = {
    "cases": N_("{value} ({num} of {den})"),
    "mean": N_("{value} ({n})"),
    "rate": N_("{value} ({num} in {den})"),
    "above": N_("above"),
    "below": N_("below"),
    "outside": N_("outside its range by more than"),
    "warning": N_("warning limit"),
    "critical": N_("critical limit"),
    "confirmed": N_("{value}, plausibly {lo} to {hi}: {side} the {limit} of {threshold}"),
    "twice": N_("{value}, for the second period in a row {side} the {limit} of {threshold}"),
    "suspected": N_("{value}, perhaps {side} the {limit} of {threshold}; chance could explain it"),
    "latched": N_("the alarm of an earlier period ({limit}) has not been cleared"),
    "worse": N_("worse than before by {amount}"),
    "worse_beyond_margin": N_("worse than before by {amount}, more than was tolerated"),
    "worse_within_margin": N_("worse than before by {amount}, within what was tolerated"),
    "worse_cost": N_("{value} after {before}, a rise beyond the agreed margin twice in a row"),
    "better": N_("better than before by {amount}"),
    "better_worthwhile": N_("better than before by {amount}, which was called worthwhile"),
    "not_worse": N_("not worse than before, but no improvement is shown ({span})"),
    "unclear": N_("better cannot be told from worse ({span})"),
    "unclear_without": N_("better cannot be told from worse"),
    "none_before_or_since": N_(
        "no event before and no event since, so better cannot be told from worse"
    ),
    "needed": N_("; about {n} cases on each side would tell"),
    "point_only": N_("single figures allow no comparison"),
    "no_baseline": N_("nobody knows how it was before"),
    "not_judged": N_("shown for reading, not judged"),
    "definition_changed": N_("its definition changed, so before and after cannot be compared"),
    "not_independent": N_("its figures come from the review that failed"),
    "not_measured": N_("nobody measures it"),
    "too_few": N_("it has too few cases to judge ({n}, {floor} are needed)"),
    "stale": N_("its figures are out of date (older than {age} reporting periods)"),
    "partial": N_("its figures cover {covered} of the work, {least} are needed"),
    "measured": N_("measured"),
    "seconds": N_("{n} seconds"),
    "share": N_("{num} of {den} ({share})"),
    "share_of_nothing": N_("{num} of {den}"),
    "exposure": N_("nothing it could happen in"),
    "some": N_("some"),
    "ok": N_("within its limits"),
    "points": N_("{x} points"),
    "relative": N_("{x}%"),
    "range": N_("{a} to {b}"),
    "at_least": N_("at least {a}"),
    "better_by": N_("{amount} better"),
    "worse_by": N_("{amount} worse"),
    "between": N_("between {a} worse and {b} better"),
    "any": N_("any amount"),
    "unreviewed": N_("and nobody reviews the outputs"),
    "open_for": N_("for {days} days"),
}

COUNTED: Mapping[str, tuple[str, str]] = {
    "case": NN_("1 case", "{n} cases"),
    "period": NN_("1 period", "{n} periods"),
    "answer": NN_("1 answer", "{n} answers"),
}


def phrase(key: str, **words: str) -> Message:
    """A part of a sentence by its key, with its words. Raises KeyError."""
    return Message(PHRASES[key], words)


def named(key: str) -> str:
    """A key as words, first letter capital."""
    words = plain_name(key)
    return words[:1].upper() + words[1:]


def plain_name(key: str) -> str:
    """A key as words inside a sentence."""
    return key.replace("_", " ").replace("-", " ")


def plain(value: float) -> Figure:
    """A number without needless digits: thousands grouped, small ones kept readable."""
    if value == 0:
        return Figure("0")
    if not 1e-9 < abs(value) < 1e15:
        return Figure(f"{value:.4g}")
    if abs(value) >= 1000:
        return Figure(f"{value:,.0f}")
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    return Figure(_trimmed(f"{value:.{digits}f}"))


def percent(value: float) -> Figure:
    """A share in per cent, with two decimals where they matter."""
    if abs(value) >= ENDLESS:
        return Figure(f"{value:.4g} × 100%")
    digits = 2 if abs(value) >= 0.0001 or value == 0 else 4
    return Figure(f"{_trimmed(f'{value * 100:.{digits}f}')}%")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(value: float | None, given: Kpi) -> str:
    """A value of a KPI: shares in per cent, everything else as a number with its unit."""
    if value is None:
        return "–"
    if given.kind in SHARES:
        return percent(value)
    if given.unit in SIGNS:
        return Joined("", [given.unit, plain(value)])
    return Joined(" ", [plain(value), given.unit]) if given.unit else plain(value)


def share(num: float, den: float) -> str:
    """“12 of 40 (30%)”."""
    if not den:
        return phrase("share_of_nothing", num=plain(num), den=plain(den))
    return phrase("share", num=plain(num), den=plain(den), share=percent(num / den))


def value_words(kpi: KpiFacts) -> str:
    """The current value with the cases behind it, where counting them tells something."""
    kind, current = kpi.given.kind, kpi.given.current
    value = figure(kpi.value, kpi.given)
    if current is None:
        return value
    if kind in {"ratio", "rating"}:
        return phrase("cases", value=value, num=plain(current.num), den=plain(current.den))
    if kind in MEANS:
        return phrase("mean", value=value, n=cases_words(kpi.given, current.n))
    if kind == "rate":
        return phrase("rate", value=value, num=plain(current.num), den=plain(current.den))
    return value


def cases_words(given: Kpi, n: float) -> str:
    """“40 cases”, “1 answer”, “12 periods”: what a figure of this kind is counted in."""
    if given.kind == "uptime":
        return phrase("seconds", n=plain(n))
    counted = "answer" if given.kind == "rating" else "case"
    if given.kind in MEANS and given.n_unit == "period":
        counted = "period"
    return Message(COUNTED[counted], {"n": plain(n)}, quantity=n)


def data_words(kpi: KpiFacts, policy: Policy) -> str:
    """What is the matter with the data of a KPI, as a clause."""
    given, current = kpi.given, kpi.given.current
    if kpi.data == "too_few" and current is not None:
        if given.kind == "rate":
            return phrase("too_few", n=phrase("exposure"), floor=phrase("some"))
        n = current.n if given.kind in MEANS else current.den
        floor = plain(needed_cases(given, policy))
        return phrase("too_few", n=cases_words(given, n), floor=floor)
    return phrase(
        kpi.data,
        age=plain(policy.stale_after),
        covered=percent(given.coverage),
        least=percent(policy.coverage_min),
    )


def state(kpi: KpiFacts, policy: Policy) -> str:
    """What is the matter: a limit, else the change, else the data."""
    clauses = [level_words(kpi)] if kpi.is_beyond else []
    if kpi.change in {Change.WORSE, Change.WORSE_BEYOND_MARGIN}:
        clauses.append(change_words(kpi))
    if clauses:
        return Joined("; ", clauses)
    if kpi.is_suspected:
        return level_words(kpi)
    silent = {"not_measured", "definition_changed", "not_independent", "too_few"}
    return data_words(kpi, policy) if kpi.data in silent else change_words(kpi)


def level_words(kpi: KpiFacts) -> str:
    """The level beside its threshold, and why it counts."""
    given, current = kpi.given, kpi.given.current
    name = kpi.level.removeprefix("suspected_")
    threshold = given.critical if name == "critical" else given.warning
    is_judged = given.direction != "context" and threshold is not None
    if not is_judged or threshold is None or kpi.value is None or current is None:
        return phrase("latched", limit=phrase(name))
    side = {"up": "below", "down": "above"}.get(given.direction, "outside")
    words = {
        "value": value_words(kpi),
        "side": phrase(side),
        "limit": phrase(name),
        "threshold": figure(threshold, given),
    }
    if kpi.is_suspected:
        return phrase("suspected", **words)
    interval = level_interval(given.kind, current, kpi.z)
    if interval is not None and is_beyond(given, interval.lo, interval.hi, threshold):
        lo, hi = figure(interval.lo, given), figure(interval.hi, given)
        return phrase("confirmed", lo=lo, hi=hi, **words)
    if is_beyond(given, kpi.value, kpi.value, threshold) and given.two_periods in (True, name):
        return phrase("twice", **words)
    return phrase("latched", limit=phrase(name))


def change_words(kpi: KpiFacts) -> str:
    """The change with the interval of its effect, in words."""
    if kpi.change is Change.WORSE and kpi.lo is None and kpi.given.baseline is not None:
        before = figure(value_of(kpi.given.kind, kpi.given.baseline), kpi.given)
        return phrase("worse_cost", value=value_words(kpi), before=before)
    if kpi.change is Change.UNCLEAR:
        if kpi.lo is None:
            is_none = kpi.given.kind == "rate" and kpi.value == 0
            return phrase("none_before_or_since" if is_none else "unclear_without")
        return Joined("", [phrase("unclear", span=span(kpi)), _needed(kpi)])
    return phrase(kpi.change, span=span(kpi), amount=amount(kpi))


def _needed(kpi: KpiFacts) -> str:
    """How many cases would settle it, where that can be computed (method 2.4)."""
    given, baseline = kpi.given, kpi.given.baseline
    if given.kind not in {"ratio", "rating"} or not given.margin or baseline is None:
        return ""
    before = value_of(given.kind, baseline)
    if before is None or not 0 < before < 1 or given.margin < TELLING:
        return ""
    return phrase("needed", n=Figure(f"{cases_needed(before, given.margin):,}"))


def span(kpi: KpiFacts) -> str:
    """The interval of an effect: “2 to 5 points worse”, “between 5% worse and 12% better”."""
    if kpi.lo is None or kpi.hi is None:
        return ""
    if kpi.lo < 0 < kpi.hi:
        a, b = _quantity(kpi, -kpi.lo), _quantity(kpi, kpi.hi)
        return phrase("between", a=a, b=b)
    side = "better_by" if kpi.lo >= 0 else "worse_by"
    return phrase(side, amount=amount(kpi))


def amount(kpi: KpiFacts) -> str:
    """The size of an effect whose direction is known: “2 to 5 points”, “at least 4%”."""
    if kpi.lo is None or kpi.hi is None:
        return ""
    small, large = sorted((abs(kpi.lo), abs(kpi.hi)))
    if large >= ENDLESS:
        return phrase("at_least", a=_quantity(kpi, small))
    if kpi.given.kind not in SHARES:
        return phrase("range", a=_quantity(kpi, small), b=_quantity(kpi, large))
    return phrase("range", a=_hundredths(small), b=_quantity(kpi, large))


def _quantity(kpi: KpiFacts, size: float) -> str:
    if size >= ENDLESS:
        return phrase("any")
    return phrase("points" if kpi.given.kind in SHARES else "relative", x=_hundredths(size))


def _hundredths(size: float) -> str:
    return plain(round(size * 100, 1) + 0.0)
