"""The language in which the portal speaks to a person."""

from django.conf import settings

from portal.domain import languages
from portal.models import Organization, User


def choose(*, person: User, language: str) -> None:
    """Keep the language that a person chose; empty leaves it to the organization or browser.

    No event: it is the person's own matter and changes nothing that anybody else sees.
    """
    User.objects.filter(pk=person.pk).update(language=language)


def language_of(address: str, organization: Organization) -> str:
    """The language of what is sent to an address: the person's own, else the organization's."""
    person = User.objects.filter(email=address).first()
    wish = person.language if person else ""
    known = dict(settings.LANGUAGES)
    return languages.language_of(wish, organization.locale, known=known) or settings.LANGUAGE_CODE
