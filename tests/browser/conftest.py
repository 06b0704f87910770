"""A live portal on services of its own, and a browser that tolerates no error on any page."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    sync_playwright,
)

from reviews.management.commands.demo import PASSWORD

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("PLUMBLINE_CHROMIUM", "")
TELL_ADDRESS = [
    sys.executable,
    "-c",
    "import os, sys; print(os.environ['PLUMBLINE_URL'], flush=True); sys.stdin.read()",
]
# The portal under test has its own; those of the test run are not for it.
HIDDEN = ("DATABASE_", "CELERY_", "PLUMBLINE_", "DJANGO_", "PYTEST_")
REFUSED = "the server responded with a status of 4"
KEPT = ("PLUMBLINE_SYSTEM", "PLUMBLINE_CHROMIUM")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason="PLUMBLINE_CHROMIUM names no browser; run bin/test")
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not CHROMIUM:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def portal() -> Iterator[str]:
    """The address, without a slash at the end, of a portal with the demonstration's data."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(HIDDEN)
    } | {"PYTHONPATH": str(PROJECT), "PLUMBLINE_LOGIN_RATE": "1000/m/ip"}
    running = subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", "with-demo", "--", *TELL_ADDRESS],
        cwd=PROJECT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert running.stdin is not None
    assert running.stdout is not None
    said = []
    for line in running.stdout:
        if line.startswith("http"):
            break
        said.append(line)
    else:
        pytest.fail("The portal did not come up:\n" + "".join(said))
    try:
        yield line.strip().rstrip("/")
    finally:
        running.stdin.close()
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()
        running.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def sign_in_once(browser: Browser, portal: str) -> Callable[[str], StorageState | None]:
    """The cookies of a person of the demonstration; each signs in once for all tests."""
    known: dict[str, StorageState | None] = {"nobody": None}

    def cookies(who: str) -> StorageState | None:
        if who not in known:
            place = "harbor" if who in {"hugo", "lena", "piet"} else "lexora"
            context = browser.new_context(base_url=portal)
            page = context.new_page()
            page.goto("/account/sign-in/")
            page.get_by_label("Email").fill(f"{who}@{place}.example")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/o/**")
            known[who] = context.storage_state()
            context.close()
        return known[who]

    return cookies


@pytest.fixture
def visit(
    browser: Browser, portal: str, sign_in_once: Callable[[str], StorageState | None]
) -> Iterator[Callable[..., Page]]:
    """A new page of somebody who signed in. Errors and policy violations on it fail the test."""
    opened: list[BrowserContext] = []
    troubles: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # The browser logs each 4xx answer; the tests ask for these themselves.
        if message.type == "error" and REFUSED not in message.text:
            troubles.append(message.text)

    def new_page(who: str, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=portal,
            viewport={"width": width, "height": 844},
            storage_state=sign_in_once(who),
            reduced_motion="reduce",
            **options,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", heard)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        return page

    yield new_page
    for context in opened:
        context.close()
    assert not troubles, "\n".join(troubles)
