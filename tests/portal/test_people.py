"""People of an organization: who comes in, with which role, and who may not leave."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from portal.actions import organizations, people
from portal.domain.roles import ROLE_SENTENCES, Role
from portal.models import AuditEvent, Membership, User
from portal.tenancy.scope import acting_in
from tests import factories

BY = "ada@office.example"


@pytest.fixture
def office(db, now):
    """An organization without anybody in it."""
    return organizations.create(
        name="Small Office",
        slug="office",
        time_zone="Europe/Berlin",
        currency="EUR",
        locale="en-gb",
        fiscal_year_start=1,
        profile="standard",
        by="test",
        at=now,
    )


@pytest.fixture
def add(now):
    def added(email="jo@office.example", role=Role.STAFF, name="Jo Rivera"):
        return factories.bring_in(email=email, name=name, role=role, by=BY, at=now)

    return added


def event():
    return AuditEvent.objects.order_by("-id").first()


def test_a_former_member_comes_back_with_the_new_role(office, add, now):
    with acting_in(office):
        left = people.deactivate(membership=add(), by=BY, at=now).membership

        back = people.let_back_in(membership=left, role="auditor", by=BY, at=now)

        assert back.pk == left.pk
        assert (back.role, back.is_active) == ("auditor", True)


def test_a_new_role_is_noted_before_and_after(office, add, now):
    with acting_in(office):
        people.change_role(membership=add(), role="executive", by=BY, at=now)

        noted = event()
        assert (noted.verb, noted.before, noted.after) == (
            "changed",
            {"role": "staff"},
            {"role": "executive"},
        )


def test_the_same_role_writes_nothing(office, add, now):
    with acting_in(office):
        member = add()
        before = AuditEvent.objects.count()

        people.change_role(membership=member, role="staff", by=BY, at=now)

        assert AuditEvent.objects.count() == before


def demote(membership, now):
    people.change_role(membership=membership, role="staff", by=BY, at=now)


def dismiss(membership, now):
    people.deactivate(membership=membership, by=BY, at=now)


@pytest.mark.parametrize("leave", [demote, dismiss])
def test_the_last_administrator_stays(office, add, now, leave):
    with acting_in(office):
        last = add(role="administrator")

        with pytest.raises(ValidationError) as refused:
            leave(last, now)

        assert refused.value.messages == [
            "Jo Rivera is the last administrator. Make somebody else an administrator first."
        ]
        last.refresh_from_db()
        assert (last.role, last.is_active) == ("administrator", True)


@pytest.mark.parametrize("leave", [demote, dismiss])
def test_one_of_two_administrators_may_go(office, add, now, leave):
    with acting_in(office):
        first = add(role="administrator")
        add(email="kim@office.example", role="administrator")

        leave(first, now)

        assert Membership.objects.filter(role="administrator", is_active=True).count() == 1


def test_an_administrator_whose_account_is_closed_does_not_count(office, add, now):
    with acting_in(office):
        first = add(role="administrator")
        other = add(email="kim@office.example", role="administrator")
        User.objects.filter(pk=other.user_id).update(is_active=False)

        with pytest.raises(ValidationError):
            dismiss(first, now)


def test_a_deactivated_person_finds_no_such_organization(office, add, now):
    with acting_in(office):
        member = add()
    client = Client()
    client.force_login(member.user)
    assert client.get("/o/office/deployments/").status_code == 200

    with acting_in(office):
        dismiss(member, now)

    assert client.get("/o/office/deployments/").status_code == 404


def test_no_link_for_an_account_that_another_organization_knows(office, lexora, add, now):
    with acting_in(lexora):
        elsewhere = add()
        dismiss(elsewhere, now)
    with acting_in(office):
        here = add()

        assert not people.may_make_link(here)
        with pytest.raises(ValidationError):
            people.make_link(membership=here, by=BY, at=now)


def test_making_a_link_is_noted(office, add, now):
    with acting_in(office):
        people.make_link(membership=add(), by=BY, at=now)

        assert event().verb == "made a set-password link for"


def test_an_administrator_changes_a_role_on_the_page(lexora, as_role, add):
    with acting_in(lexora):
        add(email="jo@lexora.example")
    client = as_role(lexora, "administrator")

    client.post("/o/lexora/people/jo@lexora.example/", {"do": "role", "role": "manager"})

    with acting_in(lexora):
        assert Membership.objects.get(user__email="jo@lexora.example").role == "manager"


def test_deactivated_with_a_reason_and_let_back_in(lexora, as_role, add):
    with acting_in(lexora):
        add(email="jo@lexora.example")
    client, url = as_role(lexora, "administrator"), "/o/lexora/people/jo@lexora.example/"

    client.post(url, {"do": "deactivate", "reason": "On leave."})
    with acting_in(lexora):
        assert not Membership.objects.get(user__email="jo@lexora.example").is_active
        assert event().reason == "On leave."

    client.post(url, {"do": "role", "role": "steward"})
    with acting_in(lexora):
        back = Membership.objects.get(user__email="jo@lexora.example")
    assert (back.is_active, back.role) == (True, "steward")


def test_the_page_says_why_the_last_administrator_stays(office, add):
    with acting_in(office):
        last = add(role="administrator")
    client = Client()
    client.force_login(last.user)

    page = client.post("/o/office/people/jo@office.example/", {"do": "role", "role": "staff"})

    assert "Jo Rivera is the last administrator." in page.content.decode()


def test_somebody_of_another_organization_is_not_found(lexora, harbor, as_role, add):
    with acting_in(harbor):
        add(email="hugo.stein@harbor.example")
    client = as_role(lexora, "administrator")

    stranger = client.get("/o/lexora/people/hugo.stein@harbor.example/")
    nobody = client.get("/o/lexora/people/nobody@harbor.example/")

    assert (stranger.status_code, nobody.status_code) == (404, 404)


def test_the_list_says_what_each_role_may_do(lexora, as_role):
    text = as_role(lexora, "auditor").get("/o/lexora/people/").content.decode()

    missing = [role for role, sentence in ROLE_SENTENCES.items() if sentence[:30] not in text]
    assert missing == []
    assert "Invite a person" not in text


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    lexora, as_role, add, items, django_assert_num_queries
):
    client = as_role(lexora, "administrator")
    client.get("/o/lexora/people/")
    with acting_in(lexora):
        for number in range(items):
            add(email=f"jo{number}@lexora.example")

    with django_assert_num_queries(9):
        page = client.get("/o/lexora/people/")

    assert f"jo{items - 1}@lexora.example" in page.content.decode()
