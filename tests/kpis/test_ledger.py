"""The cost ledger: thirteen parts, claimed beside net hours, no return while one is missing."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.actions import catalogue, kpi_sets, ledgers, measurements, rollups
from kpis.domain.cost.parts import PARTS
from kpis.evidence import finish, sources
from kpis.models import CatalogueEntry, CostEntry, LedgerBasis
from kpis.presenters.ledger import differing, page, parts
from portal.domain.calendar import Grain
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA

DAY, QUARTER = dt.date(2026, 11, 24), dt.date(2026, 10, 1)
PAGE = "/o/lexora/deployments/clause-summaries/cost/"
# Method 6.3: 1,500 tasks, 42 minutes before; draft 14, review 11, 18 % rework of 25.
BASIS = {
    "tasks": 1500,
    "accepted": 1500,
    "hourly_rate": "48",
    "minutes_before": "42",
    "minutes_draft": "14",
    "minutes_review": "11",
    "rework_share": "0.18",
    "minutes_rework": "25",
    "hours_used_for": "backlog",
    "grade": "sampled",
}
COSTS = {
    "licences": ("3600", None),
    "usage": ("525", None),
    "setup": ("1500", None),
    "training": (None, "94"),
}


@pytest.fixture
def enter(lexora, deployment, now):
    def entered(*, without=(), grades=None, **basis):
        where = {"deployment": deployment, "starts_on": QUARTER, "by": MARA, "at": now}
        with acting_in(lexora):
            numbers = {
                name: Decimal(value) if isinstance(value, str) and value[:1].isdigit() else value
                for name, value in {**BASIS, **basis}.items()
            }
            ledgers.set_basis(**where, **numbers)
            for part in PARTS:
                if part in without:
                    continue
                amount, hours = COSTS.get(part, (None, None))
                known = {
                    "amount": amount and Decimal(amount),
                    "hours": hours and Decimal(hours),
                    "grade": (grades or {}).get(part, "measured"),
                }
                if part not in COSTS:
                    known = {"not_applicable_because": "not used here"}
                ledgers.enter(**where, part=part, **known)

    return entered


def read(lexora, deployment):
    with acting_in(lexora):
        return page(sources.read(deployment, as_of=DAY))


def test_claimed_and_net_hours_stand_side_by_side(lexora, deployment, enter):
    enter()
    found = read(lexora, deployment)
    assert found.headline == "218.5 hours net, where drafts alone claim 700"
    assert {name: found.figures[name] for name in ("claimed", "net", "before", "now", "cash")} == {
        "claimed": "700 h",
        "net": "218.5 h",
        "before": "$33.60",
        "now": "$30.36",
        "cash": "$3.75",
    }
    assert (found.value, found.withheld, found.known) == ("$4,863", (), 13)


@pytest.mark.parametrize("part", PARTS)
def test_the_return_is_withheld_for_each_missing_part_which_is_named(
    lexora, deployment, enter, part
):
    enter(without=(part,))
    found = read(lexora, deployment)
    assert (found.value, found.known, found.missing) == ("", 12, (PARTS[part],))
    assert found.withheld == (f"no amount and no reason for {PARTS[part]}",)
    assert found.headline.startswith("At most ")


def test_saved_hours_without_a_use_are_no_money(lexora, deployment, enter):
    enter(hours_used_for="")
    found = read(lexora, deployment)
    assert found.withheld == ("nobody said what the saved hours are used for",)


def test_the_weakest_figure_is_named_and_gives_its_grade_to_the_return(lexora, deployment, enter):
    enter(grades={"setup": "estimated", "training": "assumed"})
    found = read(lexora, deployment)
    assert (found.weakest, found.grade) == ("assumed: training", "assumed")


def test_a_faster_draft_with_a_slower_finish_is_called_a_loss(lexora, deployment, enter):
    enter(minutes_review="28")
    found = read(lexora, deployment)
    assert found.is_loss
    assert "That is a loss of time." in found.finding


def test_every_part_is_an_amount_a_reason_or_missing(lexora, deployment, enter):
    enter(without=("incidents",))
    with acting_in(lexora):
        groups = parts(sources.read(deployment, as_of=DAY))
    assert [(heading, len(rows)) for heading, rows in groups] == [
        ("On the bill", 6),
        ("Hidden in people's days", 7),
    ]
    rows = {row.name: (row.money, row.hours, row.state) for _, found in groups for row in found}
    assert rows["Licences"] == ("$3,600", "—", "known")
    assert rows["Training"] == ("—", "94 h", "known")
    assert rows["Support contract"] == ("—", "—", "not_applicable")
    assert rows["Handling of incidents"] == ("—", "—", "missing")


def test_the_review_time_comes_from_its_kpi_and_a_difference_is_shown(
    lexora, deployment, enter, now
):
    catalogue.load()
    with acting_in(lexora):
        review = kpi_sets.add_from_catalogue(
            deployment=deployment,
            entry=CatalogueEntry.objects.get(pk="average_review_time"),
            by=MARA,
            at=now,
        )
        fact = measurements.Fact(
            review.pk,
            Grain.WEEK,
            dt.date(2026, 11, 16),
            "duration",
            {"n": 40, "sum_ms": 40 * 20 * 60_000, "sumsq": 40 * (20 * 60_000) ** 2},
        )
        measurements.record(facts=[fact], source="log", by=MARA, at=now)
        while rollups.drain().cells:
            pass
    with acting_in(lexora):
        measured = finish.measured(sources.read(deployment, as_of=DAY))
    assert measured == {"minutes_review": 20.0}
    enter()
    with acting_in(lexora):
        row = LedgerBasis.objects.get()
    assert differing(measured, row) == ["minutes of review: measured 20, the ledger uses 11"]
    assert differing({"minutes_review": 11.5}, row) == []


def test_a_manager_fills_in_the_ledger_and_an_executive_reads_it(lexora, deployment, client_of):
    form = {
        **BASIS,
        "licences-amount": "3600",
        "licences-grade": "measured",
        "support-because": "nothing is bought",
    }
    answer = client_of("mara").post(PAGE, form)
    assert answer.status_code == 302
    text = client_of("ines").get(PAGE).content.decode()
    assert "At most 312.5 hours net, where drafts alone claim 700" in text
    assert "no amount and no reason for usage charges" in text
    assert "does not apply: nothing is bought" in text
    assert "Enter or change the figures" not in text
    with acting_in(lexora):
        event = AuditEvent.objects.get(verb="entered a cost of", after__has_key="licences")
    assert (event.actor, event.after["licences"]) == (MARA, "3600 money (measured)")


def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    lexora, deployment, client_of
):
    form = BASIS | {"accepted": 1600, "licences-amount": "12", "licences-because": "none"}
    answer = client_of("mara").post(PAGE, form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "1,600 results were accepted of 1,500 tasks." in text
    assert "Give an amount or hours, or say why the part does not apply." in text
    assert 'value="1600"' in text
    with acting_in(lexora):
        assert (LedgerBasis.objects.count(), CostEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"accepted": 1600}, "accepted"),
        ({"accepted": 0}, "accepted"),
        ({"rework_share": Decimal("1.5")}, "rework_share"),
        ({"tasks": -1, "accepted": 1}, ""),
    ],
    ids=["more than done", "none", "more than all again", "below zero"],
)
def test_a_refused_basis_names_its_field_and_is_not_kept(lexora, deployment, now, fields, blamed):
    basis = {"tasks": 1500, "accepted": 1500, "rework_share": None} | fields
    with acting_in(lexora):
        with pytest.raises(ledgers.CannotEnter) as refused:
            ledgers.set_basis(
                deployment=deployment, starts_on=dt.date(2026, 10, 1), by=MARA, at=now, **basis
            )
        assert (refused.value.field, LedgerBasis.objects.count()) == (blamed, 0)


@pytest.mark.parametrize(("who", "status"), [("tom", 403), ("olga", 404), ("hugo", 404)])
def test_who_may_not_read_it(deployment, client_of, who, status):
    assert client_of(who).get(PAGE).status_code == status


@pytest.mark.parametrize("field", ["tasks", "accepted", "minutes_before", "licences-amount"])
def test_26_digits_are_refused_beside_their_field(lexora, deployment, client_of, field):
    answer = client_of("mara").post(PAGE, BASIS | {field: "9" * 26})

    assert answer.status_code == 422
    with acting_in(lexora):
        assert (LedgerBasis.objects.count(), CostEntry.objects.count()) == (0, 0)
