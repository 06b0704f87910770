"""Password links: who gets one, what ends it, and that nobody learns from asking."""

import io
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal import tasks
from portal.actions import passwords, people
from portal.models import AuditEvent, Membership, PasswordRequest, User
from portal.tenancy.scope import acting_in
from tests import factories
from tests.factories.people import join

JO = "jo@lexora.example"
FRESH = {"password1": "another long secret", "password2": "another long secret"}
# Literals, and the names of savepoints.
VALUES = re.compile(r"'[^']*'|s\d+_x\d+")
LINK = re.compile(r"/account/password/reset/key/\S+")


@pytest.fixture
def jo(lexora, now):
    with acting_in(lexora):
        return factories.bring_in(email=JO, name="Jo Rivera", role="staff", by="test", at=now)


@pytest.fixture
def mail_server(settings):
    settings.EMAIL_HOST = "mail.example"
    settings.PUBLIC_ADDRESS = "https://portal.example"


def use(path):
    """Whether a password could be set with the link."""
    client = Client()
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], FRESH)
    return User.objects.get(email=JO).check_password(FRESH["password1"])


def nothing(jo, harbor, now):
    """The link as it was made."""


def join_another(jo, harbor, now):
    join(harbor, jo.user, "staff", now)


def become_administrator(jo, harbor, now):
    Membership.objects.ever_of(jo.user).update(role="administrator")


def leave(jo, harbor, now):
    Membership.objects.ever_of(jo.user).update(is_active=False)


def choose_another_password(jo, harbor, now):
    jo.user.set_password("yet another secret")
    jo.user.save()


def be_switched_off(jo, harbor, now):
    User.objects.filter(pk=jo.user_id).update(is_active=False)


CHANGES = [join_another, become_administrator, leave, choose_another_password, be_switched_off]


@pytest.mark.parametrize("change", [nothing, *CHANGES])
def test_a_link_ends_with_any_change_of_the_account(lexora, harbor, jo, now, change):
    with acting_in(lexora):
        path = people.make_link(membership=jo, by="ada", at=now)

    change(jo, harbor, now)

    assert use(path) is (change is nothing)


def test_a_link_that_is_open_already_ends_too(lexora, harbor, jo, now):
    with acting_in(lexora):
        path = people.make_link(membership=jo, by="ada", at=now)
    client = Client()
    form = client.get(path, follow=True)

    join(harbor, jo.user, "staff", now)
    answer = client.post(form.request["PATH_INFO"], FRESH)

    assert "This link does not work any more" in answer.content.decode()
    assert not User.objects.get(email=JO).check_password(FRESH["password1"])


def test_asking_is_the_same_work_for_any_address(jo, mail_server, client):
    client.post("/account/password/reset/", {"email": "warm.up@lexora.example"})
    User.objects.create_user("switched.off@lexora.example", "a long enough secret")
    User.objects.filter(email="switched.off@lexora.example").update(is_active=False)
    answers = []
    for email in (JO, "ghost@lexora.example", "switched.off@lexora.example"):
        with CaptureQueriesContext(connection) as asked:
            page = client.post("/account/password/reset/", {"email": email})
        shapes = [VALUES.sub("?", query["sql"]) for query in asked]
        answers.append((page.status_code, page.headers["Location"], shapes))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][:2] == (302, "/account/password/reset/sent/")
    assert mail.outbox == []


def test_the_worker_mails_who_has_an_account(jo, mail_server, client):
    for email in ("Jo@Lexora.example", "ghost@lexora.example"):
        client.post("/account/password/reset/", {"email": email})

    tasks.mail_password_links()

    (letter,) = mail.outbox
    assert letter.to == [JO]
    path = LINK.search(letter.body)[0]
    assert f"https://portal.example{path}" in letter.body
    assert PasswordRequest.objects.count() == 0
    assert use(path)


def test_asking_twice_sends_one_mail(jo, mail_server, client):
    for _ in range(2):
        client.post("/account/password/reset/", {"email": JO})

    tasks.mail_password_links()
    tasks.mail_password_links()

    assert len(mail.outbox) == 1


def test_what_the_mail_server_refuses_waits(jo, mail_server, client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client.post("/account/password/reset/", {"email": JO})

    tasks.mail_password_links()

    assert PasswordRequest.objects.count() == 1


@pytest.mark.parametrize("path", ["/account/password/reset/", "/account/password/reset/sent/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_mail_the_page_says_who_helps(jo, client, path, method):
    text = getattr(client, method)(path, {"email": JO}).content.decode()

    assert "Ask an administrator of your organization" in text
    assert "set_password_link" in text
    assert "on its way" not in text
    assert PasswordRequest.objects.count() == 0


def run(email, settings, address="https://portal.example"):
    settings.PUBLIC_ADDRESS = address
    told = io.StringIO()
    call_command("set_password_link", email, stdout=told)
    return told.getvalue().strip()


def test_the_operator_helps_who_belongs_to_several(lexora, harbor, jo, now, settings):
    join(harbor, jo.user, "staff", now, name="J.")

    link = run("JO@lexora.example", settings)

    assert link.startswith("https://portal.example/account/password/reset/key/")
    for home, name in ((lexora, "Jo Rivera"), (harbor, "J.")):
        with acting_in(home):
            last = AuditEvent.objects.order_by("-id")[0]
        assert (last.actor, last.verb, last.subject_name) == (
            "command set_password_link",
            "made a set-password link for",
            name,
        )
    assert use(link.removeprefix("https://portal.example"))


@pytest.mark.parametrize(
    ("email", "address", "sentence"),
    [
        ("ghost@lexora.example", "https://portal.example", "No account has this address."),
        ("off@lexora.example", "https://portal.example", "This account is switched off."),
        (JO, "", "Set PLUMBLINE_URL"),
    ],
)
def test_the_operator_is_told_what_is_wrong(jo, settings, email, address, sentence):
    off = User.objects.create_user("off@lexora.example")
    User.objects.filter(pk=off.pk).update(is_active=False)

    with pytest.raises(CommandError, match=sentence):
        run(email, settings, address)


def test_requests_nobody_could_answer_are_forgotten(db, now):
    passwords.ask(address=JO, portal="p", at=now)
    assert passwords.forget_old(before=now) == 0
    assert passwords.forget_old(before=now.replace(hour=11)) == 1
