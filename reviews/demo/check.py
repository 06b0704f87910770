"""A visitor of a running portal: signs in as each role, does the main job, keeps the PDF."""

import html
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from reviews.demo.load import DATA

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class CheckFailed(RuntimeError):
    """The portal did not do what it should; the message says which."""


@dataclass(frozen=True)
class Page:
    """What came back: final address, status, body."""

    url: str
    status: int
    body: bytes

    @property
    def text(self) -> str:
        return html.unescape(self.body.decode("utf-8", "replace"))


class Visitor:
    """One person with a browser's cookies and nothing else."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Page:
        return self._open(Request(urljoin(self.base, path)))

    def post(
        self, path: str, fields: dict[str, str], *, form_at: str = "", file: Path | None = None
    ) -> Page:
        """Send the form found at `form_at` (default: the path itself) with its token."""
        found = TOKEN.search(self.get(form_at or path).body.decode())
        if found is None:
            raise CheckFailed(f"There is no form at {form_at or path}.")
        said = {"csrfmiddlewaretoken": found.group(1)} | fields
        body, kind = (urlencode(said).encode(), "application/x-www-form-urlencoded")
        if file is not None:
            body, kind = _multipart(said, file)
        headers = {"Content-Type": kind, "Referer": urljoin(self.base, path)}
        return self._open(Request(urljoin(self.base, path), data=body, headers=headers))

    def _open(self, request: Request) -> Page:
        try:
            with self.opener.open(request, timeout=30) as answer:
                return Page(answer.url, answer.status, answer.read())
        except HTTPError as answer:
            return Page(str(answer.url), answer.code, answer.read())


def _multipart(fields: dict[str, str], file: Path) -> tuple[bytes, str]:
    edge = secrets.token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
    parts += [f"{head}Content-Type: text/csv\r\n\r\n".encode(), file.read_bytes(), b"\r\n"]
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def sign_in(base: str, email: str, password: str) -> Visitor:
    """A visitor who signed in. Raises CheckFailed when the portal does not let them."""
    visitor = Visitor(base)
    page = visitor.post("account/sign-in/", {"login": email, "password": password})
    if "/o/" not in page.url and page.url.rstrip("/") != base.rstrip("/"):
        raise CheckFailed(f"{email} could not sign in (at {page.url}).")
    return visitor


def expect(page: Page, *words: str, status: int = 200) -> Page:
    """The page, if it has the status and says the words. Raises CheckFailed."""
    if page.status != status:
        raise CheckFailed(f"{page.url} answered {page.status} instead of {status}.")
    missing = [word for word in words if word not in page.text]
    if missing:
        raise CheckFailed(f"{page.url} does not say {missing[0]!r}.")
    return page


def until(visitor: Visitor, path: str, words: str, *, seconds: float = 60) -> Page:
    """Ask again until the page says the words. Raises CheckFailed when it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page = expect(visitor.get(path))
        if words in page.text:
            return page
        time.sleep(0.3)
    raise CheckFailed(f"{path} did not say {words!r} within {seconds:.0f} s.")


def import_file(visitor: Visitor, deployment: str, name: str, first_week: str) -> Page:
    """Upload a file, keep the proposed meaning of its columns, confirm; the page that follows."""
    path = f"o/lexora/deployments/{deployment}/import/"
    asked = expect(visitor.post(path, {}, file=DATA / name), "Write these figures")
    said = {"first_week": first_week, "grade": "measured", "reason": "Sent again.", "write": "1"}
    page = visitor.post(asked.url, dict(_choices(asked.body.decode())) | said)
    if page.status == 422:
        # The reading was changed: it is shown anew before anything is written.
        expect(page, "Write these figures", status=422)
        page = visitor.post(asked.url, dict(_choices(page.body.decode())) | said)
    return expect(page)


def _choices(body: str) -> Iterator[tuple[str, str]]:
    for name, options in re.findall(r'<select name="(column-\d+)"(.*?)</select>', body, re.DOTALL):
        found = re.search(r'value="([^"]*)"\s+selected', options)
        yield name, html.unescape(found.group(1)) if found else "ignore"


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print the step with its duration, and whether it failed."""
    begun = time.monotonic()
    try:
        yield
    except Exception:
        print(f"  failed  {name} ({time.monotonic() - begun:.1f} s)", flush=True)
        raise
    print(f"  ok      {name} ({time.monotonic() - begun:.1f} s)", flush=True)
