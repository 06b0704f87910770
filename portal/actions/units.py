"""Units and their dated place in the tree."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.actions import audit, slugs
from portal.domain.tree import stands_below
from portal.models import Unit, UnitPlacement


def create(*, name: str, parent: Unit | None, on: dt.date, by: str, at: dt.datetime) -> Unit:
    """Add a unit below a parent (None = top) from a day on.

    Raises ValidationError when one of that name stands there already: files name units by it.
    """
    called = name.strip()
    with transaction.atomic():
        slugs.one_at_a_time()
        if _stands_there(called, parent, on):
            sentence = _("A team called “%(name)s” already stands there.")
            raise ValidationError({"name": sentence % {"name": called}})
        slug = slugs.free(model=Unit, name=name, fallback="unit", reserved={"add"})
        unit: Unit = Unit.objects.create(slug=slug, name=called)
        place(unit=unit, parent=parent, on=on, by=by, at=at)
    return unit


def place(
    *, unit: Unit, parent: Unit | None, on: dt.date, by: str, at: dt.datetime
) -> UnitPlacement:
    """Put a unit below a parent (None = top) from a day on; its running place ends that day.

    Earlier days keep their tree. Raises ValidationError when the unit would stand below itself
    on any day from then on, when the parent has no place yet, or when a place begins later.
    """
    with transaction.atomic():
        slugs.one_at_a_time()
        running = _ending(unit, on)
        if parent is not None:
            _refuse_cycles(unit, parent, on)
        if running is not None:
            running.valid_to = on
            running.save(update_fields=["valid_to"])
        placement: UnitPlacement = UnitPlacement.objects.create(
            unit=unit, parent=parent, valid_from=on
        )
        audit.record(
            by=by,
            at=at,
            verb="moved" if running else "added",
            subject=unit,
            reference=unit.slug,
            before={"below": _below(running.parent)} if running else None,
            after={"below": _below(parent), "from": on.isoformat()},
        )
    return placement


def rename(*, unit: Unit, name: str, by: str, at: dt.datetime) -> Unit:
    """Give a unit another name; its reference in addresses and files stays."""
    with transaction.atomic():
        fresh: Unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        before, fresh.name = fresh.name, name.strip()
        if before != fresh.name:
            fresh.save(update_fields=["name"])
            audit.record(
                by=by,
                at=at,
                verb="renamed",
                subject=fresh,
                reference=fresh.slug,
                before={"name": before},
                after={"name": fresh.name},
            )
    return fresh


def close(*, unit: Unit, on: dt.date, by: str, at: dt.datetime) -> None:
    """End a unit's place in the tree: figures up to the day stay with it.

    Raises ValidationError when other units still stand below it on that day, or when its place
    begins on that day or later.
    """
    with transaction.atomic():
        slugs.one_at_a_time()
        running = _ending(unit, on)
        if running is None:
            raise ValidationError(
                _("%(unit)s has no place in the tree on %(day)s.")
                % {"unit": unit, "day": on.isoformat()}
            )
        if unit.pk in UnitPlacement.tree_on(on).values():
            raise ValidationError(
                _("Other teams stand below %(unit)s. Move them first.") % {"unit": unit}
            )
        running.valid_to = on
        running.save(update_fields=["valid_to"])
        audit.record(
            by=by,
            at=at,
            verb="closed",
            subject=unit,
            reference=unit.slug,
            after={"on": on.isoformat()},
        )


def _stands_there(name: str, parent: Unit | None, on: dt.date) -> bool:
    placements = UnitPlacement.objects.filter(parent=parent, unit__name__iexact=name)
    return placements.filter(Q(valid_to=None) | Q(valid_to__gt=on)).exists()


def _ending(unit: Unit, on: dt.date) -> UnitPlacement | None:
    last: UnitPlacement | None = unit.placements.order_by("-valid_from").first()
    if last is None:
        return None
    if last.valid_from >= on:
        raise ValidationError(
            _("%(unit)s already has a place from %(day)s. Choose a later day.")
            % {"unit": unit, "day": last.valid_from.isoformat()}
        )
    if last.valid_to is None:
        return last
    if last.valid_to > on:
        raise ValidationError(
            _("The place of %(unit)s ends on %(day)s. Choose that day or a later one.")
            % {"unit": unit, "day": last.valid_to.isoformat()}
        )
    return None


def _refuse_cycles(unit: Unit, parent: Unit, on: dt.date) -> None:
    later = UnitPlacement.objects.filter(valid_from__gt=on).values_list("valid_from", flat=True)
    if parent.pk != unit.pk and parent.pk not in UnitPlacement.tree_on(on):
        raise ValidationError(
            _("%(parent)s has no place in the tree on %(day)s.")
            % {"parent": parent, "day": on.isoformat()}
        )
    for day in sorted({on, *later}):
        if stands_below(UnitPlacement.tree_on(day), parent.pk, unit.pk):
            raise ValidationError(
                _("%(parent)s stands below %(unit)s on %(day)s. A unit cannot stand below itself.")
                % {"parent": parent, "unit": unit, "day": day.isoformat()}
            )


def _below(parent: Unit | None) -> str:
    return str(parent) if parent else "top of the tree"
