"""Whether the KPI set of a deployment holds what a phase asks for."""

from deployments.models import Deployment
from kpis.domain.catalogue import proposals, shipped
from kpis.models import Kpi
from portal.domain.messages import listed
from portal.models import Organization
from portal.tenancy.scope import current_organization_id


def is_small(organization: Organization) -> bool:
    """Whether ten people or fewer work there: six measures are enough, surveys are none."""
    return organization.profile == "small"


def present_keys(place: Deployment) -> set[str]:
    """Catalogue keys of the KPIs that are measured now."""
    rows = Kpi.objects.filter(deployment=place, retired_on=None).exclude(catalogue_key="")
    return set(rows.values_list("catalogue_key", flat=True))


def key_of(kpi: Kpi, *, small: bool) -> str:
    """By what the checks know a KPI: ten people's own measure stands for the one of its role."""
    if kpi.catalogue_key:
        return kpi.catalogue_key
    stand_in = proposals.standing_for(shipped.catalogue(), kpi.role) if small else ""
    return stand_in or kpi.slug


def why_not_enter(*, deployment: Deployment, was: str) -> str:
    """Why a deployment cannot enter its phase, coming from `was`; empty where nothing hinders it.

    A later phase asks for its primary KPIs in the set (method 4); going back asks for nothing.
    """
    catalogue = shipped.catalogue()
    if not proposals.is_later(catalogue, deployment.phase, than=was):
        return ""
    small = is_small(Organization.objects.get(pk=current_organization_id()))
    kpis = Kpi.objects.filter(deployment=deployment, retired_on=None)
    present = {key_of(kpi, small=small) for kpi in kpis}
    missing = proposals.missing_for_phase(catalogue, deployment.phase, present, small=small)
    if not missing:
        return ""
    names = listed([kpi.name for kpi in missing])
    phase = deployment.get_phase_display()
    them = "it" if len(missing) == 1 else "them"
    return f"{phase} asks for {names} in the KPI set. Add {them} first; no figure is needed yet."
