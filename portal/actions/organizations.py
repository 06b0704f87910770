"""Organizations: opened by the operator, their calendar and money kept by an administrator."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from portal.actions import audit, jobs
from portal.models import Organization
from portal.tenancy.scope import acting_in

_WORDS = {
    "name": "name",
    "time_zone": "time zone",
    "currency": "currency",
    "locale": "language",
    "fiscal_year_start": "first month of the fiscal year",
    "profile": "profile",
    "remind_by_mail": "reminders by e-mail",
}


def create(
    *,
    name: str,
    slug: str,
    time_zone: str,
    currency: str,
    locale: str,
    fiscal_year_start: int,
    profile: str,
    by: str,
    at: dt.datetime,
) -> Organization:
    """Open an organization without people. Raises ValidationError with a sentence per field."""
    organization = Organization(
        name=name,
        slug=slug,
        time_zone=time_zone,
        currency=currency,
        locale=locale,
        fiscal_year_start=fiscal_year_start,
        profile=profile,
        created_at=at,
    )
    organization.full_clean()
    with transaction.atomic():
        try:
            with transaction.atomic():
                organization.save()
        except IntegrityError:
            # Opened by somebody else since: the check names the field.
            organization.validate_unique()
            raise
        with acting_in(organization):
            audit.record(
                by=by,
                at=at,
                verb="opened",
                subject=organization,
                reference=organization.slug,
                after=_words(organization),
            )
    return organization


def change(
    *,
    organization: Organization,
    name: str,
    time_zone: str,
    currency: str,
    fiscal_year_start: int,
    profile: str,
    by: str,
    at: dt.datetime,
    remind_by_mail: bool | None = None,
    locale: str = "",
) -> Organization:
    """Change name, calendar or money; the slug stays, because addresses are made of it.

    Without `remind_by_mail` it stays as it is whether people are reminded, without `locale` the
    language. Writes nothing when nothing differs. Raises ValidationError with a sentence per field.
    """
    with acting_in(organization):
        fresh = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
        before = _words(fresh)
        fresh.name, fresh.time_zone, fresh.currency = name, time_zone, currency
        fresh.fiscal_year_start, fresh.profile = fiscal_year_start, profile
        if remind_by_mail is not None:
            fresh.remind_by_mail = remind_by_mail
        fresh.locale = locale or fresh.locale
        fresh.full_clean()
        old, new = audit.difference(before, _words(fresh))
        if new:
            fresh.save()
            audit.record(
                by=by,
                at=at,
                verb="changed",
                subject=fresh,
                reference=fresh.slug,
                before=old,
                after=new,
            )
        if _WORDS["fiscal_year_start"] in new:
            # Quarters and years begin elsewhere now: what was folded speaks of other months.
            jobs.enqueue(kind="rebuild", key="all", at=at)
    return fresh


def _words(organization: Organization) -> dict[str, str]:
    values = model_to_dict(organization) | {
        "profile": organization.get_profile_display(),
        "fiscal_year_start": dt.date(2000, organization.fiscal_year_start, 1).strftime("%B"),
        "remind_by_mail": "yes" if organization.remind_by_mail else "no",
    }
    return {words: str(values[field]) for field, words in _WORDS.items()}
