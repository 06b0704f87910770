"""An organization: opened with readable errors, its settings changed with a trace."""

import pytest
from django.core.exceptions import ValidationError

from portal.actions import organizations
from portal.forms.organizations import time_zones
from portal.models import AuditEvent, Organization
from portal.tenancy.scope import acting_in

pytestmark = pytest.mark.django_db
URL = "/o/nord/settings/"
SETTINGS = {
    "name": "Studio Nord",
    "time_zone": "Europe/Oslo",
    "currency": "NOK",
    "fiscal_year_start": 4,
    "profile": "small",
}


@pytest.fixture
def create(now):
    def created(**fields):
        given = SETTINGS | {"slug": "nord", "locale": "en-gb", "by": "operator", "at": now}
        return organizations.create(**given | fields)

    return created


def last_event(organization):
    with acting_in(organization):
        return AuditEvent.objects.order_by("-id").first()


def test_opening_is_noted_in_the_new_organization(create):
    noted = last_event(create())

    assert (noted.actor, noted.verb, noted.subject) == ("operator", "opened", "nord")
    assert noted.after == {
        "name": "Studio Nord",
        "time zone": "Europe/Oslo",
        "currency": "NOK",
        "language": "en-gb",
        "first month of the fiscal year": "April",
        "profile": "Small organization (up to 10 people)",
        "reminders by e-mail": "yes",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("currency", "euro"),
        ("fiscal_year_start", 13),
        ("profile", "huge"),
        ("slug", "not a slug"),
        ("name", ""),
    ],
)
def test_a_value_that_cannot_be_is_refused(create, field, value):
    with pytest.raises(ValidationError) as refused:
        create(**{field: value})

    assert list(refused.value.message_dict) == [field]
    assert not Organization.objects.filter(slug="nord").exists()


def test_a_change_is_noted_before_and_after(create, now):
    nord = create()

    changed = SETTINGS | {"currency": "EUR", "fiscal_year_start": 1}
    organizations.change(organization=nord, **changed, by="ada", at=now)

    noted = last_event(nord)
    assert noted.before == {"currency": "NOK", "first month of the fiscal year": "April"}
    assert noted.after == {"currency": "EUR", "first month of the fiscal year": "January"}


def test_no_difference_writes_nothing(create, now):
    nord = create()
    before = last_event(nord).pk

    organizations.change(organization=nord, **SETTINGS, by="ada", at=now)

    assert last_event(nord).pk == before


def test_changed_on_the_page(create, as_role):
    client = as_role(create(), "administrator")
    assert 'value="Europe/Oslo" selected' in client.get(URL).content.decode()

    page = client.post(URL, SETTINGS | {"name": "Studio Sør"}, follow=True)

    assert "The settings are saved." in page.content.decode()
    assert Organization.objects.get(slug="nord").name == "Studio Sør"


def test_reminders_can_be_switched_off_and_stay_off(create, as_role):
    client = as_role(create(), "administrator")
    assert '<option value="True" selected>' in client.get(URL).content.decode()

    client.post(URL, SETTINGS | {"remind_by_mail": "False"})
    client.post(URL, SETTINGS)

    nord = Organization.objects.get(slug="nord")
    assert nord.remind_by_mail is False
    assert last_event(nord).after == {"reminders by e-mail": "no"}


def test_errors_stand_beside_their_fields_and_nothing_is_lost(create, as_role):
    entered = SETTINGS | {"name": "Neu", "currency": "eu", "time_zone": "Mars/Base"}

    page = as_role(create(), "administrator").post(URL, entered)

    assert page.context["form"].errors == {
        "time_zone": ["Choose a time zone from the list."],
        "currency": ["Enter three letters, such as EUR."],
    }
    assert 'value="Neu"' in page.content.decode()
    assert Organization.objects.get(slug="nord").name == "Studio Nord"


def test_a_zone_under_an_old_name_is_kept_in_the_list(create, as_role):
    client = as_role(create(time_zone="US/Pacific"), "administrator")

    assert "US/Pacific" not in dict(time_zones())
    assert 'value="US/Pacific" selected' in client.get(URL).content.decode()
