"""What the environment decides: the key, the proxies, the mail server; and what keeps us down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Local use is decided by these; production has none of them.
LOCAL = {"PLUMBLINE_SECRET_KEY", "PLUMBLINE_INSECURE_HTTP", "PLUMBLINE_DEBUG", "PLUMBLINE_URL"}
SHOW = """
import json
from django.conf import settings
names = {names!r}
print(json.dumps({{name: getattr(settings, name) for name in names}}))
"""


def run(*command, **variables):
    kept = {name: value for name, value in os.environ.items() if name not in LOCAL}
    kept |= {"PYTHONPATH": str(PROJECT), "DJANGO_SETTINGS_MODULE": "portal.settings", **variables}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=kept,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def settings_with(*names, **variables):
    done = run("-c", SHOW.format(names=names), **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "command",
    [
        ("-c", "import portal.wsgi"),
        ("-m", "celery", "-A", "portal", "worker", "--pool", "solo"),
        ("manage.py", "tick", "--once"),
        ("manage.py", "first_administrator", "--email=a@b.example", "--name=A", "--organization=O"),
    ],
    ids=["web", "worker", "tick", "first_administrator"],
)
def test_production_does_not_start_without_a_key(command):
    done = run(*command, C_FORCE_ROOT="1")

    assert done.returncode != 0
    assert "Set PLUMBLINE_SECRET_KEY to at least 50 random characters" in done.stderr + done.stdout


@pytest.mark.parametrize("command", [("judge", "--help"), ("collectstatic", "--help")])
def test_what_signs_nothing_needs_no_key(command):
    assert run("manage.py", *command).returncode == 0


def test_web_with_a_key_starts():
    done = run("-c", "import portal.wsgi", PLUMBLINE_SECRET_KEY="k" * 50)
    assert "PLUMBLINE" not in done.stderr


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"PLUMBLINE_URL": "https://example.org/plumbline"},
            "needs a host name of its own, such as https://plumbline.example.org",
        ),
        ({"PLUMBLINE_BEHIND_PROXY": "1"}, "set PLUMBLINE_TRUSTED_PROXIES to the number"),
        ({"PLUMBLINE_TRUSTED_PROXIES": "two"}, "it must be a whole number such as 0"),
        ({"PLUMBLINE_TRUSTED_PROXIES": "-1"}, "it must be a whole number such as 0"),
        ({"PLUMBLINE_SMTP_TLS": "maybe"}, "it must be one of off, starttls, implicit"),
        ({"PLUMBLINE_HSTS": "all"}, "it must be one of host, subdomains, preload"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_cannot_be_right_is_said_at_the_start(variables, sentence):
    done = run("-c", "import portal.wsgi", PLUMBLINE_SECRET_KEY="k" * 50, **variables)

    assert done.returncode != 0
    assert sentence in done.stderr


@pytest.mark.parametrize(
    ("word", "expected"),
    [("", [False, False]), ("subdomains", [True, False]), ("preload", [True, True])],
)
def test_strict_transport_speaks_for_the_own_host_unless_told(word, expected):
    names = ["SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"]
    assert list(settings_with(*names, PLUMBLINE_HSTS=word).values()) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("", [False, False, 25]), ("starttls", [True, False, 587]), ("implicit", [False, True, 465])],
)
def test_mail_goes_by_each_way_of_encryption(word, expected):
    names = ["EMAIL_USE_TLS", "EMAIL_USE_SSL", "EMAIL_PORT"]
    assert list(settings_with(*names, PLUMBLINE_SMTP_TLS=word).values()) == expected


def test_only_pages_have_the_short_limits_of_the_database():
    limits = [
        settings_with("DATABASES", PLUMBLINE_PROCESS=process)["DATABASES"]["default"]["OPTIONS"]
        for process in ("web", "command")
    ]

    assert limits == [{"options": "-c statement_timeout=30s -c lock_timeout=5s"}, {}]
