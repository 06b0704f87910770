"""The KPI set of a deployment: KPIs, dated targets, baselines."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from deployments.models import Deployment
from kpis.actions import verdicts
from kpis.domain import policy
from kpis.domain.aggregation import monoids
from kpis.domain.catalogue import shipped, targets
from kpis.domain.errors import MethodError
from kpis.models import Baseline, CatalogueEntry, Kpi, KpiTarget
from portal.actions import audit
from portal.actions.revisions import says_already
from portal.models import Organization
from portal.tenancy.scope import current_organization_id

NUMBERS = (
    "requirement",
    "target",
    "ceiling",
    "warning",
    "critical",
    "expected_min",
    "mwb",
    "margin",
)
# Fields of the catalogue's entry that a KPI of a set keeps as its own.
COPIED = ("kind", "unit", "role", "direction", "cadence")


# Circumstances for which a target may be meant; worked examples of a source are none.
CONDITIONS = tuple(
    key
    for key in shipped.catalogue().conditions
    if key != "general" and not key.startswith("scenario_")
)
# Words of addresses, which a slug may not hide.
RESERVED = frozenset({"add", "choose", "confirm", "interview", "panel", "set"})


class CannotChange(ValueError):
    """A change of the KPI set was refused; the message is a sentence, `field` what it is about.

    `others` are further refusals of the same change, as field and sentence.
    """

    def __init__(
        self, message: str, field: str = "", others: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.field = field
        self.others = others


def add_from_catalogue(
    *,
    deployment: Deployment,
    entry: CatalogueEntry,
    by: str,
    at: dt.datetime,
    **changes: Any,
) -> Kpi:
    """Put a KPI of the catalogue into the deployment's set; `changes` override its defaults.

    One that was taken out is taken up again. As the primary outcome it has the role outcome.
    Raises CannotChange.
    """
    document = entry.document
    derived = document.get("derived_from") or []
    fields = {name: getattr(entry, name) for name in COPIED} | {
        "name": entry.name,
        "catalogue_key": entry.key,
        "is_leading": entry.indicator == "leading",
        "is_self_reported": bool(document.get("self_reported")),
        "measured_by_review": bool(document.get("measured_by_review")),
        "n_unit": document.get("n_unit") or "item",
        "proxy_for": document.get("proxy_for") or "",
        "derived_from": [derived] if isinstance(derived, str) else list(derived),
        "pair_with": list(document.get("pair_with") or []),
        "definition_text": _definition(document),
        "category": entry.category,
        "other_names": [entry.key, *(document.get("aliases") or [])],
    }
    if entry.kind == "ratio" and document.get("proportion") is False:
        fields["kind"] = "quotient"
    return _add(deployment, entry.key, fields | changes, by=by, at=at)


def add_own(
    *, deployment: Deployment, name: str, kind: str, by: str, at: dt.datetime, **fields: Any
) -> Kpi:
    """Put a KPI of the organization's own into the set; kind and direction are for good.

    One that is best inside a range needs `band_low` and `band_high`. Raises CannotChange.
    """
    if fields.get("direction") == "band":
        check_band(fields.get("band_low"), fields.get("band_high"))
    return _add(deployment, slugify(name), {"name": name, "kind": kind} | fields, by=by, at=at)


def check_band(low: Any, high: Any) -> None:
    """Refuse a range without both ends or that ends where it begins. Raises CannotChange."""
    if low is None or high is None:
        raise CannotChange("Say from where to where it is best.", "band_low")
    if Decimal(str(low)) >= Decimal(str(high)):
        raise CannotChange("The range must end above where it begins.", "band_high")


def _definition(document: Mapping[str, Any]) -> str:
    top, bottom = document.get("numerator"), document.get("denominator")
    return f"{top} / {bottom}" if top and bottom else str(document.get("definition") or "")


def _add(
    deployment: Deployment, slug: str, fields: Mapping[str, Any], *, by: str, at: dt.datetime
) -> Kpi:
    slug = slugify(slug)[:80]
    if not slug:
        raise CannotChange("Give the KPI a name with letters in it.", "name")
    if slug in RESERVED:
        slug = f"{slug}-kpi"
    if fields["kind"] not in {kind.value for kind in monoids.MONOIDS}:
        raise CannotChange(f"“{fields['kind']}” is not a kind of measure.", "kind")
    with transaction.atomic():
        Deployment.objects.select_for_update().get(pk=deployment.pk)
        rows = Kpi.objects.filter(deployment=deployment)
        known = rows.filter(slug=slug).first()
        if known is not None and known.retired_on is None:
            raise CannotChange(f"“{fields['name']}” is already in this set.", "name")
        last = rows.aggregate(last=Max("position"))["last"] or 0
        currency = fields.get("currency") or _currency(str(fields.get("unit", "")))
        kpi = known or Kpi(deployment=deployment, slug=slug, created_at=at)
        if known is not None:
            _check_same_way(known, fields)
        for name, value in {**fields, "currency": currency}.items():
            setattr(kpi, name, value)
        kpi.retired_on, kpi.position = None, last + 1
        if kpi.is_primary:
            make_primary(kpi)
        kpi.save()
        audit.record(
            by=by,
            at=at,
            subject=kpi,
            reference=slug,
            verb="took up again in the KPI set" if known else "added to the KPI set",
            after={"deployment": deployment.name, "role": kpi.role, "kind": kpi.kind},
        )
        verdicts.ask(deployment_id=deployment.pk, at=at)
        return kpi


def _check_same_way(known: Kpi, fields: Mapping[str, Any]) -> None:
    """What is taken up again keeps its figures, so it must be measured as before."""
    if (known.kind, known.unit) != (fields["kind"], fields.get("unit", known.unit)):
        raise CannotChange(
            f"“{known.name}” was measured in another way until {known.retired_on}. "
            "Give this one a name of its own.",
            "name",
        )


def make_primary(kpi: Kpi) -> None:
    """Let a KPI be a primary outcome: it then has the role outcome. Saves nothing.

    Raises CannotChange for use, proxies, what the catalogue does not admit, or too many.
    """
    entry = shipped.catalogue().kpis.get(kpi.catalogue_key)
    if kpi.role == "adoption":
        raise CannotChange(
            f"{kpi.name} cannot be the primary outcome: use is not a benefit.", "is_primary"
        )
    if kpi.proxy_for:
        raise CannotChange(
            f"{kpi.name} covers only a part of the work, so it cannot be primary.", "is_primary"
        )
    is_allowed = kpi.role == "outcome" if entry is None else entry.primary_candidate
    if not is_allowed:
        raise CannotChange(
            f"{kpi.name} cannot be the primary outcome: it is no outcome of the work.",
            "is_primary",
        )
    others = Kpi.objects.filter(
        deployment=kpi.deployment_id, is_primary=True, retired_on=None
    ).exclude(pk=kpi.pk)
    most = policy.current().max_primaries
    if others.count() >= most:
        raise CannotChange(f"A deployment has at most {most} primary outcomes.", "is_primary")
    kpi.role = "outcome"


def _currency(unit: str) -> str:
    if not unit.startswith("currency"):
        return ""
    return Organization.objects.get(pk=current_organization_id()).currency


def set_target(
    *,
    kpi: Kpi,
    valid_from: dt.date,
    by: str,
    at: dt.datetime,
    reason: str = "",
    condition: str = "",
    **numbers: Any,
) -> KpiTarget:
    """Add a dated version of target and thresholds; earlier periods keep theirs.

    The same version again writes nothing. `condition`: a key of the catalogue's conditions, for
    which the numbers are meant. Raises CannotChange, with the field, when the numbers contradict
    each other or the direction.
    """
    values = {name: _decimal(numbers.get(name)) for name in NUMBERS}
    wrong = targets.faults(kpi.direction, kpi.kind, kpi.unit, values)
    if condition and condition not in CONDITIONS:
        wrong.append(("condition", "Choose a condition from the list."))
    if wrong:
        raise CannotChange(wrong[0][1], wrong[0][0], wrong[1:])
    with transaction.atomic():
        Kpi.objects.select_for_update(no_key=True).get(pk=kpi.pk)
        before = _version_on(kpi, valid_from)
        version = {"valid_from": valid_from, "condition": condition, **values}
        if before is not None and says_already(before, version):
            return before
        target: KpiTarget = KpiTarget.objects.create(
            kpi=kpi,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=at,
            **version,
        )
        was = {name: getattr(before, name) for name in NUMBERS} if before else {}
        words_before, words_after = audit.difference(was, values)
        audit.record(
            by=by,
            at=at,
            verb="set the target of",
            subject=kpi,
            reference=kpi.slug,
            before=words_before,
            after=words_after | {"valid from": valid_from.isoformat()},
            reason=reason,
        )
        verdicts.ask(deployment_id=kpi.deployment_id, at=at)
        return target


def _version_on(kpi: Kpi, day: dt.date) -> KpiTarget | None:
    rows = KpiTarget.objects.filter(kpi=kpi, valid_from__lte=day)
    return rows.order_by("-valid_from", "-recorded_at").first()


def _decimal(value: Any) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def record_baseline(
    *,
    kpi: Kpi,
    starts_on: dt.date,
    ends_on: dt.date,
    parts: Mapping[str, Any],
    grade: str,
    source: str,
    by: str,
    at: dt.datetime,
    periods: int = 1,
    period_values: list[float] | None = None,
    signed_by: str = "",
) -> Baseline:
    """Keep how it was before AI. `parts`: of the KPI's kind, {n, mean, sd} for means and times,
    {value} for a single figure. Raises CannotChange for parts that are none."""
    if ends_on < starts_on:
        raise CannotChange("The baseline ends before it begins.", "ends_on")
    if period_values and len(period_values) != periods:
        raise CannotChange(
            f"{len(period_values)} values are listed, but {periods} periods.", "values"
        )
    try:
        _check_parts(kpi.kind, parts)
    except MethodError as error:
        raise CannotChange(str(error)) from error
    with transaction.atomic():
        baseline = Baseline.objects.create(
            kpi=kpi,
            definition=kpi.definition,
            starts_on=starts_on,
            ends_on=ends_on,
            parts=dict(parts),
            grade=grade,
            source=source,
            periods=periods,
            period_values=period_values or [],
            signed_by=signed_by,
            recorded_by=by,
            recorded_at=at,
        )
        audit.record(
            by=by,
            at=at,
            verb="recorded the baseline of",
            subject=kpi,
            reference=kpi.slug,
            after={"period": f"{starts_on} to {ends_on}", "known as": grade, "source": source},
        )
        verdicts.ask(deployment_id=kpi.deployment_id, at=at)
        return baseline


def _check_parts(kind: str, parts: Mapping[str, Any]) -> None:
    if set(parts) in ({"value"}, {"n", "mean", "sd"}):
        return
    monoids.from_parts(kind, parts)
