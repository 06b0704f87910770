"""The audit trail: readable, filtered, in the organization's time."""

import datetime as dt

import pytest

from portal.actions import audit, units
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests import factories

URL = "/o/lexora/audit/"
DAY = dt.date(2026, 1, 1)


@pytest.fixture
def rename(now):
    """Note the change of a unit's name, as a person of the room."""

    def noted(unit, by="mara@lexora.example", at=now, reason=""):
        return audit.record(
            by=by,
            at=at,
            verb="changed",
            subject=unit,
            reference=unit.slug,
            before={"name": "Old name"},
            after={"name": unit.name},
            reason=reason,
        )

    return noted


@pytest.fixture
def unit(lexora, now):
    with acting_in(lexora):
        return units.create(name="Contracts team", parent=None, on=DAY, by="ada", at=now)


def lines(page):
    return [
        (line["actor"], line["event"].verb, line["kind"], line["event"].subject_name)
        for line in page.context["lines"]
    ]


def test_difference_holds_only_what_changed_in_words():
    before = {"phase": "Beta", "owner": "Mara", "tasks": ["a"], "vendor": ""}
    after = {"phase": "Scale", "owner": "Mara", "tasks": [], "vendor": "Clausal"}

    assert audit.difference(before, after) == (
        {"phase": "Beta", "tasks": "a", "vendor": "nothing"},
        {"phase": "Scale", "tasks": "nothing", "vendor": "Clausal"},
    )


def test_an_event_reads_as_a_sentence_with_before_and_after(lexora, unit, rename, as_role):
    with acting_in(lexora):
        rename(unit, by="somebody@lexora.example", reason="Asked for by the team.")

    page = as_role(lexora, "auditor").get(
        URL, {"kind": "unit", "person": "somebody@lexora.example"}
    )

    assert lines(page) == [("somebody@lexora.example", "changed", "unit", "Contracts team")]
    text = " ".join(page.content.decode().split())
    assert "Old name <span" in text
    assert "Asked for by the team." in text


def test_the_actor_is_shown_by_name(lexora, unit, rename, as_role, now):
    with acting_in(lexora):
        factories.bring_in(
            email="zoe@lexora.example", name="Zoe Adler", role="staff", by="ada", at=now
        )
        rename(unit, by="zoe@lexora.example")

    page = as_role(lexora, "auditor").get(URL, {"person": "zoe@lexora.example"})

    assert [line[:2] for line in lines(page)] == [("Zoe Adler", "changed"), ("Zoe Adler", "joined")]


def test_times_are_those_of_the_organization(lexora, unit, rename, as_role):
    lexora.time_zone = "Asia/Tokyo"
    lexora.save()
    with acting_in(lexora):
        rename(unit, by="clock", at=dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC))

    page = as_role(lexora, "auditor").get(URL, {"person": "clock"})

    assert "1 Apr 2026, 07:30" in page.content.decode()


@pytest.mark.parametrize("part", ["contracts", "CONTRACTS-TEAM", "racts te"])
def test_found_by_a_part_of_the_name(lexora, unit, as_role, now, part):
    with acting_in(lexora):
        units.create(name="Litigation", parent=None, on=DAY, by="ada", at=now)

    page = as_role(lexora, "auditor").get(URL, {"thing": part})

    assert lines(page) == [("ada", "added", "unit", "Contracts team")]


def test_an_unknown_filter_is_ignored_and_nothing_found_is_said(lexora, unit, as_role):
    client = as_role(lexora, "auditor")

    assert client.get(URL, {"person": "nobody"}).context["page"].paginator.count >= 1
    empty = client.get(URL, {"thing": "no such thing"})

    assert "Nothing matches this filter" in empty.content.decode()


def test_fifty_on_a_page_newest_first(lexora, unit, rename, as_role, now):
    with acting_in(lexora):
        for minute in range(51):
            rename(unit, by="pages", at=now + dt.timedelta(minutes=minute))
    client = as_role(lexora, "auditor")

    first = client.get(URL, {"person": "pages"})
    second = client.get(URL, {"person": "pages", "page": "2"})

    assert [len(first.context["lines"]), len(second.context["lines"])] == [50, 1]
    assert first.context["lines"][0]["event"].at == now + dt.timedelta(minutes=50)
    assert 'href="?person=pages&amp;page=2"' in first.content.decode()


@pytest.mark.parametrize("items", [1, 3])
def test_the_trail_costs_the_same_for_any_number(
    lexora, unit, rename, as_role, items, django_assert_num_queries
):
    client = as_role(lexora, "auditor")
    client.get(URL)
    with acting_in(lexora):
        for _ in range(items):
            rename(unit, by="count")

    with django_assert_num_queries(12):
        page = client.get(URL, {"person": "count"})

    assert len(page.context["lines"]) == items


def test_nothing_of_another_organization_is_shown(lexora, harbor, unit, as_role):
    page = as_role(harbor, "auditor").get("/o/harbor/audit/")

    assert "Contracts team" not in page.content.decode()
    with acting_in(harbor):
        assert not AuditEvent.objects.filter(subject="contracts-team").exists()
