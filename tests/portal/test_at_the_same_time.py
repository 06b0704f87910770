"""The same form sent twice at the same moment, and pages read while something is written."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.actions import invitations, units
from portal.models import ApiToken, Invitation, Membership, Unit, User
from portal.tenancy.scope import acting_in
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
TEAM = {"name": "Contracts team", "parent": "", "on": "2026-11-16"}
INVITED = {"email": "jo@lexora.example", "name": "Jo Rivera", "role": "staff"}
TOKEN = {"name": "Export", "expires_on": "2027-06-30"}
CHOSEN = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}


def together(*works):
    """What each of the works gives, all of them begun at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def statuses(client, url, entered, times=4):
    def send():
        own = Client()
        own.cookies = client.cookies
        return own.post(url, entered).status_code

    return sorted(together(*[send] * times))


def test_a_team_is_added_once(lexora, as_role):
    client = as_role(lexora, "administrator")

    assert statuses(client, "/o/lexora/teams/add/", TEAM) == [302, 422, 422, 422]

    with acting_in(lexora):
        assert Unit.objects.count() == 1


def test_an_address_has_one_open_invitation(lexora, as_role):
    client = as_role(lexora, "administrator")

    assert statuses(client, "/o/lexora/people/invite/", INVITED) == [200] * 4

    with acting_in(lexora):
        states = Invitation.objects.order_by("state").values_list("state", flat=True)
        assert list(states) == ["open", *["superseded"] * 3]


def test_a_token_of_a_name_is_issued_once(lexora, as_role):
    client = as_role(lexora, "administrator")
    page = client.get("/o/lexora/tokens/issue/")
    scope = [value for value, _ in page.context["form"].fields["scopes"].choices][:1]

    assert statuses(client, "/o/lexora/tokens/issue/", TOKEN | {"scopes": scope}) == [
        200,
        422,
        422,
        422,
    ]

    with acting_in(lexora):
        assert ApiToken.objects.count() == 1


def link(organization, now):
    with acting_in(organization):
        sent = invitations.invite(
            address=INVITED["email"], name="Jo", role="staff", mail_to="", by="ada", at=now
        )
    return f"/invitation/{organization.slug}/{sent.secret}/"


def memberships():
    rows = Membership.objects.of(User.objects.get(email=INVITED["email"]))
    return sorted(rows.values_list("organization__slug", flat=True))


@pytest.fixture
def now():
    return timezone.now()


def test_a_link_is_used_once(lexora, now):
    assert statuses(Client(), link(lexora, now), CHOSEN) == [302, 404, 404, 404]

    assert (User.objects.count(), memberships()) == (1, ["lexora"])


def test_links_of_two_organizations_make_one_account_and_one_membership(lexora, harbor, now):
    links = [link(lexora, now), link(harbor, now)]

    came = together(*[lambda url=url: Client().post(url, CHOSEN).status_code for url in links])

    assert sorted(came) == [302, 422]
    assert len(memberships()) == 1


def while_reading(table, write):
    """Runs `write` elsewhere right after the first statement that reads the table."""
    done = []

    def wrapper(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if f'FROM "{table}"' in sql and not done:
            done.append(True)
            together(write)
        return result

    return connection.execute_wrapper(wrapper)


@pytest.mark.parametrize("path", ["teams/", "teams/add/"])
@pytest.mark.parametrize("table", ["portal_unit", "portal_unitplacement"])
def test_a_team_added_while_the_page_is_read_breaks_nothing(lexora, as_role, now, path, table):
    client = as_role(lexora, "administrator")

    def add():
        with acting_in(lexora):
            units.create(name="Litigation", parent=None, on=factories.DAY, by="ada", at=now)

    with while_reading(table, add):
        assert client.get(f"/o/lexora/{path}").status_code == 200
