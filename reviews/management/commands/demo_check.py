"""Walk through a running demonstration as its people would, and keep the PDF."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.domain.calendar import Grain, period_of
from reviews.demo.check import CheckFailed, Visitor, expect, import_file, sign_in, step, until
from reviews.demo.load import monday
from reviews.demo.stories import PASSWORD, PEOPLE

EMERGENCY, CONTRACTS = "emergency-flow-forecast", "contract-clause-summaries"
STORIES = {
    "invoice-matching": "Continue as it is",
    "questions-about-staff-policy": "nobody has confirmed its KPI set since",
    "meeting-minutes": "That is a loss of time.",
    "claims-letters": "The human review is a formality",
}
PAGES = {
    "staff": ["deployments/"],
    "manager": [
        "today/",
        "deployments/",
        "reviews/",
        "catalogue/",
        f"deployments/{EMERGENCY}/kpis/",
        f"deployments/{CONTRACTS}/figures/",
        f"deployments/{CONTRACTS}/readiness/",
        f"deployments/{CONTRACTS}/cost/",
        f"deployments/{CONTRACTS}/review/",
    ],
    "executive": [
        "today/",
        "deployments/",
        "reviews/",
        f"deployments/{CONTRACTS}/",
        f"deployments/{CONTRACTS}/rules/",
    ],
    "steward": ["deployments/", "catalogue/"],
    "auditor": ["deployments/", "audit/", "people/"],
    "administrator": ["deployments/", "audit/", "people/", "settings/"],
}


class Command(BaseCommand):
    help = "Check a running demonstration: import, rollup, verdict, review, PDF, pages per role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base-url", required=True)
        parser.add_argument("--pdf", default="", help="where to keep the PDF")

    def handle(self, *args: Any, **options: Any) -> None:
        base, today = options["base_url"], timezone.now().date()
        target = Path(options["pdf"] or settings.BASE_DIR / ".plumbline" / "review.pdf")
        try:
            manager = self._main_job(base, today)
            path = self._review(manager, today)
            with step("the PDF is downloaded"):
                page = expect(manager.get(path))
                if not page.body.startswith(b"%PDF-"):
                    raise CheckFailed("What came is not a PDF.")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(page.body)
            self._roles(base)
        except CheckFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"PDF: {target}")

    def _main_job(self, base: str, today: dt.date) -> Visitor:
        with step("a manager signs in"):
            manager = sign_in(base, "mara@lexora.example", PASSWORD)
        with step("a file is imported"):
            first = monday(today, 19).isoformat()
            page = import_file(manager, EMERGENCY, "nhs_emergency_weekly.csv", first)
            expect(page, "were on record already")
        with step("a worker has folded every figure"):
            until(manager, page.url.removeprefix(base), "are up to date")
            until(manager, f"o/lexora/deployments/{EMERGENCY}/kpis/", "Recommended from evidence")
        with step("level, limits and “not measured” are shown"):
            kpis = f"o/lexora/deployments/{CONTRACTS}/kpis/"
            expect(manager.get(kpis), "28%", "not measured", "Beyond warning")
            expect(
                manager.get(f"o/lexora/deployments/{EMERGENCY}/kpis/seen-within-four-hours/"),
                "<svg",
                "Upper limit",
            )
        with step("the stories are told: green, capped, slower, a formality"):
            for place, words in STORIES.items():
                expect(manager.get(f"o/lexora/deployments/{place}/kpis/"), words)
        return manager

    def _review(self, manager: Visitor, today: dt.date) -> str:
        quarter = period_of(today, Grain.QUARTER)
        with step(f"the review of {quarter.label} is opened"):
            page = manager.post("o/lexora/reviews/open/", {}, form_at="o/lexora/reviews/")
            expect(page, "What the evidence recommends", "Contract clause summaries")
        with step("the PDF is printed by a worker"):
            until(manager, page.url.removeprefix(base_of(page.url)), "The PDF is ready")
        return page.url.removeprefix(base_of(page.url)) + "edition-1.pdf"

    def _roles(self, base: str) -> None:
        for email, _, role in PEOPLE["lexora"]:
            with step(f"pages of the {role}"):
                visitor = sign_in(base, email, PASSWORD)
                for path in PAGES[role]:
                    expect(visitor.get(f"o/lexora/{path}"))
                expect(visitor.get("o/harbor/deployments/"), status=404)


def base_of(url: str) -> str:
    """Scheme, host and slash of an address."""
    return "/".join(url.split("/", 3)[:3]) + "/"
