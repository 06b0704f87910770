"""A refusal is one line that names the view and nobody; only our own faults bring a traceback."""

import logging

import pytest
from django.conf import settings as portal_settings

from portal.middleware.log_lines import NoAddresses

ADDRESS = "/o/lexora/people/mara@lexora.example/"


@pytest.fixture
def lines():
    """What the handler of the installation writes."""
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept()
    handler.addFilter(NoAddresses())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_the_handler_of_the_installation_uses_it():
    assert portal_settings.LOGGING["handlers"]["stderr"]["filters"] == ["no_addresses"]


def test_a_page_of_another_role_is_one_line(lines, client_of):
    client_of("tom").get(f"{ADDRESS}?secret=1")
    assert lines == ["GET member_change answered 403"]


def test_so_are_what_does_not_exist_and_a_form_of_another_site(lines, client_of, client):
    client_of("olga").get(ADDRESS)
    client.get("/no/such/mara@lexora.example")
    client.post("/account/sign-in/", headers={"sec-fetch-site": "cross-site"})
    assert lines == [
        "GET member_change answered 404",
        "GET no view answered 404",
        "POST no view answered 403",
    ]


def test_a_foreign_host_is_not_quoted(lines, client, db):
    client.get("/", headers={"host": "mara.example"})
    assert [line for line in lines if "mara" in line] == []
    assert lines[0] == "a request was refused: DisallowedHost"


def test_what_broke_on_our_side_keeps_its_traceback_without_the_address(
    lines, client_of, monkeypatch
):
    def broken(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("portal.views.members.Membership.objects", broken)
    client = client_of("ada")
    client.raise_request_exception = False

    assert client.get(ADDRESS).status_code == 500
    assert lines[-1].startswith("GET member_change answered 500\nTraceback")
    assert "mara" not in lines[-1]
