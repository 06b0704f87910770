"""The main jobs of a manager in a real browser, with and without JavaScript, and gone wrong."""

import re

import pypdfium2
import pytest
from playwright.sync_api import expect

from reviews.demo.load import DATA
from tests.browser.pages import open_review, settled

LEXORA = "/o/lexora/"
EMERGENCY = f"{LEXORA}deployments/emergency-flow-forecast/"
CONTRACTS = f"{LEXORA}deployments/contract-clause-summaries/"
FOUR_HOURS = f"{EMERGENCY}kpis/seen-within-four-hours/"
WEEKLY = (DATA / "nhs_emergency_weekly.csv").read_text()
STORIES = ["Contract clause summaries", "Emergency flow forecast", "Payment exception handling"]
UP_TO_DATE = "Weeks, months, quarters and years are up to date"


def send(page, content, *, to=EMERGENCY, name="nhs_emergency_weekly.csv"):
    """Upload a file; where the page that follows stands is for the test to say."""
    page.goto(f"{to}import/")
    data = content if isinstance(content, bytes) else content.encode()
    file = {"name": name, "mimeType": "text/csv", "buffer": data}
    page.get_by_label("File with figures").set_input_files(file)
    page.get_by_role("button", name="Read this file").click()


def confirm(page, *, reason):
    page.get_by_label("How are these figures known?").select_option("measured")
    page.get_by_label("Reason, if figures").fill(reason)
    page.get_by_role("button", name="Write these figures").click()


def figures(page, kpi=FOUR_HOURS):
    """Everything on record about a KPI."""
    answer = page.request.get(f"{kpi}figures.csv")
    assert answer.ok
    return answer.text()


def test_a_manager_corrects_a_figure_sees_the_chart_and_gets_the_review(visit, tmp_path):
    page = visit("mara")
    page.goto(f"{LEXORA}deployments/")
    page.get_by_role("link", name="Emergency flow forecast", exact=True).click()
    page.get_by_role("link", name="Import figures").click()
    send(page, WEEKLY.replace("266501", "266499"))

    expect(page.locator(".meta")).to_contain_text("20 figures can be read")
    expect(page.get_by_label("Meaning of attendances")).to_have_value(re.compile(r":den$"))
    expect(page.locator("table.mapping")).to_contain_text("266499")
    confirm(page, reason="Two people were counted twice.")
    expect(page.locator("h1")).to_have_text("1 figure was written")
    expect(page.get_by_text(UP_TO_DATE)).to_be_visible()

    page.get_by_role("link", name="See the results").click()
    page.get_by_role("link", name="Seen within four hours").first.click()
    chart = page.get_by_role("img", name=re.compile("Seen within four hours"))
    expect(chart).to_contain_text("upper limit")
    expect(
        page.get_by_text(re.compile(r"revision 2\s+· Two people were counted twice\."))
    ).to_be_visible()

    open_review(page)
    expect(page.get_by_text("The PDF is ready")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    path = tmp_path / "review.pdf"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF")
    text = text_of(path)
    assert [name for name in STORIES if name not in text] == []


def text_of(path):
    document = pypdfium2.PdfDocument(path)
    try:
        return " ".join(" ".join(one.get_textpage().get_text_bounded().split()) for one in document)
    finally:
        document.close()


def test_the_import_works_without_javascript(visit):
    page = visit("mara", width=390, java_script_enabled=False)
    send(page, WEEKLY.replace("264225", "264222"))
    confirm(page, reason="A late correction of the hospital.")
    expect(page.locator("h1")).to_contain_text("written")
    again = page.get_by_role("link", name="Look again")
    for _ in range(50):
        if page.get_by_text(UP_TO_DATE).count():
            break
        again.click()
        page.wait_for_timeout(200)
    expect(page.get_by_text(UP_TO_DATE)).to_be_visible()
    page.get_by_role("link", name="See the results").click()
    page.get_by_role("link", name="its KPI page").click()
    page.get_by_role("link", name="Seen within four hours").first.click()
    expect(page.get_by_text("A late correction of the hospital.").first).to_be_visible()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty. Send one with a header line and figures."),
        (b"\x00\xff\x00\xfe" * 40, ""),
    ],
    ids=["empty", "no table"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(visit, content, sentence):
    page = visit("mara")
    before = figures(page)
    send(page, content)
    summary = page.locator("[data-error-summary]")
    expect(summary).to_contain_text(sentence)
    expect(summary).to_be_focused()
    expect(page.get_by_role("button", name="Read this file")).to_be_visible()
    assert figures(page) == before


def test_a_large_file_is_refused_with_its_size(visit, tmp_path):
    large = tmp_path / "large.csv"
    large.write_bytes(b"week,seen\n" + b"1,2\n" * (30 * 1024 * 1024 // 4))
    page = visit("mara")
    before = figures(page)
    page.goto(f"{EMERGENCY}import/")
    page.get_by_label("File with figures").set_input_files(large)
    page.get_by_role("button", name="Read this file").click()
    expect(page.get_by_text("Up to 10 MB can be sent to this page.")).to_be_visible()
    assert figures(page) == before


@pytest.mark.parametrize(
    ("to", "kpi", "content", "sentence"),
    [
        (EMERGENCY, FOUR_HOURS, "colour,shape\nred,round\n", "column"),
        (EMERGENCY, FOUR_HOURS, WEEKLY.replace("264225", "many"), "“many” is not a number."),
        (
            CONTRACTS,
            f"{CONTRACTS}kpis/regeneration_rate/",
            "kpi,period,value\nregeneration_rate,2026-W10,0.2\nhappiness,2026-W10,3\n",
            "happiness",
        ),
    ],
    ids=["wrong columns", "text in a number", "unknown KPI"],
)
def test_what_cannot_be_meant_is_named_and_nothing_is_written(visit, to, kpi, content, sentence):
    page = visit("mara")
    before = figures(page, kpi)
    send(page, content, to=to)
    page.get_by_label("On which day did week 1 begin?").fill("2026-01-05")
    confirm(page, reason="Sent by the ward.")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("main")).to_contain_text(sentence)
    expect(page.get_by_label("How are these figures known?")).to_have_value("measured")
    expect(page.get_by_label("Reason, if figures")).to_have_value("Sent by the ward.")
    expect(page.get_by_label("On which day did week 1 begin?")).to_have_value("2026-01-05")
    assert figures(page, kpi) == before


def test_a_correction_asks_for_its_reason(visit):
    page = visit("mara")
    before = figures(page)
    send(page, WEEKLY.replace("281461", "281460"))
    confirm(page, reason="")
    expect(page.locator("[data-error-summary]")).to_contain_text("Say why it is corrected.")
    assert figures(page) == before


def test_another_organization_is_not_there(visit):
    page = visit("mara")
    for path in ("deployments/", "deployments/offers-and-order-mails/import/", "imports/1/"):
        answer = page.goto(f"/o/harbor/{path}")
        assert answer.status == 404
        settled(page)
        expect(page.locator("body")).not_to_contain_text("Harbor Bakery")
