"""Rollups folded by SQL are those of the monoids, digit for digit, whatever is folded."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kpis.actions import rollups
from kpis.actions.measurements import CannotRecord, Fact
from kpis.actions.rollups import folding
from kpis.domain.aggregation import monoids
from kpis.models import Rollup
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.factories.figures import MONDAY, drain, make_kpi, record

SMALL = st.integers(0, 40)
LARGE = st.one_of(SMALL, st.integers(0, 10**16))
PLACES = st.decimals(-(10**6), 10**6, places=3)
LONG = st.one_of(PLACES, st.decimals(-(10**11), 10**11, places=6))
WEIGHTS = st.one_of(st.just(Decimal(0)), st.decimals("0.001", 10**6, places=3))
TIMES = st.lists(st.integers(0, 10**7), min_size=1, max_size=4)


def shares(pair):
    return {"num": min(pair), "den": max(pair)}


def sums(values, known):
    parts = {"n": len(values), "sum": sum(values)}
    return parts | ({"sumsq": sum(value * value for value in values)} if known else {})


def times(values, known):
    parts = {"n": len(values), "sum_ms": sum(values), "min": min(values), "max": max(values)}
    return parts | ({"sumsq": sum(value * value for value in values)} if known else {})


def of(kind, **parts):
    return st.tuples(st.just(kind), st.fixed_dictionaries(parts))


def made(kind, how, *given):
    return st.tuples(st.just(kind), st.builds(how, *given))


# Halves at the eleventh place, and one so near to it that 28 digits cannot tell.
DEN = 10**19 + 10**10 - 1
HALVES = [(1, 2048), (3, 2048), ((DEN * (10**10 + 1) + 1) // (2 * 10**10), DEN)]
PAIRS = st.one_of(st.tuples(LARGE, LARGE), st.sampled_from(HALVES))
RATIO = made("ratio", shares, PAIRS)
OPAQUE = of("opaque", value=PLACES)
GIVEN = {
    "count": st.one_of(of("count", n=LARGE), OPAQUE),
    "ratio": st.one_of(RATIO, RATIO, RATIO, OPAQUE),
    "quotient": of("quotient", num=LONG, den=WEIGHTS),
    "rate": of("rate", events=LARGE, exposure=WEIGHTS),
    "mean": made("mean", sums, st.lists(PLACES, max_size=4), st.booleans()),
    "duration": st.one_of(
        made("duration", times, TIMES, st.booleans()),
        made("duration", monoids.of_durations, TIMES),
    ),
    "uptime": st.tuples(
        st.just("uptime"),
        st.builds(
            lambda pair: {"up_s": min(pair), "observed_s": max(pair)}, st.tuples(SMALL, LARGE)
        ),
    ),
    "money": of("money", minor=st.dictionaries(st.sampled_from(["EUR", "JPY"]), SMALL)),
    "rating": of(
        "rating", counts=st.dictionaries(st.sampled_from("125"), SMALL), top=st.just(["5"])
    ),
    "confusion": of("confusion", tp=SMALL, fp=SMALL, fn=SMALL, tn=SMALL),
    "score": of("score", sum_ws=PLACES, sum_w=WEIGHTS, rubric=st.sampled_from([["a"], ["b"]])),
    "distinct": st.one_of(RATIO, RATIO, of("distinct", members=st.lists(st.sampled_from("abc")))),
    "gauge": st.one_of(RATIO, of("gauge", value=PLACES, at=st.just("2026-11-02"))),
}
# Day, week and month figures of one KPI, each in its own quarter.
WHEN = st.one_of(
    st.tuples(st.just(Grain.DAY), st.sampled_from([0, 1, 2, 6, 7, 29, 30, 57])),
    st.tuples(st.just(Grain.WEEK), st.sampled_from([-42, -49, -63, -112])),
    st.tuples(st.just(Grain.MONTH), st.sampled_from([-140, -170])),
)


@st.composite
def figures(draw):
    kind = draw(st.sampled_from(sorted(GIVEN)))
    grain, days = draw(WHEN)
    given_as, parts = draw(GIVEN[kind])
    return kind, {
        "grain": grain,
        "day": MONDAY + dt.timedelta(days=days),
        "kind": given_as,
        "parts": parts,
        "unit_key": draw(st.sampled_from([0, 0, 7, 8])),
        "grade": draw(st.sampled_from(["measured", "measured", "sampled", "estimated", "assumed"])),
        "withdrawn": draw(st.sampled_from([False, False, False, True])),
    }


@pytest.fixture
def kpis(lexora, now):
    units = {"duration": "minutes"}
    return {
        kind: make_kpi(lexora, now, kind, kind, unit=units.get(kind, "fraction")) for kind in GIVEN
    }


def left(organization):
    """Every rollup as it stands, numbers with all their digits."""
    with acting_in(organization):
        rows = Rollup.objects.order_by("kpi_id", "unit_key", "grain", "day").values_list()
        return [tuple(map(str, row)) for row in rows]


def rebuilt(organization, now):
    with acting_in(organization):
        count = rollups.rebuild(at=now)
    rows = left(organization)
    assert len(rows) == count
    return rows


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    given=st.lists(figures(), min_size=1, max_size=14),
    turns=st.integers(1, 6),
    fiscal_start=st.sampled_from([1, 1, 2, 6, 12]),
)
def test_sql_folds_as_the_monoids_do(lexora, kpis, now, given, turns, fiscal_start):
    with transaction.atomic():
        type(lexora).objects.filter(pk=lexora.pk).update(fiscal_year_start=fiscal_start)
        for number, (kind, fact) in enumerate(given):
            with suppress(CannotRecord):  # Two grains in one quarter of that fiscal year.
                record(lexora, now, Fact(kpis[kind].pk, **fact), reason="Counted again.")
            if number % turns == 0:
                with acting_in(lexora):
                    rollups.drain(limit=turns)
        drain(lexora)
        by_drains, whole = left(lexora), rebuilt(lexora, now)
        with pytest.MonkeyPatch.context() as patch:
            # A first correction may come in between.
            patch.setattr(folding, "has_revised", lambda *_: False)
            unaware = rebuilt(lexora, now)
            patch.setattr(folding, "plain_of", lambda _: [])
            by_monoids = rebuilt(lexora, now)
        transaction.set_rollback(True)
    assert whole == by_monoids
    assert (by_drains, unaware) == (by_monoids, by_monoids)


@pytest.mark.parametrize(
    ("num", "den", "value"),
    [
        (*HALVES[0], "0.0004882812"),
        (*HALVES[1], "0.0014648438"),
        (*HALVES[2], "0.5000000000"),
        (1, 3, "0.3333333333"),
        (2, 3, "0.6666666667"),
        (0, 0, "None"),
    ],
)
def test_values_are_rounded_as_decimals_are(lexora, kpis, now, num, den, value):
    parts = {"num": num, "den": den}
    record(lexora, now, Fact(kpis["ratio"].pk, Grain.WEEK, MONDAY, "ratio", parts))
    drain(lexora)
    with acting_in(lexora):
        found = {str(value) for value in Rollup.objects.values_list("value", flat=True)}
    assert found == {value}


@pytest.mark.parametrize("withdrawn", [True, False])
def test_a_first_correction_in_between_counts_once(lexora, kpis, now, monkeypatch, withdrawn):
    fact = {"grain": Grain.DAY, "kind": "ratio"}
    monday = Fact(kpis["ratio"].pk, day=MONDAY, parts={"num": 1, "den": 2}, **fact)
    tuesday = replace(monday, day=MONDAY + dt.timedelta(days=1))
    record(lexora, now, monday, tuesday)
    changed = replace(monday, parts={"num": 2, "den": 4}, withdrawn=withdrawn)
    record(lexora, now, changed, reason="Counted again.")

    monkeypatch.setattr(folding, "has_revised", lambda *_: False)
    drain(lexora)

    with acting_in(lexora):
        weeks = Rollup.objects.filter(grain=2).values_list("num", "den", "facts")
        assert list(weeks) == [(1, 2, 1) if withdrawn else (3, 6, 2)]


def test_a_command_folds_an_organization_anew(lexora, harbor, kpis, now, capsys):
    record(lexora, now, Fact(kpis["ratio"].pk, Grain.DAY, MONDAY, "ratio", {"num": 1, "den": 2}))
    drain(lexora)
    as_it_was = left(lexora)
    with acting_in(lexora):
        Rollup.objects.filter(grain=2).delete()
        Rollup.objects.filter(grain=5).update(num=9)

    call_command("rebuild_rollups", "lexora")

    assert (left(lexora), len(as_it_was)) == (as_it_was, 4)
    assert capsys.readouterr().out == "4 rollups of Lexora Legal folded anew.\n"
    with pytest.raises(CommandError, match="There is no organization “nowhere”"):
        call_command("rebuild_rollups", "nowhere")
