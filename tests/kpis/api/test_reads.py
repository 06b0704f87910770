"""What programs read of a KPI set: baselines, targets, recommendations, chosen rows and fields."""

import datetime as dt

import pytest

from kpis.models import Baseline, Kpi, KpiTarget, Verdict
from portal.tenancy.scope import acting_in
from tests import factories

OF_KPI = "deployments/place-of-clauses-found/kpis/clauses-found/"
AT = {"recorded_by": "mara@lexora.example"}


def test_a_kpi_is_read_alone_in_its_set_and_among_all(program, kpi):
    alone = program.get(OF_KPI).json()
    assert (alone["deployment"], alone["slug"], alone["band_low"]) == (
        "place-of-clauses-found",
        "clauses-found",
        None,
    )
    for path in ("deployments/place-of-clauses-found/kpis/", "kpis/"):
        assert program.get(path).json() == {"items": [alone], "next": None}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"retired": "true"}, 0),
        ({"retired": "false"}, 1),
        ({"direction": "up"}, 1),
        ({"direction": "band"}, 0),
        ({"is_primary": "true"}, 0),
        ({"deployment": "place-of-clauses-found"}, 1),
        ({"deployment": "nowhere"}, 0),
    ],
)
def test_kpis_are_filtered(program, query, number):
    assert len(program.get("kpis/", **query).json()["items"]) == number


def test_a_band_is_given_as_exact_text(program, lexora, kpi):
    with acting_in(lexora):
        Kpi.objects.update(direction="band", band_low="0.250000", band_high="10.000000")
    read = program.get(OF_KPI).json()
    assert (read["direction"], read["band_low"], read["band_high"]) == ("band", "0.25", "10")


def test_baselines_and_targets_are_read_with_every_version(program, lexora, kpi, now):
    with acting_in(lexora):
        for hours, num in ((0, 3), (1, 4)):
            at = AT | {"recorded_at": now + dt.timedelta(hours=hours)}
            Baseline.objects.create(
                kpi=kpi,
                starts_on=factories.DAY,
                ends_on=factories.DAY,
                parts={"num": num, "den": 10},
                source="Archive",
                **at,
            )
            KpiTarget.objects.create(
                kpi=kpi, valid_from=factories.DAY, target=f"0.{num}00000", **at
            )
    baselines = program.get(f"{OF_KPI}baselines/").json()["items"]
    assert [item["parts"] for item in baselines] == [
        {"num": "3", "den": "10"},
        {"num": "4", "den": "10"},
    ]
    newest = program.get(f"{OF_KPI}targets/", order="-valid_from", limit=1).json()
    assert [item["target"] for item in newest["items"]] == ["0.4"]
    rest = newest["next"].split("/targets/?")[1]
    older = program.get(f"{OF_KPI}targets/", **dict(part.split("=") for part in rest.split("&")))
    assert ([item["target"] for item in older.json()["items"]], older.json()["next"]) == (
        ["0.3"],
        None,
    )


def judged(kpi, decision, at, **record):
    Verdict.objects.create(
        deployment_id=kpi.deployment_id,
        as_of=at.date(),
        decision=decision,
        certainty="low",
        evidence={},
        record=factories.VERDICT | record,
        digest=decision,
        policy="rules 1",
        made_at=at,
    )


def test_recommendations_are_read_with_their_reasons(program, lexora, kpi, now):
    with acting_in(lexora):
        judged(kpi, "pause", now - dt.timedelta(days=1))
        judged(kpi, "improve", now, because=["A"], watch_sentences=["B"], counter_sentences=["C"])
    newest = {
        "deployment": "place-of-clauses-found",
        "as_of": "2026-11-24",
        "decision": "improve",
        "certainty": "low",
        "policy": "rules 1",
        "digest": "improve",
        "made_at": "2026-11-24T10:00:00+00:00",
        "headline": "Improve before you expand",
        "because": ["A", "B"],
        "against": ["C"],
    }
    assert program.get("verdicts/").json() == {"items": [newest], "next": None}
    path = "deployments/place-of-clauses-found/verdicts/"
    items = program.get(path).json()["items"]
    assert [item["decision"] for item in items] == ["improve", "pause"]
    assert items[0] == newest
    paused = program.get(path, decision="pause", fields="decision").json()["items"]
    assert paused == [{"decision": "pause"}]
    assert program.get("verdicts/", decision="pause").json()["items"] == []


def test_figures_are_filtered_by_period_and_grain(program):
    for week in ("2026-W44", "2026-W45"):
        figure = {"period": week, "parts": {"num": 1, "den": 2}}
        assert program.post(f"{OF_KPI}measurements/", figure).status_code == 201
    path = f"{OF_KPI}measurements/"

    def periods(**query):
        return [item["period"] for item in program.get(path, **query).json()["items"]]

    assert periods(order="-period") == ["2026-11-02", "2026-10-26"]
    assert periods(since="2026-11-01") == ["2026-11-02"]
    assert periods(until="2026-11-01") == ["2026-10-26"]
    assert periods(grain="week", grade="measured", withdrawn="false") == [
        "2026-10-26",
        "2026-11-02",
    ]
    assert periods(grain="month") == periods(withdrawn="true") == []
