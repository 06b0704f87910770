"""The way of staff in German: no word of our own is left in English."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from reviews.management.commands.demo import PASSWORD
from tests.browser.pages import settled

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = "/o/lexora/deployments/contract-clause-summaries/"
PAGES = ["/o/lexora/deployments/", CONTRACTS, "/o/lexora/audit/", "/account/password/change/"]
# Names of the demonstration that are sentences of ours as well.
DATA = {"Legal"}
TEXTS = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent.closest("script, template, [lang]:not(html)")) {
            found.push(walker.currentNode.data);
        }
    }
    for (const one of document.querySelectorAll("[aria-label], [title], [data-label]")) {
        for (const name of ["aria-label", "title", "data-label"]) {
            if (one.hasAttribute(name)) found.push(one.getAttribute(name));
        }
    }
    return found.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def english():
    """Sentences whose German differs, without their places for figures."""
    path = ROOT / "locale/de/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        messages = [one for one in read_po(file, locale="de") if one.id]
    found = set()
    for one in messages:
        pairs = (
            zip(one.id, one.string, strict=True)
            if isinstance(one.id, tuple)
            else [(one.id, one.string)]
        )
        found |= {source for source, text in pairs if source != text and "%(" not in source}
    return found


def leftovers(page, english):
    return sorted((set(page.evaluate(TEXTS)) & english) - DATA)


def test_signing_in_and_the_pages_of_staff_speak_german(browser, portal, english):
    context = browser.new_context(base_url=portal, locale="de-DE")
    page = context.new_page()
    left = {}
    for path in ("/account/sign-in/", "/account/password/reset/", "/nothing/here/"):
        page.goto(path)
        left[path] = leftovers(page, english)
    page.goto("/account/sign-in/")
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_label("E-Mail").fill("tom@lexora.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/o/**")
    for path in PAGES:
        page.goto(path)
        settled(page)
        assert page.locator("html").get_attribute("lang") == "de"
        left[path] = leftovers(page, english)
    context.close()
    assert {path: words for path, words in left.items() if words} == {}


@pytest.mark.parametrize("width", [390, 1280])
def test_long_german_words_fit(browser, portal, width):
    context = browser.new_context(
        base_url=portal, locale="de-DE", viewport={"width": width, "height": 844}
    )
    page = context.new_page()
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    page.goto("/account/sign-in/")
    assert page.evaluate(too_wide) == 0
    assert re.search("Anmelden", page.inner_text("h1"))
    context.close()
