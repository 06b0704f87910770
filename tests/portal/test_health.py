"""The health address: before host check and redirect, 503 without a database, no data."""

import pytest
from django.db import connection

from portal.middleware.health import START_HEADER


@pytest.mark.parametrize("host", ["testserver", "10.0.0.7", "whatever.example", "-"])
def test_it_answers_by_any_name_and_over_http(client, db, settings, host):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["plumbline.example"]

    response = client.get("/healthz", headers={"host": host})

    assert (response.status_code, response.content) == (200, b"ok")
    assert {name: response[name] for name in response.headers} == {
        "Content-Type": "text/plain",
        "Cache-Control": "no-store",
    }


def test_a_host_that_is_not_ours_gets_no_other_page(client, db, settings):
    settings.ALLOWED_HOSTS = ["plumbline.example"]
    assert client.get("/account/sign-in/", headers={"host": "10.0.0.7"}).status_code == 400


def test_without_a_database_it_says_so(client, settings, monkeypatch, django_db_blocker):
    with django_db_blocker.unblock():
        kept = connection.settings_dict["PORT"], connection.connection
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
        response = client.get("/healthz")
        connection.close()
        monkeypatch.undo()

    assert kept is not None
    assert (response.status_code, response.content) == (503, b"database")


def test_who_started_the_process_can_tell_it_from_others(client, db, settings):
    settings.START_TOKEN = "7f3a"
    assert client.get("/healthz")[START_HEADER] == "7f3a"
