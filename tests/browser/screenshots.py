"""Pictures of the running demonstration for the README, made by `bin/screenshots`."""

import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from reviews.demo.stories import PASSWORD

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
BASE = os.environ.get("PLUMBLINE_URL", "").rstrip("/")
DEPLOYMENTS = "/o/lexora/deployments/"
PAGES = {
    "deployment": (f"{DEPLOYMENTS}contract-clause-summaries/", 1280, 1000),
    "kpi": (
        f"{DEPLOYMENTS}payment-exception-handling/kpis/average-cost-per-transaction/",
        1280,
        620,
    ),
    "grid": (f"{DEPLOYMENTS}contract-clause-summaries/figures/", 1280, 800),
    "readiness": (f"{DEPLOYMENTS}contract-clause-summaries/readiness/", 1280, 800),
    "ledger": (f"{DEPLOYMENTS}questions-about-staff-policy/cost/", 1280, 800),
    "phone": (f"{DEPLOYMENTS}contract-clause-summaries/", 390, 844),
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ["PLUMBLINE_CHROMIUM"], args=["--no-sandbox"]
        )
        page = browser.new_page(color_scheme="light", reduced_motion="reduce")
        sign_in(page)
        for name, (path, width, height) in PAGES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(BASE + path)
            page.wait_for_load_state("networkidle")
            picture(page, name)
        page.set_viewport_size({"width": 1280, "height": 800})
        upload(page)
        picture(page, "import")
        review(page)
        picture(page, "review")
        browser.close()


def picture(page: Page, name: str) -> None:
    """What is in view, in 256 colours: a README should load quickly."""
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(256).save(path, optimize=True)


def sign_in(page: Page) -> None:
    page.goto(f"{BASE}/account/sign-in/")
    page.locator("input[name=login]").fill("mara@lexora.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button").first.click()
    page.wait_for_url("**/o/**")


def upload(page: Page) -> None:
    page.goto(f"{BASE}{DEPLOYMENTS}emergency-flow-forecast/import/")
    file = Path(__file__).resolve().parents[2] / "reviews/demo/data/nhs_emergency_weekly.csv"
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Read this file").click()
    page.wait_for_url("**/imports/**")


def review(page: Page) -> None:
    page.goto(f"{BASE}/o/lexora/reviews/")
    page.get_by_role("button", name="Open the review").click()
    page.get_by_role("link", name="Download").wait_for(timeout=60_000)


if __name__ == "__main__":
    main()
