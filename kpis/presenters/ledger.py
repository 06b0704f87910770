"""The cost ledger in words: claimed beside net, the cost of a result, the return or its absence."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpis.domain import wording
from kpis.domain.cost import ledger as costs
from kpis.domain.cost.draft_to_final import Finish
from kpis.domain.cost.ledger import Basis, Return, Withheld
from kpis.domain.cost.parts import HIDDEN, PARTS, VISIBLE
from kpis.evidence import ledger as read
from kpis.evidence.sources import Sources
from kpis.models import CostEntry, LedgerBasis
from kpis.presenters.drawings import stack_svg
from portal.domain.messages import listed


@dataclass(frozen=True)
class Page:
    """Everything the ledger page says; figures are empty while they cannot be computed.

    `known` of 13 parts have an amount or a reason; `missing` names the others; `weakest` says how
    the least sure of the figures is known, and which they are.
    """

    headline: str
    withheld: tuple[str, ...]
    figures: dict[str, str]
    value: str
    span: str
    grade: str
    chart: str
    finding: str
    is_loss: bool
    known: int
    missing: tuple[str, ...]
    weakest: str


@dataclass(frozen=True)
class PartRow:
    """One of the thirteen parts in words; `state` is known, not_applicable or missing."""

    name: str
    money: str
    hours: str
    grade: str
    reason: str
    state: str


def parts(sources: Sources) -> list[tuple[str, list[PartRow]]]:
    """The parts that a bill shows and those that hide in people's days."""
    entries, _ = read.newest(sources)
    return [
        (heading, [_part(name, entries.get(part), sources) for part, name in names.items()])
        for heading, names in (("On the bill", VISIBLE), ("Hidden in people's days", HIDDEN))
    ]


def _part(name: str, row: CostEntry | None, sources: Sources) -> PartRow:
    name = name[:1].upper() + name[1:]
    if row is None:
        return PartRow(name, "—", "—", "", "", "missing")
    if row.not_applicable_because:
        return PartRow(name, "—", "—", "", row.not_applicable_because, "not_applicable")
    how = {"currency": sources.organization.currency, "locale": sources.organization.locale}
    money = "—" if row.amount is None else wording.say(row.amount, "currency", **how)
    hours = "—" if row.hours is None else f"{_hours(row.hours, how['locale'])} h"
    return PartRow(name, money, hours, row.get_grade_display(), "", "known")


def page(sources: Sources) -> Page:
    """The ledger of the quarter that the sources hold."""
    entries, row = read.newest(sources)
    ledger, basis, found = read.ledger_of(entries), read.basis_of(row), read.result(sources)
    how = {"currency": sources.organization.currency, "locale": sources.organization.locale}

    def money(value: Decimal) -> str:
        return wording.say(value, "currency", **how)

    withheld, times = _withheld(found), _times(basis)
    value = "" if isinstance(found, Withheld) else money(found.value)
    return Page(
        headline=_headline(found, basis, ledger, how["locale"]),
        withheld=withheld,
        figures=_figures(basis, ledger, money, how["locale"]) if basis else {},
        value=value,
        span=_span(found, money),
        grade="" if isinstance(found, Withheld) else found.grade,
        chart=_chart(basis) if basis else "",
        finding=times.finding() if times else "",
        is_loss=times is not None and times.is_loss,
        known=len(entries),
        missing=tuple(words for part, words in PARTS.items() if part not in entries),
        weakest=_weakest(entries, row),
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


def _times(basis: Basis | None) -> Finish | None:
    if basis is None:
        return None
    minutes = (basis.base, basis.ai_minutes, basis.draft, basis.review)
    return Finish(*(float(one) for one in minutes))


def _weakest(entries: Mapping[str, CostEntry], row: LedgerBasis | None) -> str:
    """ "estimated: setup and help among colleagues"; empty while nothing is entered."""
    known = {
        PARTS[part]: one.grade for part, one in entries.items() if not one.not_applicable_because
    }
    if row is not None:
        known["task times"] = row.grade
    if not known:
        return ""
    weakest = min(known.values(), key=costs.GRADES.index)
    return f"{weakest}: {listed([name for name, grade in known.items() if grade == weakest])}"


TIMES = {
    "minutes_before": "minutes per task before AI",
    "minutes_draft": "minutes to the draft",
    "minutes_review": "minutes of review",
}


def differing(measured: Mapping[str, float], row: LedgerBasis | None) -> list[str]:
    """Where the KPIs measure another time than the ledger assumes, by a tenth or more."""
    found = []
    for name, value in measured.items():
        used = getattr(row, name, None)
        if used is not None and abs(float(used) - value) > 0.1 * max(value, float(used)):
            found.append(f"{TIMES[name]}: measured {value:g}, the ledger uses {used.normalize():f}")
    return found
