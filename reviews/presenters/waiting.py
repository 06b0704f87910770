"""What waits for a person, in words and with the way to it."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.domain.roles import Permission
from portal.models import Organization
from reviews.domain.today import Sheet, Task


def task_url(task: Task, organization: str, may: Mapping[str, bool]) -> str:
    """Where the task is done, or the deployment where the reader may only look on."""
    if task.kind == "confirm" and may[Permission.CHANGE_KPIS]:
        return reverse("kpis:confirm", args=[organization, task.deployment])
    if task.kind == "readiness":
        return reverse("kpis:readiness", args=[organization, task.deployment])
    if task.kind == "import" and may[Permission.ENTER_FIGURES]:
        return reverse("kpis:import", args=[organization, task.target])
    if task.kind == "deviation":
        return reverse("kpis:detail", args=[organization, task.deployment, task.target])
    return reverse("deployments:detail", args=[organization, task.deployment])


def waits_for(sheet: Sheet, is_mine: bool, names: Mapping[str, str]) -> str:
    """Who may enter the figures of a sheet: the reader, one person, several or nobody."""
    persons: Sequence[str] = sheet.persons
    if is_mine:
        return _("You") if len(persons) == 1 else _("You or a colleague")
    if len(persons) == 1:
        return names.get(persons[0]) or persons[0]
    return _("Anybody who enters figures") if persons else _("Nobody may enter figures yet")


def reminders(organization: Organization, *, has_mail: bool) -> dict[str, str]:
    """Whether people are reminded by mail; `url` leads to the settings that say otherwise."""
    if not has_mail:
        words = _(
            "Nobody is reminded by e-mail, because no mail server is set up. The variable is "
            "PLUMBLINE_SMTP_HOST."
        )
    elif not organization.remind_by_mail:
        return {"words": "", "url": reverse("organization_settings", args=[organization.slug])}
    elif not settings.PUBLIC_ADDRESS:
        words = _(
            "Reminders go out on working days, but without links: PLUMBLINE_URL does not say "
            "where this portal is reached."
        )
    else:
        words = _("Whoever has figures waiting gets one e-mail on the morning of a working day.")
    return {"words": words, "url": ""}
