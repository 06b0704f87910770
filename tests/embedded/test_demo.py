"""The demo knows its own web process, and writes its accounts into its own database alone."""

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded.demo import START_HEADER, Portal, Steps
from portal.embedded.process import Trouble
from portal.embedded.shared import Services
from portal.middleware import health

PROJECT = Path(__file__).resolve().parents[2]


class Stranger(http.server.BaseHTTPRequestHandler):
    """Another program that answers everything with 200."""

    token = ""

    def do_GET(self) -> None:
        self.send_response(200)
        if self.token:
            self.send_header(START_HEADER, self.token)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), Stranger) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("token", ["", "of-another-start"])
def test_another_program_on_the_port_is_not_our_web(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setattr(Stranger, "token", token)
    portal = Portal(Services(tmp_path, {}), port, Steps())

    with pytest.raises(Trouble, match=f"Another program answers on port {port}"):
        portal._wait_until_healthy()


def test_our_own_web_is(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = Portal(Services(tmp_path, {}), port, Steps())
    monkeypatch.setattr(Stranger, "token", portal.start_token)

    portal._wait_until_healthy()

    assert portal.environment["PLUMBLINE_START_TOKEN"] == portal.start_token
    assert START_HEADER == health.START_HEADER


@pytest.mark.parametrize("own", [None, "postgresql://plumbline_app@elsewhere/plumbline"])
def test_the_demonstration_refuses_every_other_database(own: str | None) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    environment.pop("PLUMBLINE_DEMO_DATABASE", None)
    if own is not None:
        environment["PLUMBLINE_DEMO_DATABASE"] = own
    done = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "This is not the demonstration's own database" in done.stderr
