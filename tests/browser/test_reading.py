"""Reading in a real browser: views without reload, history, the checklist that argues, costs."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.pages import settled

DEPLOYMENTS = "/o/lexora/deployments/"
CONTRACTS = f"{DEPLOYMENTS}contract-clause-summaries/"
INVOICES = f"{DEPLOYMENTS}invoice-matching/"
MINUTES = f"{DEPLOYMENTS}meeting-minutes/"
LETTERS = f"{DEPLOYMENTS}claims-letters/"
POLICY = f"{DEPLOYMENTS}questions-about-staff-policy/"


def test_a_view_is_changed_without_a_reload_and_kept_in_the_address(visit):
    page = visit("mara")
    page.goto(INVOICES)
    settled(page)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Four sections").click()
    expect(page.get_by_role("columnheader", name="User experience")).to_be_visible()
    expect(page).to_have_url(re.compile(r"invoice-matching/\?view=sections$"))
    expect(page.get_by_role("link", name="Four sections")).to_be_focused()
    page.get_by_role("link", name="executives").click()
    expect(page.get_by_role("link", name="executives")).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.stayed")

    page.go_back()
    settled(page)
    expect(page.get_by_role("columnheader", name="User experience")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_role("link", name="Four sections")).to_have_attribute("aria-current", "true")
    expect(page.locator("#freshness")).to_contain_text("Data up to")


def test_views_work_without_scripts(visit):
    page = visit("mara", java_script_enabled=False)
    page.goto(f"{INVOICES}kpis/")
    page.get_by_role("link", name="Three layers").click()
    expect(page).to_have_url(re.compile(r"kpis/\?view=layers$"))
    expect(page.get_by_text("Business: does it deliver value?")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invoice matching")


@pytest.mark.parametrize(
    ("who", "place", "words"),
    [
        ("mara", INVOICES, "Continue as it is"),
        ("ines", POLICY, "The deployment changed, and nobody has confirmed its KPI set since."),
        ("ines", MINUTES, "That is a loss of time."),
        ("mara", LETTERS, "The human review is a formality"),
        ("mara", CONTRACTS, "accepted until"),
        ("hugo", "/o/harbor/deployments/offers-and-order-mails/", "Hours per week"),
    ],
    ids=["green", "capped", "slower", "rubber stamp", "deviation", "bakery"],
)
def test_each_story_is_told_on_its_page(visit, who, place, words):
    page = visit(who)
    page.goto(place)
    settled(page)
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("KPI readiness")


def test_the_checklist_argues_and_keeps_the_focus(visit):
    page = visit("mara")
    page.goto(f"{CONTRACTS}readiness/")
    question = page.get_by_role("group", name="Are both benefits and side effects covered?")
    question.get_by_label("Yes").check()
    said = page.locator("#q-benefits_and_side_effects .notice")
    expect(said).to_contain_text("The data says otherwise. No measure covers risk and workforce.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("disagree with the data.")
    question.get_by_label("Not sure").check()
    expect(said).to_have_count(0)


def test_every_rule_can_be_opened_and_says_what_it_looked_at(visit):
    page = visit("ines")
    page.goto(LETTERS)
    settled(page)
    page.get_by_role("link", name="See every rule").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("rules fired")
    rule = page.locator("details.rule", has_text="Is a serious incident open?")
    rule.locator("summary").click()
    expect(rule).to_contain_text("It looked at:")


def test_the_ledger_is_read_before_it_is_changed(visit):
    page = visit("mara")
    page.goto(f"{POLICY}cost/")
    expect(page.get_by_role("row", name=re.compile("Licences"))).to_contain_text("$3,600")
    expect(page.get_by_label("Tasks done")).to_be_hidden()
    page.get_by_text("Enter or change the figures").click()
    expect(page.get_by_label("Tasks done")).to_be_visible()
    page.get_by_label("Results accepted").fill("99999")
    page.get_by_role("button", name="Save the ledger").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text("99,999 results were accepted of 1,500 tasks.")
    expect(page.get_by_label("Results accepted")).to_have_value("99999")


def test_the_chart_has_its_table_and_its_figures_as_csv(visit):
    page = visit("mara")
    page.goto(f"{INVOICES}kpis/final_completion_time/")
    page.get_by_text("The same figures as a table").click()
    table = page.get_by_role("region", name="Figures behind the chart")
    expect(table.get_by_role("columnheader", name="Target then")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == "final_completion_time.csv"
