"""Ranges that the catalogue proposes, and what is worth knowing about a target."""

from collections.abc import Iterable

from kpis.domain import wording
from kpis.domain.catalogue import shipped
from kpis.domain.catalogue.targets import Template, notices, templates
from kpis.evidence.baselines import value_before
from kpis.models import Kpi, KpiTarget
from kpis.presenters.offers import circumstances
from kpis.queries.baselines import baselines
from portal.models import Organization


def target_templates(kpi: Kpi, organization: Organization) -> list[Template]:
    """The ranges that the catalogue proposes for a KPI of a set; none for an own one."""
    catalogue = shipped.catalogue()
    entry = catalogue.kpis.get(kpi.catalogue_key)
    if entry is None or kpi.direction not in {"up", "down"}:
        return []
    return templates(
        entry,
        unit=kpi.unit,
        conditions=catalogue.conditions,
        holds=circumstances(kpi.deployment, organization),
    )


def said_templates(
    kpi: Kpi, proposed: Iterable[Template], organization: Organization
) -> list[tuple[Template, str]]:
    """Each proposed range with its numbers in words."""
    how = {"currency": kpi.currency, "locale": organization.locale}
    return [
        (
            one,
            ", ".join(
                f"{name} {wording.say(value, kpi.unit, **how)}"
                for name, value in one.numbers.items()
            ),
        )
        for one in proposed
    ]


def target_notices(kpi: Kpi, target: KpiTarget) -> list[str]:
    """What is worth knowing about a target that was just set."""
    known = baselines([kpi]).get(kpi.pk)
    numbers = {name: getattr(target, name) for name in ("requirement", "target", "warning", "mwb")}
    before = value_before(known.parts) if known else None
    return notices(kpi.direction, numbers, before, is_outcome=kpi.role == "outcome")
