"""Whose address counts for the limits of sign-in: the one that our outermost proxy saw."""

import pytest
from django.core.cache import cache

LIMIT = 3


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": f"{LIMIT}/m/ip"}
    cache.clear()


def statuses(client, forwarded, number=LIMIT + 1):
    """Answers to signing in, each request with the next of the X-Forwarded-For headers."""
    return [
        client.post(
            "/account/sign-in/",
            {"login": "a@b.example", "password": "x"},
            REMOTE_ADDR="10.0.0.1",
            **({"HTTP_X_FORWARDED_FOR": forwarded(turn)} if forwarded(turn) else {}),
        ).status_code
        for turn in range(number)
    ]


REFUSED = [200] * LIMIT + [429]


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_what_the_sender_writes_moves_no_limit(client, people, settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    ours = ["198.51.100.7", "10.0.0.2"][2 - proxies :] if proxies else []

    def spoofed(turn):
        return ", ".join([f"203.0.113.{turn}", f"192.0.2.{turn}", *ours])

    assert statuses(client, spoofed) == REFUSED


@pytest.mark.parametrize("proxies", [1, 2])
def test_two_people_behind_the_proxies_have_limits_of_their_own(client, people, settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    beyond = ["10.0.0.2"] * (proxies - 1)

    first = statuses(client, lambda turn: ", ".join(["198.51.100.7", *beyond]))
    second = statuses(client, lambda turn: ", ".join(["198.51.100.8", *beyond]))

    assert first == second == REFUSED


def test_a_request_past_the_proxies_counts_for_who_sent_it(client, people, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert statuses(client, lambda turn: f"203.0.113.{turn}") == REFUSED
    assert statuses(client, lambda turn: "") == [429] * (LIMIT + 1)
