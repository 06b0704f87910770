"""Every cell of the table of invitations, tried through the page; every order of the steps."""

import copy
import datetime as dt
import itertools

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from portal.actions import invitations, passwords
from portal.domain.invitations import TABLE, Account, Outcome, Standing, Visitor
from portal.models import Invitation, Membership, Organization, User
from portal.tenancy.scope import acting_in
from tests.factories import PASSWORD
from tests.factories.people import join, sign_in

ADDRESS = "cfo@lexora.example"
THEIRS, OWN = "attacker of 2026 harbor", "a password of my own 1"
BY = "ada@lexora.example"
WITHOUT = {Account.NONE, Account.BLANK, Account.WITHOUT_PASSWORD, Account.DISABLED}
PAGES = {
    "portal/invitation/sign_in.html": Outcome.SIGN_IN,
    "portal/invitation/confirm.html": Outcome.CONFIRM,
    "portal/invitation/switch.html": Outcome.SWITCH,
    "portal/invitation/gone.html": Outcome.GONE,
}
ROLES = {"lexora": "staff", "harbor": "manager"}


@pytest.fixture
def studio(db, now):
    """A bystander."""
    return Organization.objects.create(name="Studio", slug="studio", created_at=now)


@pytest.fixture
def account(lexora, harbor, now):
    """Makes the account that a row of the table speaks of."""

    def made(state):
        if state is Account.NONE:
            return None
        user = User.objects.create_user(ADDRESS, None if state in WITHOUT else OWN)
        homes = {Account.ELSEWHERE: harbor, Account.WITHOUT_PASSWORD: harbor}
        homes |= {Account.HERE: lexora, Account.FORMER_HERE: lexora}
        if state is Account.DISABLED:
            user.is_active = False
            user.save()
        if state in homes:
            join(homes[state], user, ROLES[homes[state].slug], now, name="Kim")
        if state is Account.FORMER_HERE:
            with acting_in(lexora):
                Membership.objects.update(is_active=False)
        return user

    return made


def invited(organization, now, standing):
    """The secret of an invitation that stands as it is said."""
    with acting_in(organization):
        at = dt.datetime.now(dt.UTC) - dt.timedelta(days=15 if standing is Standing.EXPIRED else 0)
        invitation = Invitation(
            address=ADDRESS,
            name="Kim Doe",
            role="manager",
            invited_by=BY,
            invited_at=at,
            expires_at=at + dt.timedelta(days=14),
        )
        if standing not in {Standing.OPEN, Standing.EXPIRED}:
            invitation.state = standing.value
        invitation.save()
        return invitations.make_secret(invitation=invitation)


def browser(visitor, user):
    client = Client()
    if visitor is Visitor.OWNER:
        client.post("/account/sign-in/", {"login": ADDRESS, "password": OWN})
    elif visitor is Visitor.UNCONFIRMED:
        client.force_login(user)
    elif visitor is Visitor.OTHER:
        client = sign_in(User.objects.create_user("other@nowhere.example", OWN))
    return client


def memberships():
    people = User.objects.filter(email=ADDRESS)
    rows = {
        (row.organization.slug, row.name, row.role, row.is_active)
        for user in people
        for row in Membership.objects.ever_of(user).select_related("organization")
    }
    return rows, [user.password for user in people]


def outcome_of(response):
    if response.status_code == 302:
        is_new = response.headers["Location"].startswith("/account/sign-in/")
        return Outcome.CREATE if is_new else Outcome.ACCEPT
    (page,) = PAGES.keys() & {template.name for template in response.templates}
    return PAGES[page]


def have_session(state, visitor):
    return visitor in {Visitor.NOBODY, Visitor.OTHER} or state not in WITHOUT


@pytest.mark.parametrize("state", Account)
def test_every_cell_through_the_page(lexora, harbor, studio, account, now, state):
    wrong = {}
    for standing, visitor in itertools.product(Standing, Visitor):
        expected = TABLE[state, standing, visitor]
        with transaction.atomic():
            user = account(state)
            secret = invited(lexora, now, standing)
            before = memberships()
            if have_session(state, visitor):
                url = f"/invitation/lexora/{secret}/"
                client = browser(visitor, user)
                client.get(url)
                entered = {"password1": PASSWORD, "password2": PASSWORD}
                came = outcome_of(client.post(url, entered))
            else:
                # No session of such an account can exist: the action refuses all the same.
                with acting_in(lexora):
                    came = invitations.accept(
                        secret=secret, visitor=visitor, session_of=user, password="", at=now
                    ).outcome
            after = memberships()
            transaction.set_rollback(True)
        same = Outcome.ACCEPT if expected is Outcome.ENTER else expected
        joined = {("lexora", "Kim Doe", "manager", True)}
        if expected in {Outcome.CREATE, Outcome.ACCEPT}:
            kept = {row for row in before[0] if row[0] != "lexora"}
            is_right = after[0] == kept | joined
            is_right &= (after[1] == before[1]) is (expected is Outcome.ACCEPT)
        else:
            is_right = after == before
        if came is not same or not is_right:
            wrong[standing, visitor] = (came, expected, after)
    assert wrong == {}


def test_the_table_has_every_cell():
    assert set(TABLE) == set(itertools.product(Account, Standing, Visitor))


def test_only_an_open_invitation_does_anything():
    assert {outcome for (_, standing, _), outcome in TABLE.items() if standing != "open"} == {
        Outcome.GONE
    }


def test_where_a_password_exists_the_link_alone_makes_nothing():
    makes = {Outcome.CREATE, Outcome.ACCEPT}
    alone = {
        key[0] for key, outcome in TABLE.items() if key[2] == Visitor.NOBODY and outcome in makes
    }
    signed_in = {key[2] for key, outcome in TABLE.items() if outcome is Outcome.ACCEPT}
    assert alone == {Account.NONE, Account.BLANK}
    assert signed_in == {Visitor.OWNER}


class Story:
    """The steps of an attack, each through pages; what cannot be done in an order does nothing."""

    def __init__(self, attacker, honest, bystander):
        self.attacker, self.honest, self.bystander = attacker, honest, bystander
        self.kept, self.handed, self.sessions, self.accepted = "", "", [], False

    def stranger_invites(self):
        self.kept = self._invite(self.attacker, "harbor")

    def stranger_uses_the_link(self):
        self._choose(self.kept, THEIRS)
        self._stranger_signs_in()

    def stranger_makes_a_password_link(self):
        page = self.attacker.post(f"/o/harbor/people/{ADDRESS}/", {"do": "link"})
        self._reset(page.context["link"] if "link" in (page.context or {}) else "", THEIRS)
        self._stranger_signs_in()

    def organization_invites(self):
        self.handed = self._invite(self.honest, "lexora")

    def bystander_invites(self):
        self._invite(self.bystander, "studio")

    def person_opens(self):
        if not self.handed:
            return
        self._choose(self.handed, OWN)
        client = self._session(OWN)
        client.post(self.handed)
        self.accepted = "lexora" in self._memberships()

    def operator_helps(self):
        try:
            link = passwords.link_by_operator(
                email=ADDRESS, by="operator", at=dt.datetime.now(dt.UTC)
            )
        except ValidationError:
            return
        self._reset(link, OWN)

    def _reset(self, link, secret):
        if link:
            client = Client()
            form = client.get(link.removeprefix("http://testserver"), follow=True)
            entered = {"password1": secret, "password2": secret}
            client.post(form.request["PATH_INFO"], entered)

    def copy(self):
        other = copy.copy(self)
        other.sessions = [*self.sessions]
        return other

    def check(self):
        """Who belongs to an organization has accepted; the stranger opens only the own one."""
        assert self._memberships() - {"harbor"} == ({"lexora"} if self.accepted else set())
        if not self.accepted:
            return
        for client in [*self.sessions, self._session(THEIRS)]:
            assert client.get("/o/lexora/people/").status_code != 200
        assert "Lexora" not in self.attacker.get("/o/harbor/people/").content.decode()

    def _invite(self, administrator, slug):
        entered = {"email": ADDRESS, "name": "Kim Doe", "role": "administrator"}
        page = administrator.post(f"/o/{slug}/people/invite/", entered)
        if "link" not in (page.context or {}):
            return ""
        return page.context["link"].removeprefix("http://testserver")

    def _choose(self, link, secret):
        if link:
            Client().post(link, {"password1": secret, "password2": secret})

    def _session(self, secret):
        client = Client()
        client.post("/account/sign-in/", {"login": ADDRESS, "password": secret})
        return client

    def _stranger_signs_in(self):
        client = self._session(THEIRS)
        if self.kept:
            client.post(self.kept)
        self.sessions.append(client)

    def _memberships(self):
        rows = [row for user in self._users() for row in Membership.objects.of(user)]
        return {row.organization.slug for row in rows}

    def _users(self):
        return User.objects.filter(email=ADDRESS)


STEPS = [
    ["stranger_invites", "stranger_uses_the_link", "organization_invites", "person_opens", more]
    for more in ("stranger_makes_a_password_link", "operator_helps", "bystander_invites")
]


def walk(story, steps):
    """Every order of the steps, each beginning of an order once; how often the person came in."""
    joined = 0
    for step in steps:
        with transaction.atomic():
            told = story.copy()
            getattr(told, step)()
            told.check()
            rest = [other for other in steps if other != step]
            joined += walk(told, rest) if rest else told.accepted
            transaction.set_rollback(True)
    return joined


@pytest.mark.parametrize("steps", STEPS, ids=lambda steps: steps[-1])
def test_in_no_order_of_the_steps_does_a_stranger_get_in(lexora, harbor, studio, as_role, steps):
    clients = [as_role(home, "administrator") for home in (harbor, lexora, studio)]

    joined = walk(Story(*clients), steps)

    assert 0 < joined < 120
