"""A deployment's status as icon and colour."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from deployments.domain.vocabulary import RiskClass
from deployments.models import Deployment

ICONS: Mapping[str, str] = {
    "active": "ok",
    "restricted": "restrict",
    "paused": "pause",
    "stopped": "stop",
}
COLOURS: Mapping[str, str] = ICONS


def status_icon(status: str) -> str:
    """The drawing beside the status; a clock while it is not in use yet."""
    return ICONS.get(status, "clock")


def status_colour(status: str) -> str:
    """The state whose colour the status takes."""
    return COLOURS.get(status, "unknown")


def risk_words(deployment: Deployment) -> str:
    """The regulated domain, if there is one, and the risk class: "Health · high risk"."""
    domain = deployment.get_regulated_domain_display() if deployment.regulated_domain else ""
    if deployment.risk_class == RiskClass.REGULATED:
        risk = _("regulated")
    else:
        name = deployment.get_risk_class_display().lower()
        risk = _("%(class)s risk") % {"class": name}
    return f"{domain} · {risk}" if domain else risk
