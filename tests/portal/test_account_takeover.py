"""An administrator of one organization never enters another one through somebody's account."""

import re

import pytest
from django.test import Client

from portal.models import Membership, User

CFO = "new.cfo@lexora.example"
THEIRS, OWN = "attacker of 2026 harbor", "plumb line of 2026"
INVITE = "people/invite/"
SHOWN = re.compile(r'<textarea id="link"[^>]*>http://testserver([^<]+)</textarea>')


@pytest.fixture
def attacker(harbor, as_role):
    return as_role(harbor, "administrator")


@pytest.fixture
def honest(lexora, as_role):
    return as_role(lexora, "administrator")


def invite(administrator, slug, role):
    """The link that the page shows to the administrator, or nothing."""
    entered = {"email": CFO, "name": "The CFO", "role": role}
    page = administrator.post(f"/o/{slug}/{INVITE}", entered, follow=True)
    shown = SHOWN.search(page.content.decode())
    return shown[1] if shown else ""


def choose_password(link, secret):
    """Open the link in a fresh browser and try to set a password with it."""
    if not link:
        return
    client = Client()
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret})


def signed_in(secret):
    client = Client()
    client.post("/account/sign-in/", {"login": CFO, "password": secret})
    return client


def organizations():
    everywhere = Membership.objects.of(User.objects.filter(email=CFO).first())
    return sorted(everywhere.values_list("organization__slug", flat=True))


def test_an_account_made_by_a_stranger_is_not_let_in_later(attacker, honest):
    """The stranger sets the password first; the organization brings the person in afterwards."""
    choose_password(invite(attacker, "harbor", "staff"), THEIRS)
    invite(honest, "lexora", "administrator")

    stranger = signed_in(THEIRS)

    assert stranger.get("/o/lexora/people/").status_code == 404
    assert organizations() == ["harbor"]


def test_a_link_made_earlier_does_not_open_the_account_later(attacker, honest):
    """The stranger keeps a link until the person is an administrator elsewhere."""
    kept = invite(attacker, "harbor", "staff")
    choose_password(invite(honest, "lexora", "administrator"), OWN)

    choose_password(kept, THEIRS)

    assert signed_in(THEIRS).get("/o/lexora/people/").status_code != 200
    assert signed_in(OWN).get("/o/lexora/people/").status_code == 200
    assert organizations() == ["lexora"]


def test_adding_a_foreign_address_shows_nothing_of_its_account(attacker, honest):
    choose_password(invite(honest, "lexora", "administrator"), OWN)
    entered = {"name": "Somebody", "role": "staff"}

    pages = [
        attacker.post(f"/o/harbor/{INVITE}", entered | {"email": email}, follow=True)
        for email in (CFO, "no.account@lexora.example")
    ]

    shown = [
        re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": ")[^>]+|/invitation/[^<]+', "", text)
        .replace(CFO, "address")
        .replace("no.account@lexora.example", "address")
        for text in (page.content.decode() for page in pages)
    ]
    assert shown[0] == shown[1]
    assert "The CFO" not in shown[0]


def test_a_stranger_who_adds_and_removes_takes_nothing_away(attacker, honest):
    choose_password(invite(honest, "lexora", "administrator"), OWN)
    invite(attacker, "harbor", "staff")
    attacker.post(f"/o/harbor/people/{CFO}/", {"do": "deactivate", "reason": ""})
    attacker.post(f"/o/harbor/people/invitations/{CFO}/", {"do": "withdraw"})

    page = honest.post(f"/o/lexora/people/{CFO}/", {"do": "link"})

    assert SHOWN.search(page.content.decode())
