"""What every test stands on: an own database as the application's role, one named cast."""

import datetime as dt
import os
import socket
from contextlib import contextmanager

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from portal.domain.roles import Role
from portal.models import Membership, Organization, User
from portal.tenancy.check import connected_wrongly
from tests import databases, factories
from tests.factories.people import CAST, join, sign_in

# The browser's driver keeps an event loop in its process; Django's tests there stay synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock(), databases.test_database(f"test_{worker}_{os.getpid()}"):
        _assert_application_role()
        yield


def _assert_application_role():
    """Any other role would let every test of row-level security pass on an open database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, session_user::text, rolsuper, rolbypassrls,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = current_user"
        )
        role = cursor.fetchone()
    assert role == ("plumbline_app", "plumbline_app", False, False, 0), f"tests run as {role}"
    assert list(connected_wrongly()) == []


@pytest.fixture(autouse=True, scope="session")
def _empty_as_owner():
    # Django's flush would need TRUNCATE, which the application does not have.
    TransactionTestCase._fixture_teardown = lambda self: databases.empty()


@pytest.fixture(autouse=True, scope="session")
def _no_strangers():
    """Sockets lead to our own services only."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wanted to reach {address}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.SECURE_SSL_REDIRECT = False


@pytest.fixture
def now():
    return dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def lexora(db, now):
    return Organization.objects.create(
        name="Lexora Legal",
        slug="lexora",
        time_zone="America/New_York",
        currency="USD",
        locale="en",
        created_at=now,
    )


@pytest.fixture
def harbor(db, now):
    return Organization.objects.create(
        name="Harbor Bakery",
        slug="harbor",
        time_zone="Europe/Berlin",
        currency="EUR",
        locale="en",
        profile="small",
        created_at=now,
    )


@pytest.fixture
def people(lexora, harbor, now):
    homes = {"lexora": lexora, "harbor": harbor}
    cast = {}
    for name, (home, role) in CAST.items():
        user = User.objects.create_user(f"{name}@{home or 'nowhere'}.example")
        cast[name] = user
        if home is not None:
            join(homes[home], user, role, now)
    return cast


@pytest.fixture
def client_of(people):
    """A browser in which the person is signed in."""
    return lambda name: sign_in(people[name])


@pytest.fixture
def as_role(now):
    """A browser in which somebody with that role at that organization is signed in."""

    def signed_in(organization, role):
        email = f"{role}@{organization.slug}.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(email)
        if not Membership.objects.of(user).filter(organization=organization).exists():
            join(organization, user, Role(role), now)
        return sign_in(user)

    return signed_in


@pytest.fixture
def worlds(lexora, harbor, as_role):
    """One row of everything at both organizations, by the slug of the organization."""
    rows_of = {}
    for organization in (lexora, harbor):
        as_role(organization, "manager")
        rows_of[organization.slug] = factories.rows(organization)
    return rows_of


@pytest.fixture
def in_german(tmp_path, settings):
    """A context in which readers are German and the catalogue holds only the sentences named."""

    @contextmanager
    def speaking(sentences):
        catalogue = Catalog(locale="de")
        for english, german in sentences.items():
            catalogue.add(english, german)
        folder = tmp_path / "de" / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "django.mo").open("wb") as file:
            write_mo(file, catalogue)
        settings.LOCALE_PATHS = [tmp_path]
        with translation.override("de"):
            yield

    return speaking
