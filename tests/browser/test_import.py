"""A messy spreadsheet: errors in sentences, mended, previewed, written, read and undone."""

import datetime as dt
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.browser.pages import settled

PLACE = "/o/lexora/deployments/contract-clause-summaries/"
THUMBS = f"{PLACE}kpis/thumbs_down_rate/"
UP_TO_DATE = "Weeks, months, quarters and years are up to date"


def messy(*, mended=False):
    """What a vendor really sends: a cover, titles, merged cells, typos, a total, a footnote."""
    book = Workbook()
    book.active.title = "Cover"
    book.active["A1"] = "Prepared for the steering group"
    sheet = book.create_sheet("AI figures")
    sheet.append(["Contract summaries, figures of the pilot"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["Calendar week", "Team", "Measure", "Numerator", "Denominator", "Remark"])
    rows = [
        ["KW 10/2025", "Legal", "Thumbs down rate", 120, 1000, None],
        ["KW 11/2025", None, "Thumbs-down rate", "118", "1,002" if mended else "about 1000", None],
        ["KW 12/2025", None, "Thumbs down rate", 97, 990, "typed by hand"],
        ["KW 13/2025", "Legal", "Happiness of the lawyers", 3, 4, None],
        ["KW 14/2025", "Leagl", "Human handoff rate", 51, 1010, None],
        ["KW 15/2025", "Legal", "Human handoff rate", 55 if mended else 1010, 1008, None],
        ["KW 16/2025" if mended else "KW 61/2025", "Legal", "Human handoff rate", 49, 998, None],
        ["Total", None, "Human handoff rate", "=SUM(D8:D10)", None, None],
        ["Source: export of the vendor"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("B4:B6")
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def large(first=2016):
    """Some 9,000 rows that a worker reads: three KPIs, day by day."""
    lines = ["Datum;Kennzahl;Zähler;Nenner"]
    for number in range(3000):
        day = dt.date(first, 1, 4) + dt.timedelta(days=number)
        lines += [f"{day:%d.%m.%Y};{kpi};{number % 90};1.{100 + number % 800}" for kpi in KPIS]
    return "\r\n".join(lines).encode("cp1252")


KPIS = ("Thumbs down rate", "Human handoff rate", "Hallucination rate")


def send(page, content, name, *, to=PLACE):
    page.goto(f"{to}import/")
    put(page, content, name)


def put(page, content, name):
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("File with figures").set_input_files(file)
    page.get_by_role("button", name="Read this file").click()


def figures(page, kpi=THUMBS):
    answer = page.request.get(f"{kpi}figures.csv")
    assert answer.ok
    return answer.text()


def write(page, *, known="measured"):
    page.get_by_label("How are these figures known?").select_option(known)
    page.get_by_role("button", name="Write these figures").click()


def headline(page, words, **options):
    expect(page.locator("h1")).to_have_text(words, **options)


def test_a_messy_spreadsheet_is_mended_written_read_and_undone(visit):
    page = visit("mara")
    before = figures(page)
    send(page, messy(), "Pilot figures (final) v3.xlsx")

    headline(page, "5 rows need mending before anything is written")
    for sentence in (
        "“about 1000” is not a number. Empty the cell if it was not measured.",
        "“Happiness of the lawyers” is not a KPI of this deployment.",
        "“Leagl” is not a team here. Do you mean “Legal”? Say so, or correct the name.",
        "The numerator 1,010 is above the denominator 1,008. Swap them?",
        "“KW 61/2025” is not a week of that year.",
    ):
        expect(page.locator("main")).to_contain_text(sentence)
    page.get_by_text("2 rows are left out").click()
    expect(page.get_by_text("“Total” adds up other rows.")).to_be_visible()
    told = page.request.get(page.get_by_role("link", name="as CSV").get_attribute("href")).text()
    assert told.splitlines()[0].lstrip("\ufeff") == '"row","column","what is wrong"'
    assert len(told.splitlines()) == 6
    write(page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert figures(page) == before

    put(page, messy(mended=True), "Pilot figures mended.xlsx")
    headline(page, "2 rows need mending before anything is written")
    page.get_by_label("Which KPI is “Happiness of the lawyers”?").select_option("ignore")
    expect(page.get_by_label("Which team is “Leagl”?")).to_have_value("legal")
    page.get_by_role("button", name="Read again").first.click()

    headline(page, "6 figures ready to be written")
    page.get_by_text("Every figure").click()
    preview = page.get_by_role("region", name="Figures that would be written")
    expect(preview).to_contain_text("11.8% (118 of 1,002)")
    assert figures(page) == before
    write(page)
    headline(page, "6 figures were written")
    expect(page.get_by_text(UP_TO_DATE)).to_be_visible(timeout=30_000)
    done = page.url

    page.get_by_role("link", name=re.compile("Thumbs.down rate")).click()
    page.get_by_text("The same figures as a table").click()
    expect(page.get_by_role("region", name="Figures behind the chart")).to_contain_text("11.8%")
    assert "num 118" in figures(page)

    send(page, messy(mended=True), "Pilot figures mended.xlsx")
    headline(page, "This file would change nothing")

    page.goto(done)
    page.get_by_label("Reason").fill("The vendor withdrew the report.")
    page.get_by_role("button", name="Undo the whole import").click()
    headline(page, "This import was undone")
    expect(page.get_by_text("6 figures were taken back")).to_be_visible()
    expect(page.get_by_text(UP_TO_DATE)).to_be_visible(timeout=30_000)
    page.goto(THUMBS)
    expect(page.locator("main")).to_contain_text("The vendor withdrew the report.")


def test_rows_are_left_out_only_by_name(visit):
    page = visit("mara", width=390)
    content = b"week,kpi,value\n2025-W20,engagement_depth,12\n2025-W21,engagement_depth,lots\n"
    send(page, content, "depth.csv")
    page.get_by_role("button", name="Leave row 3 out").click()
    headline(page, "1 figure ready to be written")
    page.get_by_text("1 row is left out").click()
    expect(page.get_by_text("Row 3 You left this row out.")).to_be_visible()
    page.get_by_text("The table stands elsewhere").click()
    expect(page.get_by_label("Rows to leave out")).to_have_value("3")


def test_a_large_file_is_read_and_written_by_a_worker(visit):
    page = visit("mara")
    send(page, large(), "zehn Jahre.csv")
    headline(page, re.compile("being read|ready to be written"))
    headline(page, "9,000 figures ready to be written", timeout=60_000)
    write(page)
    headline(page, re.compile("being written|were written"))
    headline(page, "9,000 figures were written", timeout=60_000)
    page.get_by_label("Reason").fill("Only a rehearsal.")
    page.get_by_role("button", name="Undo the whole import").click()
    headline(page, "This import was undone", timeout=60_000)
    expect(page.get_by_text("9,000 figures were taken back")).to_be_visible()


def test_a_large_file_works_without_javascript(visit):
    page = visit("mara", width=390, java_script_enabled=False)
    send(page, large(2006), "noch einmal.csv")
    for _ in range(100):
        if "being read" not in page.locator("h1").inner_text():
            break
        page.get_by_role("link", name="Look again").click()
        page.wait_for_timeout(300)
    expect(page.locator("h1")).to_contain_text("ready to be written")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_accessible_and_fits_a_phone(visit, scheme):
    page = visit("mara", width=390, color_scheme=scheme)
    axe = Axe()
    files = {
        "faults.xlsx": messy(),
        "odd.csv": b"colour,mood\nred,good\n",
        "dates.csv": b"kpi;date;value\n"
        + b"".join(b"Regeneration rate;%d/3/26;0,2%d\n" % (n, n) for n in range(1, 9)),
        "depth.csv": b"week,kpi,value\n2025-W20,engagement_depth,12\n",
    }
    for name, content in files.items():
        send(page, content, name)
        settled(page)
        expect(page.locator("h1")).to_be_visible()
        found = axe.run(page).response["violations"]
        assert [(name, one["id"], one["nodes"][0]["target"]) for one in found] == []
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert (name, page.evaluate(wide)) == (name, 0)
