"""A real gunicorn: slow clients hold no others, large bodies are not taken in, locks end in 503."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as portal_settings
from django.db import connection

from portal.embedded.broker import free_port
from tests.databases import owner_connection

PROJECT = Path(__file__).resolve().parents[2]
CLIENTS = 40
PAGE = "/account/sign-in/"
HEAD = f"POST {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
QUICK = """
import portal.gunicorn
from portal.gunicorn import *
workers = 1
portal.gunicorn.ARRIVAL_SECONDS = 3.0
"""


@pytest.fixture(scope="module")
def port(django_db_setup, tmp_path_factory):
    """The port of a web process with one worker on the database of the tests."""
    number = free_port()
    config = tmp_path_factory.mktemp("web") / "quick.py"
    config.write_text(QUICK)
    parts = urlsplit(portal_settings.DATABASE_URL)
    url = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--no-control-socket"]
    with subprocess.Popen(
        [*command, "--config", str(config), "--bind", f"127.0.0.1:{number}"],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": url, "PYTHONPATH": str(PROJECT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while status(number, "/healthz") != 200:
                assert process.poll() is None, process.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.1)
            # The first page loads what all others use.
            assert status(number, PAGE, timeout=60) == 200
            yield number
        finally:
            process.terminate()
            process.wait(20)


def status(port, path, headers=None, timeout=20):
    """The status of an answer, None when there is none."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        client.request("GET", path, headers=headers or {})
        return client.getresponse().status
    except OSError:
        return None
    finally:
        client.close()


def opened(stack, port, text):
    """A connection on which this much was sent."""
    client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
    client.sendall(text.encode())
    return client


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POST",
        HEAD,
        f"{HEAD}{FORM}Content-Length: 1000\r\n\r\nlogin=a",
        f"{HEAD}Content-Length: 300000000\r\n\r\n",
        "no request\r\n\r\n",
    ],
    ids=["nothing", "half a line", "half the headers", "half a body", "too large", "nonsense"],
)
def test_clients_that_send_no_more_hold_no_others(port, text):
    with ExitStack() as stack:
        held = [opened(stack, port, text) for _ in range(CLIENTS)]
        time.sleep(0.5)
        begun = time.monotonic()

        answers = [status(port, path) for path in ("/healthz", PAGE, PAGE)]

        assert answers == [200, 200, 200]
        assert time.monotonic() - begun < 2.5
        assert len(held) == CLIENTS


def test_a_client_that_trickles_is_cut_off_at_the_deadline(port):
    with ExitStack() as stack:
        client = opened(stack, port, f"{HEAD}{FORM}Content-Length: 1000\r\n\r\n")
        begun = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - begun < 20:
                client.sendall(b"x")
                time.sleep(0.25)

        assert 2 < time.monotonic() - begun < 10


def answer_to(port, *parts):
    """The first line of the answer to a request that is sent in parts."""
    with ExitStack() as stack:
        client = opened(stack, port, "")
        try:
            for part in parts:
                client.sendall(part)
        except OSError:
            pass
        return client.recv(4096).split(b"\r\n")[0]


@pytest.mark.parametrize("size", ["65537", "300000000"])
def test_a_large_body_is_refused_before_it_is_sent(port, size):
    head = f"{HEAD}{FORM}Content-Length: {size}\r\n\r\n".encode()
    assert answer_to(port, head) == b"HTTP/1.1 413 Request Entity Too Large"


def test_a_body_without_length_is_refused_once_it_is_too_large(port):
    head = f"{HEAD}{FORM}Transfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    assert answer_to(port, head, *[chunk] * 3) == b"HTTP/1.1 413 Request Entity Too Large"


@pytest.mark.parametrize("rest", [b"zz\r\n", b"8000\r\nabc"])
def test_a_broken_body_is_refused(port, rest):
    head = f"{HEAD}{FORM}Transfer-Encoding: chunked\r\n\r\n".encode()
    with ExitStack() as stack:
        client = opened(stack, port, "")
        client.sendall(head + rest)
        client.shutdown(socket.SHUT_WR)
        assert client.recv(4096).startswith(b"HTTP/1.1 400 ")


def test_a_page_that_waits_for_a_lock_ends_in_503(port):
    with owner_connection(str(connection.settings_dict["NAME"])) as owner, owner.transaction():
        owner.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        begun = time.monotonic()

        cookie = {"Cookie": f"{portal_settings.SESSION_COOKIE_NAME}=abcdefghijkl"}
        answer = status(port, "/", cookie)

        assert answer == 503
        assert 4 < time.monotonic() - begun < 12
