"""The command that lets the first person in, without a mail server."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.actions import people
from portal.models import AuditEvent, Membership, Organization, User
from portal.tenancy.scope import acting_in

pytestmark = pytest.mark.django_db


def run(**options):
    told = io.StringIO()
    given = {"email": "vera@studio.example", "name": "Vera Lang", "organization": "Studio Nord"}
    call_command("first_administrator", **given | options, stdout=told)
    return told.getvalue().splitlines()


def test_opens_the_organization_and_prints_a_link_that_works(monkeypatch):
    monkeypatch.setenv("PLUMBLINE_URL", "https://portal.example/")

    told = run(time_zone="Europe/Oslo", currency="NOK")

    studio = Organization.objects.get(slug="studio-nord")
    assert (studio.name, studio.time_zone, studio.currency) == ("Studio Nord", "Europe/Oslo", "NOK")
    assert told[:2] == [
        "Vera Lang is the administrator of Studio Nord.",
        "They set their password here, once:",
    ]
    path = told[2].removeprefix("https://portal.example")
    assert "password1" in Client().get(path, follow=True).content.decode()


def test_without_an_address_only_the_path_is_printed(monkeypatch):
    monkeypatch.delenv("PLUMBLINE_URL", raising=False)

    assert run()[-1].startswith("/account/password/reset/key/")


def test_the_administrator_is_a_member_and_noted():
    run(slug="nord")

    with acting_in(Organization.objects.get(slug="nord")):
        vera = Membership.objects.get(user__email="vera@studio.example")
        verbs = list(AuditEvent.objects.order_by("id").values_list("actor", "verb"))
    assert (vera.role, vera.is_active) == ("administrator", True)
    assert verbs == [
        ("command first_administrator", "opened"),
        ("command first_administrator", "added"),
    ]


def test_a_second_first_administrator_is_refused():
    run()

    with pytest.raises(CommandError) as refused:
        run(email="other@studio.example")

    assert str(refused.value) == (
        "Studio Nord already has an administrator. They add further people on the People page."
    )
    assert not User.objects.filter(email="other@studio.example").exists()


def test_an_organization_that_has_only_staff_gets_its_administrator(now):
    studio = Organization.objects.create(slug="studio-nord", name="Studio Nord", created_at=now)
    with acting_in(studio):
        people.add(email="jo@studio.example", name="Jo", role="staff", by="test", at=now)

    assert run()[0] == "Vera Lang is the administrator of Studio Nord."
    assert Organization.objects.filter(name="Studio Nord").count() == 1


def test_a_person_with_a_password_keeps_it():
    User.objects.create_user("vera@studio.example", "a long enough secret")

    assert run()[-1] == "vera@studio.example signs in with the password they have."


@pytest.mark.parametrize(
    "options",
    [
        {"email": "not an address"},
        {"time_zone": "Mars/Base"},
        {"currency": "euro"},
        {"slug": "Not a slug"},
    ],
)
def test_nonsense_is_refused_and_nothing_is_left_behind(options):
    with pytest.raises(CommandError):
        run(**options)

    assert not Organization.objects.filter(name="Studio Nord").exists()


def test_an_address_word_of_another_organization_is_refused():
    run(slug="nord")

    with pytest.raises(CommandError, match="belongs to Studio Nord"):
        run(slug="nord", organization="Studio Sued")
