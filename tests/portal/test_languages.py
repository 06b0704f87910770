"""Which language speaks: the person's, the browser's choice, the organization's, the browser's."""

import pytest

from portal.actions import organizations
from portal.domain.languages import language_of
from portal.models import Organization, User

KNOWN = {"en-gb": "English", "de": "Deutsch"}
LIST = "/o/lexora/deployments/"
GERMAN, ENGLISH = "Kein KI-Einsatz ist in Gebrauch", "No AI deployment is in use"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("de", "en-gb"), "de"),
        (("", "en-gb"), "en-gb"),
        (("de-at",), "de"),
        (("DE",), "de"),
        (("en",), "en-gb"),
        (("fr", "de"), "de"),
        (("fr", ""), ""),
        ((), ""),
    ],
)
def test_the_first_wish_that_can_be_met_counts(wishes, language):
    assert language_of(*wishes, known=KNOWN) == language


def spoken(page):
    text = page.content.decode()
    return {GERMAN: "de", ENGLISH: "en"}[next(one for one in (GERMAN, ENGLISH) if one in text)]


@pytest.mark.parametrize(
    ("own", "cookie", "organization", "browser", "language"),
    [
        ("de", "en-gb", "en-gb", "en", "de"),
        ("", "de", "en-gb", "en", "de"),
        ("", "", "de", "en", "de"),
        ("", "", "en-gb", "de", "en"),
        ("", "", "fr", "de", "de"),
        ("en-gb", "de", "de", "de", "en"),
    ],
)
def test_a_page_speaks_to_its_reader(
    lexora, as_role, settings, own, cookie, organization, browser, language
):
    Organization.objects.filter(pk=lexora.pk).update(locale=organization)
    staff = as_role(lexora, "staff")
    User.objects.update(language=own)
    if cookie:
        staff.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    page = staff.get(LIST, headers={"Accept-Language": browser})
    assert spoken(page) == language
    assert page["Content-Language"].startswith(language)


def test_the_choice_is_kept_with_the_account_and_in_the_browser(lexora, as_role, settings):
    staff = as_role(lexora, "staff")
    answer = staff.post("/language/", {"language": "de", "next": LIST})
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert list(User.objects.exclude(language="").values_list("language", flat=True)) == ["de"]
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("de", True, "Lax")
    assert spoken(staff.get(LIST)) == "de"


@pytest.mark.parametrize("language", ["xx", "", "../de"])
def test_a_language_nobody_speaks_is_none(lexora, as_role, settings, language):
    staff = as_role(lexora, "staff")
    staff.post("/language/", {"language": "de"})
    answer = staff.post("/language/", {"language": language, "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert User.objects.exclude(language="").count() == 0


def test_the_sign_in_page_follows_the_browser_and_can_be_told_otherwise(client, db):
    page = client.get("/account/sign-in/", headers={"Accept-Language": "de-CH,de;q=0.9"})
    assert "<h1>Anmelden</h1>" in page.content.decode()
    assert 'lang="de"' in page.content.decode()
    client.post("/language/", {"language": "en-gb"})
    page = client.get("/account/sign-in/", headers={"Accept-Language": "de"})
    assert "<h1>Sign in</h1>" in page.content.decode()


def test_dates_and_numbers_follow(lexora, as_role):
    staff = as_role(lexora, "administrator")
    staff.post("/language/", {"language": "de"})
    text = staff.get("/o/lexora/audit/").content.decode()
    assert "Die Zeiten sind die von" in text


def test_the_organization_has_a_language(lexora, as_role, now):
    before = Organization.objects.get(pk=lexora.pk).locale
    assert before != "de"
    organizations.change(
        organization=lexora,
        name=lexora.name,
        time_zone=lexora.time_zone,
        currency=lexora.currency,
        fiscal_year_start=1,
        profile=lexora.profile,
        locale="de",
        by="ada@lexora.example",
        at=now,
    )
    assert Organization.objects.get(pk=lexora.pk).locale == "de"
