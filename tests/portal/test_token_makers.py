"""A token holds only while the member who issued it may issue tokens."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from portal.actions import people, tokens
from portal.models import ApiToken, AuditEvent, Membership, User
from portal.tenancy.scope import acting_in
from tests.factories.people import join

BY = "ada@lexora.example"
URL = "/o/lexora/api/v1/deployments/"
SCOPES = ["figures:read"]


@pytest.fixture
def mara(lexora, now):
    """A manager, in an organization that also has an administrator."""
    join(lexora, User.objects.create_user("ada@lexora.example"), "administrator", now)
    user = User.objects.create_user("mara@lexora.example")
    return join(lexora, user, "manager", now, name="Mara Feld")


@pytest.fixture
def issue(lexora, now):
    def issued(maker, name):
        with acting_in(lexora):
            return tokens.issue(
                name=name,
                scopes=SCOPES,
                expires_on=None,
                maker=maker,
                by=maker.user.email,
                at=now,
                today=dt.date(2026, 11, 24),
            )

    return issued


def status(issued):
    return Client().get(URL, headers={"authorization": f"Bearer {issued.text}"}).status_code


def revoked(organization):
    with acting_in(organization):
        rows = AuditEvent.objects.filter(verb="revoked").order_by("id")
        return list(rows.values_list("actor", "subject_name", "reason"))


def test_a_deactivated_maker_takes_every_token_along(lexora, mara, issue, now):
    first, second = issue(mara, "Ticket export"), issue(mara, "Nightly export")
    with acting_in(lexora):
        others = issue(Membership.objects.get(user__email=BY), "Dashboards")
    assert (status(first), status(others)) == (200, 200)

    with acting_in(lexora):
        change = people.deactivate(membership=mara, by=BY, at=now)

    assert [token.name for token in change.revoked] == ["Nightly export", "Ticket export"]
    assert (status(first), status(second), status(others)) == (401, 401, 200)
    assert revoked(lexora) == [
        (BY, "Nightly export", "Mara Feld was deactivated."),
        (BY, "Ticket export", "Mara Feld was deactivated."),
    ]


@pytest.mark.parametrize(
    ("role", "left"), [("staff", []), ("auditor", []), ("administrator", ["Ticket export"])]
)
def test_a_role_that_may_not_issue_ends_them(lexora, mara, issue, now, role, left):
    issue(mara, "Ticket export")

    with acting_in(lexora):
        people.change_role(membership=mara, role=role, by=BY, at=now)

        holding = ApiToken.objects.filter(revoked_at=None).values_list("name", flat=True)
        assert list(holding) == left


def leave(lexora, mara):
    Membership.objects.filter(pk=mara.pk).update(is_active=False)


def lose_the_role(lexora, mara):
    Membership.objects.filter(pk=mara.pk).update(role="executive")


def lose_the_account(lexora, mara):
    User.objects.filter(pk=mara.user_id).update(is_active=False)


def lose_the_maker(lexora, mara):
    ApiToken.objects.update(maker=None)


@pytest.mark.parametrize("change", [leave, lose_the_role, lose_the_account, lose_the_maker])
def test_what_was_changed_around_the_actions_is_refused_at_the_next_request(
    lexora, mara, issue, change
):
    issued = issue(mara, "Ticket export")
    assert status(issued) == 200

    with acting_in(lexora):
        change(lexora, mara)

    assert status(issued) == 401


def test_a_right_at_another_organization_does_not_carry_a_token(lexora, harbor, mara, issue, now):
    issued = issue(mara, "Ticket export")
    join(harbor, mara.user, "administrator", now)

    with acting_in(lexora):
        people.deactivate(membership=mara, by=BY, at=now)

    assert status(issued) == 401


def test_who_lost_the_right_meanwhile_issues_nothing(lexora, mara, issue):
    with acting_in(lexora):
        Membership.objects.filter(pk=mara.pk).update(role="staff")

    with pytest.raises(PermissionDenied):
        issue(mara, "Ticket export")

    with acting_in(lexora):
        assert (ApiToken.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_coming_back_does_not_bring_tokens_back(lexora, mara, issue, now):
    issued = issue(mara, "Ticket export")
    with acting_in(lexora):
        people.deactivate(membership=mara, by=BY, at=now)
        Membership.objects.filter(pk=mara.pk).update(is_active=True)

    assert status(issued) == 401


def test_the_page_names_the_tokens_before_and_after(lexora, mara, issue, as_role):
    issue(mara, "Ticket export")
    client, url = as_role(lexora, "administrator"), "/o/lexora/people/mara@lexora.example/"

    assert "Ticket export" in client.get(url).content.decode()

    page = client.post(url, {"do": "deactivate", "reason": ""}, follow=True)
    assert "The token of “Ticket export” is revoked." in page.content.decode()


def test_the_page_names_the_tokens_that_a_new_role_ends(lexora, mara, issue, as_role):
    issue(mara, "Ticket export")
    issue(mara, "Nightly export")
    client, url = as_role(lexora, "administrator"), "/o/lexora/people/mara@lexora.example/"

    page = client.post(url, {"do": "role", "role": "staff"}, follow=True)

    assert "The tokens of “Nightly export” and “Ticket export” are revoked." in (
        page.content.decode()
    )


def test_the_list_says_whose_right_ended(lexora, mara, issue, as_role):
    issue(mara, "Ticket export")
    with acting_in(lexora):
        leave(lexora, mara)

    page = as_role(lexora, "manager").get("/o/lexora/tokens/").content.decode()

    assert "No program can reach the figures" in page
    assert "Its maker may no longer issue tokens" in page
