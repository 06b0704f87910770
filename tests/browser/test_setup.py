"""From an empty KPI set to one that makes no mistake, and ten people on one page, in a browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.pages import CONTRAST, TOO_WIDE, settled

LEXORA, HARBOR = "/o/lexora/", "/o/harbor/"
CONTRACTS = f"{LEXORA}deployments/contract-clause-summaries/"
BAKERY = f"{HARBOR}deployments/offers-and-order-mails/"


def look(page):
    """No accessibility fault in light or dark, and nothing too wide for a phone."""
    settled(page)
    axe, where = Axe(), page.url
    found = axe.run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += axe.run(page, options=CONTRAST).response["violations"]
    page.emulate_media(color_scheme="light")
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    over = page.evaluate(TOO_WIDE)
    page.set_viewport_size(size)
    faults = [f"{where}: {one['id']} at {one['nodes'][0]['target']}" for one in found]
    assert [*faults, *([f"{where}: {over} px too wide"] if over else [])] == []


def press(page, words):
    """Press a button from the keyboard alone: it takes the focus and Enter."""
    button = page.get_by_role("button", name=words, exact=True)
    button.focus()
    page.keyboard.press("Enter")


def register(page):
    """A use case and a deployment of low risk for it, not in use yet."""
    page.goto(f"{LEXORA}use-cases/new/")
    page.get_by_label("Name of the work").fill("Answering parking permits")
    page.get_by_label("The work", exact=True).fill("Clerks answer residents about their permits.")
    page.get_by_label("Owner of the work").fill("Ines Duarte")
    press(page, "Save this use case")
    page.get_by_role("link", name="Register a deployment").click()
    look(page)
    page.get_by_label("Name", exact=True).fill("Permit answers")
    page.get_by_label("AI system").fill("Replyline")
    page.get_by_label("Owner", exact=True).fill("Mara Okafor")
    page.get_by_label("Low", exact=True).check()
    page.get_by_label("Stays inside as a draft").check()
    page.get_by_label("Effective: checked").check()
    press(page, "Register this deployment")
    expect(page.locator("h1")).to_have_text("Permit answers")
    page.goto(f"{page.url}kpis/set/")


def choose_a_pack(page):
    """A whole set for customer support, with its side effects, from the keyboard."""
    expect(page.locator("h1")).to_have_text("Nothing is measured yet")
    look(page)
    page.get_by_role("link", name="Choose measures").click()
    look(page)
    kind = page.get_by_label("Kind of use")
    kind.focus()
    kind.select_option(label="Customer support (10)")
    press(page, "Show")
    expect(page.get_by_label("Response time")).to_be_checked()
    # A tick is taken away and given back by the space bar.
    box = page.locator("#k-complaint_rate")
    box.focus()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    page.keyboard.press("Space")
    look(page)
    press(page, "Check the choice")


def refuse_then_add(page):
    """Without the work they speak about nothing is added, and nothing is lost."""
    expect(page.locator("h1")).to_contain_text("beside your choice")
    look(page)
    work = page.get_by_label("The work they speak about")
    expect(work).to_have_value("Answering parking permits")
    work.fill("")
    page.locator("#c-human_handoff_rate").uncheck()
    press(page, "Add these measures")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(work).to_be_focused()
    expect(page.locator("#c-human_handoff_rate")).not_to_be_checked()
    look(page)
    page.keyboard.type("Answering parking permits")
    press(page, "Add these measures")


def mend(page, words):
    """Follow a sentence that mends something, and add what it proposes."""
    page.get_by_role("link", name=words).click()
    press(page, "Check the choice")
    press(page, "Add these measures")


def hold_the_interview(page):
    """One answer today, another one later: the first is still there."""
    page.get_by_role("link", name="Baseline interview").click()
    page.get_by_label("With whom").fill("two clerks")
    page.get_by_label("How long does this work take today?").fill("Half an hour")
    press(page, "Keep the answers")
    expect(page.locator("h1")).to_contain_text("1 of 5 questions answered")
    look(page)
    first = page.get_by_label("How long does this work take today?")
    expect(first).to_have_value("Half an hour")
    page.get_by_label("Which pain is AI meant to ease?").fill("Queues on Mondays")
    press(page, "Keep the answers")
    expect(page.locator("h1")).to_contain_text("2 of 5 questions answered")
    page.get_by_role("link", name="What is measured").click()


def record_the_baseline(page):
    page.get_by_role("link", name="Record how the primary outcome was before AI.").click()
    look(page)
    page.get_by_label("Average", exact=False).first.fill("31,5")
    page.get_by_label("Number of cases").fill("140")
    page.get_by_label("Spread (standard deviation)").fill("9")
    page.get_by_label("From", exact=True).fill("2026-05-04")
    page.get_by_label("Through", exact=True).fill("2026-07-26")
    page.get_by_label("Number of weeks or months").fill("12")
    page.get_by_label("I stand by this figure").check()
    press(page, "Record the baseline")
    expect(page.locator("[data-error-summary]")).to_contain_text("Say where the figure comes from.")
    expect(page.get_by_label("Average", exact=False).first).to_have_value("31,5")
    page.get_by_label("Where it comes from").fill("Ticket log")
    look(page)
    press(page, "Record the baseline")
    expect(page.get_by_text("the baseline is on record").first).to_be_visible()


def set_the_target(page):
    page.get_by_role("link", name="Set the target").click()
    page.get_by_label(re.compile(r"^\s*Required")).fill("25")
    page.get_by_label(re.compile(r"^\s*Target")).fill("28")
    page.get_by_label(re.compile(r"^\s*Smallest benefit")).fill("10")
    press(page, "Save the target")
    expect(page.locator("[data-error-summary]")).to_contain_text("less than what is required")
    look(page)
    page.get_by_label(re.compile(r"^\s*Target")).fill("20")
    press(page, "Save the target")
    expect(page.get_by_text("the target is set").first).to_be_visible()


def test_from_an_empty_set_to_one_that_makes_no_mistake(visit):
    page = visit("mara")
    register(page)
    choose_a_pack(page)
    refuse_then_add(page)
    expect(page.locator("h1")).to_contain_text("something is missing")
    look(page)
    mend(page, "Measure use outside the scope and unapproved tools.")
    hold_the_interview(page)
    the_set = page.url
    record_the_baseline(page)
    set_the_target(page)

    page.goto(the_set)
    expect(page.locator("h1")).to_contain_text("chosen; the first figures are due")
    expect(page.get_by_text("None of the eight is made.")).to_be_visible()
    expect(page.get_by_text("The set is not complete")).to_have_count(0)
    look(page)


def test_ten_people_take_six_measures_from_one_page(visit):
    page = visit("hugo", width=390)
    page.goto(f"{BAKERY}kpis/choose/")
    expect(page.locator("h1")).to_have_text("Six measures are enough for ten people")
    expect(page.locator(".offer")).to_have_count(6)
    expect(page.get_by_text("Cost rises without visible benefit")).to_be_visible()
    look(page)


def test_a_usual_range_fills_the_target_with_one_press(visit):
    page = visit("mara")
    page.goto(f"{CONTRACTS}kpis/hallucination_rate/target/")
    page.get_by_role("link", name="Use it for legal, medical or financial use").click()
    expect(page.get_by_label(re.compile(r"^\s*Critical"))).to_have_value("3")
    expect(page.get_by_text("in the form now")).to_be_visible()
    look(page)


def test_a_phase_without_its_kpis_is_refused_with_a_way_on(visit):
    page = visit("mara")
    page.goto(f"{CONTRACTS}edit/")
    page.get_by_label("Phase", exact=True).select_option("scale")
    page.get_by_label("Did the way of working change?").fill("A second reader signs off")
    press(page, "Save the changes")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#id_phase_error")).to_contain_text("Scale asks for")
    expect(page.get_by_label("Did the way")).to_have_value("A second reader signs off")
    look(page)
    page.get_by_role("link", name="Add the KPIs of this phase").click()
    expect(page.locator("#k-task_completion_rate")).to_be_checked()


@pytest.mark.parametrize(
    "place",
    [
        "kpis/confirm/",
        "kpis/regeneration_rate/edit/",
        "kpis/regeneration_rate/deviation/",
        "kpis/add/",
        "kpis/engagement_depth/target/",
        "gates/",
    ],
)
def test_every_page_of_the_set_up_is_accessible(visit, place):
    page = visit("mara")
    page.goto(f"{CONTRACTS}{place}")
    look(page)
