"""Every page for every role: no accessibility fault, no policy violation, nothing cut off."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from kpis.domain.dashboards import VIEWS
from tests.browser.pages import CONTRAST, TOO_WIDE, settled

LEXORA, HARBOR = "/o/lexora/", "/o/harbor/"
EMERGENCY = f"{LEXORA}deployments/emergency-flow-forecast/"
CONTRACTS = f"{LEXORA}deployments/contract-clause-summaries/"
PAYMENTS = f"{LEXORA}deployments/payment-exception-handling/"
POLICY = f"{LEXORA}deployments/questions-about-staff-policy/"
LETTERS = f"{LEXORA}deployments/claims-letters/"
OFFERS = f"{HARBOR}deployments/offers-and-order-mails/"
PAGES = {
    "nobody": ["/account/sign-in/", "/account/password/reset/", "/nothing/here/"],
    "mara": [
        f"{LEXORA}today/",
        f"{LEXORA}deployments/",
        f"{LEXORA}deployments/new/",
        f"{LEXORA}use-cases/new/",
        EMERGENCY,
        CONTRACTS,
        PAYMENTS,
        LETTERS,
        f"{CONTRACTS}gates/",
        f"{CONTRACTS}kpis/",
        *(f"{POLICY}kpis/?view={view}" for view in VIEWS),
        f"{CONTRACTS}figures/",
        f"{EMERGENCY}figures/",
        f"{CONTRACTS}kpis/set/",
        f"{CONTRACTS}kpis/choose/",
        f"{CONTRACTS}kpis/choose/?q=review",
        f"{CONTRACTS}kpis/confirm/",
        f"{CONTRACTS}kpis/interview/",
        f"{CONTRACTS}kpis/regeneration_rate/edit/",
        f"{CONTRACTS}kpis/regeneration_rate/baseline/",
        f"{CONTRACTS}kpis/regeneration_rate/deviation/",
        f"{CONTRACTS}readiness/",
        f"{CONTRACTS}cost/",
        f"{POLICY}cost/",
        f"{LETTERS}review/",
        f"{CONTRACTS}rules/",
        f"{LETTERS}rules/",
        f"{POLICY}kpis/confirm/",
        f"{EMERGENCY}kpis/add/",
        f"{EMERGENCY}import/",
        f"{EMERGENCY}edit/",
        f"{EMERGENCY}kpis/seen-within-four-hours/",
        f"{EMERGENCY}kpis/seen-within-four-hours/target/",
        f"{PAYMENTS}kpis/average-cost-per-transaction/",
        f"{CONTRACTS}kpis/regeneration_rate/",
        f"{CONTRACTS}kpis/time-to-finished-review/",
        f"{LEXORA}imports/1/",
        f"{LEXORA}catalogue/",
        f"{LEXORA}catalogue/?q=zzzz",
        f"{LEXORA}reviews/",
        f"{HARBOR}deployments/",
        f"{LEXORA}tokens/",
        f"{LEXORA}tokens/issue/",
        f"{LEXORA}api/",
    ],
    "ines": [
        f"{LEXORA}today/",
        f"{LEXORA}deployments/",
        CONTRACTS,
        f"{CONTRACTS}readiness/",
        f"{POLICY}cost/",
        f"{LETTERS}review/",
        f"{CONTRACTS}rules/",
        f"{LEXORA}reviews/",
    ],
    "tom": [f"{LEXORA}deployments/", CONTRACTS, f"{LEXORA}audit/"],
    "stella": [f"{LEXORA}deployments/", f"{LEXORA}catalogue/?page=2"],
    "otto": [f"{LEXORA}audit/", f"{LEXORA}people/"],
    "ada": [
        f"{LEXORA}people/",
        f"{LEXORA}people/invite/",
        f"{LEXORA}people/tom@lexora.example/",
        f"{LEXORA}audit/",
        f"{LEXORA}settings/",
    ],
    "hugo": [
        f"{HARBOR}today/",
        f"{HARBOR}deployments/",
        OFFERS,
        f"{OFFERS}kpis/",
        f"{OFFERS}figures/",
        f"{OFFERS}kpis/set/",
        f"{OFFERS}readiness/",
        f"{OFFERS}cost/",
        f"{OFFERS}review/",
        f"{OFFERS}rules/",
    ],
}
EXPECTED = {
    ("nobody", "/nothing/here/"): 404,
    ("mara", f"{HARBOR}deployments/"): 404,
    ("tom", f"{LEXORA}audit/"): 403,
}


@pytest.mark.parametrize("who", PAGES)
def test_every_page_is_accessible_and_fits_a_phone(visit, who):
    page = visit(who, width=390)
    axe, faults = Axe(), []
    for path in PAGES[who]:
        answer = page.goto(path)
        settled(page)
        expected = EXPECTED.get((who, path), 200)
        if answer.status != expected:
            faults.append(f"{path} answered {answer.status} instead of {expected}")
        if over := page.evaluate(TOO_WIDE):
            faults.append(f"{path} is {over} px too wide")
        found = axe.run(page).response["violations"]
        page.emulate_media(color_scheme="dark")
        found += axe.run(page, options=CONTRAST).response["violations"]
        page.emulate_media(color_scheme="light")
        faults += [f"{path}: {one['id']} at {one['nodes'][0]['target']}" for one in found]
    assert not faults, "\n".join(faults)


FOCUSED = """() => {
    const at = document.activeElement, look = getComputedStyle(at);
    const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
    return at === document.body ? ["", false] : [(at.innerText || at.name).trim(), ring];
}"""


def test_the_keyboard_reaches_everything_with_a_visible_focus(visit):
    page = visit("mara")
    page.goto(f"{EMERGENCY}import/")
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        words, ring = page.evaluate(FOCUSED)
        if not words:
            break
        assert ring, f"the focus on {words!r} cannot be seen"
        reached.append(words)
    assert reached[0].startswith("Skip")
    assert reached.index("file") < reached.index("Read this file")
