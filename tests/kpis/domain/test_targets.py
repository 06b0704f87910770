"""Targets between requirement and ceiling in the KPI's direction; critical worse than warning."""

from decimal import Decimal

import pytest

from kpis.domain.catalogue import shipped
from kpis.domain.catalogue.targets import faults, notices, templates

CATALOGUE = shipped.catalogue()


def numbers(**given):
    return {name: Decimal(value) for name, value in given.items()}


BEYOND = ("target", "The target lies beyond what is possible at best.")
WEAK = ("target", "The target asks for less than what is required.")
SHARE = "A share lies between 0% and 100%."


@pytest.mark.parametrize(
    ("direction", "given", "expected"),
    [
        # The example of the method: B .30, R .15, T .10, C .05, lower is better.
        ("down", {"requirement": ".15", "target": ".10", "ceiling": ".05"}, []),
        ("down", {"requirement": ".15", "target": ".15", "ceiling": ".15"}, []),
        ("down", {"target": ".04", "ceiling": ".05"}, [BEYOND]),
        ("down", {"requirement": ".15", "target": ".20"}, [WEAK]),
        ("up", {"requirement": ".80", "target": ".90", "ceiling": ".95"}, []),
        ("up", {"target": ".96", "ceiling": ".95"}, [BEYOND]),
        ("up", {"requirement": ".80", "target": ".70"}, [WEAK]),
        (
            "up",
            {"requirement": ".99", "ceiling": ".95"},
            [("requirement", "What is required lies beyond what is possible at best.")],
        ),
        ("down", {"warning": ".15", "critical": ".20"}, []),
        (
            "down",
            {"warning": ".15", "critical": ".15"},
            [("critical", "Critical must be worse than warning, here higher.")],
        ),
        (
            "up",
            {"warning": ".90", "critical": ".95"},
            [("critical", "Critical must be worse than warning, here lower.")],
        ),
        ("band", {"warning": ".1", "critical": ".2"}, []),
        (
            "band",
            {"warning": ".2", "critical": ".1"},
            [("critical", "Critical must be worse than warning, here farther out.")],
        ),
        (
            "band",
            {"warning": "-.1"},
            [("warning", "A distance from the range cannot be below zero.")],
        ),
        ("context", {}, []),
        (
            "context",
            {"warning": ".1"},
            [("warning", "This KPI is shown for reading and never judged, so it has no limits.")],
        ),
        ("down", {"target": "15"}, [("target", SHARE)]),
        ("down", {"target": "-.1", "warning": "2"}, [("target", SHARE), ("warning", SHARE)]),
        ("down", {"mwb": "0"}, [("mwb", "The smallest benefit worth having must be above zero.")]),
        ("down", {"margin": "0"}, []),
        ("down", {"margin": "-.01"}, [("margin", "The tolerated worsening cannot be below zero.")]),
    ],
)
def test_what_contradicts_itself_is_named_by_its_field(direction, given, expected):
    assert faults(direction, "ratio", "fraction", numbers(**given)) == expected


def test_only_shares_end_at_one():
    assert faults("down", "duration", "minutes", numbers(target="15")) == []
    assert faults("down", "quotient", "fraction", numbers(target="1.2")) == []


MET = "The requirement was met before AI; meeting it proves no benefit."


@pytest.mark.parametrize(
    ("direction", "required", "baseline", "expected"),
    [
        ("down", ".15", 0.30, []),
        ("down", ".15", 0.15, [MET]),
        ("down", ".15", 0.10, [MET]),
        ("up", ".80", 0.70, []),
        ("up", ".80", 0.85, [MET]),
        ("up", ".80", None, []),
        ("band", ".80", 0.85, []),
    ],
)
def test_a_requirement_met_before_ai_proves_nothing(direction, required, baseline, expected):
    assert notices(direction, numbers(requirement=required), baseline) == expected


def test_a_warning_stricter_than_the_target_and_a_missing_benefit_are_said():
    found = notices("down", numbers(target=".15", warning=".10"), None, is_outcome=True)
    assert found == [
        "The warning is stricter than the target: a figure on target warns.",
        "Without a smallest benefit worth having, no gain can be called worth it.",
    ]


def offered(key, unit, holds=()):
    kpi = CATALOGUE.kpis[key]
    return templates(kpi, unit=unit, conditions=CATALOGUE.conditions, holds=holds)


def test_the_ranges_of_a_regulated_field_stand_first_where_they_hold():
    found = offered("hallucination_rate", "fraction", {"regulated_domain"})
    assert [(one.condition, one.fits) for one in found] == [
        ("regulated_domain", True),
        ("general", True),
        ("scenario_contract_summary", False),
    ]
    strict, general, _ = found
    assert strict.numbers == numbers(requirement=".01", target=".01", warning=".01", critical=".03")
    assert strict.requires == ("people are meant to check output before use",)
    assert general.numbers == numbers(
        requirement=".05", target=".03", warning=".03", critical=".05"
    )


@pytest.mark.parametrize(
    ("unit", "chat", "inline"), [("milliseconds", "2000", "500"), ("seconds", "2", ".5")]
)
def test_times_are_proposed_in_the_unit_of_the_kpi(unit, chat, inline):
    found = {one.condition: one.numbers["warning"] for one in offered("latency_p50", unit)}
    assert (found["chat"], found["inline"]) == (Decimal(chat), Decimal(inline))


def test_every_proposal_of_the_catalogue_passes_its_own_check():
    wrong = [
        (key, one.condition)
        for key, kpi in CATALOGUE.kpis.items()
        for one in offered(key, kpi.unit)
        if kpi.direction != "context" and faults(kpi.direction, kpi.kind, kpi.unit, one.numbers)
    ]
    assert wrong == []
