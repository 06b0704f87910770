"""A POST with a key is done once, whatever comes twice, at once or too late."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from deployments.models import UseCase
from portal.actions import schedules
from portal.models import KeptAnswer
from portal.tenancy.scope import acting_in
from tests.api_client import Program

WORK = {"name": "Contract review", "work": "Lawyers read contracts.", "owner_name": "Ines"}
KEY = {"Idempotency-Key": "monday-1"}
PATH = "use-cases/"


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def program(lexora, now):
    return Program(lexora, now)


def names(lexora):
    with acting_in(lexora):
        return list(UseCase.objects.order_by("id").values_list("name", flat=True))


def test_the_same_request_gets_the_first_answer_again(program, lexora):
    first = program.post(PATH, WORK, KEY)
    again = program.post(PATH, WORK, KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert names(lexora) == ["Contract review"]


def test_another_request_under_the_key_is_refused(program, lexora):
    program.post(PATH, WORK, KEY)
    other = program.post(PATH, WORK | {"name": "Something else"}, KEY)
    assert (other.status_code, other.json()["detail"]) == (
        422,
        "This key was used for another request. Choose a new one.",
    )
    elsewhere = program.post("deployments/", WORK, KEY)
    assert elsewhere.status_code == 422
    assert names(lexora) == ["Contract review"]


def test_a_refused_request_may_be_mended_under_its_key(program, lexora):
    assert program.post(PATH, WORK | {"name": ""}, KEY).status_code == 422
    with acting_in(lexora):
        assert KeptAnswer.objects.count() == 0
    assert program.post(PATH, WORK, KEY).status_code == 201
    assert names(lexora) == ["Contract review"]


def test_each_program_has_its_own_keys(program, lexora, now):
    program.post(PATH, WORK, KEY)
    other = Program(lexora, now, name="Another").post(PATH, WORK | {"anyway": True}, KEY)
    assert other.status_code == 201
    assert names(lexora) == ["Contract review", "Contract review"]


def test_without_a_key_nothing_is_kept(program, lexora):
    program.post(PATH, WORK)
    with acting_in(lexora):
        assert KeptAnswer.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x" * 121, "two words", "schlüssel"])
def test_a_key_that_is_none(program, lexora, key):
    answer = program.post(PATH, WORK, {"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["field"]) == (400, "Idempotency-Key")
    assert names(lexora) == []


def test_a_key_is_forgotten_after_a_day(program, lexora, now, clock):
    program.post(PATH, WORK, KEY)
    clock.move_to(now + dt.timedelta(hours=23, minutes=59))
    assert program.post(PATH, WORK, KEY).headers["Idempotent-Replayed"] == "true"
    clock.move_to(now + dt.timedelta(hours=24))
    again = program.post(PATH, WORK | {"anyway": True}, KEY)
    assert (again.status_code, len(names(lexora))) == (201, 2)


def test_kept_answers_are_removed_by_the_schedule(program, lexora, now):
    program.post(PATH, WORK, KEY)
    schedules.forget_answers(now + dt.timedelta(hours=23))
    with acting_in(lexora):
        assert KeptAnswer.objects.count() == 1
    schedules.forget_answers(now + dt.timedelta(hours=24))
    with acting_in(lexora):
        assert KeptAnswer.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_have_one_effect(lexora, now):
    program, answers, ready = Program(lexora, now), [], threading.Barrier(4)

    def send():
        ready.wait()
        answers.append(program.post(PATH, WORK, KEY))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 3
    assert names(lexora) == ["Contract review"]
