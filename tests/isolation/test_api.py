"""The door of the API: every address x token x object; what is foreign is exactly like missing."""

import datetime as dt

import pytest
from django.test import Client

from portal.access import Access, Door
from portal.domain import tokens
from portal.domain.roles import Role, may
from portal.domain.tokens import Scope
from portal.models import ApiToken
from portal.tenancy.scope import acting_in
from tests import factories
from tests.isolation.addresses import ALL, INSIDE, NOBODY, address, filled, said

DOOR = {
    name: pattern
    for name, pattern in ALL.items()
    if getattr(pattern.callback, "access", Access(Door.PUBLIC)).door is Door.API
}
METHODS = ["get", "post", "patch"]
YESTERDAY = dt.date(2020, 1, 1)


@pytest.fixture
def worlds(lexora, harbor, as_role):
    found = {}
    for organization in (lexora, harbor):
        as_role(organization, "manager")
        found[organization.slug] = factories.rows(organization)
    return found


def bearer(prefix, secret):
    return {"authorization": f"Bearer {tokens.written(prefix, secret)}"}


def of(organization):
    return bearer(factories.token_prefix(organization), factories.secret(organization))


def another(organization, number, **fields):
    """A further token of an organization, as a header."""
    secret = tokens.digest(f"{number}")
    given = {"scopes": ["figures:read", "figures:write"], "expires_on": dt.date(2999, 1, 1)}
    with acting_in(organization):
        ApiToken.objects.create(
            name=f"Number {number}",
            prefix=factories.token_prefix(organization.slug, number),
            secret_hash=tokens.digest(secret),
            created_by="x",
            maker_id=factories.token_maker(organization).user_id,
            created_at=factories.NOW,
            **(given | fields),
        )
    return bearer(factories.token_prefix(organization.slug, number), secret)


def send(method, url, headers):
    client = Client()
    if method == "get":
        return client.get(url, headers=headers)
    body = {"data": b"{}", "content_type": "application/json"}
    return getattr(client, method)(url, headers=headers, **body)


def whole(response):
    return response.status_code, response.content, sorted(response.headers.items())


def allowed(name, method):
    return send(method, address(name, "lexora", WORLD[name]), {}).status_code != 405


WORLD = {}


@pytest.fixture
def offered(worlds):
    """(address, method) of everything that the API offers."""
    WORLD.update({name: filled(name, worlds["lexora"]) for name in DOOR})
    found = [(name, method) for name in DOOR for method in METHODS if allowed(name, method)]
    assert len(found) == 26
    return found


def unknown_tokens(lexora, harbor):
    """Every header that is not a token of Lexora which holds."""
    right = of("lexora")["authorization"]
    with acting_in(harbor):
        ended = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return {
        "none": {},
        "foreign": of("harbor"),
        "expired": another(lexora, 1, expires_on=YESTERDAY),
        "revoked": another(lexora, 2, revoked_at=ended),
        "wrong secret": {"authorization": f"{right[:-1]}{'0' if right[-1] != '0' else '1'}"},
        "own prefix, foreign secret": bearer(
            factories.token_prefix("lexora"), factories.secret("harbor")
        ),
        "cut short": {"authorization": right[:-1]},
        "another kind": {"authorization": right.replace("Bearer", "Basic")},
        "letters": {"authorization": "Bearer plb_ü"},
    }


def test_whatever_makes_a_token_unknown_gets_one_and_the_same_answer(lexora, harbor, offered):
    answers = set()
    for title, headers in unknown_tokens(lexora, harbor).items():
        for name, method in offered:
            for place in ("lexora", "no-such-place"):
                found = send(method, address(name, place, WORLD[name]), headers)
                assert (title, name, found.status_code) == (title, name, 401)
                answers.add((found.content, tuple(sorted(found.headers.items()))))
    ((body, headers),) = answers
    assert dict(headers)["WWW-Authenticate"] == "Bearer"
    assert dict(headers)["Content-Type"] == "application/problem+json"
    assert b"plb_" in body


def test_foreign_objects_are_exactly_like_missing_ones(worlds, offered):
    different = {}
    for name, method in offered:
        foreign = filled(name, worlds["harbor"])
        for kwarg in WORLD[name]:
            missing = NOBODY.get(kwarg, "nobody-has-this")
            urls = [
                address(name, "lexora", WORLD[name] | {kwarg: value})
                for value in (foreign[kwarg], missing)
            ]
            theirs, nobodys = (send(method, url, of("lexora")) for url in urls)
            if whole(theirs) != whole(nobodys) or theirs.status_code != 404:
                different[name, method, kwarg] = (theirs.status_code, nobodys.status_code)
    assert different == {}


def test_own_objects_by_scope(lexora, worlds, offered):
    for number, (name, method) in enumerate(offered, start=3):
        url = address(name, "lexora", WORLD[name])
        wanted = DOOR[name].callback.cls.scope_of(method.upper())
        others = [scope for scope in Scope if scope != wanted]
        good = another(lexora, number, scopes=[wanted])
        bad = another(lexora, number + 100, scopes=others)
        status = send(method, url, good).status_code
        assert (name, method, status) in {(name, method, code) for code in (200, 201, 422)}
        refused = send(method, url, bad)
        assert (refused.status_code, refused.json()["scope"]) == (403, wanted)
        assert wanted in refused.json()["detail"]


@pytest.mark.parametrize("role", Role)
def test_a_signed_in_person_reads_what_the_role_may(lexora, worlds, offered, as_role, role):
    client = as_role(lexora, role)
    wrong = {}
    for name, method in offered:
        url = address(name, "lexora", WORLD[name])
        reads = method == "get" and may(role, DOOR[name].callback.access.permission)
        answer = getattr(client, method)(url, content_type="application/json")
        if answer.status_code != (200 if reads else 403):
            wrong[name, method] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("who", ["hugo", "olga"])
def test_a_stranger_is_answered_like_nobody(lexora, worlds, offered, client_of, who):
    client = client_of(who)
    for name, method in offered:
        url = address(name, "lexora", WORLD[name])
        answer = getattr(client, method)(url)
        assert (answer.status_code, answer.content) == (401, send(method, url, {}).content)


def test_a_wrong_token_is_not_helped_by_a_session(lexora, worlds, as_role):
    client = as_role(lexora, "administrator")
    url = address("api_organization", "lexora", {})
    assert client.get(url).status_code == 200
    assert client.get(url, headers=of("harbor")).status_code == 401


def test_a_token_is_worth_nothing_at_a_page(worlds):
    for name in INSIDE:
        url = address(name, "lexora", filled(name, worlds["lexora"]))
        with_token, without = (Client().get(url, headers=headers) for headers in (of("lexora"), {}))
        assert said(with_token) == said(without)
        assert with_token.status_code in {302, 405}


def test_a_post_needs_no_form_token(worlds, lexora):
    client = Client(enforce_csrf_checks=True)
    url = address("kpis:api_send_figures", "lexora", filled_deployment(worlds))
    answer = client.post(url, b"[]", content_type="application/json", headers=of("lexora"))
    assert answer.status_code == 422


def filled_deployment(worlds):
    return {"deployment": worlds["lexora"]["deployment"].slug}


def test_the_answer_to_another_method_says_which_are_there(worlds, offered):
    url = address("deployments:api_deployments", "lexora", {})
    answer = Client().delete(url, headers=of("lexora"))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")
    assert answer.headers["Content-Type"] == "application/problem+json"
