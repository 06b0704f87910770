"""The dated tree of units: earlier days keep their tree, nothing stands below itself."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from portal.actions import units
from portal.domain.tree import stands_below
from portal.models import AuditEvent, Unit, UnitPlacement
from portal.tenancy.scope import acting_in

JANUARY, JUNE, JULY, DECEMBER = (dt.date(2026, month, 1) for month in (1, 6, 7, 12))


@pytest.fixture
def make(now):
    def made(name, parent=None, on=JANUARY):
        return units.create(name=name, parent=parent, on=on, by="ada", at=now)

    return made


@pytest.fixture
def place(now):
    def placed(unit, parent, on):
        return units.place(unit=unit, parent=parent, on=on, by="ada", at=now)

    return placed


def sentence(refused):
    (message,) = refused.value.messages
    return message


@pytest.mark.parametrize(
    ("unit", "ancestor", "expected"),
    [(3, 1, True), (3, 3, True), (1, 3, False), (None, 1, False), (9, 1, False)],
)
def test_stands_below(unit, ancestor, expected):
    assert stands_below({1: None, 2: 1, 3: 2}, unit, ancestor) is expected


def test_stands_below_ends_in_a_circle():
    assert stands_below({1: 2, 2: 1}, 1, 9) is False


def test_a_unit_stands_in_the_tree_from_its_day_on(lexora, make):
    with acting_in(lexora):
        legal = make("Legal services")
        team = make("Contracts team", parent=legal, on=JUNE)

        assert UnitPlacement.tree_on(dt.date(2026, 5, 31)) == {legal.pk: None}
        assert UnitPlacement.tree_on(JUNE) == {legal.pk: None, team.pk: legal.pk}


def test_two_units_of_one_name_get_two_slugs(lexora, make):
    with acting_in(lexora):
        legal = make("Legal")
        below = make("Legal", parent=legal)
        assert [legal.slug, below.slug, make("法務").slug] == ["legal", "legal-2", "unit"]


def test_a_second_team_of_a_name_in_the_same_spot_is_refused(lexora, make, now):
    with acting_in(lexora):
        make("Legal")

        with pytest.raises(ValidationError) as refused:
            make(" legal ")

        assert refused.value.message_dict == {
            "name": ["A team called “legal” already stands there."]
        }
        assert Unit.objects.count() == 1


def test_the_name_of_a_closed_team_is_free_again(lexora, make, now):
    with acting_in(lexora):
        units.close(unit=make("Legal"), on=JUNE, by="ada", at=now)

        assert make("Legal", on=JULY).slug == "legal-2"


def test_moving_closes_the_running_place_and_keeps_the_past(lexora, make, place):
    with acting_in(lexora):
        old, new = make("Old house"), make("New house")
        team = make("Team", parent=old)

        place(team, new, JULY)

        assert UnitPlacement.tree_on(JUNE)[team.pk] == old.pk
        assert UnitPlacement.tree_on(JULY)[team.pk] == new.pk
        closed = team.placements.order_by("valid_from").first()
        assert closed.valid_to == JULY


def test_a_move_is_noted_in_words(lexora, make, place):
    with acting_in(lexora):
        house = make("House")
        team = make("Team")

        place(team, house, JULY)

        noted = AuditEvent.objects.order_by("-id").first()
        assert (noted.verb, noted.subject_name) == ("moved", "Team")
        assert noted.before == {"below": "top of the tree"}
        assert noted.after == {"below": "House", "from": "2026-07-01"}


def test_a_unit_cannot_stand_below_itself(lexora, make, place):
    with acting_in(lexora):
        top = make("Top")
        middle = make("Middle", parent=top)
        low = make("Low", parent=middle)

        for parent in (top, middle, low):
            with pytest.raises(ValidationError) as refused:
                place(top, parent, JULY)
            assert sentence(refused).endswith("A unit cannot stand below itself.")
        assert UnitPlacement.tree_on(DECEMBER)[top.pk] is None


def test_a_circle_that_would_close_later_is_refused(lexora, make, place):
    with acting_in(lexora):
        first, second = make("First"), make("Second")
        place(second, first, DECEMBER)

        with pytest.raises(ValidationError) as refused:
            place(first, second, JULY)

        assert "on 2026-12-01" in sentence(refused)


@pytest.mark.parametrize("on", [JANUARY, JUNE])
def test_a_place_that_begins_later_is_not_overwritten(lexora, make, place, on):
    with acting_in(lexora):
        house, team = make("House"), make("Team")
        place(team, house, JULY)

        with pytest.raises(ValidationError) as refused:
            place(team, None, on)

        assert sentence(refused) == (
            "Team already has a place from 2026-07-01. Choose a later day."
        )


def test_a_place_with_an_end_is_not_overlapped(lexora, make, place):
    with acting_in(lexora):
        team = make("Team")
        team.placements.update(valid_to=JULY)

        with pytest.raises(ValidationError) as refused:
            place(team, None, JUNE)
        assert "ends on 2026-07-01" in sentence(refused)

        place(team, None, JULY)
        assert team.placements.count() == 2


def test_a_parent_without_a_place_is_refused(lexora, make, place):
    with acting_in(lexora):
        later = make("Later", on=JULY)
        team = make("Team")

        with pytest.raises(ValidationError) as refused:
            place(team, later, JUNE)

        assert sentence(refused) == "Later has no place in the tree on 2026-06-01."


def test_a_refused_unit_leaves_nothing_behind(lexora, make):
    with acting_in(lexora):
        later = make("Later", on=JULY)

        with pytest.raises(ValidationError):
            make("Team", parent=later, on=JUNE)

        assert list(Unit.objects.values_list("name", flat=True)) == ["Later"]
