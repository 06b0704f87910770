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

# A margin below this asks for more cases than anybody has.
TELLING = 1e-4
# An effect of this size has no limit that anybody would read.
ENDLESS = 1e6
# Signs of money stand before the amount.
SIGNS = frozenset({"$", "€", "£"})


def _(text: str) -> str:
    """Marks a text for translation; the domain itself speaks the language of the source."""
    return text


PHRASES: Mapping[str, str] = {
    "cases": _("{value} ({num} of {den})"),
    "mean": _("{value} ({n})"),
    "rate": _("{value} ({num} in {den})"),
    "above": _("above"),
    "below": _("below"),
    "outside": _("outside its range by more than"),
    "warning": _("warning limit"),
    "critical": _("critical limit"),
    "confirmed": _("{value}, plausibly {lo} to {hi}: {side} the {limit} of {threshold}"),
    "twice": _("{value}, for the second period in a row {side} the {limit} of {threshold}"),
    "suspected": _("{value}, perhaps {side} the {limit} of {threshold}; chance could explain it"),
    "latched": _("the alarm of an earlier period ({limit}) has not been cleared"),
    "worse": _("worse than before by {amount}"),
    "worse_beyond_margin": _("worse than before by {amount}, more than was tolerated"),
    "worse_within_margin": _("worse than before by {amount}, within what was tolerated"),
    "worse_cost": _("{value} after {before}, a rise beyond the agreed margin twice in a row"),
    "better": _("better than before by {amount}"),
    "better_worthwhile": _("better than before by {amount}, which was called worthwhile"),
    "not_worse": _("not worse than before, but no improvement is shown ({span})"),
    "unclear": _("better cannot be told from worse ({span})"),
    "unclear_without": _("better cannot be told from worse"),
    "none_before_or_since": _(
        "no event before and no event since, so better cannot be told from worse"
    ),
    "needed": _("; about {n} cases on each side would tell"),
    "point_only": _("single figures allow no comparison"),
    "no_baseline": _("nobody knows how it was before"),
    "not_judged": _("shown for reading, not judged"),
    "definition_changed": _("its definition changed, so before and after cannot be compared"),
    "not_independent": _("its figures come from the review that failed"),
    "not_measured": _("nobody measures it"),
    "too_few": _("it has too few cases to judge ({n}, {floor} are needed)"),
    "stale": _("its figures are out of date (older than {age} reporting periods)"),
    "partial": _("its figures cover {covered} of the work, {least} are needed"),
    "measured": _("measured"),
    "one_case": _("1 case"),
    "many_cases": _("{n} cases"),
    "one_period": _("1 period"),
    "many_periods": _("{n} periods"),
    "one_answer": _("1 answer"),
    "many_answers": _("{n} answers"),
    "seconds": _("{n} seconds"),
    "exposure": _("nothing it could happen in"),
    "some": _("some"),
    "ok": _("within its limits"),
    "points": _("{x} points"),
    "relative": _("{x}%"),
    "range": _("{a} to {b}"),
    "at_least": _("at least {a}"),
    "better_by": _("{amount} better"),
    "worse_by": _("{amount} worse"),
    "between": _("between {a} worse and {b} better"),
    "any": _("any amount"),
    "unreviewed": _("and nobody reviews the outputs"),
    "open_for": _("for {days} days"),
}


def named(key: str) -> str:
    """A key as words, first letter capital."""
    words = plain_name(key)
    return words[:1].upper() + words[1:]


def plain_name(key: str) -> str:
    """A key as words inside a sentence."""
    return key.replace("_", " ").replace("-", " ")


def plain(value: float) -> str:
    """A number without needless digits: thousands grouped, small ones kept readable."""
    if value == 0:
        return "0"
    if not 1e-9 < abs(value) < 1e15:
        return f"{value:.4g}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    return _trimmed(f"{value:.{digits}f}")


def percent(value: float) -> str:
    """A share in per cent, with two decimals where they matter."""
    if abs(value) >= ENDLESS:
        return f"{value:.4g} × 100%"
    digits = 2 if abs(value) >= 0.0001 or value == 0 else 4
    return f"{_trimmed(f'{value * 100:.{digits}f}')}%"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(value: float | None, given: Kpi) -> str:
    """A value of a KPI: shares in per cent, everything else as a number with its unit."""
    if value is None:
        return "–"
    if given.kind in SHARES:
        return percent(value)
    if given.unit in SIGNS:
        return f"{given.unit}{plain(value)}"
    return f"{plain(value)} {given.unit}" if given.unit else plain(value)


def share(num: float, den: float) -> str:
    """“12 of 40 (30%)”."""
    said = f"{plain(num)} of {plain(den)}"
    return f"{said} ({percent(num / den)})" if den else said


def value_words(kpi: KpiFacts) -> str:
    """The current value with the cases behind it, where counting them tells something."""
    kind, current = kpi.given.kind, kpi.given.current
    said = figure(kpi.value, kpi.given)
    if current is None:
        return said
    if kind in {"ratio", "rating"}:
        return PHRASES["cases"].format(value=said, num=plain(current.num), den=plain(current.den))
    if kind in MEANS:
        return PHRASES["mean"].format(value=said, n=cases_words(kpi.given, current.n))
    if kind == "rate":
        return PHRASES["rate"].format(value=said, num=plain(current.num), den=plain(current.den))
    return said


def cases_words(given: Kpi, n: float) -> str:
    """“40 cases”, “1 answer”, “12 periods”: what a figure of this kind is counted in."""
    if given.kind == "uptime":
        return PHRASES["seconds"].format(n=plain(n))
    counted = "answer" if given.kind == "rating" else "case"
    if given.kind in MEANS and given.n_unit == "period":
        counted = "period"
    return PHRASES[f"one_{counted}" if n == 1 else f"many_{counted}s"].format(n=plain(n))


def data_words(kpi: KpiFacts, policy: Policy) -> str:
    """What is the matter with the data of a KPI, as a clause."""
    given, current = kpi.given, kpi.given.current
    if kpi.data == "too_few" and current is not None:
        if given.kind == "rate":
            return PHRASES["too_few"].format(n=PHRASES["exposure"], floor=PHRASES["some"])
        n = current.n if given.kind in MEANS else current.den
        said, floor = cases_words(given, n), plain(needed_cases(given, policy))
        return PHRASES["too_few"].format(n=said, floor=floor)
    return PHRASES[kpi.data].format(
        age=plain(policy.stale_after),
        covered=percent(given.coverage),
        least=percent(policy.coverage_min),
    )


def state(kpi: KpiFacts, policy: Policy) -> str:
    """What is the matter: a limit, else the change, else the data."""
    said = [level_words(kpi)] if kpi.is_beyond else []
    if kpi.change in {Change.WORSE, Change.WORSE_BEYOND_MARGIN}:
        said.append(change_words(kpi))
    if said:
        return "; ".join(said)
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
        return PHRASES["latched"].format(limit=PHRASES[name])
    side = {"up": "below", "down": "above"}.get(given.direction, "outside")
    words = {
        "value": value_words(kpi),
        "side": PHRASES[side],
        "limit": PHRASES[name],
        "threshold": figure(threshold, given),
    }
    if kpi.is_suspected:
        return PHRASES["suspected"].format(**words)
    found = level_interval(given.kind, current, kpi.z)
    if found is not None and is_beyond(given, found.lo, found.hi, threshold):
        lo, hi = figure(found.lo, given), figure(found.hi, given)
        return PHRASES["confirmed"].format(lo=lo, hi=hi, **words)
    if is_beyond(given, kpi.value, kpi.value, threshold) and given.two_periods in (True, name):
        return PHRASES["twice"].format(**words)
    return PHRASES["latched"].format(limit=PHRASES[name])


def change_words(kpi: KpiFacts) -> str:
    """The change with the interval of its effect, in words."""
    if kpi.change is Change.WORSE and kpi.lo is None and kpi.given.baseline is not None:
        before = figure(value_of(kpi.given.kind, kpi.given.baseline), kpi.given)
        return PHRASES["worse_cost"].format(value=value_words(kpi), before=before)
    if kpi.change is Change.UNCLEAR:
        if kpi.lo is None:
            is_none = kpi.given.kind == "rate" and kpi.value == 0
            return PHRASES["none_before_or_since" if is_none else "unclear_without"]
        return PHRASES["unclear"].format(span=span(kpi)) + _needed(kpi)
    return PHRASES[kpi.change].format(span=span(kpi), amount=amount(kpi))


def _needed(kpi: KpiFacts) -> str:
    """How many cases would settle it, where that can be computed (method 2.4)."""
    given, baseline = kpi.given, kpi.given.baseline
    if given.kind not in {"ratio", "rating"} or not given.margin or baseline is None:
        return ""
    before = value_of(given.kind, baseline)
    if before is None or not 0 < before < 1 or given.margin < TELLING:
        return ""
    return PHRASES["needed"].format(n=f"{cases_needed(before, given.margin):,}")


def span(kpi: KpiFacts) -> str:
    """The interval of an effect: “2 to 5 points worse”, “between 5% worse and 12% better”."""
    if kpi.lo is None or kpi.hi is None:
        return ""
    if kpi.lo < 0 < kpi.hi:
        a, b = _quantity(kpi, -kpi.lo), _quantity(kpi, kpi.hi)
        return PHRASES["between"].format(a=a, b=b)
    side = "better_by" if kpi.lo >= 0 else "worse_by"
    return PHRASES[side].format(amount=amount(kpi))


def amount(kpi: KpiFacts) -> str:
    """The size of an effect whose direction is known: “2 to 5 points”, “at least 4%”."""
    if kpi.lo is None or kpi.hi is None:
        return ""
    small, large = sorted((abs(kpi.lo), abs(kpi.hi)))
    if large >= ENDLESS:
        return PHRASES["at_least"].format(a=_quantity(kpi, small))
    if kpi.given.kind not in SHARES:
        return PHRASES["range"].format(a=_quantity(kpi, small), b=_quantity(kpi, large))
    return PHRASES["range"].format(a=_hundredths(small), b=_quantity(kpi, large))


def _quantity(kpi: KpiFacts, size: float) -> str:
    if size >= ENDLESS:
        return PHRASES["any"]
    unit = PHRASES["points" if kpi.given.kind in SHARES else "relative"]
    return unit.format(x=_hundredths(size))


def _hundredths(size: float) -> str:
    return plain(round(size * 100, 1) + 0.0)
