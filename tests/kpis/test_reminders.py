"""Reminders reach a real mail server: once a day per person, again after a failure."""

import datetime as dt
import socketserver
import threading

import pytest
from django.core import mail

from kpis.actions import entries, kpi_sets, reminders
from kpis.domain.entering.reminders import Letter, Line
from kpis.models import Reminder
from kpis.tasks import remind
from portal.actions import jobs
from portal.domain.calendar import Grain, period_of
from portal.domain.roles import Role
from portal.models import Job
from portal.tenancy.scope import acting_in
from tests import factories
from tests.factories.people import join

TODAY = dt.date(2026, 11, 24)
PORTAL = "https://plumbline.example"


class Sink(socketserver.StreamRequestHandler):
    """As much of a mail server as a client asks for."""

    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].strip().upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.server.received.append(self.letter())
                self.say("250 kept")
            elif verb == b"QUIT":
                return self.say("221 bye")
            elif verb == b"RCPT" and self.server.refuses:
                self.server.refuses -= 1
                self.say("451 try again later")
            else:
                self.say("250 fine")

    def letter(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return b"".join(lines).decode().replace("\r\n", "\n")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def server(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as running:
        running.received, running.refuses = [], 0
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.PUBLIC_ADDRESS = PORTAL
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def place(lexora, people):
    """A deployment of Mara's with one KPI that has never been measured for a whole week."""
    rows = factories.rows(lexora)
    with acting_in(lexora):
        rows["deployment"].owner_name = "Mara"
        rows["deployment"].save()
        kpi_sets.add_own(
            deployment=rows["deployment"],
            name="Letters with an error",
            kind="ratio",
            unit="fraction",
            role="quality",
            direction="down",
            by="mara",
            at=factories.NOW - dt.timedelta(weeks=3),
        )
    return rows


def run(lexora, now):
    with acting_in(lexora):
        key = jobs.enqueue(kind="reminders", key=TODAY.isoformat(), at=now)
    remind(jobs.claim(job_id=key, at=now))


def test_the_owner_is_told_what_waits(lexora, place):
    with acting_in(lexora):
        assert reminders.compose(on=TODAY) == [
            Letter(
                "mara@lexora.example",
                (Line("deployment-lexora", "Deployment lexora", 1, 1),),
            )
        ]


def test_a_reason_for_no_figure_ends_the_reminding(lexora, place, now):
    with acting_in(lexora):
        kpi = place["deployment"].kpis.get(slug="letters-with-an-error")
        entries.excuse(
            kpi=kpi,
            period=period_of(dt.date(2026, 11, 16), Grain.WEEK),
            reason="No letters.",
            by="mara",
            at=now,
        )
        assert reminders.compose(on=TODAY) == []


def test_the_mail_names_the_work_and_the_way_there(lexora, place, now, server):
    run(lexora, now)

    (letter,) = server.received
    head, _, body = letter.partition("\n\n")
    assert "Subject: Lexora Legal: 1 figure waits for you" in head
    assert "To: mara@lexora.example" in head
    assert "Message-ID: <reminder.lexora.2026-11-24.mara.lexora.example@plumbline>" in head
    assert body.startswith(
        "Hello Mara,\n\nOne figure waits for you at Lexora Legal. One of them is late.\n\n"
        "Deployment lexora: 1 due, 1 late\n"
        f"{PORTAL}/o/lexora/deployments/deployment-lexora/figures/\n"
    )


def test_a_person_is_reminded_once_a_day(lexora, place, now, server):
    run(lexora, now)
    run(lexora, now)

    assert len(server.received) == 1
    with acting_in(lexora):
        assert Reminder.objects.get(person="mara@lexora.example").figures == 1


def test_what_the_server_refused_is_sent_at_the_next_try(lexora, place, now, server):
    server.refuses = 1
    with pytest.raises(OSError, match="451|try again"):
        run(lexora, now)
    with acting_in(lexora):
        assert not Reminder.objects.filter(person="mara@lexora.example").exists()
        waiting = Job.objects.get(kind="reminders")
    jobs.fail(claim=claim_of(waiting), code="SMTPRecipientsRefused", at=now)
    remind(jobs.claim(job_id=waiting.pk, at=now + dt.timedelta(minutes=1)))

    assert len(server.received) == 1


def claim_of(job):
    return jobs.Claim(
        job.pk, job.organization_id, job.kind, job.key, {}, job.lease_token, job.attempts
    )


def test_a_refused_address_keeps_nobody_else_waiting(lexora, place, people, now, server):
    """Nobody keeps the KPI now, so that all who may enter figures are told."""
    with acting_in(lexora):
        place["deployment"].owner_name = "Somebody who left"
        place["deployment"].save()
    join(lexora, people["olga"], Role.MANAGER, now)
    server.refuses = 1

    with pytest.raises(OSError, match="451|try again"):
        run(lexora, now)

    assert ["To: olga@nowhere.example" in letter for letter in server.received] == [True]
    waiting = claimed_again(lexora, now)
    remind(waiting)
    assert ["To: mara@lexora.example" in letter for letter in server.received] == [False, True]


def claimed_again(lexora, now):
    with acting_in(lexora):
        waiting = Job.objects.get(kind="reminders")
    jobs.fail(claim=claim_of(waiting), code="SMTPRecipientsRefused", at=now)
    return jobs.claim(job_id=waiting.pk, at=now + dt.timedelta(minutes=1))


def test_who_lost_the_job_sends_nothing(lexora, place, now, server):
    with acting_in(lexora):
        key = jobs.enqueue(kind="reminders", key=TODAY.isoformat(), at=now)
    first = jobs.claim(job_id=key, at=now)
    later = now + dt.timedelta(seconds=661)
    second = jobs.claim(job_id=key, at=later)

    with pytest.raises(jobs.LeaseLost):
        remind(first)
    assert server.received == []
    remind(second)
    assert len(server.received) == 1


def test_an_organization_can_do_without_reminders(lexora, place, now, server):
    lexora.remind_by_mail = False
    lexora.save()
    run(lexora, now)
    assert server.received == []


def test_an_organization_hears_nothing_of_another(lexora, harbor, place, now, settings):
    factories.rows(harbor)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run(lexora, now)
    assert [one.to for one in mail.outbox] == [["mara@lexora.example"]]
