"""Facts, one by one, give the same figures however they are split, stored and put together."""

import json
import math
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.domain.aggregation import monoids, sketch
from kpis.domain.aggregation.monoids import Kind

# A busy machine is no fault.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
HUNDREDTHS = st.integers(-(10**6), 10**6).map(lambda cents: Decimal(cents) / 100)
SIZES = st.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100)
TIMES = st.integers(0, 10**8)
ANSWERS = st.sampled_from(["1", "2", "3", "4", "5", None])
DAYS = [f"2026-11-{day:02}" for day in range(1, 31)]

# What one fact of a kind is: a customer, a task, a payment, an invitation, a second.
FACTS = {
    Kind.COUNT: st.just("call"),
    Kind.RATIO: st.booleans(),
    Kind.QUOTIENT: st.tuples(HUNDREDTHS, SIZES),
    Kind.RATE: st.tuples(st.integers(0, 9), SIZES),
    Kind.MEAN: HUNDREDTHS,
    Kind.DURATION: TIMES,
    Kind.MONEY: st.tuples(st.sampled_from(["EUR", "USD"]), st.integers(-(10**6), 10**6)),
    Kind.RATING: ANSWERS,
    Kind.CONFUSION: st.sampled_from(["tp", "fp", "fn", "tn"]),
    Kind.UPTIME: st.booleans(),
    Kind.SCORE: st.tuples(HUNDREDTHS, SIZES),
    Kind.DISTINCT: st.sampled_from("abcdefg"),
    Kind.GAUGE: st.tuples(st.sampled_from(DAYS), HUNDREDTHS),
    Kind.OPAQUE: HUNDREDTHS,
}


def total(amounts):
    """A sum without rounding, as exact text."""
    found = sum((Fraction(amount) for amount in amounts), Fraction(0))
    return Decimal(found.numerator) / Decimal(found.denominator)


def of_times(times):
    logs = [round(math.log(time) * monoids.LN_SCALE) if time else 0 for time in times]
    return {
        "n": len(times),
        "sum_ms": sum(times),
        "sumsq": sum(time**2 for time in times),
        "sum_ln": sum(logs),
        "sumsq_ln": sum(log**2 for log in logs),
        "min": min(times),
        "max": max(times),
        "buckets": Counter(map(sketch.key_of, times)),
    }


def of_payments(payments):
    spent = Counter()
    for currency, cents in payments:
        spent[currency] += cents
    return {"minor": spent}


def of_invitations(answers):
    given_answers = Counter(answer for answer in answers if answer)
    return {"counts": given_answers, "invited": len(answers), "top": ["4", "5"]}


def of_stock(levels):
    found = {}
    for at, value in levels:
        found[at] = found.get(at, 0) + value
    return {"levels": found}


# The parts of all facts at once, computed without merging anything.
AT_ONCE = {
    Kind.COUNT: lambda facts: {"n": len(facts)},
    Kind.RATIO: lambda facts: {"num": sum(facts), "den": len(facts)},
    Kind.QUOTIENT: lambda facts: {
        "num": total(top for top, _ in facts),
        "den": total(bottom for _, bottom in facts),
    },
    Kind.RATE: lambda facts: {
        "events": sum(events for events, _ in facts),
        "exposure": total(size for _, size in facts),
    },
    Kind.MEAN: lambda facts: {
        "n": len(facts),
        "sum": total(facts),
        "sumsq": total(fact * fact for fact in facts),
    },
    Kind.DURATION: of_times,
    Kind.MONEY: of_payments,
    Kind.RATING: of_invitations,
    Kind.CONFUSION: lambda facts: {name: facts.count(name) for name in ("tp", "fp", "fn", "tn")},
    Kind.UPTIME: lambda facts: {"up_s": sum(facts), "observed_s": len(facts)},
    Kind.SCORE: lambda facts: {
        "sum_ws": total(score * weight for score, weight in facts),
        "sum_w": total(weight for _, weight in facts),
        "rubric": ["v1"],
    },
    Kind.DISTINCT: lambda facts: {"members": facts},
    Kind.GAUGE: of_stock,
    Kind.OPAQUE: lambda facts: {"values": facts},
}
KINDS = pytest.mark.parametrize("kind", list(Kind))


def state(kind, facts):
    return monoids.from_parts(kind, AT_ONCE[kind](facts))


def stored(kind, found):
    """The bytes that are kept of a state."""
    return json.dumps(monoids.to_parts(kind, found))


def drawn(data, kind, size):
    return data.draw(st.lists(FACTS[kind], min_size=size, max_size=12))


def test_every_kind_has_facts():
    assert set(FACTS) == set(AT_ONCE) == set(Kind)


@KINDS
@UNHURRIED
@given(data=st.data())
def test_single_facts_merged_are_all_facts_at_once(kind, data):
    facts = drawn(data, kind, 1)
    merged = monoids.fold(kind, [state(kind, [fact]) for fact in facts])
    assert stored(kind, merged) == stored(kind, state(kind, facts))


@KINDS
@UNHURRIED
@given(data=st.data())
def test_any_split_by_day_and_unit_keeps_every_byte(kind, data):
    facts = drawn(data, kind, 1)
    where = st.tuples(st.integers(0, 3), st.integers(0, 2))
    cells = data.draw(st.lists(where, min_size=len(facts), max_size=len(facts)))
    days = {}
    for fact, (day, unit) in zip(facts, cells, strict=True):
        days.setdefault(day, {}).setdefault(unit, []).append(fact)

    kept = [[stored(kind, state(kind, part)) for part in units.values()] for units in days.values()]
    by_day = [monoids.fold(kind, map(read(kind), texts)) for texts in kept]
    order = data.draw(st.permutations(by_day))

    assert stored(kind, monoids.fold(kind, order)) == stored(kind, state(kind, facts))


def read(kind):
    return lambda text: monoids.from_parts(kind, json.loads(text))


@KINDS
@UNHURRIED
@given(data=st.data())
def test_the_laws_hold_to_the_last_byte(kind, data):
    a, b, c = (state(kind, drawn(data, kind, 1)) for _ in range(3))
    merge, nothing = monoids.monoid(kind).merge, monoids.monoid(kind).identity
    assert stored(kind, merge(a, b)) == stored(kind, merge(b, a))
    assert stored(kind, merge(merge(a, b), c)) == stored(kind, merge(a, merge(b, c)))
    assert stored(kind, merge(a, nothing)) == stored(kind, merge(nothing, a)) == stored(kind, a)


@KINDS
@UNHURRIED
@given(data=st.data())
def test_merging_leaves_what_it_was_given(kind, data):
    a, b = (state(kind, drawn(data, kind, 1)) for _ in range(2))
    before = stored(kind, a), stored(kind, b)
    monoids.monoid(kind).merge(a, b)
    assert (stored(kind, a), stored(kind, b)) == before


def test_the_average_of_two_shares_is_not_their_share():
    printed = [(5, 10), (90, 900)]
    weeks = [state("ratio", [True] * num + [False] * (den - num)) for num, den in printed]
    shares = [monoids.value("ratio", week) for week in weeks]
    both = monoids.fold("ratio", weeks)
    assert both == {"num": 95, "den": 910}
    assert round(monoids.value("ratio", both) * 100, 2) == Decimal("10.44")
    assert sum(shares) / 2 == Decimal("0.3")


@UNHURRIED
@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=9), min_size=2, max_size=5))
def test_a_share_of_shares_is_weighted_by_their_cases(weeks):
    states = [state("ratio", week) for week in weeks]
    weighted = sum(Fraction(sum(week), len(week)) * len(week) for week in weeks)
    cases = sum(map(len, weeks))
    value = monoids.value("ratio", monoids.fold("ratio", states))
    assert abs(Fraction(value) - weighted / cases) < Fraction(1, 10**20)


def test_precision_is_not_the_average_of_precisions():
    days = [{"tp": 1, "fp": 0, "fn": 0, "tn": 0}, {"tp": 1, "fp": 3, "fn": 5, "tn": 7}]
    found = monoids.fold("confusion", [monoids.from_parts("confusion", day) for day in days])
    assert monoids.value("confusion", found) == Decimal("0.4")


def test_money_of_two_currencies_stays_apart():
    paid = [state("money", [("EUR", 1250)]), state("money", [("USD", 100)])]
    both = monoids.fold("money", paid)
    assert both == {"minor": {"EUR": 1250, "USD": 100}}
    assert monoids.value("money", both) is None


def test_ratings_keep_every_answer_and_who_was_silent():
    found = monoids.fold("rating", [state("rating", ["5", "4", None]), state("rating", ["1", "5"])])
    assert found == {"counts": {"1": 1, "4": 1, "5": 2}, "invited": 5, "top": ["4", "5"]}
    assert monoids.value("rating", found) == Decimal("0.75")


@UNHURRIED
@given(st.permutations(["v1", "v2", "v1"]))
def test_scores_by_two_versions_of_a_rubric_have_no_value(versions):
    graded = [{"sum_ws": 4, "sum_w": 1, "rubric": [version]} for version in versions]
    found = monoids.fold("score", [monoids.from_parts("score", parts) for parts in graded])
    assert found["rubric"] == ["v1", "v2"]
    assert monoids.value("score", found) is None


@UNHURRIED
@given(*[st.lists(FACTS[Kind.DISTINCT], min_size=1)] * 2)
def test_persons_are_united_and_never_added(monday, tuesday):
    days = [state("distinct", monday), state("distinct", tuesday)]
    both = monoids.value("distinct", monoids.fold("distinct", days))
    assert both == len({*monday, *tuesday})
    assert monoids.value("distinct", monoids.fold("distinct", [*days, *days])) == both


@UNHURRIED
@given(st.lists(FACTS[Kind.GAUGE], min_size=1, unique_by=lambda level: level[0]))
def test_of_a_stock_the_last_level_counts(levels):
    found = monoids.fold("gauge", [state("gauge", [level]) for level in levels])
    assert found["levels"] == dict(levels)
    assert monoids.value("gauge", found) == max(levels)[1]


@UNHURRIED
@given(st.lists(HUNDREDTHS, min_size=2))
def test_foreign_figures_are_listed_and_give_no_value(values):
    found = monoids.fold("opaque", [state("opaque", [value]) for value in values])
    assert found["values"] == sorted(values)
    assert (found["values"][0], found["values"][-1]) == (min(values), max(values))
    assert monoids.value("opaque", found) is None
    assert not monoids.combines("opaque")


def test_a_percentile_of_two_percentiles_is_none_of_theirs():
    fast, slow = ([*range(start, start + 10)] for start in (11, 91))
    estimates = [p90(state("duration", times)) for times in (fast, slow, fast + slow)]
    assert [true_p90(times) for times in (fast, slow, fast + slow)] == [19, 99, 98]
    assert estimates == pytest.approx([19, 99, 98], rel=sketch.ALPHA)
    merged = monoids.fold("duration", [state("duration", times) for times in (fast, slow)])
    assert p90(merged) == estimates[2]
    assert sum(estimates[:2]) / 2 < 60


def p90(found):
    return sketch.quantile(found["buckets"], 0.9)


def true_p90(times):
    return sorted(times)[math.floor(0.9 * (len(times) - 1))]


@UNHURRIED
@given(st.lists(st.lists(st.floats(1e-9, 1e12), max_size=20), min_size=1, max_size=6))
def test_sketches_merge_exactly_and_keep_their_bound(days):
    values = sorted(value for day in days for value in day)
    merged = {}
    for day in days:
        merged = sketch.merge(merged, Counter(map(sketch.key_of, day)))
    assert merged == Counter(map(sketch.key_of, values))
    assert list(merged) == sorted(merged, key=int)
    for rank, true in enumerate(values):
        estimate = sketch.quantile(merged, quantile_of(rank, len(values)))
        assert abs(estimate - true) <= sketch.ALPHA * true * (1 + 1e-9)


def quantile_of(rank, count):
    """A q whose order statistic has that rank."""
    return min(1.0, (rank + 0.5) / (count - 1)) if count > 1 else 0.5
