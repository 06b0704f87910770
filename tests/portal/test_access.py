"""Who may open which page: the door, the role, and the answer to a stranger."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.access import Access
from portal.domain.roles import ROLE_PERMISSIONS, ROLE_SENTENCES, Permission, Role
from portal.models import User
from portal.tenancy.scope import acting_in
from tests import factories

EVERYBODY = set(Role)
READERS = {Role.AUDITOR, Role.ADMINISTRATOR}
MAKERS = {Role.MANAGER, Role.STEWARD}

PAGES = {
    "/o/lexora/deployments/": EVERYBODY,
    "/o/lexora/people/": READERS,
    "/o/lexora/people/invite/": {Role.ADMINISTRATOR},
    "/o/lexora/audit/": READERS,
    "/o/lexora/settings/": {Role.ADMINISTRATOR},
    "/o/lexora/use-cases/new/": MAKERS,
    "/o/lexora/tokens/": {Role.MANAGER, Role.ADMINISTRATOR},
    "/o/lexora/tokens/issue/": {Role.MANAGER, Role.ADMINISTRATOR},
}


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_its_pages_and_no_other(lexora, as_role, role):
    client = as_role(lexora, role)

    answers = {url: client.get(url).status_code for url in PAGES}

    assert answers == {url: 200 if role in roles else 403 for url, roles in PAGES.items()}


def test_a_visitor_is_sent_to_sign_in_and_back(lexora):
    answers = {url: Client().get(url) for url in PAGES}

    assert {url: answer["Location"] for url, answer in answers.items()} == {
        url: f"/account/sign-in/?next={url}" for url in PAGES
    }


def test_a_stranger_cannot_tell_an_organization_from_none(lexora, harbor, as_role):
    client = as_role(harbor, "administrator")

    theirs = {url: client.get(url).status_code for url in PAGES}
    nobodys = {url: client.get(url.replace("lexora", "nobody")).status_code for url in PAGES}

    assert theirs == nobodys == dict.fromkeys(PAGES, 404)


def test_somebody_without_an_organization_is_told_what_to_do(db):
    olga = User.objects.create_user("olga.p@elsewhere.example")
    client = Client()
    client.force_login(olga)

    page = client.get("/")

    assert page.status_code == 200
    assert "You are signed in, but you belong to no organization" in page.content.decode()


def test_who_belongs_to_two_chooses(lexora, harbor, as_role, now):
    email = "two@lexora.example"
    for organization in (lexora, harbor):
        with acting_in(organization):
            member = factories.bring_in(email=email, name="Two", role="staff", by="test", at=now)
    client = Client()
    client.force_login(member.user)

    text = client.get("/").content.decode()

    assert "/o/lexora/" in text
    assert "/o/harbor/" in text


def test_every_role_has_permissions_and_a_sentence():
    assert set(ROLE_PERMISSIONS) == set(ROLE_SENTENCES) == set(Role)
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in resolver.url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield where, pattern.callback
        else:
            yield from views(pattern, where)


def test_every_view_of_ours_declares_who_may_open_it():
    open_doors = [
        where
        for where, view in views(get_resolver())
        if not where.startswith("account/")
        and not isinstance(getattr(view, "access", None), Access)
    ]

    assert open_doors == []


def test_every_address_of_an_organization_asks_for_a_permission():
    careless = [
        where
        for where, view in views(get_resolver())
        if where.startswith("o/") and view.access.permission is None and not view.access.scopes
    ]

    assert careless == []
