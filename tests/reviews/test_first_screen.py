"""The first screen after signing in offers only what the reader's role may do."""

import re

import pytest

from portal.domain.roles import Role
from tests import factories
from tests.factories.people import join

LINK = re.compile(r'<a\b[^>]*?href="(/[^"#]*)', re.S)


def links(page):
    return sorted({link.replace("&amp;", "&") for link in LINK.findall(page.content.decode())})


def refused(client, page):
    answers = {link: client.get(link, follow=True).status_code for link in links(page)}
    return {link: status for link, status in answers.items() if status != 200}


@pytest.fixture(params=["empty", "in use"])
def filled(request, lexora):
    if request.param == "in use":
        factories.rows(lexora)
    return request.param


@pytest.mark.parametrize("role", Role)
def test_every_link_of_the_first_screen_opens(lexora, as_role, filled, role):
    client = as_role(lexora, role)

    first = client.get("/", follow=True)

    assert first.status_code == 200
    assert len(links(first)) > 2
    assert refused(client, first) == {}


def test_every_link_of_the_choice_of_organizations_opens(lexora, harbor, as_role, now):
    client = as_role(lexora, "administrator")
    user = client.get("/o/lexora/people/").wsgi_request.user
    join(harbor, user, Role.STAFF, now)

    assert refused(client, client.get("/")) == {}


def test_an_administrator_begins_with_people_and_settings(lexora, as_role):
    first = as_role(lexora, "administrator").get("/", follow=True)

    assert {"/o/lexora/people/invite/", "/o/lexora/settings/", "/o/lexora/teams/"} <= {
        *links(first)
    }
    assert "/o/lexora/deployments/new/" not in links(first)


@pytest.mark.parametrize("role", ["manager", "steward"])
def test_who_registers_begins_with_a_deployment(lexora, as_role, role):
    first = as_role(lexora, role).get("/", follow=True)
    assert "/o/lexora/deployments/new/" in links(first)
