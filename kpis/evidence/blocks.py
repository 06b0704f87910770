"""The blocks around the KPIs: gates, scope, review, reporting, history, value (method 5.8)."""

import datetime as dt
from typing import Any

from deployments.domain.gates import LABELS, state_on
from kpis.domain.entering.confirmation import changed_since
from kpis.evidence.figures import added, lowest_answers, share
from kpis.evidence.sources import SET_CHANGES, Sources
from kpis.models import Rollup
from portal.domain.calendar import Grain, period_of

NO_BENEFIT = {"better", "better_worthwhile"}


def gates(sources: Sources) -> dict[str, str]:
    """The state of all five gates on the day; what nobody recorded is not met."""
    newest = {one.key: one for one in sources.gates}
    return {
        key: state_on(newest[key].state, newest[key].valid_until, sources.as_of)
        if key in newest
        else "not_met"
        for key in LABELS
    }


def scope(sources: Sources) -> dict[str, Any]:
    """Use outside the purpose, unapproved tools, and whether the KPI set is up to date."""
    reviewed = reviewed_at(sources)
    changed = [one.recorded_at for one in sources.changes if one.kind in SET_CHANGES]
    return _known(
        out_of_scope=share(_quarter(sources, "scope_drift")),
        shadow=share(_quarter(sources, "shadow_ai_share")),
        shadow_survey=sources.by_key("shadow_ai_share") is not None,
        changed_since_kpi_review=changed_since(max(changed, default=None), reviewed),
        days_since_kpi_review=_days(min(reviewed.values(), default=None), sources.as_of),
    )


def reviewed_at(sources: Sources) -> dict[str, dt.datetime]:
    """When each part of the set was looked at last: confirmed, or first set up."""
    first = min((kpi.created_at for kpi in sources.kpis), default=None)
    if first is None:
        return {}
    found = dict.fromkeys(("kpi_set", "baselines", "thresholds"), first)
    for one in sources.confirmations:
        found[one.part] = max(found[one.part], one.confirmed_at)
    return found


def review(sources: Sources) -> dict[str, Any]:
    """Signals about the human review, from the team figures of its KPIs."""
    planted = share(_quarter(sources, "overreliance_signals"))
    load = [row.value for row in _rows(sources, "reviewer_workload") if row.value is not None]
    return _known(
        implausibly_fast=share(_quarter(sources, "rubber_stamp_risk")),
        unedited_approved=share(_quarter(sources, "unedited_approval_rate")),
        bursts=share(_quarter(sources, "burst_approval_rate")),
        seeded=planted and {"num": planted["den"] - planted["num"], "den": planted["den"]},
        load=float(load[-1]) if load else None,
        load_previous=float(load[-2]) if len(load) > 1 else None,
    )


def reporting(sources: Sources) -> dict[str, Any] | None:
    """Uses, reports and what staff say about reporting; None where nothing is known."""
    near, incidents = _count(sources, "near_misses"), _count(sources, "incident_reports")
    told = _quarter(sources, "reports_per_1000_uses")
    reports = None if told is None or told.num is None else int(told.num)
    if reports is None and (near is not None or incidents is not None):
        reports = (near or 0) + (incidents or 0)
    found = _known(
        uses=_count(sources, "prompts_or_logins"),
        reports=reports,
        near_misses=near,
        incidents=incidents,
        participation=share(_quarter(sources, "pulse_response_rate")),
        afraid=lowest_answers(_quarter(sources, "reporting_confidence")),
        audit=share(_quarter(sources, "error_rate")),
    )
    return found if {"uses", "reports", "participation", "afraid"} & found.keys() else None


def history(sources: Sources) -> dict[str, Any]:
    """What the last verdict of each earlier quarter said about the primary outcome."""
    start = sources.organization.fiscal_year_start
    by_quarter = {period_of(one.as_of, Grain.QUARTER, start): one for one in sources.earlier}
    changes = [_primary_changes(one, sources.kpis) for one in by_quarter.values()]
    without = 0
    for found in reversed(changes):
        if not found or set(found) <= NO_BENEFIT:
            break
        without += 1
    return {
        "previous_review_better": bool(changes) and set(changes[-1]) == {"better_worthwhile"},
        "consecutive_no_benefit_reviews": without,
    }


def _primary_changes(verdict: Any, kpis: Any) -> list[str]:
    known = verdict.record.get("kpi", {})
    return [known[kpi.slug]["change"] for kpi in kpis if kpi.is_primary and kpi.slug in known]


def _rows(sources: Sources, key: str) -> list[Rollup]:
    kpi = sources.by_key(key)
    return [] if kpi is None else sources.rows.get(kpi.pk, [])


def _quarter(sources: Sources, key: str) -> Rollup | None:
    kpi = sources.by_key(key)
    return None if kpi is None else sources.quarterly.get(kpi.pk)


def _count(sources: Sources, key: str) -> int | None:
    row = _quarter(sources, key)
    return None if row is None else added([row])


def _days(since: dt.datetime | None, as_of: dt.date) -> int:
    return max(0, (as_of - since.date()).days) if since else 0


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
