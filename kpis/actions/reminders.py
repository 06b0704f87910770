"""Reminders by e-mail: what waits for a person, at most once on a day."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.models import Deployment
from kpis.domain.entering.reminders import Letter, Line, Open, letters
from kpis.models import Reminder
from kpis.queries.due import enterable, waiting
from portal.actions.languages import language_of
from portal.domain.roles import Permission
from portal.models import Membership, Organization
from portal.tenancy.scope import current_organization_id

OVER = ("stopped",)


def compose(*, on: dt.date) -> list[Letter]:
    """What waits for whom at the bound organization on a day; a constant number of statements.

    Nothing where the organization does not want to be reminded.
    """
    organization = Organization.objects.get(pk=current_organization_id())
    if not organization.remind_by_mail:
        return []
    places = {one.pk: one for one in Deployment.objects.exclude(status__in=OVER)}
    waits = waiting(
        enterable(places.values()), today=on, fiscal_start=organization.fiscal_year_start
    )
    rows = [
        Open(one.kpi.keeper, place.owner_name, place.slug, place.name, one.is_late)
        for one in waits
        if one.is_open and (place := places[one.kpi.deployment_id])
    ]
    return letters(rows, Membership.objects.who_may(Permission.ENTER_FIGURES))


def send(*, letter: Letter, on: dt.date, at: dt.datetime) -> bool:
    """Send one person's reminder unless it was sent that day; whether it was sent now.

    The note that it was sent and the sending share a transaction: a crash between the two sends
    it a second time, never not at all. Raises what the mail server answers with.
    """
    with transaction.atomic():
        organization = Organization.objects.get(pk=current_organization_id())
        _, is_ours = Reminder.objects.get_or_create(
            person=letter.person, on=on, defaults={"figures": letter.figures, "sent_at": at}
        )
        if is_ours:
            with translation.override(language_of(letter.person, organization)):
                message = _message(letter, organization, on)
            message.send()
        return is_ours


def _message(letter: Letter, organization: Organization, on: dt.date) -> EmailMessage:
    names = Membership.objects.names()
    context = {
        "letter": letter,
        "organization": organization,
        "name": names.get(letter.person, ""),
        "lines": _addressed(letter, organization),
    }
    subject = ngettext(
        "%(organization)s: %(number)d figure waits for you",
        "%(organization)s: %(number)d figures wait for you",
        letter.figures,
    )
    mark = f"reminder.{organization.slug}.{on.isoformat()}.{letter.person}".replace("@", ".")
    return EmailMessage(
        subject=subject % {"organization": organization.name, "number": letter.figures},
        body=f"{render_to_string('kpis/reminder.txt', context).strip()}\n",
        to=[letter.person],
        # The same reminder is the same message, so that a mail client shows a second one once.
        headers={"Message-ID": f"<{mark}@plumbline>", "Auto-Submitted": "auto-generated"},
    )


def _counted(line: Line) -> str:
    due = _("%(number)d due") % {"number": line.figures}
    return f"{due}, {_('%(number)d late') % {'number': line.late}}" if line.late else due


def _addressed(letter: Letter, organization: Organization) -> Sequence[tuple[dict[str, str], str]]:
    base = settings.PUBLIC_ADDRESS
    return [
        (
            {"name": line.name, "words": _counted(line)},
            f"{base}{reverse('kpis:entry', args=[organization.slug, line.deployment])}",
        )
        for line in letter.lines
    ]
