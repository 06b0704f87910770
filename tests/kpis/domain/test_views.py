"""Views of one set: each KPI stands once, the primary outcome is for everybody."""

import pytest

from kpis.domain.catalogue import shipped
from kpis.domain.dashboards import READERS, VIEWS, Shown, groups

DASHBOARDS = shipped.catalogue().vocabulary["dashboards"]
KPIS = [
    Shown("minutes", "speed", is_primary=True),
    Shown("regeneration_rate", "model_quality", "technical", is_guardrail=True),
    Shown("latency_p95", "technical_performance", "technical"),
    Shown("availability", "operational_health", "operational"),
    Shown("cost_per_query", "cost", "business"),
    Shown("staff_trust_in_output", "workforce", "business"),
]


def test_four_sections_name_every_kpi_once():
    assert groups("sections", KPIS, DASHBOARDS) == [
        ("Operations", [2, 3]),
        ("User experience", [1, 5]),
        ("Business", [0, 4]),
    ]


def test_three_layers():
    assert groups("layers", KPIS, DASHBOARDS) == [
        ("Technical: does the AI work?", [1, 2]),
        ("Operational: does it run healthily?", [3]),
        ("Business: does it deliver value?", [0, 4, 5]),
    ]


@pytest.mark.parametrize(
    ("reader", "rows"),
    [
        ("engineering", [0, 1, 2, 3]),
        ("product", [0, 1, 5]),
        ("leadership", [0, 1, 4]),
        ("staff", [0, 5]),
        ("managers", [0, 1, 4, 5]),
        ("executives", [0, 1, 4]),
    ],
)
def test_each_reader_has_one_page(reader, rows):
    assert groups(reader, KPIS, DASHBOARDS) == [("", rows)]


def test_no_view_loses_a_kpi_but_those_for_one_reader():
    for view in VIEWS.keys() - READERS.keys():
        shown = [at for _, rows in groups(view, KPIS, DASHBOARDS) for at in rows]
        assert sorted(shown) == list(range(len(KPIS)))


def test_an_unknown_view_is_refused():
    with pytest.raises(KeyError):
        groups("success", KPIS, DASHBOARDS)
