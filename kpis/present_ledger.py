"""The cost ledger in words: claimed beside net, the cost of a result, the return or its absence."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpis.charts import stack_svg
from kpis.domain import costs, wording
from kpis.domain.cost_parts import PARTS
from kpis.domain.costs import Basis, Return, Withheld
from kpis.domain.readiness import listed
from kpis.evidence import ledger as read
from kpis.evidence.sources import Sources


@dataclass(frozen=True)
class Page:
    """Everything the ledger page says; figures are None while they cannot be computed."""

    headline: str
    withheld: tuple[str, ...]
    figures: dict[str, str]
    value: str
    span: str
    grade: str
    chart: str
    finding: str


def page(sources: Sources) -> Page:
    """The ledger of the quarter that the sources hold."""
    entries, row = read.newest(sources)
    ledger, basis, found = read.ledger_of(entries), read.basis_of(row), read.result(sources)
    how = {"currency": sources.organization.currency, "locale": sources.organization.locale}

    def money(value: Decimal) -> str:
        return wording.say(value, "currency", **how)

    withheld = _withheld(found)
    value = "" if isinstance(found, Withheld) else money(found.value)
    return Page(
        headline=_headline(found, basis, ledger, how["locale"]),
        withheld=withheld,
        figures=_figures(basis, ledger, money, how["locale"]) if basis else {},
        value=value,
        span=_span(found, money),
        grade="" if isinstance(found, Withheld) else found.grade,
        chart=_chart(basis) if basis else "",
        finding=_finding(basis) if basis else "",
    )


def _withheld(found: Return | Withheld) -> tuple[str, ...]:
    if not isinstance(found, Withheld):
        return ()
    reasons = []
    if found.missing:
        names = listed([PARTS[one] for one in found.missing])
        reasons.append(f"no amount and no reason for {names}")
    if found.baseline_missing:
        reasons.append("the task times or the volume are not complete")
    if found.use_missing:
        reasons.append("nobody said what the saved hours are used for")
    return tuple(reasons)


def _headline(
    found: Return | Withheld, basis: Basis | None, ledger: costs.Ledger, locale: str
) -> str:
    if basis is None:
        return "Nobody can tell yet what it costs and what it saves"
    hours = costs.hours(basis, ledger.labour_hours)
    if hours.net < 0:
        return f"It costs {_hours(-hours.net, locale)} hours more than it saves"
    said = f"{_hours(hours.net, locale)} hours net, where drafts alone claim"
    said += f" {_hours(hours.claimed, locale)}"
    if isinstance(found, Withheld) and found.missing:
        said = f"At most {said}"
    return said


def _hours(value: Decimal, locale: str) -> str:
    return wording.grouped(value.quantize(Decimal("0.1")).normalize() + 0, _places(value), locale)


def _places(value: Decimal) -> int:
    return 0 if value == value.to_integral_value() or abs(value) >= 1000 else 1


def _figures(basis: Basis, ledger: costs.Ledger, money: Any, locale: str) -> dict[str, str]:
    hours = costs.hours(basis, ledger.labour_hours)
    even = costs.break_even(basis, ledger)
    return {
        "claimed": f"{_hours(hours.claimed, locale)} h",
        "net": f"{_hours(hours.net, locale)} h",
        "before": money(costs.cost_before(basis)),
        "now": money(costs.cost_per_result(basis, ledger)),
        "cash": money(costs.cash_per_result(basis, ledger)),
        "labour": f"{_hours(ledger.labour_hours, locale)} h",
        "cash_total": money(ledger.cash),
        "break_even": wording.grouped(even.to_integral_value("ROUND_CEILING"), 0, locale)
        if even is not None
        else "",
    }


def _span(found: Return | Withheld, money: Any) -> str:
    if isinstance(found, Withheld) or found.low is None or found.high is None:
        return ""
    return f"{money(found.low)} to {money(found.high)}"


def _chart(basis: Basis) -> str:
    with_ai = [("draft", basis.draft), ("review", basis.review)]
    if rework := basis.rework_share * basis.rework:
        with_ai.append(("rework", rework))
    rows = [
        ("Before AI", [("work", float(basis.base))]),
        ("With AI", [(name, round(float(value), 1)) for name, value in with_ai]),
    ]
    named = [(label, list(parts)) for label, parts in rows]
    return stack_svg(named, title="Minutes from start to final result", unit="min")


def _finding(basis: Basis) -> str:
    """A faster draft with a slower finish is a loss, and is called one."""
    if basis.draft < basis.base < basis.ai_minutes:
        return (
            f"The draft comes faster, the finished result slower: {basis.ai_minutes.normalize():f} "
            f"minutes instead of {basis.base.normalize():f}. That is a loss of time."
        )
    if basis.ai_minutes and basis.base > basis.ai_minutes:
        share = (basis.ai_minutes - basis.draft) / basis.ai_minutes
        return f"{share * 100:.0f}% of the time with AI is review and rework."
    return ""
