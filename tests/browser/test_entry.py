"""The entry grid as a manager uses it: keys, a pasted block, an error, a draft, a correction."""

import datetime as dt
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.pages import settled

GRID = "/o/lexora/deployments/contract-clause-summaries/figures/"
PASTE = """([where, text]) => {
    const input = document.getElementById(where);
    const data = new DataTransfer();
    data.setData("text/plain", text);
    input.focus();
    input.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def week(weeks_ago):
    """The address of a week in which nothing was entered; each test has one of its own."""
    year, number, _ = (dt.date.today() - dt.timedelta(weeks=weeks_ago)).isocalendar()
    return f"{GRID}?period={year}-W{number:02}"


@pytest.fixture
def grid(visit):
    def opened(weeks_ago, **options):
        page = visit("mara", **options)
        page.goto(week(weeks_ago))
        settled(page)
        return page

    return opened


def box(page, name):
    return page.locator(f"[id='{name}']")


def boxes(page):
    """The ids of the boxes, row by row."""
    return page.eval_on_selector_all(
        "[data-row]",
        "rows => rows.map(row => [...row.querySelectorAll('[data-cell]')].map(c => c.id))",
    )


def said(page, name):
    return page.locator(f"[id='is-{name.split('.')[0]}']")


def told(page):
    return page.locator("[data-grid-said]")


def test_a_week_is_entered_by_keyboard_mended_kept_and_corrected(grid):
    page = grid(70)
    num, den = next(row for row in boxes(page) if row[0].startswith("regeneration_rate"))

    box(page, num).focus()
    page.keyboard.type("14380")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("4012")
    page.keyboard.press("Enter")
    expect(page.get_by_text("14,380 is more than 4,012.")).to_be_visible()
    expect(box(page, den)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Swap them?").click()
    expect(said(page, num)).to_contain_text("27.9%")
    expect(box(page, num)).to_have_value("4012")
    expect(box(page, num)).not_to_have_attribute("aria-invalid", "true")
    box(page, num).focus()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    expect(box(page, num)).to_have_value("4012")
    page.keyboard.press("ArrowDown")
    expect(box(page, "hallucination_rate.num")).to_be_focused()
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    page.keyboard.type("150")
    page.keyboard.press("Tab")
    expect(said(page, "hallucination_rate")).to_contain_text("up to 2.5%")
    expect(page.locator("#saved")).to_contain_text("Saved a moment ago")

    page.reload()
    settled(page)
    expect(box(page, den)).to_have_value("14380")
    expect(page.get_by_text("Your draft of")).to_be_visible()
    assert Axe().run(page).response["violations"] == []

    page.get_by_role("button", name=re.compile("Done for week")).first.click()
    expect(page.get_by_text("2 new figures are on record")).to_be_visible()
    expect(box(page, den)).to_have_value("14,380")
    why = page.get_by_label("Why it is corrected").and_(page.locator(":visible"))
    expect(why).to_have_count(0)
    box(page, num).fill("4013")
    page.keyboard.press("Tab")
    expect(why).to_have_count(1)
    page.get_by_role("button", name=re.compile("Done for week")).first.click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is corrected.")
    why.fill("One more was found.")
    page.get_by_role("button", name=re.compile("Done for week")).first.click()
    expect(page.get_by_text("1 new figure is on record")).to_be_visible()
    page.goto(re.sub(r"figures/.*", "kpis/regeneration_rate/", page.url))
    expect(page.get_by_text("One more was found.")).to_be_visible()


def test_a_block_of_five_rows_from_a_spreadsheet(grid):
    page = grid(71)
    rows = boxes(page)
    at = next(n for n in range(len(rows)) if all(len(row) >= 2 for row in rows[n : n + 5]))
    block = [("1", "40"), ("2", "41"), ("3", "42"), ("4", "43"), ("5", "44")]

    page.evaluate(PASTE, [rows[at][0], "\n".join("\t".join(line) for line in block) + "\n"])

    expect(told(page)).to_have_text("10 cells filled from the clipboard.")
    for row, line in zip(rows[at : at + 5], block, strict=True):
        assert (box(page, row[0]).input_value(), box(page, row[1]).input_value()) == line
    pair = next(row for row in rows if len(row) == 2)
    page.evaluate(PASTE, [pair[0], "2\t1.380,5\t77"])
    expect(told(page)).to_contain_text("2 cells filled from the clipboard. 1 found no cell")
    page.evaluate(PASTE, [pair[0], "2\t1 380"])
    expect(said(page, pair[0])).to_contain_text("0.14%")


def test_a_row_that_was_not_left_survives_a_closed_tab(grid, visit):
    page = grid(72)
    box(page, "thumbs_down_rate.num").fill("12")
    box(page, "thumbs_down_rate.den").press_sequentially("140")
    with page.expect_request(lambda request: "thumbs_down_rate" in request.url):
        page.evaluate(
            """() => { Object.defineProperty(document, "visibilityState", {value: "hidden"});
                       document.dispatchEvent(new Event("visibilitychange", {bubbles: true})); }"""
        )
    page.wait_for_timeout(500)
    page.close()

    again = visit("mara")
    again.goto(week(72))
    expect(box(again, "thumbs_down_rate.den")).to_have_value("140")


def test_what_was_sent_after_signing_out_comes_back(grid):
    page = grid(73)
    box(page, "thumbs_down_rate.num").fill("3")
    box(page, "thumbs_down_rate.den").fill("99")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=re.compile("session"))
    page.locator("form#figures button.button-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You were signed out")
    expect(page.get_by_label("Thumbs_down_rate.den")).to_have_value("99")

    page.context.add_cookies(cookies)
    page.goto(week(73))

    expect(told(page)).to_contain_text("is back, and kept as a draft")
    expect(box(page, "thumbs_down_rate.den")).to_have_value("99")


def test_it_works_without_scripts(grid):
    page = grid(74, java_script_enabled=False)
    box(page, "thumbs_down_rate.num").fill("100")
    box(page, "thumbs_down_rate.den").fill("99")
    page.get_by_role("button", name=re.compile("Done for week")).first.click()
    expect(page.get_by_role("alert")).to_contain_text("100 is more than 99.")
    box(page, "thumbs_down_rate.num").fill("9")
    page.get_by_role("button", name=re.compile("Done for week")).first.click()
    expect(page.get_by_text("1 new figure is on record")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_every_row_is_a_block_without_sideways_scrolling(visit, scheme):
    page = visit("mara", width=390, color_scheme=scheme)
    page.goto(GRID)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []


def test_the_first_page_leads_into_the_grid_that_waits(visit):
    page = visit("mara")
    page.goto("/o/lexora/today/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("figures are")
    page.get_by_role("link", name=re.compile("Enter . figures? of Contract clause")).first.click()
    expect(page).to_have_url(re.compile(r"contract-clause-summaries/figures/\?period="))
