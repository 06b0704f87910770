"""Bodies above the limit of their address are refused before anything of them is kept."""

import io

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import RequestFactory

from portal.middleware.bodies import body_limits

KB, MB = 1024, 1024 * 1024
UPLOAD = "/o/lexora/deployments/claims/import/"
BULK = "/o/lexora/api/v1/deployments/claims/measurements/"


class Unread(io.BytesIO):
    """A body that nobody may touch."""

    def read(self, size=-1):
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/account/sign-in/", 64 * KB),
        ("/o/lexora/people/invite/", 64 * KB),
        ("/no/such/page", 64 * KB),
        (f"{UPLOAD}x", 64 * KB),
        ("/o/lexora/api/v1/deployments/", 64 * KB),
        ("/o/lexora/deployments/claims/figures/", MB),
        ("/o/lexora/imports/3/", MB),
        (UPLOAD, 10 * MB + 64 * KB),
        (BULK, 10 * MB),
    ],
)
def test_each_address_has_its_limit(path, limit):
    handle = body_limits(lambda request: "through")
    requests = [
        RequestFactory().generic("POST", path, **{"wsgi.input": Unread(), "CONTENT_LENGTH": length})
        for length in (str(limit), str(limit + 1), "9" * 30)
    ]

    answers = [handle(request) for request in requests]

    assert answers[0] == "through"
    assert [answer.status_code for answer in answers[1:]] == [413, 413]


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "1 2"])
def test_a_length_that_is_no_number_is_refused(length):
    request = RequestFactory().generic(
        "POST", "/", **{"wsgi.input": Unread(), "CONTENT_LENGTH": length}
    )
    assert body_limits(lambda request: "through")(request).status_code == 400


def without_length(size):
    body = io.BytesIO(b"a=" + b"x" * (size - 2))
    request = RequestFactory().generic(
        "POST",
        "/account/sign-in/",
        **{
            "wsgi.input": body,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    return request, body


def test_a_body_without_length_is_read_up_to_the_limit_and_no_further():
    request, body = without_length(MB)

    answer = body_limits(lambda request: "through")(request)

    assert (answer.status_code, body.tell()) == (413, 64 * KB + 1)


def test_a_small_body_without_length_arrives_whole():
    request, _ = without_length(1000)
    assert len(body_limits(lambda request: request.POST["a"])(request)) == 998


def test_nothing_of_a_large_body_reaches_the_disk(client, db, monkeypatch):
    def stored(*_args, **_options):
        raise AssertionError("a file was begun")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", stored)
    large = b"x" * (11 * MB)

    answers = [
        client.post(path, {"file": io.BytesIO(large)}) for path in ("/account/sign-in/", UPLOAD)
    ]

    assert [answer.status_code for answer in answers] == [413, 413]
    assert "Up to 64 KB can be sent to this page" in answers[0].content.decode()


def test_a_program_gets_a_problem(client, db):
    answer = client.post(BULK, b"x" * (11 * MB), content_type="text/csv")

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["detail"] == "A body may have 10 MB at this address. Send less at a time."
