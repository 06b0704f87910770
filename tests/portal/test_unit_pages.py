"""Pages of teams: the tree on a day, adding, moving, renaming and closing a team."""

import datetime as dt
import threading
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from portal.actions import units
from portal.domain.tree import outline
from portal.models import AuditEvent, Unit, UnitPlacement
from portal.tenancy.scope import acting_in

pytestmark = pytest.mark.django_db
TEAMS = "/o/lexora/teams/"
JANUARY, JUNE = dt.date(2026, 1, 1), dt.date(2026, 6, 1)


@pytest.fixture
def make(lexora, now):
    def made(name, parent=None, on=JANUARY):
        with acting_in(lexora):
            return units.create(name=name, parent=parent, on=on, by="ada", at=now)

    return made


@pytest.fixture
def tree(make):
    legal = make("Legal")
    return {"legal": legal, "contracts": make("Contracts", legal), "it": make("IT")}


def shown(page):
    return [(unit.name, depth) for unit, depth, _ in page.context["units"]]


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({}, []),
        ({1: None, 2: 1, 3: None}, [(3, 0), (1, 0), (2, 1)]),
        ({2: 1}, [(2, 0)]),
    ],
)
def test_the_outline_has_parents_first_and_siblings_by_name(tree, expected):
    assert outline(tree, {1: "Zebra", 2: "alpha", 3: "Beta"}) == expected


def test_the_page_shows_the_tree_of_a_day(client_of, tree, lexora, now):
    with acting_in(lexora):
        units.place(unit=tree["contracts"], parent=tree["it"], on=JUNE, by="ada", at=now)

    today, then = client_of("mara").get(TEAMS), client_of("mara").get(f"{TEAMS}?on=2026-05-31")

    assert shown(today) == [("IT", 0), ("Contracts", 1), ("Legal", 0)]
    assert shown(then) == [("IT", 0), ("Legal", 0), ("Contracts", 1)]
    assert b"Add a team" not in today.content


@pytest.mark.parametrize("day", ["", "x", "2026-02-31", "9999-99-99"])
def test_a_day_that_is_none_means_today(client_of, tree, day):
    assert shown(client_of("mara").get(TEAMS, {"on": day}))[0] == ("IT", 0)


def test_a_team_is_added_below_another(client_of, tree, lexora):
    answer = client_of("ada").post(
        f"{TEAMS}add/", {"name": "Leases", "parent": "legal", "on": "2026-03-01"}
    )

    assert answer.status_code == 302
    with acting_in(lexora):
        made = Unit.objects.get(slug="leases")
        assert UnitPlacement.tree_on(JUNE)[made.pk] == tree["legal"].pk


def test_a_team_may_be_called_like_an_address(make):
    assert make("Add").slug == "add-2"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": "", "on": "2026-03-01"}, "name", "Enter the name of the team."),
        ({"name": "Leases", "on": "spring"}, "on", "Enter a day such as 2026-04-01."),
        (
            {"name": "Leases", "on": "2025-01-01", "parent": "legal"},
            "on",
            "Legal has no place in the tree on 2025-01-01.",
        ),
    ],
)
def test_a_team_that_cannot_be_added_keeps_what_was_typed(
    client_of, tree, lexora, typed, field, sentence
):
    page = client_of("ada").post(f"{TEAMS}add/", typed)

    assert page.status_code == 422
    assert page.context["form"].errors == {field: [sentence]}
    assert page.context["form"].data["name"] == typed["name"]
    with acting_in(lexora):
        assert Unit.objects.count() == 3


def test_a_team_is_moved_renamed_and_closed_with_a_trace(client_of, tree, lexora):
    ada, url = client_of("ada"), f"{TEAMS}contracts/"
    answers = [
        ada.post(url, {"do": "move", "parent": "it", "on": "2026-06-01"}),
        ada.post(url, {"do": "rename", "name": "Contracts and leases"}),
        ada.post(url, {"do": "close", "on": "2026-07-01"}),
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    with acting_in(lexora):
        moved = tree["contracts"]
        assert UnitPlacement.tree_on(JUNE)[moved.pk] == tree["it"].pk
        assert moved.pk not in UnitPlacement.tree_on(dt.date(2026, 7, 1))
        said = list(
            AuditEvent.objects.filter(subject="contracts").order_by("id").values_list("verb")
        )
    assert said == [("added",), ("moved",), ("renamed",), ("closed",)]
    page = ada.get(TEAMS)
    assert [one.name for one in page.context["closed"]] == ["Contracts and leases"]


def test_a_team_with_others_below_is_not_closed(client_of, tree):
    page = client_of("ada").post(f"{TEAMS}legal/", {"do": "close", "on": "2026-07-01"})

    assert page.status_code == 422
    assert page.context["forms"]["close"].errors == {
        "on": ["Other teams stand below Legal. Move them first."]
    }


def test_a_closed_team_is_not_closed_again(lexora, tree, now):
    with acting_in(lexora):
        units.close(unit=tree["it"], on=JUNE, by="ada", at=now)
        with pytest.raises(ValidationError, match="IT has no place in the tree on 2026-07-01"):
            units.close(unit=tree["it"], on=dt.date(2026, 7, 1), by="ada", at=now)


def test_the_place_of_a_team_is_never_offered_below_itself(client_of, tree):
    page = client_of("ada").get(f"{TEAMS}legal/")

    assert page.context["forms"]["move"].fields["parent"].choices == [
        ("", "At the top"),
        ("it", "IT"),
    ]


def test_the_same_name_changes_nothing(lexora, tree, now):
    with acting_in(lexora):
        before = AuditEvent.objects.count()
        units.rename(unit=tree["it"], name=" IT ", by="ada", at=now)
        assert AuditEvent.objects.count() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["", "add/"])
def test_a_team_that_is_added_while_the_page_is_read_breaks_nothing(lexora, as_role, now, page):
    """Between every two statements of the page somebody adds a team."""
    client = as_role(lexora, "administrator")
    added = count()

    def add():
        with acting_in(lexora):
            name = f"Team {next(added)}"
            units.create(name=name, parent=None, on=dt.date(2026, 1, 1), by="x", at=now)
        connection.close()

    def and_somebody_adds(execute, *statement):
        answer = execute(*statement)
        if "portal_unit" in str(statement[0]):
            other = threading.Thread(target=add)
            other.start()
            other.join()
        return answer

    with connection.execute_wrapper(and_somebody_adds):
        status = client.get(f"/o/lexora/teams/{page}").status_code

    assert (status, next(added) > 0) == (200, True)
