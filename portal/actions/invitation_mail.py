"""The mail that carries an invitation's link."""

import datetime as dt

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.actions.invitations import make_secret
from portal.domain.invitations import Standing
from portal.models import Invitation, Organization
from portal.tenancy.scope import current_organization_id


def compose(*, key: int, portal: str, at: dt.datetime) -> EmailMessage | None:
    """The mail of an invitation, with a link made now; None when it is not open any more."""
    invitation = Invitation.objects.select_for_update().filter(pk=key).first()
    if invitation is None or invitation.standing(at) is not Standing.OPEN:
        return None
    organization = Organization.objects.get(pk=current_organization_id())
    path = reverse("invitation", args=[organization.slug, make_secret(invitation=invitation)])
    context = {"invitation": invitation, "organization": organization, "link": f"{portal}{path}"}
    subject = _("Invitation to %(organization)s") % {"organization": organization.name}
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=f"{render_to_string('portal/mail/invitation.txt', context).strip()}\n",
        to=[invitation.address],
        headers={"Auto-Submitted": "auto-generated"},
    )


def note_sent(*, key: int, at: dt.datetime) -> None:
    """Remember when the mail went out."""
    Invitation.objects.filter(pk=key).update(mailed_at=at)
