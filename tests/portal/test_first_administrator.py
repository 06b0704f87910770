"""The command that lets the first person in, without a mail server."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.models import AuditEvent, Membership, Organization, User
from portal.tenancy.scope import acting_in
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.PUBLIC_ADDRESS = "https://portal.example"


def run(**options):
    told = io.StringIO()
    given = {"email": "vera@studio.example", "name": "Vera Lang", "organization": "Studio Nord"}
    call_command("first_administrator", **given | options, stdout=told)
    return told.getvalue().splitlines()


def join(link, client=None):
    """What came of choosing a password over the link."""
    path = link.removeprefix("https://portal.example")
    entered = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    return (client or Client()).post(path, entered)


def test_opens_the_organization_and_prints_a_whole_link_that_works():
    told = run(time_zone="Europe/Oslo", currency="NOK")

    studio = Organization.objects.get(slug="studio-nord")
    assert (studio.name, studio.time_zone, studio.currency) == ("Studio Nord", "Europe/Oslo", "NOK")
    assert told[:2] == [
        "Vera Lang is invited as administrator of Studio Nord.",
        "They open this once, within 14 days, and join:",
    ]
    assert told[2].startswith("https://portal.example/invitation/studio-nord/")
    assert join(told[2]).headers["Location"] == "/account/sign-in/?next=%2Fo%2Fstudio-nord%2F"


def test_without_an_address_of_the_portal_nothing_is_written(settings):
    settings.PUBLIC_ADDRESS = ""

    with pytest.raises(CommandError, match="Set PLUMBLINE_URL"):
        run()

    assert Organization.objects.count() == 0


def test_the_administrator_is_a_member_from_acceptance_on_and_noted():
    link = run(slug="nord")[-1]
    with acting_in(Organization.objects.get(slug="nord")):
        assert Membership.objects.count() == 0

    join(link)

    with acting_in(Organization.objects.get(slug="nord")):
        vera = Membership.objects.get(user__email="vera@studio.example")
        verbs = list(AuditEvent.objects.order_by("id").values_list("actor", "verb"))
    assert (vera.name, vera.role, vera.is_active) == ("Vera Lang", "administrator", True)
    assert verbs == [
        ("command first_administrator", "opened"),
        ("command first_administrator", "invited"),
        ("vera@studio.example", "joined"),
    ]


def test_run_again_before_acceptance_the_first_link_ends():
    first, second = run()[-1], run()[-1]

    assert join(first).status_code == 404
    assert join(second).status_code == 302


def test_a_second_first_administrator_is_refused():
    join(run()[-1])

    with pytest.raises(CommandError) as refused:
        run(email="other@studio.example")

    assert str(refused.value) == (
        "Studio Nord already has an administrator. They invite further people on the People page."
    )
    assert not User.objects.filter(email="other@studio.example").exists()


def test_an_organization_that_has_only_staff_gets_its_administrator(now):
    studio = Organization.objects.create(slug="studio-nord", name="Studio Nord", created_at=now)
    with acting_in(studio):
        factories.bring_in(email="jo@studio.example", name="Jo", role="staff", by="test", at=now)

    assert run()[0] == "Vera Lang is invited as administrator of Studio Nord."
    assert Organization.objects.filter(name="Studio Nord").count() == 1


def test_a_person_with_an_account_signs_in_and_joins():
    vera = User.objects.create_user("vera@studio.example", "a long enough secret")
    link = run()[-1]

    assert join(link).status_code == 422
    client = Client()
    client.post("/account/sign-in/", {"login": vera.email, "password": "a long enough secret"})
    assert join(link, client).headers["Location"] == "/o/studio-nord/"

    vera.refresh_from_db()
    assert vera.check_password("a long enough secret")


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
