"""Sixty faults of a figure: said in the same words whether it comes alone or among others."""

import pytest
import time_machine

from kpis.models import Kpi, Measurement
from portal.tenancy.scope import acting_in
from tests.api_client import Program
from tests.factories.figures import make_kpi

PLACE = "deployments/place-of-clauses-found/"
MANY = f"{PLACE}measurements/"
RATIO, TIME, COUNT, MATRIX = "clauses-found", "minutes", "letters", "matrix"
GOOD = {"period": "2026-W46", "parts": {"num": 3, "den": 10}}
MEAN = {"period": "2026-W46", "parts": {"n": 4, "mean": 2.5}}


def ratio(**fields):
    return RATIO, GOOD | fields


def parts(**parts):
    return RATIO, GOOD | {"parts": parts}


def time(**parts):
    return TIME, {"period": "2026-W46", "parts": parts}


BAD = [
    # Not the shape of a figure.
    (RATIO, {"parts": {"num": 3, "den": 10}}),
    (RATIO, {"period": "2026-W46"}),
    (RATIO, {}),
    ratio(colour="red"),
    ratio(colour="red", shape="round"),
    ratio(id=1),
    # Periods.
    ratio(period=""),
    ratio(period=46),
    ratio(period=None),
    ratio(period=["2026-W46"]),
    ratio(period="2026-W60"),
    ratio(period="2026-W00"),
    ratio(period="2026-13"),
    ratio(period="2026-00"),
    ratio(period="2026-02-29"),
    ratio(period="2026-11-31"),
    ratio(period="2026-Q5"),
    ratio(period="0000-Q1"),
    ratio(period="1926-11"),
    ratio(period="2026-W49"),
    ratio(period="2027-01"),
    ratio(period="last week"),
    ratio(period="2026/11/16"),
    ratio(period="16.11.2026"),
    ratio(period="2026-W46 "),
    ratio(period="२०२६-W46"),
    # Parts.
    ratio(parts=None),
    ratio(parts=[]),
    ratio(parts="3/10"),
    parts(),
    parts(num=3),
    parts(den=10),
    parts(num=11, den=10),
    parts(num=3, den=0),
    parts(num=-1, den=10),
    parts(num=3, den=-10),
    parts(num="3,5", den=10),
    parts(num="", den=10),
    parts(num="1e3", den=10),
    parts(num="NaN", den=10),
    parts(num="0x3", den=10),
    parts(num=True, den=10),
    parts(num=None, den=10),
    parts(num=[3], den=10),
    parts(num={"value": 3}, den=10),
    parts(num=10**16, den=10**16),
    parts(num=3, den=10, n=4),
    parts(n=3, mean=1),
    parts(tp=1, fp=1, fn=1, tn=1),
    parts(nun=1),
    parts(num="x", den="y"),
    # Means, counts and matrices.
    time(n=4),
    time(mean=2.5),
    time(n=0, mean=2.5),
    time(n=4, mean=2.5, sd=-1),
    time(n=1.5, mean=2),
    (COUNT, {"period": "2026-W46", "parts": {"value": -1}}),
    (COUNT, {"period": "2026-W46", "parts": {"tp": 1}}),
    (MATRIX, {"period": "2026-W46", "parts": {"tp": -1, "fp": 0, "fn": 0, "tn": 0}}),
    # What is said beside it.
    ratio(grade="guessed"),
    ratio(grade=1),
    ratio(note="x" * 2001),
    ratio(note=["a"]),
    ratio(reason="x" * 2001),
    ratio(reason=None),
]


@pytest.fixture
def program(lexora, now):
    kpi = make_kpi(lexora, now)
    with acting_in(lexora):
        for slug, kind, unit in (
            (TIME, "duration", "minutes"),
            (COUNT, "count", "letters"),
            (MATRIX, "confusion", ""),
        ):
            Kpi.objects.create(
                deployment_id=kpi.deployment_id,
                slug=slug,
                name=slug.capitalize(),
                kind=kind,
                unit=unit,
                role="quality",
                direction="down",
                created_at=now,
            )
    with time_machine.travel(now, tick=False):
        yield Program(lexora, now)


def test_the_same_faults_in_the_same_words_alone_and_among_others(program, lexora):
    assert len(BAD) >= 60
    alone = []
    for row, (kpi, figure) in enumerate(BAD, start=1):
        answer = program.post(f"{PLACE}kpis/{kpi}/measurements/", figure)
        assert answer.status_code == 422, (row, figure, answer.json())
        assert answer.json()["detail"] == answer.json()["errors"][0]["message"]
        alone += [{"row": row, **error} for error in answer.json()["errors"]]
    among_others = program.post(MANY, [{"kpi": kpi, **figure} for kpi, figure in BAD])
    assert among_others.status_code == 422
    # Only what is not known is told with the names that are: there the KPI is one of them.
    names = "Known are kpi, period, parts"
    listed = [
        error | {"message": error["message"].replace(names, names.replace("kpi, ", ""))}
        for error in among_others.json()["errors"]
    ]
    in_order = sorted(alone, key=lambda error: (error["row"], error["field"]))
    assert listed == in_order
    with acting_in(lexora):
        assert Measurement.objects.count() == 0
