"""Use cases: the work AI is meant to help with, described and kept up to date."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction

from deployments.models import UseCase
from portal.actions import audit, slugs
from portal.models import Unit

_WORDS = {
    "name": "name",
    "work": "work",
    "pain": "what is hard today",
    "owner_name": "owner",
    "unit": "unit",
}
# Words of addresses, which a slug may not hide.
RESERVED = frozenset({"new"})


class UseCaseFields(TypedDict, total=False):
    name: str
    work: str
    pain: str
    owner_name: str
    unit: Unit | None


def create(
    *,
    name: str,
    work: str,
    owner_name: str,
    by: str,
    at: dt.datetime,
    pain: str = "",
    unit: Unit | None = None,
) -> UseCase:
    """Describe a use case. Raises ValidationError with a sentence per field."""
    with transaction.atomic():
        use_case = UseCase(
            slug=slugs.free(model=UseCase, name=name, fallback="use-case", reserved=RESERVED),
            name=name,
            work=work,
            pain=pain,
            owner_name=owner_name,
            unit=unit,
            created_at=at,
        )
        use_case.clean_fields()
        use_case.save()
        audit.record(
            by=by,
            at=at,
            verb="described",
            subject=use_case,
            reference=use_case.slug,
            after={key: words for key, words in _words(use_case).items() if words},
        )
    return use_case


def change(
    *,
    use_case: UseCase,
    by: str,
    at: dt.datetime,
    reason: str = "",
    **fields: Unpack[UseCaseFields],
) -> UseCase:
    """Change the named fields; writes nothing when nothing differs.

    The slug stays, because addresses are made of it. Raises ValidationError per field.
    """
    with transaction.atomic():
        fresh: UseCase = UseCase.objects.select_for_update(no_key=True).get(pk=use_case.pk)
        before = _words(fresh)
        for field, value in fields.items():
            setattr(fresh, field, value)
        fresh.clean_fields()
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
                reason=reason,
            )
    return fresh


def _words(use_case: UseCase) -> dict[str, str]:
    return {words: str(getattr(use_case, field) or "") for field, words in _WORDS.items()}
