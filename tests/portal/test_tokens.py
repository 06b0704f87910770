"""API tokens: shown once, kept as a fingerprint, bounded in scope, time and number of requests."""

import datetime as dt
import logging

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from portal.actions import tokens
from portal.domain import tokens as rules
from portal.models import ApiToken, AuditEvent
from portal.tenancy.scope import acting_in
from tests import factories
from tests.factories import flat

ADA = "ada@lexora.example"
TODAY = dt.date(2026, 11, 24)
URL = "/o/lexora/api/v1/deployments/"


@pytest.fixture
def issue(lexora, now):
    def issued(name="Nightly export", scopes=("figures:read",), expires_on=None):
        with acting_in(lexora):
            return tokens.issue(
                name=name,
                scopes=scopes,
                expires_on=expires_on,
                maker=factories.token_maker(lexora),
                by=ADA,
                at=now,
                today=TODAY,
            )

    return issued


def header(issued):
    return f"Bearer {issued.text}"


def recognised(organization, text, today=TODAY):
    with acting_in(organization):
        found = tokens.recognise(text, today=today)
        return None if found is None else found.name


def test_a_token_holds_a_year_and_is_kept_as_a_fingerprint(lexora, issue):
    issued = issue()
    mark, prefix, secret = issued.text.split("_")
    assert (mark, len(prefix), len(secret)) == ("plb", 8, 64)
    with acting_in(lexora):
        (row,) = ApiToken.objects.values()
    assert row["expires_on"] == dt.date(2027, 11, 24)
    assert row["secret_hash"] == rules.digest(secret)
    assert secret not in str(row)
    assert recognised(lexora, header(issued)) == "Nightly export"


def test_issuing_and_revoking_are_noted_without_the_secret(lexora, issue, now):
    issued = issue(scopes=["figures:write", "figures:read"])
    with acting_in(lexora):
        tokens.revoke(token=issued.token, reason="it leaked", by=ADA, at=now)
        tokens.revoke(token=issued.token, reason="again", by=ADA, at=now)
        noted = list(AuditEvent.objects.order_by("id").values())
    assert [(one["actor"], one["verb"], one["subject"], one["reason"]) for one in noted] == [
        (ADA, "issued", issued.token.prefix, ""),
        (ADA, "revoked", issued.token.prefix, "it leaked"),
    ]
    assert noted[0]["after"] == {
        "name": "Nightly export",
        "may": "figures:read, figures:write",
        "holds until": "24 November 2027",
    }
    secret = issued.text.rsplit("_", 1)[1]
    assert secret not in str(noted)
    assert rules.digest(secret) not in str(noted)


def test_a_revoked_token_ends_at_once(lexora, issue, now):
    issued = issue()
    with acting_in(lexora):
        tokens.revoke(token=issued.token, reason="", by=ADA, at=now)
    assert recognised(lexora, header(issued)) is None


def test_the_last_day_counts(lexora, issue):
    issued = issue(expires_on=dt.date(2026, 12, 24))
    assert recognised(lexora, header(issued), today=dt.date(2026, 12, 24)) == "Nightly export"
    assert recognised(lexora, header(issued), today=dt.date(2026, 12, 25)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Bearer ", ""),
        lambda text: text[:-1] + ("0" if text[-1] != "0" else "1"),
        lambda text: text + "0",
        lambda text: text.replace("plb_", "pld_"),
        lambda text: "Bearer",
        lambda text: "",
    ],
)
def test_nothing_but_the_whole_token_is_recognised(lexora, issue, change):
    assert recognised(lexora, change(header(issue()))) is None


def test_the_kind_of_authorization_is_read_in_any_case(lexora, issue):
    assert recognised(lexora, header(issue()).replace("Bearer", "bearer")) == "Nightly export"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": "  "}, "name", "Name what will use the token."),
        ({"scopes": []}, "scopes", "Choose what the token may do."),
        ({"scopes": ["figures:all"]}, "scopes", "Choose what the token may do."),
        (
            {"expires_on": dt.date(2026, 11, 23)},
            "expires_on",
            "Choose a day that has not passed.",
        ),
        (
            {"expires_on": dt.date(2028, 12, 31)},
            "expires_on",
            "Choose a day within the next two years.",
        ),
        (
            {"name": "Taken"},
            "name",
            "A token is already called “Taken”. Name what will use this one.",
        ),
    ],
)
def test_a_token_that_cannot_be_issued(lexora, issue, wrong, field, sentence):
    issue(name="Taken")
    with pytest.raises(ValidationError) as refused:
        issue(**wrong)
    assert refused.value.message_dict == {field: [sentence]}
    with acting_in(lexora):
        assert ApiToken.objects.count() == 1


def test_the_name_of_a_revoked_token_is_free_again(lexora, issue, now):
    first = issue()
    with acting_in(lexora):
        tokens.revoke(token=first.token, reason="", by=ADA, at=now)
    assert issue().token.prefix != first.token.prefix


def test_use_is_noted_by_day_only(lexora, issue, time_machine_at):
    issued = issue()
    time_machine_at("2026-11-24T23:30:00-05:00")
    assert Client().get(URL, headers={"authorization": header(issued)}).status_code == 200
    with acting_in(lexora):
        token = ApiToken.objects.get()
    assert token.last_used_on == dt.date(2026, 11, 24)
    assert token.requests == 1


def test_six_hundred_requests_a_minute(lexora, issue, time_machine_at):
    issued = issue()
    asked = {"authorization": header(issued)}
    time_machine_at("2026-11-24T12:00:10Z")
    Client().get(URL, headers=asked)
    with acting_in(lexora):
        ApiToken.objects.update(requests=599)
    assert Client().get(URL, headers=asked).status_code == 200
    refused = Client().get(URL, headers=asked)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "50")
    assert "Wait 50 seconds" in refused.json()["detail"]
    time_machine_at("2026-11-24T12:01:00Z")
    assert Client().get(URL, headers=asked).status_code == 200


@pytest.fixture
def time_machine_at():
    import time_machine

    travels = []

    def travel(instant):
        while travels:
            travels.pop().stop()
        travels.append(time_machine.travel(dt.datetime.fromisoformat(instant), tick=False))
        travels[-1].start()

    yield travel
    while travels:
        travels.pop().stop()


GOOD = {"name": "Ticket export", "scopes": ["figures:write"], "expires_on": "2027-06-30"}


@pytest.fixture
def page(lexora, as_role, time_machine_at):
    time_machine_at("2026-11-24T12:00:00Z")
    return as_role(lexora, "manager")


def test_the_secret_is_on_one_page_once(lexora, page, caplog):
    caplog.set_level(logging.DEBUG)
    shown = page.post("/o/lexora/tokens/issue/", GOOD)
    text = shown.content.decode()
    (secret,) = {
        word for word in text.replace("<", " ").replace(">", " ").split() if "plb_" in word
    }
    assert recognised(lexora, f"Bearer {secret}") == "Ticket export"
    assert "no-store" in shown.headers["Cache-Control"]
    again = flat(page.get("/o/lexora/tokens/"))
    assert secret not in again
    assert secret.rsplit("_", 1)[1] not in again + caplog.text
    assert "One program can reach the figures of Lexora Legal" in again


def test_what_was_typed_stays_when_a_token_cannot_be_issued(lexora, page):
    wrong = GOOD | {"expires_on": "2020-01-01"}
    answer = page.post("/o/lexora/tokens/issue/", wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose a day that has not passed." in text
    assert 'value="Ticket export"' in text
    with acting_in(lexora):
        assert ApiToken.objects.count() == 0


def test_a_manager_revokes_on_a_page_of_its_own(lexora, page, issue):
    token = issue().token
    url = f"/o/lexora/tokens/{token.prefix}/revoke/"
    assert "Revoke this token" in page.get(url).content.decode()
    assert page.post(url, {"reason": "The server is gone"}).headers["Location"].endswith("/tokens/")
    said = page.get("/o/lexora/tokens/").content.decode()
    assert "No program can reach the figures" in said
    assert "Revoked 24 Nov 2026" in said
    assert "is already revoked" in page.get(url).content.decode()


@pytest.mark.parametrize("items", [1, 5, 50])
def test_the_list_asks_the_same_of_the_database(
    lexora, as_role, issue, items, django_assert_num_queries
):
    for number in range(items):
        issue(name=f"Program {number}")
    client = as_role(lexora, "manager")
    client.get("/o/lexora/tokens/")
    with django_assert_num_queries(8):
        client.get("/o/lexora/tokens/")
