"""Invitations: what the inviter sees, what the mail brings, how a link ends."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import tasks
from portal.actions import invitations, jobs
from portal.domain.invitations import Outcome, Visitor
from portal.models import AuditEvent, Invitation, Job, Membership, User
from portal.tenancy.scope import acting_in
from tests import factories
from tests.factories.people import join

BY = "ada@lexora.example"
URL = "/o/lexora/people/invite/"
JO = {"email": "Jo@Lexora.example", "name": "Jo Rivera", "role": "manager"}
SECRET = re.compile(r"/invitation/lexora/[\w-]{43}/")
CHOSEN = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}


@pytest.fixture
def admin(lexora, as_role):
    return as_role(lexora, "administrator")


@pytest.fixture
def invite(lexora, now):
    def invited(address="jo@lexora.example", role="staff", mail_to="", at=now):
        with acting_in(lexora):
            return invitations.invite(
                address=address, name="Jo Rivera", role=role, mail_to=mail_to, by=BY, at=at
            )

    return invited


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example"
    settings.PUBLIC_ADDRESS = "https://portal.example"


def accept(organization, secret, at, visitor=Visitor.NOBODY, session_of=None):
    with acting_in(organization):
        return invitations.accept(
            secret=secret,
            visitor=visitor,
            session_of=session_of,
            password=factories.PASSWORD,
            at=at,
        )


def states(organization):
    with acting_in(organization):
        return list(Invitation.objects.order_by("id").values_list("state", flat=True))


def noted(organization):
    with acting_in(organization):
        rows = AuditEvent.objects.order_by("id")
        return list(rows.values_list("actor", "verb", "subject", "subject_name", "after"))


def test_from_the_form_to_the_first_sign_in_without_mail(lexora, admin):
    page = admin.post(URL, JO)
    link = SECRET.search(page.content.decode())[0]
    newcomer = Client()
    assert "Join Lexora Legal" in newcomer.get(link).content.decode()

    sign_in = newcomer.post(link, CHOSEN).headers["Location"]
    entered = {"login": "jo@lexora.example", "password": factories.PASSWORD}
    inside = newcomer.post(sign_in, entered, follow=True)

    assert inside.redirect_chain == [("/o/lexora/", 302), ("/o/lexora/today/", 302)]
    assert "no-store" in page.headers["Cache-Control"]
    assert link not in admin.get("/o/lexora/people/").content.decode()


def test_nobody_is_a_member_before_acceptance(lexora, invite, now):
    secret = invite(role="manager").secret
    with acting_in(lexora):
        assert (Membership.objects.count(), User.objects.count()) == (0, 0)

    membership = accept(lexora, secret, now).membership

    assert (str(membership), membership.role, membership.is_active) == (
        "Jo Rivera",
        "manager",
        True,
    )
    assert noted(lexora) == [
        (BY, "invited", "jo@lexora.example", "Jo Rivera", {"role": "manager"}),
        (
            "jo@lexora.example",
            "joined",
            "jo@lexora.example",
            "Jo Rivera",
            {"role": "manager", "invited by": BY},
        ),
    ]


def test_only_the_digest_of_the_secret_is_kept(lexora, invite):
    secret = invite().secret
    with acting_in(lexora):
        kept = str(list(Invitation.objects.values())) + str(list(AuditEvent.objects.values()))
    assert len(secret) == 43
    assert secret not in kept


def test_each_organization_has_its_own_name_for_a_person(lexora, harbor, now):
    for home, name in ((lexora, "Jo of Lexora"), (harbor, "Somebody else")):
        with acting_in(home):
            factories.bring_in(
                email="jo@lexora.example", name=name, role="staff", by="test", at=now
            )

    (user,) = User.objects.all()
    rows = Membership.objects.of(user).order_by("pk").values_list("name", flat=True)
    assert list(rows) == ["Jo of Lexora", "Somebody else"]


def test_a_present_member_is_not_invited(lexora, invite, now):
    accept(lexora, invite().secret, now)

    with pytest.raises(ValidationError) as refused:
        invite("JO@lexora.example")

    assert refused.value.message_dict == {
        "email": ["jo@lexora.example already belongs to this organization."]
    }
    assert states(lexora) == ["accepted"]


@pytest.mark.parametrize("email", ["", "jo", "jo@", "a/b@office.example"])
def test_an_unusable_address_is_refused_with_a_sentence(lexora, invite, email):
    with pytest.raises(ValidationError) as refused:
        invite(email)

    (sentence,) = refused.value.message_dict["email"]
    assert sentence.endswith(".")
    assert states(lexora) == []


def test_a_second_invitation_replaces_the_first(lexora, invite, now):
    first, second = invite(), invite(role="auditor")

    assert states(lexora) == ["superseded", "open"]
    assert accept(lexora, first.secret, now).outcome is Outcome.GONE
    assert accept(lexora, second.secret, now).membership.role == "auditor"


def test_a_link_works_once(lexora, invite, now):
    secret = invite().secret
    accept(lexora, secret, now)

    assert accept(lexora, secret, now).outcome is Outcome.GONE
    assert User.objects.count() == 1


@pytest.mark.parametrize(("days", "works"), [(13, True), (14, False)])
def test_a_link_lives_fourteen_days(lexora, invite, now, days, works):
    secret = invite().secret
    accepted = accept(lexora, secret, now + dt.timedelta(days=days))
    assert (accepted.outcome is Outcome.CREATE) is works


def test_a_link_of_another_organization_opens_nothing(lexora, harbor, invite, now):
    secret = invite().secret
    assert accept(harbor, secret, now).outcome is Outcome.GONE
    assert Client().get(f"/invitation/harbor/{secret}/").status_code == 404


def test_a_wrong_link_answers_like_no_organization(lexora, invite):
    invite()
    answers = []
    for place in ("lexora", "no-such-place"):
        with CaptureQueriesContext(connection) as asked:
            page = Client().get(f"/invitation/{place}/{'x' * 43}/")
        body = page.content.decode().replace(place, "place")
        answers.append(
            (
                page.status_code,
                re.sub(r'[Tt]oken": "[^"]+|token" value="[^"]+', "", body),
                len(asked),
            )
        )
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.parametrize("where", ["invite", "open"])
def test_inviter_and_visitor_cannot_tell_whether_the_address_has_an_account(
    lexora, harbor, admin, now, where
):
    join(harbor, User.objects.create_user("known@l.example", "a long enough secret"), "staff", now)
    admin.get("/o/lexora/people/")
    answers = []
    for email in ("known@l.example", "blank@l.example"):
        entered = {"email": email, "name": "N", "role": "staff"}
        with CaptureQueriesContext(connection) as asked:
            page = admin.post(URL, entered)
        if where == "open":
            link = SECRET.search(page.content.decode())[0]
            client = Client()
            with CaptureQueriesContext(connection) as asked:
                page = client.get(link)
        body = SECRET.sub("", page.content.decode())
        body = re.sub(r'(csrfmiddlewaretoken" value=|Token": )"[^"]+', "", body)
        body = re.sub(r"next=[^\"]+", "", body)
        answers.append((page.status_code, body.replace(email, "address"), len(asked)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 200


def test_a_password_set_meanwhile_ends_the_session_that_accepts(lexora, invite, now):
    """The session was checked before a password link was used: it counts no more."""
    user = User.objects.create_user("jo@lexora.example", "a long enough secret")
    secret = invite().secret
    as_it_was = User.objects.get(pk=user.pk)
    user.set_password("another long secret")
    user.save()

    accepted = accept(lexora, secret, now, Visitor.OWNER, as_it_was)

    assert (accepted.outcome, states(lexora)) == (Outcome.GONE, ["open"])


def test_a_refused_form_keeps_what_was_typed(admin):
    entered = {"email": "not an address", "name": "Jo Rivera", "role": "auditor"}

    page = admin.post(URL, entered)

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "email": ["Enter an e-mail address such as mara@example.org."]
    }
    text = page.content.decode()
    assert 'value="not an address"' in text
    assert 'value="Jo Rivera"' in text
    assert re.search(r'value="auditor"[^>]*checked', text)


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "jo@lexora.example", "password2": "jo@lexora.example"}, "password1"),
        ({"password1": factories.PASSWORD, "password2": "another"}, "password2"),
        ({}, "password1"),
    ],
)
def test_a_password_that_will_not_do_makes_no_account(lexora, invite, entered, field):
    page = Client().post(f"/invitation/lexora/{invite(at=timezone.now()).secret}/", entered)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert (User.objects.count(), states(lexora)) == (0, ["open"])


def test_withdrawn_on_its_page(lexora, admin, invite, now):
    secret = invite().secret
    url = "/o/lexora/people/invitations/jo@lexora.example/"
    assert "Jo Rivera" in admin.get("/o/lexora/people/").content.decode()

    admin.post(url, {"do": "withdraw"})

    assert (states(lexora), accept(lexora, secret, now).outcome) == (["withdrawn"], Outcome.GONE)
    assert admin.get(url).status_code == 404


def test_renewed_the_first_link_ends(lexora, admin, invite, now):
    first = invite(at=now - dt.timedelta(days=20))
    page = admin.post("/o/lexora/people/invitations/jo@lexora.example/", {"do": "renew"})
    second = SECRET.search(page.content.decode())[0].split("/")[-2]

    assert accept(lexora, first.secret, now).outcome is Outcome.GONE
    assert accept(lexora, second, now).outcome is Outcome.CREATE


def run_job(organization):
    with acting_in(organization):
        job = Job.objects.get(kind="invitation", state="queued")
    tasks.mail_invitation(jobs.claim(job_id=job.pk, at=timezone.now()))
    return job


def test_with_a_mail_server_the_link_goes_by_mail_alone(lexora, admin, mail_server):
    page = admin.post(URL, JO, follow=True)
    assert page.redirect_chain == [("/o/lexora/people/", 302)]
    assert SECRET.search(page.content.decode()) is None
    assert mail.outbox == []

    run_job(lexora)

    (letter,) = mail.outbox
    assert letter.to == ["jo@lexora.example"]
    assert letter.subject == "Invitation to Lexora Legal"
    path = SECRET.search(letter.body)[0]
    assert f"https://portal.example{path}" in letter.body
    assert Client().get(path).status_code == 200


def test_a_mail_that_was_refused_is_sent_again_with_a_link_that_works(
    lexora, admin, mail_server, monkeypatch
):
    admin.post(URL, JO)
    job = run_job(lexora)
    first = SECRET.search(mail.outbox.pop().body)[0]
    with acting_in(lexora):
        Job.objects.filter(pk=job.pk).update(state="queued")
    run_job(lexora)
    second = SECRET.search(mail.outbox.pop().body)[0]

    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


def test_a_withdrawn_invitation_is_not_mailed(lexora, admin, mail_server):
    admin.post(URL, JO)
    admin.post("/o/lexora/people/invitations/jo@lexora.example/", {"do": "withdraw"})

    run_job(lexora)

    assert mail.outbox == []


def test_a_former_member_joins_again_by_invitation(lexora, invite, now):
    member = accept(lexora, invite().secret, now).membership
    with acting_in(lexora):
        Membership.objects.update(is_active=False)
    secret = invite(role="auditor").secret

    back = accept(lexora, secret, now, Visitor.OWNER, User.objects.get())

    assert (back.membership.pk, back.membership.role) == (member.pk, "auditor")
