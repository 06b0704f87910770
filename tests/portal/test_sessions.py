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
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/account/sign-in/?next=/o/lexora/deployments/",
    )


def test_twelve_hours_end_it_whatever_was_done(clock, client_of):
    client = client_of("mara")
    for _ in range(24):
        assert client.get(PAGE).status_code == 200
        clock.shift(dt.timedelta(minutes=30))
    assert client.get(PAGE).status_code == 200
    clock.shift(dt.timedelta(minutes=1))
    assert client.get(PAGE).status_code == 302


def test_what_was_sent_too_late_is_shown_and_the_way_back(clock, client_of):
    client = client_of("mara")
    client.get(PAGE)
    clock.shift(dt.timedelta(minutes=61))
    place = f"http://testserver{PAGE}add/"

    typed = {"name": "Claims & letters", "system": "s"}
    late = client.post(f"{PAGE}add/", typed, headers={"Referer": place})

    assert late.status_code == 401
    assert "Claims &amp; letters" in late.content.decode()
    assert "/account/sign-in/?next=http%3A//testserver/o/lexora/deployments/add/" in (
        late.content.decode()
    )


def test_the_way_back_never_leads_elsewhere(clock, client_of):
    client = client_of("mara")
    client.get(PAGE)
    clock.shift(dt.timedelta(minutes=61))
    late = client.post(PAGE, headers={"Referer": "https://elsewhere.example/"})
    assert "/account/sign-in/?next=/" in late.content.decode()
    assert "elsewhere" not in late.content.decode()
