"""Outward names: made from a thing's name, unique within the organization."""

from collections.abc import Collection
from itertools import count
from typing import Any, cast

from django.db import models
from django.utils.text import slugify

from portal.models import Organization, OwnedManager
from portal.tenancy.scope import current_organization_id


def free(
    *, model: type[models.Model], name: str, fallback: str, reserved: Collection[str] = ()
) -> str:
    """A slug for a new row of the model, numbered when it is taken ("notes", "notes-2").

    `fallback` names a thing whose name has no Latin letter; `reserved` are words of addresses.
    Locks the organization, so two rows of the same name made at once get two slugs.
    """
    one_at_a_time()
    length = cast("models.SlugField[str, str]", model._meta.get_field("slug")).max_length or 50
    stem = slugify(name)[: length - 6].strip("-") or fallback
    rows = cast("OwnedManager[Any]", model._default_manager).filter(slug__startswith=stem)
    taken = {*rows.values_list("slug", flat=True), *reserved}
    if stem not in taken:
        return stem
    return next(slug for n in count(2) if (slug := f"{stem}-{n}") not in taken)


def one_at_a_time() -> None:
    """Hold the bound organization until the transaction ends: the next such action waits."""
    rows = Organization.objects.select_for_update(no_key=True)
    rows.get(pk=current_organization_id())
