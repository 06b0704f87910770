"""What the tests do on a page, and what no page may have."""

from playwright.sync_api import Page, expect

CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What asks for its content once, and what is just being put in place.
LOADING = "[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def settled(page: Page) -> None:
    """Wait until the parts that a page loads itself are there."""
    page.wait_for_load_state("load")
    expect(page.locator(LOADING)).to_have_count(0)


def open_review(page: Page) -> None:
    """Open the review of this quarter, or freeze the one that another test opened."""
    page.goto("/o/lexora/reviews/")
    opening = page.get_by_role("button", name="Open the review")
    if opening.count():
        opening.click()
        return
    page.locator("main table a").first.click()
    page.get_by_role("button", name="Freeze again").click()
