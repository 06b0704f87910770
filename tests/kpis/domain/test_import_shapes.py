"""Tables as they reach a manager: titles, totals, long, wide and across, and what is asked."""

import datetime as dt

import pytest

from kpis.domain.imports.mapping import ColumnMapping, KpiColumn, check, from_json, plain
from kpis.domain.imports.names import Team
from kpis.domain.imports.proposing import propose
from kpis.domain.imports.questions import Home
from kpis.domain.imports.reading import read
from kpis.domain.imports.shape import table_of
from kpis.domain.imports.table import UnreadableFile, read_csv

TODAY = dt.date(2026, 11, 24)


def kpi(slug, name, kind="ratio", unit="fraction", **more):
    return KpiColumn(slug, name, kind, frozenset({plain(slug), plain(name)}), unit=unit, **more)


KPIS = [
    kpi("regeneration", "Regeneration rate"),
    kpi("minutes", "Minutes per case", "duration", "minutes"),
    kpi("cost", "Cost", "money", "currency", currency="EUR"),
    kpi("cases", "Cases", "count", "items"),
]
TEAMS = {"legal": Team("legal", "Legal"), "sales": Team("sales", "Sales")}


def bring(text, *, home=None, **said):
    """Reading and mapping of a CSV as proposed, with what a person said besides."""
    table = table_of(read_csv(text.encode()), known={name for one in KPIS for name in one.names})
    proposed = propose(table, KPIS, TEAMS)
    mapping = from_json({**proposed.as_json(), **said})
    check(mapping, KPIS)
    return read(table, mapping, KPIS, today=TODAY, units=TEAMS, home=home), mapping


def said(reading):
    return [
        (one.slug, one.unit, one.grain.value, one.day.isoformat(), dict(one.parts))
        for one in reading.figures
    ]


def test_titles_blank_rows_units_totals_and_footnotes_are_no_figures():
    reading, _ = bring(
        "Weekly report 2026;;\n;;\nWeek;Regeneration rate;Cases\n;%;n\n2026-W46;28,5;1.200\n"
        ";;\n2026-W47;n/a;0\nTotal;28,5;1.200\nSource: CRM;;\n"
    )
    assert said(reading) == [
        ("regeneration", "", "week", "2026-11-09", {"value": "0.285"}),
        ("cases", "", "week", "2026-11-09", {"n": 1200}),
        ("cases", "", "week", "2026-11-16", {"n": 0}),
    ]
    assert reading.faults == ()
    assert reading.empty == ((7, "regeneration"),)
    assert reading.skipped == (
        (8, "“Total” adds up other rows."),
        (9, "No figure stands in this row."),
    )


def test_a_header_of_two_rows_is_joined():
    reading, mapping = bring(
        "Month;Regeneration rate;;Cost\n;numerator;denominator;\n2026-10;28;100;1250,50\n"
    )
    assert mapping.columns == {
        "Month": "period",
        "Regeneration rate numerator": "figure:regeneration:num",
        "Regeneration rate denominator": "figure:regeneration:den",
        "Cost": "figure:cost:value",
    }
    assert said(reading) == [
        ("regeneration", "", "month", "2026-10-01", {"num": 28, "den": 100}),
        ("cost", "", "month", "2026-10-01", {"minor": {"EUR": 125050}}),
    ]


def test_a_long_table_with_teams_grades_and_cases():
    reading, mapping = bring(
        "Datum;Kennzahl;Abteilung;Wert;n;how known;Bemerkung\n"
        "2.11.2026;Minutes per case;Legal;11,5;1;gemessen;first\n"
        "2.11.2026;Minutes per case;Sales;12;1;estimated;\n"
    )
    assert set(mapping.columns.values()) == {
        "period",
        "kpi",
        "unit",
        "long:value",
        "long:n",
        "grade",
        "note",
    }
    assert [(one.unit, one.grade, one.note, one.kind) for one in reading.figures] == [
        ("legal", "measured", "first", "duration"),
        ("sales", "estimated", "", "duration"),
    ]


def test_weeks_across_with_numerator_and_denominator_in_rows_of_their_own():
    reading, mapping = bring(
        "KPI,KW 45/2026,KW 46/2026\nRegeneration rate numerator,28,30\n"
        "Regeneration rate denominator,100,\nCases,5,n/a\n"
    )
    assert mapping.is_across
    assert said(reading) == [
        ("regeneration", "", "week", "2026-11-02", {"num": 28, "den": 100}),
        ("cases", "", "week", "2026-11-02", {"n": 5}),
    ]
    assert [(one.row, one.column, one.sentence) for one in reading.faults] == [
        (2, "KW 46/2026", "Give both the numerator and the denominator, or neither."),
    ]


def test_columns_of_any_name_are_known_by_what_stands_in_them():
    _, mapping = bring("a,b,c\n2026-W45,Regeneration rate,0.2\n2026-W46,Cases,7\n")
    assert dict(mapping.columns) == {"a": "period", "b": "kpi", "c": "long:value"}


def test_a_name_that_nobody_knows_is_answered_once_for_all_rows():
    text = "week,kpi,value\n2026-W45,Regen. rate,0.2\n2026-W46,regen rate,0.3\n2026-W46,Moon,1\n"
    reading, _ = bring(text)
    assert reading.unknown == (
        ("kpi", "Regen. rate", "regeneration"),
        ("kpi", "regen rate", "regeneration"),
        ("kpi", "Moon", ""),
    )
    reading, _ = bring(text, names={"kpi:Regen. rate": "regeneration", "kpi:Moon": "ignore"})
    assert [one.row for one in reading.figures] == [2, 3]
    assert (reading.faults, reading.skipped) == ((), ((4, "You left out “Moon”."),))


def test_a_team_that_nobody_knows_is_named():
    reading, _ = bring("week,team,Cases\n2026-W45,Legal,1\n2026-W45,Sales,2\n2026-W45,Leagl,3\n")
    (fault,) = reading.faults
    assert (fault.row, fault.column) == (4, "team")
    assert (
        fault.sentence
        == "“Leagl” is not a team here. Do you mean “Legal”? Say so, or correct the name."
    )


def test_everybody_beside_teams_would_count_twice():
    reading, _ = bring("week,team,Cases\n2026-W45,Legal,1\n2026-W45,Sales,2\n2026-W45,All,3\n")
    (fault,) = reading.faults
    assert fault.row == 4
    assert "everybody and figures of teams for this period (see row 2)" in fault.sentence


def test_weeks_beside_a_month_would_count_twice():
    reading, _ = bring("period,Cases\n2026-W45,1\n2026-10,4\n")
    (fault,) = reading.faults
    assert fault.row == 3
    assert "by week (row 2) and by month in one quarter" in fault.sentence


def test_counted_weeks_that_start_again_ask_for_their_year():
    reading, _ = bring("KW,Cases\nKW 51,1\nKW 52,2\nKW 1,3\n", first_week="2025-01-01")
    assert [one.row for one in reading.figures] == [2, 3]
    assert [(one.row, one.sentence) for one in reading.faults] == [
        (4, "The weeks start again at 1 here. Write them with their year, as in 2026-W01."),
    ]


@pytest.mark.parametrize(
    ("text", "asked", "answer", "value"),
    [
        ("date,Cases\n11/3/26,5\n", "dates", {"dates": "dmy"}, ("2026-03-11", {"n": 5})),
        ("date,Cases\n11/3/26,5\n", "dates", {"dates": "mdy"}, ("2026-11-03", {"n": 5})),
        (
            "week,Cases\nweek 2,5\n",
            "first_week",
            {"first_week": "2026-11-02"},
            ("2026-11-09", {"n": 5}),
        ),
        (
            "week,Regeneration rate\n2026-W45,28\n",
            "shares",
            {"shares": "percent"},
            ("2026-11-02", {"value": "0.28"}),
        ),
        (
            "week,Regeneration rate (%)\n2026-W45,0.28\n",
            "shares",
            {"shares": "fraction"},
            ("2026-11-02", {"value": "0.28"}),
        ),
    ],
)
def test_what_only_a_person_can_say_is_asked(text, asked, answer, value):
    reading, _ = bring(text)
    assert reading.asked == (asked,)
    assert len(reading.faults) == 1
    reading, _ = bring(text, **answer)
    (figure,) = reading.figures
    assert (figure.day.isoformat(), dict(figure.parts)) == value


def test_bare_quarters_are_asked_where_the_fiscal_year_is_another():
    home, text = Home(fiscal_start=4), "quarter,Cases\nQ3 2026,5\n"
    assert bring(text, home=home)[0].asked == ("quarters",)
    days = {
        answer: bring(text, home=home, quarters=answer)[0].figures[0].day.isoformat()
        for answer in ("fiscal", "calendar")
    }
    assert days == {"fiscal": "2025-10-01", "calendar": "2026-07-01"}


def test_dates_that_show_their_order_are_not_asked():
    reading, _ = bring("date,Cases\n11/3/26,5\n3/13/26,6\n")
    assert (reading.asked, [one.day.isoformat() for one in reading.figures]) == (
        (),
        ["2026-11-03", "2026-03-13"],
    )


def test_people_come_whole_so_a_point_before_three_digits_parts_thousands():
    reading, _ = bring("week;kpi;numerator;denominator\n2026-W45;Regeneration rate;20;1.220\n")
    assert said(reading)[0][-1] == {"num": 20, "den": 1220}


def test_two_manners_in_one_file_leave_an_open_number_to_the_person():
    text = "week;Cost\n2026-W44;1.250\n2026-W45;0,5\n2026-W46;1.5\n"
    reading, _ = bring(text)
    assert (reading.asked, [one.row for one in reading.faults]) == (("decimal",), [2])
    reading, _ = bring(text, decimal=",")
    assert [one.parts["minor"]["EUR"] for one in reading.figures] == [125000, 50, 150]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("0.28,,,1000", "0.28 of 1,000 cases can be 275 to 285. Give the numerator"),
        ("0.31,28,100,", "The value 0.31 does not fit 28 of 100"),
        ("31,,,", "is a share and 31 is more than all of it"),
        (",,,12", "There is no value"),
        (",5,0,", "above the denominator"),
    ],
)
def test_numbers_that_contradict_one_another(row, sentence):
    text = f"week,kpi,value,numerator,denominator,n\n2026-W45,Regeneration rate,{row}\n"
    reading, _ = bring(text)
    found = " ".join(one.sentence for one in reading.faults)
    assert sentence in found or (reading.empty and sentence == "There is no value")


def test_a_share_of_few_cases_gives_its_numerator():
    reading, _ = bring("week,kpi,value,n\n2026-W45,Regeneration rate,28%,25\n")
    assert said(reading)[0][-1] == {"num": 7, "den": 25}


def test_names_that_stand_twice_and_columns_without_a_name_are_told_apart():
    table = table_of(read_csv(b"week,a,A,\n2026-W45,1,2,3\n"))
    assert table.header == ("week", "a", "A (2)", "Column D")
    assert table.remarks == (
        "“A” stands more than once in the header; the one in column C is called “A (2)”.",
    )


def test_letters_of_other_scripts_keep_their_names_apart():
    assert plain("Доля отказов") != plain("Время ответа")
    assert plain("Größe (Ø)") == "grosseø"


def test_any_row_can_be_the_header():
    table = table_of(read_csv(b"x,y\nweek,Cases\n2026-W45,1\n"), header_row=2)
    assert (table.header, table.first_row) == (("week", "Cases"), 3)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'week,a\n1,"2\n3,4\n', "From row 2 on a quotation mark is opened and never closed"),
        (b"week,a\n1," + b"x" * 200_000, "A cell in row 2 is far too long"),
        (b",".join(b"c%d" % n for n in range(900)) + b"\n1,2\n", "900 columns; 200 are possible"),
        (b"<html><table><tr><td>week</td></tr></table>", "This is a web page"),
        ("week,a\n1,2".encode("utf-16")[:-1], "letters of this file cannot be read"),
        (b"week,a\n" + b"1,2\n" * 100_100, "more rows than the 100,000 that are possible"),
    ],
)
def test_hostile_text_is_refused_in_words(content, sentence):
    with pytest.raises(UnreadableFile) as refused:
        table_of(read_csv(content))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"sep=;\nweek;a\n1;2\n", (("1", "2"),)),
        (b"week,a\r1,2\r\n3,4\n", (("1", "2"), ("3", "4"))),
        ("week,ä\n1,2\n".encode("utf-16-le"), (("1", "2"),)),
        (b"Wert;week\n1,5;1\n2,5;2\n3,5;3\n", (("1,5", "1"), ("2,5", "2"), ("3,5", "3"))),
    ],
)
def test_odd_text_is_read(content, rows):
    assert table_of(read_csv(content)).rows == rows


def test_mapping_survives_being_kept():
    mapping = ColumnMapping(
        {"a": "period"},
        "2026-07-06",
        "Sheet",
        3,
        "dmy",
        ",",
        "fiscal",
        "percent",
        {"kpi:x": "y"},
        (3, 5),
    )
    assert from_json(mapping.as_json()) == mapping
