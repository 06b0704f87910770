"""docs/method.md says what the code computes: its parts, its pictures, the numbers it prints."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest

from kpis.domain.aggregation import derived, monoids
from kpis.domain.catalogue.references import progress
from kpis.domain.catalogue.thresholds import rule
from kpis.domain.cost import ledger as costs
from kpis.domain.cost.parts import PARTS
from kpis.domain.policy import current
from kpis.domain.statistics import budgets, experiments, intervals, process_charts, surveys
from kpis.domain.statistics.change import cases_needed
from kpis.domain.wording import CHANGE_WORDS
from kpis.management.commands import method_figures
from portal.domain.calendar import Grain, instants, local_date, period_of
from tests.benchmarks.lab_method import false_alarms

PAGE = Path(__file__).resolve().parents[3] / "docs" / "method.md"
POLICY, Z = current(), intervals.Z95
PARTS_OF_THE_METHOD = {
    "Charts": ["*Example.*"],
    "Ranges": ["*Example.*"],
    "Better, worse": ["*Example.*"],
    "Adding figures up": ["*Example.*", "Percentiles"],
    "Days, weeks": ["*Example.*"],
    "When a figure may speak": ["*Example.*"],
    "Limits, alarms": ["*Example.*", "Error budgets"],
    "Looking often": ["*Example.*"],
    "What it really costs": ["*Example.*"],
    "Asking people": ["*Example.*", "Small groups"],
    "Trying it out": ["*Example.*", "Was the draw fair?"],
    "Signals against": ["Is the review real?", "only silent?", "*Example:*"],
    "From findings": ["*Example.*"],
    "How sure": ["*Example.*"],
}


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text("utf-8")


def part(page, heading):
    found = re.findall(rf"^## \d+\. ({re.escape(heading)}.*?)(?=^## )", page, re.M | re.S)
    assert len(found) == 1, heading
    return found[0]


@pytest.mark.parametrize("heading", PARTS_OF_THE_METHOD)
def test_every_part_has_an_example(page, heading):
    assert [text for text in PARTS_OF_THE_METHOD[heading] if text not in part(page, heading)] == []


def test_every_picture_is_shown_with_words_for_those_who_do_not_see_it(page):
    shown = dict(re.findall(r"!\[([^\]]+)\]\(figures/([\w-]+\.svg)\)", page))
    assert sorted(shown.values()) == sorted(method_figures.FIGURES)
    assert all(len(words) > 40 for words in shown)


def test_states_bear_the_names_of_the_product(page):
    told = part(page, "Better, worse")
    names = [
        CHANGE_WORDS[state]
        for state in (
            "better_worthwhile",
            "not_worse",
            "worse_within_margin",
            "worse_beyond_margin",
            "unclear",
        )
    ]
    assert [name for name in names if name not in told] == []


def test_numbers_of_the_charts(page):
    limits = process_charts.xmr_limits(method_figures.BEFORE)
    prime = process_charts.prime_limits(method_figures.SEEN, method_figures.ATTENDED)
    told = part(page, "Charts")
    assert f"average is {limits.mean:g}, the mean step {limits.amr:.2f}" in told
    assert f"limits are {limits.lower:.1f} and {limits.upper:.1f}" in told
    assert f"{prime.sigma_z:.1f} times as much" in told
    some, newest = false_alarms(12, 3000)
    assert (round(some * 100), round(newest * 100)) == (
        pytest.approx(29, abs=2),
        pytest.approx(6, abs=1),
    )


def test_numbers_of_the_ranges(page):
    told = part(page, "Ranges") + part(page, "Better, worse")
    start_up, few = intervals.wilson(336, 1200), intervals.wilson(2, 7)
    assert f"{start_up.lo:.1%} to {start_up.hi:.1%}".replace("%", " %") in told
    assert round(few.lo * 100) == 8
    ratio = intervals.ratio_of_means(intervals.Moments(120, 33, 15), intervals.Moments(100, 45, 18))
    assert f"{ratio.value:.3f}, its range {ratio.lo:.3f} to {ratio.hi:.3f}" in told
    assert f"{cases_needed(0.05, 0.02):,} cases" in told
    sides = [(140, 33, 15), (120, 45, 18), (130, 42, 17), (125, 44, 18)]
    beside = intervals.difference_in_differences(*(intervals.Moments(*one) for one in sides))
    assert f"range of {-beside.hi:.1f} to {-beside.lo:.1f}" in told


def test_numbers_of_sums_and_days(page):
    told = part(page, "Adding") + part(page, "Days")
    weeks = [monoids.from_parts("ratio", {"num": n, "den": d}) for n, d in ((5, 10), (90, 900))]
    share = monoids.value("ratio", monoids.fold("ratio", weeks))
    assert f"{share:.1%}".replace("%", " %") in told
    days = [monoids.of_durations(range(first, first + 10)) for first in (11, 91)]
    read = [derived.quantile(one, 0.9) for one in (*days, monoids.fold("duration", days))]
    assert read == pytest.approx([19, 99, 98], rel=0.01)
    moment = dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC)
    berlin = period_of(local_date(moment, "Europe/Berlin"), Grain.QUARTER, 4).label
    york = period_of(local_date(moment, "America/New_York"), Grain.QUARTER, 4).label
    assert f"{berlin} in Berlin and {york} in New York" in told
    start, end = instants(period_of(dt.date(2026, 10, 25), Grain.DAY), "Europe/Berlin")
    assert f"{(end - start).total_seconds():,.0f} seconds" in told


def test_numbers_of_alarms_and_budgets(page):
    told = part(page, "Limits")
    assert f"clears at {rule(0.15, 'down', target=0.1, policy=POLICY).clear * 100:g} %" in told
    assert f"is {progress(0.22, 0.3, 0.1):.0%} of the way".replace("%", " %") in told
    assert f"{budgets.allowed(0.999, 91.25 * 24 * 60):.1f} minutes" in told
    burn = budgets.burn([(31, 1000)] * 3, 0.99)
    assert f"burn at {burn:.1f} times" in told
    assert f"for three days is {budgets.windows(POLICY)[3]:.1f}" in told


def test_numbers_of_the_cost(page):
    basis = costs.Basis(
        tasks=1500,
        accepted=1500,
        rate=Decimal(48),
        base=Decimal(42),
        draft=Decimal(14),
        review=Decimal(11),
        rework_share=Decimal("0.18"),
        rework=Decimal(25),
    )
    entries = dict.fromkeys(PARTS, costs.Entry(not_applicable_because="not used"))
    entries["licences"] = costs.Entry(amount=Decimal(5625), hours=Decimal(94))
    ledger, told = costs.Ledger(entries), part(page, "What it really costs")
    hours = costs.hours(basis, ledger.labour_hours)
    assert f"claim {hours.claimed:.0f} hours; net it is {hours.net:.1f}" in told
    now, before = costs.cost_per_result(basis, ledger), costs.cost_before(basis)
    assert f"{now:.2f} instead of {before:.2f}" in told
    assert f"show {costs.cash_per_result(basis, ledger):.2f}" in told
    value = costs.net_value(basis, ledger, costs.Use.CAPACITY).value
    assert f"value is {value:,.0f}, and it takes {costs.break_even(basis, ledger):,.0f}" in told


def test_numbers_of_surveys(page):
    told = part(page, "Asking people")
    many, few = (surveys.enps(*one, Z, policy=POLICY) for one in ((42, 35, 23), (6, 5, 3)))
    assert f"give {many.value:.0f}, with a range of {many.lo:.0f} to {many.hi:.0f}" in told
    assert f"give {few.value:.0f}, with a range of {few.lo:.0f} to {few.hi:.0f}" in told
    assert surveys.suppress([12, 9, 15, 30], 10) == (0, 1)


def test_numbers_of_experiments(page):
    told = part(page, "Trying it out")
    effect = experiments.design_effect(15, 0.05)
    assert f"{experiments.n_per_arm(0.28, 0.24, policy=POLICY):,} cases" in told
    assert f"{experiments.n_per_arm(0.28, 0.24, policy=POLICY, effect=effect):,}." in told
    assert f"(p {experiments.srm_p([5123, 4877]):.3f})".replace("0.", ".") in told
    found = experiments.relative_effect(
        experiments.Sums(1396.87, 52377.9767, 3000), experiments.Sums(2422.7, 134698.29, 3461)
    )
    once, always = experiments.at_fixed_date(found, Z), experiments.any_time(found, 5000)
    for range_ in (once, always):
        assert f"{range_.lo * 100:.0f} % to {range_.hi * 100:.0f} %" in told
