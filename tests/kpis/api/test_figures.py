"""The API of figures: sent once or many at a time, read back exactly, refused in sentences."""

import datetime as dt

import pytest
from django.test import Client

from kpis.actions import rollups
from kpis.models import Kpi
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from portal.views.errors import server_error
from tests.api_client import DOCUMENT, HOME
from tests.kpis.api.figures import MANY, ONE, PLACE, SHARE, answered, extra_kpi, on_record

pytestmark = pytest.mark.usefixtures("tuesday")


def test_a_new_figure_an_equal_one_and_a_correction(program, lexora):
    stored = {
        "kpi": "clauses-found",
        "period": "2026-11-09",
        "grain": "week",
        "parts": {"num": "3", "den": "10"},
    }
    assert answered(program.post(ONE, SHARE)) == (201, {"outcome": "written", **stored})
    same = SHARE | {"parts": {"den": "10", "num": "3.0"}, "reason": "sent again"}
    assert answered(program.post(ONE, same)) == (200, {"outcome": "unchanged", **stored})
    other = SHARE | {"parts": {"num": 4, "den": 10}}
    status, said = answered(program.post(ONE, other))
    assert status == 409
    assert said["detail"] == (
        "The figure for 09 November 2026 differs from the one on record. Say why it is corrected."
    )
    assert said["on_record"]["parts"] == {"num": "3", "den": "10"}
    assert said["sent"] == {"num": "4", "den": "10"}
    corrected = program.post(ONE, other | {"reason": "One clause was counted twice"})
    assert (corrected.status_code, corrected.json()["outcome"]) == (201, "revised")
    assert on_record(lexora) == [("2026-11-09", 1, 3, 10), ("2026-11-09", 2, 4, 10)]
    with acting_in(lexora):
        noted = AuditEvent.objects.filter(verb="recorded figures of").order_by("id")
        assert [(one.actor, one.reason) for one in noted] == [
            ("token Nightly export", ""),
            ("token Nightly export", "One clause was counted twice"),
        ]


def test_figures_are_read_back_with_every_revision(program, lexora):
    program.post(ONE, SHARE | {"note": "From the archive", "grade": "sampled"})
    program.post(ONE, SHARE | {"parts": {"num": 4, "den": 10}, "reason": "Counted twice"})
    items = program.get(ONE).json()["items"]
    assert [
        (
            one["period"],
            one["grain"],
            one["revision"],
            one["parts"],
            one["value"],
            one["grade"],
            one["note"],
            one["reason"],
            one["recorded_by"],
        )
        for one in items
    ] == [
        (
            "2026-11-09",
            "week",
            1,
            {"num": "3", "den": "10"},
            "0.3",
            "sampled",
            "From the archive",
            "",
            "token Nightly export",
        ),
        (
            "2026-11-09",
            "week",
            2,
            {"num": "4", "den": "10"},
            "0.4",
            "measured",
            "",
            "Counted twice",
            "token Nightly export",
        ),
    ]


def test_a_series_gives_parts_exactly_at_the_grain_asked_for(program, lexora):
    for week, num in (("2026-W45", 1), ("2026-W46", 2)):
        program.post(ONE, {"period": week, "parts": {"num": num, "den": 3}})
    with acting_in(lexora):
        rollups.drain()
    path = f"{PLACE}kpis/clauses-found/series/"
    weeks = program.get(path).json()
    assert (weeks["grain"], weeks["unit"]) == ("week", "fraction")
    assert [(one["period"], one["parts"], one["value"]) for one in weeks["points"]] == [
        ("2026-11-02", {"num": "1", "den": "3"}, "0.3333333333"),
        ("2026-11-09", {"num": "2", "den": "3"}, "0.6666666667"),
    ]
    (month,) = program.get(path, grain="month").json()["points"]
    assert (month["parts"], month["value"], month["facts"], month["grade"]) == (
        {"num": "3", "den": "6"},
        "0.5",
        2,
        "measured",
    )
    late = program.get(path, **{"from": "2026-11-05", "grain": "week"}).json()["points"]
    early = program.get(path, to="2026-11-05").json()["points"]
    assert [one["period"] for one in (*early, *late)] == ["2026-11-02", "2026-11-09"]


@pytest.mark.parametrize(
    ("kind", "unit", "parts", "kept", "value"),
    [
        (
            "duration",
            "minutes",
            {"n": 4, "mean": 2.5, "sd": 1},
            {"n": "4", "sum_ms": "600000"},
            "2.5",
        ),
        ("mean", "points", {"n": 4, "mean": "2.25"}, {"n": "4", "sum": "9"}, "2.25"),
        ("rate", "per hour", {"num": 6, "den": "1.5"}, {"events": "6", "exposure": "1.5"}, "4"),
        ("confusion", "", {"tp": 3, "fp": 1, "fn": 0, "tn": 2}, {"tp": "3", "fp": "1"}, "0.75"),
        ("count", "letters", {"value": 7}, {"n": "7"}, "7"),
        ("count", "letters", {"n": 7}, {"n": "7"}, "7"),
        ("ratio", "fraction", {"value": "0.28"}, {"values": ["0.28"]}, "0.28"),
    ],
)
def test_each_kind_takes_its_parts(program, lexora, kpi, now, kind, unit, parts, kept, value):
    extra_kpi(lexora, kpi, now, "other", kind, unit=unit)
    path = f"{PLACE}kpis/other/measurements/"
    assert program.post(path, {"period": "2026-11", "parts": parts}).status_code == 201
    (item,) = program.get(path).json()["items"]
    assert {name: item["parts"][name] for name in kept} == kept
    assert item["value"] == value


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"period": "2026-W60"}, "period", "“2026-W60” is not in the calendar."),
        ({"period": "0000-Q1"}, "period", "“0000-Q1” is not in the calendar."),
        ({"period": "2026-11-31"}, "period", "“2026-11-31” is not in the calendar."),
        ({"period": "last week"}, "period", "“last week” cannot be read. Write it like 2026-W47."),
        ({"period": "2026-W49"}, "period", "30 November 2026 has not come yet."),
        ({"period": "1926-11"}, "period", "1926-11 is too long ago. Is the year right?"),
        ({"period": 46}, "period", "This must be a text."),
        ({"parts": {}}, "parts", "There is no number here. Leave out what was not measured."),
        (
            {"parts": {"num": 11, "den": 10}},
            "parts",
            "The numerator 11 is above the denominator 10. Swap them?",
        ),
        ({"parts": {"num": 3}}, "parts", "Clauses found is a ratio. Send num and den."),
        ({"parts": {"n": 3, "mean": 1}}, "parts", "Clauses found is a ratio. Send num and den."),
        (
            {"parts": {"num": "3,5", "den": 10}},
            "parts.num",
            "“3,5” cannot be read. Write it like 0.28.",
        ),
        ({"parts": {"num": True, "den": 10}}, "parts.num", "This must be a number or a text."),
        (
            {"parts": {"num": 10**16, "den": 10**16}},
            "parts.num",
            "This number has too many digits to be a figure.",
        ),
        ({"parts": {"num": None, "den": 10}}, "parts.num", "This must be a number or a text."),
        (
            {"grade": "guessed"},
            "grade",
            "“guessed” is none of measured, sampled, estimated, assumed.",
        ),
        ({"note": "x" * 2001}, "note", "This text has 2001 letters; 2000 are possible."),
        (
            {"colour": "red"},
            "colour",
            "“colour” is not known here. Known are period, parts, grade, note, reason.",
        ),
        (
            {"parts": {"nun": 1}},
            "parts.nun",
            "“nun” is not known here. Known are num, den, value, n, mean, sd, tp, fp, fn, tn.",
        ),
    ],
)
def test_a_figure_that_cannot_be_used(program, lexora, wrong, field, sentence):
    status, said = answered(program.post(ONE, SHARE | wrong))
    assert (status, said["field"], said["detail"]) == (422, field, sentence)
    assert on_record(lexora) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" ", "This is not JSON: see line 1, column 2."),
        (b"{", "This is not JSON: see line 1, column 2."),
        (b'{"parts": {"num": NaN}}', "NaN is not a figure. Leave out what was not measured."),
        (
            b'{"parts": {"num": -Infinity}}',
            "-Infinity is not a figure. Leave out what was not measured.",
        ),
        (b'{"note": "a", "note": "b"}', "“note” stands twice in one object. Say it once."),
        (b"[" * 100_000, "This JSON holds a number that is too long, or lists too deep."),
        (
            b'{"period": ' + b"9" * 5000 + b"}",
            "This JSON holds a number that is too long, or lists too deep.",
        ),
        (
            b'{"parts": {"num": 0.' + b"1" * 100 + b"}}",
            "0.111111111111111111… has too many digits.",
        ),
        (b'{"note": "\xff"}', "Send UTF-8; these bytes are something else."),
    ],
)
def test_a_body_that_is_no_json(program, lexora, content, sentence):
    status, said = answered(program.post(ONE, content))
    assert (status, said["detail"]) == (400, sentence)
    assert on_record(lexora) == []


@pytest.mark.parametrize("number", ["1e400", "1e-400", "1e999999999", "-1e15"])
def test_a_number_that_no_column_holds(program, lexora, number):
    body = f'{{"period": "2026-W46", "parts": {{"value": {number}}}}}'
    assert program.post(ONE, body).status_code == 422
    assert on_record(lexora) == []


@pytest.mark.parametrize("body", [[], '"text"', 3, None])
def test_one_figure_is_an_object(program, body):
    status, said = answered(program.post(ONE, body))
    assert (status, said["detail"]) == (422, "This must be an object.")


def test_another_content_type_is_refused(program):
    answer = program.post(ONE, "a=1", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert program.post(MANY, "a=1", content_type="text/plain").status_code == 415


def test_a_retired_kpi_takes_no_figure(program, lexora, kpi):
    with acting_in(lexora):
        Kpi.objects.update(retired_on=dt.date(2026, 11, 1))
    status, said = answered(program.post(ONE, SHARE))
    assert (status, said["detail"]) == (409, "Clauses found was retired and takes no more figures.")
    bulk = program.post(MANY, [{"kpi": "clauses-found", **SHARE}])
    assert bulk.json()["errors"][0]["field"] == "kpi"


def test_two_grains_in_one_quarter_contradict_the_record(program, lexora):
    program.post(ONE, SHARE)
    status, said = answered(program.post(ONE, SHARE | {"period": "2026-11"}))
    assert status == 409
    assert "count the same work twice" in said["detail"]
    assert len(on_record(lexora)) == 1


def test_a_quarter_that_the_fiscal_year_does_not_have(program, lexora, kpi):
    lexora.fiscal_year_start = 2
    lexora.save()
    status, said = answered(program.post(ONE, SHARE | {"period": "2026-Q4"}))
    assert (status, said["field"]) == (422, "period")
    assert "is not a quarter of your fiscal year" in said["detail"]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("deployments/", {"limit": "0"}, "limit"),
        ("deployments/", {"limit": "201"}, "limit"),
        ("deployments/", {"limit": "²"}, "limit"),
        ("deployments/", {"colour": "red"}, "colour"),
        ("deployments/", {"after": "WyJzbHVnIiwiYVx1MDAwMCJd"}, "after"),
        ("deployments/", {"order": "owner_name"}, "order"),
        ("deployments/", {"limit": ["1", "2"]}, "limit"),
        ("deployments/", {"fields": "slug,id"}, "fields"),
        ("deployments/", {"phase": "dream"}, "phase"),
        (ONE, {"after": "2.2026-13-01.1"}, "after"),
        (ONE, {"after": "9.2026-11-01.1"}, "after"),
        (f"{PLACE}kpis/clauses-found/series/", {"from": "yesterday"}, "from"),
        (f"{PLACE}kpis/clauses-found/series/", {"grain": "day"}, "grain"),
    ],
)
def test_a_query_that_cannot_be_read(program, path, query, field):
    status, said = answered(program.get(path, **query))
    assert (status, said["field"]) == (400, field)
    assert said["detail"].endswith(".")


def followed(program, path, limit):
    """Everything in a list, page by page."""
    found, page = [], program.get(path, limit=limit).json()
    while True:
        found += page["items"]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            return found
        place, _, query = page["next"].partition("?")
        after = dict(pair.split("=") for pair in query.split("&"))
        page = program.get(place.partition(HOME)[2], **after).json()


def test_pages_hold_everything_once(program, lexora, kpi, now):
    for number in range(7):
        extra_kpi(lexora, kpi, now, f"kpi-{number}", "ratio")
        program.post(ONE, {"period": f"2026-W{40 + number}", "parts": {"num": 1, "den": 2}})
    slugs = [one["slug"] for one in followed(program, f"{PLACE}kpis/", 3)]
    assert slugs == ["clauses-found", *(f"kpi-{number}" for number in range(7))]
    periods = [one["period"] for one in followed(program, ONE, 3)]
    assert periods == sorted(periods)
    assert len(set(periods)) == 7


def test_lists_tell_what_they_declare(program, kpi):
    (place,) = program.get("deployments/").json()["items"]
    assert place == {
        "slug": "place-of-clauses-found",
        "name": "Place of Clauses found",
        "use_case": "case-of-clauses-found",
        "unit": None,
        "owner_name": "Mara",
        "system": "Clausal",
        "vendor": "",
        "model_version": "",
        "model_changed_on": None,
        "started_on": None,
        "phase": "pre_launch",
        "status": "proposed",
        "risk_class": "high",
        "effect_reach": "decision_on_person",
        "human_review": "unverified",
        "regulated_domain": "",
        "approved_tasks": [],
        "approved_groups": [],
        "approved_data": [],
        "expected_rhythm": "",
        "created_at": "2026-11-24T10:00:00+00:00",
    }
    (found,) = program.get(f"{PLACE}kpis/").json()["items"]
    assert (found["slug"], found["kind"], found["unit"], found["direction"]) == (
        "clauses-found",
        "ratio",
        "fraction",
        "up",
    )


def test_the_document_is_served_as_it_is_checked(program):
    served = program.get("openapi.json").json()
    assert served["paths"] == DOCUMENT["paths"]
    assert served["servers"] == [{"url": "http://testserver/o/lexora/api/v1"}]


def test_an_unknown_address_below_the_api_answers_json(db):
    answer = Client().get("/o/lexora/api/v1/nothing/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        404,
        "application/problem+json",
    )


def test_what_breaks_answers_a_sentence_and_no_trace(rf):
    answer = server_error(rf.post(f"{HOME}deployments/"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        500,
        "application/problem+json",
    )
    assert b"Something broke on our side and nothing was written." in answer.content
