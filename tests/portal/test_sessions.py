"""Sessions end: after an hour of silence, after twelve hours in any case."""

import datetime as dt

import pytest
import time_machine

START = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
PAGE = "/o/lexora/deployments/"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_silence_of_an_hour_ends_it(clock, client_of):
    client = client_of("mara")
    assert client.get(PAGE).status_code == 200
    clock.shift(dt.timedelta(minutes=59))
    assert client.get(PAGE).status_code == 200
    clock.shift(dt.timedelta(minutes=61))
    response = client.get(PAGE)
    assert (response.status_code, response.headers["Location"]) == (302, "/account/sign-in/")


def test_twelve_hours_end_it_whatever_was_done(clock, client_of):
    client = client_of("mara")
    for _ in range(24):
        assert client.get(PAGE).status_code == 200
        clock.shift(dt.timedelta(minutes=30))
    assert client.get(PAGE).status_code == 200
    clock.shift(dt.timedelta(minutes=1))
    assert client.get(PAGE).status_code == 302
