"""The entry grid as a manager uses it: keys, a pasted block, an error, a draft, a correction."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import settled

GRID = "/o/lexora/deployments/questions-about-staff-policy/figures/"
PASTE = """([where, text]) => {
    const input = document.getElementById(where);
    const data = new DataTransfer();
    data.setData("text/plain", text);
    input.focus();
    const how = {clipboardData: data, bubbles: true, cancelable: true};
    input.dispatchEvent(new ClipboardEvent("paste", how));
}"""


@pytest.fixture
def grid(visit):
    """A page of a week long ago in which nothing was entered."""
    page = visit("mara")
    year, week, _ = (dt.date.today() - dt.timedelta(weeks=70)).isocalendar()
    page.goto(f"{GRID}?period={year}-W{week:02}")
    settled(page)
    return page


def first_boxes(page):
    """The ids of the boxes, row by row."""
    return page.eval_on_selector_all(
        "[data-row]",
        "rows => rows.map(row => [...row.querySelectorAll('[data-cell]')].map(c => c.id))",
    )


def test_a_week_is_entered_by_keyboard_pasted_mended_and_corrected(grid):
    page = grid
    rows = first_boxes(page)
    share = next(row for row in rows if len(row) == 2)
    time = next(row for row in rows if len(row) == 3)
    is_share = page.locator(f"[id='is-{share[0].split('.')[0]}']")

    page.locator(f"[id='{share[0]}']").focus()
    page.keyboard.type("11")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.get_by_text("11 is more than 8. Swap them?")).to_be_visible()
    page.get_by_role("button", name="Swap the two numbers").click()
    expect(is_share).to_have_count(1)
    expect(page.get_by_text("8 is more than 11")).to_have_count(0)
    expect(page.locator(f"[id='{share[0]}']")).to_have_value("8")
    page.locator(f"[id='{share[0]}']").focus()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(page.locator(f"[id='{share[0]}']")).to_have_value("8")

    page.evaluate(PASTE, [share[0], "2\t138\t77"])
    told = page.locator("[data-grid-said]")
    expect(told).to_contain_text("2 cells filled from the clipboard. 1 found no cell")
    page.evaluate(PASTE, [time[0], "17.5\t140\t4"])
    expect(is_share).to_contain_text("1.4%")
    expect(page.locator("#saved")).to_contain_text("Saved")

    page.reload()
    settled(page)
    expect(page.locator(f"[id='{time[1]}']")).to_have_value("140")
    expect(page.get_by_text("Your draft is kept")).to_be_visible()
    assert Axe().run(page).response["violations"] == []

    page.get_by_role("button", name="Done for week").click()
    expect(page.get_by_text("2 new figures are on record")).to_be_visible()
    page.locator(f"[id='{share[0]}']").fill("3")
    why = page.get_by_label("Why it is corrected").and_(page.locator(":visible"))
    expect(why).to_have_count(1)
    page.get_by_role("button", name="Done for week").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is corrected.")
    why.fill("One more was found.")
    page.get_by_role("button", name="Done for week").click()
    expect(page.get_by_text("1 new figure is on record")).to_be_visible()
    expect(page.locator(f"[id='{share[0]}']")).to_have_value("3")
    expect(is_share).to_contain_text("2.2%")


def test_on_a_phone_every_row_is_a_block_without_sideways_scrolling(visit):
    page = visit("mara", width=390)
    page.goto(GRID)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []
