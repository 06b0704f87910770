"""Many figures in one request: all or none, or the good ones, with every fault named by row."""

import pytest

from kpis.actions import measurements
from kpis.api import measurements as api
from kpis.api import rows
from kpis.models import Measurement
from portal.domain.calendar import Grain
from portal.tenancy.scope import acting_in
from tests.kpis.api.figures import MANY, ONE, PLACE, SHARE, answered, extra_kpi, on_record

pytestmark = pytest.mark.usefixtures("tuesday")

HEADER = "kpi,period,num,den,value,n,mean,sd,grade,note"


def row(week, num, **fields):
    return {"kpi": "clauses-found", "period": f"2026-W{week}", "parts": {"num": num, "den": 10}} | (
        fields
    )


def tally(written=0, revised=0, unchanged=0, errors=()):
    return {
        "written": written,
        "revised": revised,
        "unchanged": unchanged,
        "errors": list(errors),
        "not_listed": 0,
    }


def test_a_list_is_written_once(program, lexora):
    sent = [row(45, 1), row(46, 2)]
    assert answered(program.post(MANY, sent)) == (200, tally(written=2))
    assert answered(program.post(MANY, [*sent, row(44, 5)])) == (200, tally(1, 0, 2))
    corrected = row(45, 3, reason="Counted anew")
    assert answered(program.post(MANY, [corrected])) == (200, tally(revised=1))
    assert on_record(lexora) == [
        ("2026-10-26", 1, 5, 10),
        ("2026-11-02", 1, 1, 10),
        ("2026-11-02", 2, 3, 10),
        ("2026-11-09", 1, 2, 10),
    ]


def test_a_csv_says_the_same(program, lexora, kpi, now):
    extra_kpi(lexora, kpi, now, "time", "duration", unit="minutes")
    lines = [
        HEADER,
        "clauses-found,2026-W45,1,10,,,,,sampled,from the archive",
        "",
        "time,2026-W45,,,,4,2.5,1,,",
        'clauses-found,2026-W46,2,10,,,,,,"one, with a comma"',
    ]
    assert answered(program.csv(MANY, *lines)) == (200, tally(written=3))
    assert answered(program.csv(MANY, *lines)) == (200, tally(unchanged=3))
    with acting_in(lexora):
        said = Measurement.objects.filter(kpi_id=kpi.pk).order_by("day")
        assert [(one.num, one.grade, one.note) for one in said] == [
            (1, "sampled", "from the archive"),
            (2, "measured", "one, with a comma"),
        ]


WRONG = [
    row(45, 1),
    row(46, 12),
    {"kpi": "happiness", "period": "2026-W46", "parts": {"value": 1}},
    row(44, 1, colour="red"),
    "text",
    row(45, 2),
    {"period": "2026-W43"},
]
ERRORS = [
    {
        "row": 2,
        "field": "parts",
        "message": "The numerator 12 is above the denominator 10. Swap them?",
    },
    {
        "row": 3,
        "field": "kpi",
        "message": "“happiness” is not a KPI of this deployment that takes figures.",
    },
    {
        "row": 4,
        "field": "colour",
        "message": "“colour” is not known here. Known are kpi, period, parts, grade, note, reason.",
    },
    {"row": 5, "field": "", "message": "This must be an object."},
    {
        "row": 6,
        "field": "period",
        "message": "Clauses found stands twice for this period; see row 1.",
    },
    {"row": 7, "field": "kpi", "message": "“kpi” is missing."},
    {"row": 7, "field": "parts", "message": "“parts” is missing."},
]


def test_one_wrong_row_keeps_all_out(program, lexora):
    status, said = answered(program.post(MANY, WRONG))
    assert status == 422
    assert said["detail"] == (
        "Nothing was written: 6 rows need another look. Mend what `errors` names, or send with "
        "?keep_good=true."
    )
    assert {name: said[name] for name in tally()} == tally(errors=ERRORS)
    assert on_record(lexora) == []


def test_the_good_rows_are_kept_on_request(program, lexora):
    answer = program.post(f"{MANY}?keep_good=true", WRONG)
    assert answered(answer) == (200, tally(written=1, errors=ERRORS))
    assert on_record(lexora) == [("2026-11-02", 1, 1, 10)]


def test_a_row_that_contradicts_the_record_is_named_with_both_values(program, lexora):
    program.post(ONE, SHARE)
    error = {
        "row": 1,
        "field": "reason",
        "message": "On record is num 3, den 10; this says num 4, den 10. "
        "Give a reason to correct it.",
    }
    sent = [row(46, 4), row(45, 1)]
    status, said = answered(program.post(MANY, sent))
    assert (status, said["errors"]) == (422, [error])
    assert len(on_record(lexora)) == 1
    kept = program.post(f"{MANY}?keep_good=true", sent)
    assert answered(kept) == (200, tally(written=1, errors=[error]))


def test_what_the_record_itself_refuses_is_told_by_kpi(program, lexora, kpi, now):
    extra_kpi(lexora, kpi, now, "other", "ratio", unit="fraction")
    sent = [row(45, 1), {**row(45, 1), "period": "2026-11"}, {**row(45, 2), "kpi": "other"}]
    status, said = answered(program.post(MANY, sent))
    assert status == 422
    assert [(one["row"], one["field"]) for one in said["errors"]] == [(1, "period"), (2, "period")]
    assert "count the same work twice" in said["errors"][0]["message"]
    assert on_record(lexora) == []
    kept = program.post(f"{MANY}?keep_good=true", sent).json()
    assert (kept["written"], len(kept["errors"])) == (1, 2)


def test_a_file_and_a_program_agree_on_equal_figures(program, lexora, kpi, now):
    fact = measurements.Fact(
        kpi.pk,
        Grain.WEEK,
        rows.EARLIEST.replace(year=2026, month=11, day=9),
        "opaque",
        {"value": "0.280"},
    )
    with acting_in(lexora):
        measurements.record(facts=[fact], source="file", by="mara", at=now)
    sent = {"period": "2026-W46", "parts": {"value": 0.28}}
    assert program.post(ONE, sent).status_code == 200
    assert answered(program.post(MANY, [{"kpi": "clauses-found", **sent}])) == (
        200,
        tally(unchanged=1),
    )


@pytest.mark.parametrize(
    ("lines", "status", "sentence"),
    [
        (["kpi,period,colour", "a,b,c"], 400, "The column “colour” is not known."),
        (["kpi,num,den", "a,1,2"], 400, "The header lacks period."),
        (["kpi,period,kpi", "a,b,c"], 400, "A column stands twice in the header."),
        (['kpi,period,num\n"open'], 400, "The CSV cannot be split into columns"),
        ([HEADER], 422, "There is no figure in this request."),
        (["\n"], 400, "The header lacks kpi and period."),
    ],
)
def test_a_csv_that_is_none(program, lexora, lines, status, sentence):
    answer = program.csv(MANY, *lines)
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]


def test_a_csv_row_with_a_cell_too_many(program):
    (error,) = program.csv(MANY, "kpi,period,value", "clauses-found,2026-W46,1,5").json()["errors"]
    assert (error["row"], error["message"]) == (2, "This row has more cells than the header.")


def test_too_many_rows_and_too_many_bytes(program, lexora, monkeypatch):
    monkeypatch.setattr(api, "MOST_ROWS", 3)
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    status, said = answered(program.post(MANY, [row(45, 1)] * 4))
    assert (status, said["detail"]) == (
        413,
        "These are 4 rows; 3 are possible. Send them in parts.",
    )
    huge = program.post(MANY, b"[" + b" " * (10 * 1024 * 1024) + b"]")
    assert (huge.status_code, huge.json()["detail"]) == (
        413,
        "A body may have 10 MB at this address. Send less at a time.",
    )
    assert program.post(MANY, b"[" + b" " * (9 * 1024 * 1024) + b"]").status_code == 422
    assert on_record(lexora) == []


def test_the_place_must_be_there(program):
    answer = program.post("deployments/nowhere/measurements/", [row(45, 1)])
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is nothing of that name here."
    assert PLACE not in answer.content.decode()


def test_a_hundred_thousand_wrong_rows_get_a_bounded_answer(program, lexora):
    wrong = program.post(MANY, [{"a": 1, "b": 2}] * 100_000).json()
    assert (len(wrong["errors"]), wrong["not_listed"]) == (10_000, 490_000)
    assert "100,000 rows need another look" in wrong["detail"]
    names = ",".join(f'"{number}":1' for number in range(300_000))
    twice = program.post(ONE, f'{{{names},"299999":2}}')
    assert twice.json()["detail"] == "“299999” stands twice in one object. Say it once."
