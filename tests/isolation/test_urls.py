"""Every address x person x object: own as the table of roles says, foreign exactly like missing."""

import pytest

from portal.access import Access
from portal.domain.roles import Role, may
from portal.models import Membership
from portal.tenancy.scope import acting_in
from tests.isolation.addresses import (
    ALL,
    FOREIGN_VIEWS,
    INSIDE,
    NOBODY,
    PARAMETERS,
    POST_ONLY,
    address,
    filled,
    said,
    whole_parameters,
)


def test_every_address_declares_what_it_needs():
    silent = [
        name
        for name, pattern in ALL.items()
        if name not in FOREIGN_VIEWS
        and not isinstance(getattr(pattern.callback, "access", 0), Access)
    ]
    assert silent == []


def test_every_parameter_is_known():
    unknown = {
        (name, kwarg)
        for name in INSIDE
        for kwarg in whole_parameters(name)
        if kwarg not in PARAMETERS
    }
    assert unknown == set(), "add the parameter to PARAMETERS so that it is tried"


@pytest.mark.parametrize("role", Role)
def test_own_things_by_the_table_of_roles(worlds, lexora, as_role, role):
    client = as_role(lexora, role)
    wrong = {}
    for name, pattern in INSIDE.items():
        allowed = may(role, pattern.callback.access.permission)
        url = address(name, "lexora", filled(name, worlds["lexora"]))
        status = client.get(url).status_code
        expected = 405 if name in POST_ONLY else 200 if allowed else 403
        if status != expected and not (allowed and status in {302, 200}):
            wrong[name] = (status, expected)
    assert wrong == {}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", Role)
def test_foreign_is_exactly_like_missing(worlds, lexora, as_role, role, method):
    client = as_role(lexora, role)
    send = getattr(client, method)
    different = {}
    for name in INSIDE:
        own, foreign = filled(name, worlds["lexora"]), filled(name, worlds["harbor"])
        for kwarg in own:
            missing = NOBODY.get(kwarg, "nobody-has-this")
            with_foreign = send(address(name, "lexora", own | {kwarg: foreign[kwarg]}))
            with_missing = send(address(name, "lexora", own | {kwarg: missing}))
            same = said(with_foreign, foreign[kwarg]) == said(with_missing, missing)
            headers = set(with_foreign.headers) == set(with_missing.headers)
            if not (same and headers and with_foreign.status_code in {403, 404, 405}):
                different[name, kwarg] = (with_foreign.status_code, with_missing.status_code)
    assert different == {}


@pytest.mark.parametrize("who", ["hugo", "olga"])
def test_a_stranger_finds_nothing(worlds, client_of, who):
    client = client_of(who)
    reached = {}
    for name in INSIDE:
        if name in POST_ONLY:
            continue
        values = filled(name, worlds["lexora"])
        theirs = said(client.get(address(name, "lexora", values)), "lexora")
        nobodys = said(client.get(address(name, "no-such-place", values)), "no-such-place")
        if theirs != nobodys or theirs[0] != 404:
            reached[name] = (theirs[0], nobodys[0])
    assert reached == {}


def test_anonymous_is_sent_to_sign_in_alike(worlds, client):
    for name in INSIDE:
        if name in POST_ONLY:
            continue
        values = filled(name, worlds["lexora"])
        for place in ("lexora", "no-such-place"):
            url = address(name, place, values)
            response = client.get(url)
            assert (name, response.status_code) == (name, 302)
            assert response.headers["Location"].startswith("/account/sign-in/")


def test_a_disabled_person_is_out_on_the_next_request(lexora, people, client_of):
    client = client_of("mara")
    assert client.get("/o/lexora/deployments/").status_code == 200
    people["mara"].is_active = False
    people["mara"].save()
    assert client.get("/o/lexora/deployments/").status_code == 302


def test_a_changed_role_holds_on_the_next_request(lexora, people, client_of):
    client = client_of("mara")
    with acting_in(lexora):
        Membership.objects.filter(user=people["mara"]).update(role=Role.STAFF)
    assert client.get("/o/lexora/reviews/").status_code == 403


@pytest.mark.parametrize("role", Role)
def test_who_may_not_post_changes_nothing(worlds, lexora, as_role, role):
    client = as_role(lexora, role)
    with acting_in(lexora):
        before = {name: type(row).objects.count() for name, row in worlds["lexora"].items()}
    for name, pattern in INSIDE.items():
        if not may(role, pattern.callback.access.permission):
            status = client.post(
                address(name, "lexora", filled(name, worlds["lexora"]))
            ).status_code
            assert (name, status in {403, 405}) == (name, True)
    with acting_in(lexora):
        after = {name: type(row).objects.count() for name, row in worlds["lexora"].items()}
    assert after == before


@pytest.mark.parametrize("name", ["home", "account_login"])
def test_headers_of_every_door(client, db, name):
    from django.urls import reverse

    response = client.get(reverse(name))
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_a_form_from_another_site_is_refused(client, db):
    response = client.post("/account/sign-in/", headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403


def test_sign_in_is_neutral_about_unknown_addresses(client, people):
    answers = [
        said(client.post("/account/sign-in/", {"login": email, "password": "wrong password"}))
        for email in ("mara@lexora.example", "ghost@lexora.example")
    ]
    assert answers[0][0] == answers[1][0] == 200
    assert answers[0][1].replace("mara@", "x@") == answers[1][1].replace("ghost@", "x@")
