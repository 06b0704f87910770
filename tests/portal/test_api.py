"""What every address of the API shares: tags, cursors, parameters, and who may read what."""

import datetime as dt

import pytest
import time_machine

from portal.actions import audit, tokens
from portal.domain.roles import Role
from portal.domain.tokens import Scope, may_give
from portal.models import AuditEvent, Membership
from portal.tenancy.scope import acting_in
from tests.api_client import HOME, Program
from tests.factories import token_maker


@pytest.fixture(autouse=True)
def _tuesday(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def program(lexora, now):
    return Program(lexora, now)


def test_the_organizations_own_record(program):
    assert program.get("organization/").json() == {
        "slug": "lexora",
        "name": "Lexora Legal",
        "time_zone": "America/New_York",
        "currency": "USD",
        "locale": "en",
        "fiscal_year_start": 1,
        "profile": "standard",
    }
    assert program.get("organization/", fields="currency,slug").json() == {
        "currency": "USD",
        "slug": "lexora",
    }


def test_what_has_not_changed_is_not_sent_again(program, lexora):
    first = program.get("organization/")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(first.headers["Vary"].split(", "))
    for header in (tag, f"W/{tag}", f'"other", {tag}'):
        again = program.get("organization/", {"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    lexora.name = "Lexora"
    lexora.save()
    fresh = program.get("organization/", {"If-None-Match": tag})
    assert (fresh.status_code, fresh.json()["name"]) == (200, "Lexora")


@pytest.mark.parametrize(
    ("query", "field"),
    [("colour=red", "colour"), ("fields=slug&fields=name", "fields"), ("fields=id", "fields")],
)
def test_a_parameter_that_is_not_known_or_said_twice(program, query, field):
    answer = program.client.get(f"{HOME}organization/?{query}", headers=program.headers)
    assert (answer.status_code, answer.json()["field"]) == (400, field)


@pytest.mark.parametrize("method", ["put", "delete", "options", "trace"])
def test_other_methods_are_named(program, method):
    answer = getattr(program.client, method)(f"{HOME}organization/", headers=program.headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_head_is_answered_like_get(program):
    answer = program.client.head(f"{HOME}organization/", headers=program.headers)
    assert (answer.status_code, answer.content) == (200, b"")


def test_whatever_is_accepted_the_answer_is_json(program):
    answer = program.get("organization/", {"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def note(lexora, instants):
    """Events at instants of which several are the same."""
    subject = type("Thing", (), {"_meta": AuditEvent._meta, "__str__": lambda self: "thing"})()
    with acting_in(lexora):
        AuditEvent.objects.all()
        for number, at in enumerate(instants):
            audit.record(by="x", at=at, verb="did", subject=subject, reference=f"{number}")


@pytest.mark.parametrize("order", ["at", "-at"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_events_of_one_instant_are_all_given_once(program, lexora, now, order, limit):
    minutes = [0, 0, 0, 1, 2, 2, 2, 2, 3]
    note(lexora, [now + dt.timedelta(minutes=minute) for minute in minutes])
    found, after = [], {}
    while True:
        page = program.get(
            "audit-events/", subject_type="audit event", order=order, limit=limit, **after
        ).json()
        found += [item["subject"] for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"].split("after=")[1].split("&")[0]}
    assert sorted(found) == [str(number) for number in range(9)]
    newest_first = ["8", "4", "5", "6", "7", "3", "0", "1", "2"]
    assert found == (sorted(found) if order == "at" else newest_first)


def test_no_key_of_the_database_is_in_a_cursor(program, lexora, now):
    note(lexora, [now] * 3)
    with acting_in(lexora):
        keys = {str(key) for key in AuditEvent.objects.values_list("pk", flat=True)}
    page = program.get("audit-events/", limit=2).json()
    cursor = page["next"].split("after=")[1].split("&")[0]
    import base64

    said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    assert not keys & set(said.strip("[]").split(","))


def test_the_audit_trail_is_for_its_own_scope(program, lexora, now):
    program.get("audit-events/", since="2026-11-24", until="2026-11-24")
    reader = Program(lexora, now, name="Reader", scopes=[Scope.READ, Scope.REVIEWS])
    assert reader.get("audit-events/").status_code == 403


@pytest.mark.parametrize("role", Role)
def test_who_may_give_a_scope(role):
    assert may_give(role, Scope.READ)
    assert may_give(role, Scope.AUDIT) == (role in {Role.AUDITOR, Role.ADMINISTRATOR})


def test_a_manager_cannot_issue_a_token_that_reads_the_audit_trail(lexora, as_role):
    page = as_role(lexora, "manager")
    assert "audit:read" not in page.get("/o/lexora/tokens/issue/").content.decode()
    form = {"name": "Export", "scopes": ["audit:read"], "expires_on": "2027-06-30"}
    assert page.post("/o/lexora/tokens/issue/", form).status_code == 422
    administrator = as_role(lexora, "administrator")
    assert "audit:read" in administrator.get("/o/lexora/tokens/issue/").content.decode()
    assert administrator.post("/o/lexora/tokens/issue/", form).status_code == 200


def test_a_scope_ends_with_the_role_that_gave_it(program, lexora):
    assert program.get("audit-events/").status_code == 200
    with acting_in(lexora):
        Membership.objects.filter(pk=token_maker(lexora).pk).update(role=Role.MANAGER)
    assert program.get("audit-events/").status_code == 403
    assert program.get("organization/").status_code == 200


def test_the_action_itself_refuses_a_scope_beyond_the_role(lexora, now, as_role):
    from django.core.exceptions import ValidationError

    as_role(lexora, "manager")
    with acting_in(lexora):
        maker = Membership.objects.get(organization=lexora, role="manager")
        with pytest.raises(ValidationError, match="Your role does not include that"):
            tokens.issue(
                name="Export",
                scopes=["audit:read"],
                expires_on=None,
                maker=maker,
                by="x",
                at=now,
                today=now.date(),
            )
