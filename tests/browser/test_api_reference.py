"""The reference of the API: drawn by Swagger UI under the policy of every page, and tried there."""

from playwright.sync_api import expect


def test_an_address_is_tried_by_the_signed_in_person(visit):
    page = visit("mara")
    page.goto("/o/lexora/api/reference/")
    page.get_by_text("/organization/", exact=True).click(timeout=30_000)
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text("Lexora Group")


def test_the_guide_leads_to_the_reference(visit):
    page = visit("mara")
    page.goto("/o/lexora/api/")
    link = page.get_by_role("link", name="Parameters and answers")
    page.goto(link.get_attribute("href"))
    expect(page.get_by_text("/audit-events/", exact=True)).to_be_visible(timeout=30_000)
