"""People of an organization: who comes in, with which role, and who may not leave."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from portal.actions import organizations, people
from portal.domain.roles import ROLE_SENTENCES, Role
from portal.models import AuditEvent, Membership, User
from portal.tenancy.scope import acting_in

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
        return people.add(email=email, name=name, role=role, by=BY, at=now)

    return added


def event():
    return AuditEvent.objects.order_by("-id").first()


def test_a_new_person_gets_an_account_without_a_password(office, add):
    with acting_in(office):
        membership = add(email=" Jo@Office.Example ", role="manager")

        assert membership.user.email == "jo@office.example"
        assert membership.name == "Jo Rivera"
        assert not membership.user.has_usable_password()
        assert (membership.role, membership.is_active) == ("manager", True)


def test_adding_is_noted_in_words(office, add):
    with acting_in(office):
        add(role="manager")

        noted = event()
        assert (noted.actor, noted.verb, noted.subject, noted.subject_name) == (
            BY,
            "added",
            "jo@office.example",
            "Jo Rivera",
        )
        assert noted.after == {"role": "manager"}


def test_each_organization_has_its_own_name_for_a_person(office, lexora, add):
    with acting_in(lexora):
        first = add(name="Jo of Lexora")
    first.user.set_password("a long enough secret")
    first.user.save()

    with acting_in(office):
        second = add(name="Somebody else")

    assert second.user == first.user
    assert (first.name, second.name) == ("Jo of Lexora", "Somebody else")
    assert second.user.check_password("a long enough secret")


def test_a_present_member_is_not_added_twice(office, add):
    with acting_in(office):
        add()

        with pytest.raises(ValidationError) as refused:
            add()

        assert refused.value.message_dict == {
            "email": ["jo@office.example already belongs to this organization."]
        }
        assert Membership.objects.count() == 1


def test_a_former_member_comes_back_with_the_new_role(office, add, now):
    with acting_in(office):
        left = people.deactivate(membership=add(), by=BY, at=now).membership

        back = add(role="auditor")

        assert back.pk == left.pk
        assert (back.role, back.is_active) == ("auditor", True)


@pytest.mark.parametrize("email", ["", "jo", "jo@", "a/b@office.example"])
def test_an_unusable_address_is_refused_with_a_sentence(office, add, email):
    with acting_in(office):
        with pytest.raises(ValidationError) as refused:
            add(email=email)

        (sentence,) = refused.value.message_dict["email"]
        assert sentence.endswith(".")
        assert not User.objects.exists()


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
        there = add()
        dismiss(there, now)
    with acting_in(office):
        here = add()

        assert not people.may_make_link(here)
        with pytest.raises(ValidationError):
            people.make_link(membership=here, by=BY, at=now)


def test_making_a_link_is_noted(office, add, now):
    with acting_in(office):
        people.make_link(membership=add(), by=BY, at=now)

        assert event().verb == "made a set-password link for"


def test_from_the_form_to_the_first_sign_in_without_mail(lexora, as_role):
    entered = {"email": "jo@lexora.example", "name": "Jo Rivera", "role": "staff"}
    page = as_role(lexora, "administrator").post("/o/lexora/people/add/", entered)
    link = re.search(
        r"http://testserver(/account/password/reset/key/[^<\s]+)", page.content.decode()
    )
    newcomer = Client()

    form = newcomer.get(link[1], follow=True)
    secret = "plumb line of 2026"
    newcomer.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret})

    signed_in = Client()
    signed_in.post("/account/sign-in/", {"login": "jo@lexora.example", "password": secret})
    assert signed_in.get("/", follow=True).redirect_chain[-1][0] == "/o/lexora/deployments/"
    again = Client().get(link[1], follow=True)
    assert "This link does not work any more" in again.content.decode()


def test_an_existing_account_gets_no_link(lexora, harbor, as_role, add):
    with acting_in(harbor):
        add(email="jo@harbor.example")
    entered = {"email": "jo@harbor.example", "name": "Jo", "role": "staff"}

    page = as_role(lexora, "administrator").post("/o/lexora/people/add/", entered, follow=True)

    assert page.redirect_chain == [("/o/lexora/people/", 302)]
    assert "/password/reset/key/" not in page.content.decode()
    assert "they sign in with the password they have" in page.content.decode()


def test_a_refused_form_keeps_what_was_typed(lexora, as_role):
    entered = {"email": "not an address", "name": "Jo Rivera", "role": "auditor"}

    page = as_role(lexora, "administrator").post("/o/lexora/people/add/", entered)

    form = page.context["form"]
    assert form.errors == {"email": ["Enter an e-mail address such as mara@example.org."]}
    text = page.content.decode()
    assert 'value="not an address"' in text
    assert 'value="Jo Rivera"' in text
    assert re.search(r'value="auditor"[^>]*checked', text)


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
    assert "Add a person" not in text


@pytest.mark.parametrize("items", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    lexora, as_role, add, items, django_assert_num_queries
):
    client = as_role(lexora, "administrator")
    client.get("/o/lexora/people/")
    with acting_in(lexora):
        for number in range(items):
            add(email=f"jo{number}@lexora.example")

    with django_assert_num_queries(8):
        page = client.get("/o/lexora/people/")

    assert f"jo{items - 1}@lexora.example" in page.content.decode()
