"""Reading of files in the shape in which they reach a manager."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.domain.imports.cells import BadCell, number, period, uses_decimal_comma
from kpis.domain.imports.mapping import BadMapping, ColumnMapping, KpiColumn, check, plain
from kpis.domain.imports.proposing import propose
from kpis.domain.imports.reading import Fault, Figure, read
from kpis.domain.imports.shape import table_of
from kpis.domain.imports.table import Table, UnreadableFile, read_csv
from portal.domain.calendar import Grain

TODAY = dt.date(2026, 11, 24)
SEEN = KpiColumn(
    "seen",
    "Seen within four hours",
    "ratio",
    frozenset({"seen"}),
    "seen within 4 hours / attendances",
)
REGENERATION = KpiColumn(
    "regeneration_rate", "Regeneration", "ratio", frozenset({"regenerationrate"})
)
COST = KpiColumn("cost", "Cost", "opaque", frozenset({plain("average_cost_per_transaction")}))
WIDE = ColumnMapping(
    {"week": "period", "good": "figure:seen:num", "all": "figure:seen:den"}, "2026-07-06"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.5", Decimal("1234.5")),
        ("28%", Decimal("0.28")),
        ("0", Decimal(0)),
        ("", None),
        ("–", None),
        ("$4.18", Decimal("4.18")),
        ("-3", Decimal(-3)),
        ("1 200", Decimal(1200)),
    ],
)
def test_number(text: str, expected: Decimal | None) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    "text", ["abc", "1..2", "NaN", "Infinity", "1e309", "=1+1", "12 apples", "9" * 30]
)
def test_text_is_not_a_number(text: str) -> None:
    with pytest.raises(BadCell, match="number|too large"):
        number(text)


def test_decimal_comma() -> None:
    assert uses_decimal_comma(["0,28", "12"]) is True
    assert uses_decimal_comma(["1,200", "0.28"]) is False
    assert number("1.234,5", decimal_comma=True) == Decimal("1234.5")


@pytest.mark.parametrize(
    ("text", "grain", "day"),
    [
        ("2026-11-16", Grain.DAY, dt.date(2026, 11, 16)),
        ("16.11.2026", Grain.DAY, dt.date(2026, 11, 16)),
        ("2026-11-16 00:00:00", Grain.DAY, dt.date(2026, 11, 16)),
        ("2026-W47", Grain.WEEK, dt.date(2026, 11, 16)),
        ("2026-10", Grain.MONTH, dt.date(2026, 10, 1)),
        ("Q3 2026", Grain.QUARTER, dt.date(2026, 7, 1)),
        ("week 2", Grain.WEEK, dt.date(2026, 7, 13)),
        ("2", Grain.WEEK, dt.date(2026, 7, 13)),
    ],
)
def test_period(text: str, grain: Grain, day: dt.date) -> None:
    assert period(text, first_week=dt.date(2026, 7, 8)) == (grain, day)


@pytest.mark.parametrize("text", ["", "soon", "2026-W54", "2026-13", "32.01.2026"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(BadCell):
        period(text, first_week=None)


def test_counted_weeks_ask_for_the_first_day() -> None:
    with pytest.raises(BadCell, match="say on which day week 1 began"):
        period("week 8", first_week=None)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"week,a\n", "no figures below"),
        (b"week\n1\n", "Only one column"),
        (b"a,b\n\x00\x01,2\n", "not a text file"),
    ],
)
def test_unreadable_files(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        table_of(read_csv(content))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f"Woche{delimiter}Größe\r\n1{delimiter}2\r\n"
    assert table_of(read_csv(text.encode(encoding))) == Table(("Woche", "Größe"), (("1", "2"),))


def test_wide_columns_are_proposed_from_the_words_of_the_definition() -> None:
    table = Table(("week", "seen_within_4_hours", "attendances"), (("1", "2", "3"),))
    assert propose(table, [SEEN]).columns == {
        "week": "period",
        "seen_within_4_hours": "figure:seen:num",
        "attendances": "figure:seen:den",
    }


def test_long_columns_are_proposed() -> None:
    header = ("kpi", "period", "value", "numerator", "denominator", "note")
    assert propose(Table(header, (("",) * 6,)), [REGENERATION]).columns == {
        "kpi": "kpi",
        "period": "period",
        "value": "long:value",
        "numerator": "long:num",
        "denominator": "long:den",
        "note": "note",
    }


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"a": "figure:seen:value"}, "week, month or date"),
        ({"a": "period"}, "at least one column"),
        ({"a": "period", "b": "figure:seen:num"}, "both a numerator and a denominator"),
        ({"a": "period", "b": "figure:other:value"}, "not in this deployment's set"),
        ({"a": "period", "b": "period"}, "same meaning"),
        ({"a": "period", "b": "kpi"}, "value or the numerator"),
    ],
)
def test_mappings_that_give_no_figures(columns: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadMapping, match=sentence):
        check(ColumnMapping(columns), [SEEN])


def test_wide_rows() -> None:
    table = Table(("week", "good", "all"), (("1", "90", "100"), ("2", "", ""), ("3", "0", "50")))
    reading = read(table, WIDE, [SEEN], today=TODAY)
    assert reading.figures == (
        Figure("seen", "ratio", Grain.WEEK, dt.date(2026, 7, 6), {"num": 90, "den": 100}, "", 2),
        Figure("seen", "ratio", Grain.WEEK, dt.date(2026, 7, 20), {"num": 0, "den": 50}, "", 4),
    )
    assert (reading.faults, reading.empty) == ((), ((3, "seen"),))


def test_faults_name_row_and_column_and_give_no_figure() -> None:
    rows = (("1", "11", "8"), ("2", "x", "9"), ("90", "1", "2"), ("4", "1", ""), ("4", "2", "3"))
    reading = read(Table(("week", "good", "all"), rows), WIDE, [SEEN], today=TODAY)
    assert [figure.row for figure in reading.figures] == []
    assert reading.faults == (
        Fault(2, "good", "The numerator 11 is above the denominator 8. Swap them?"),
        Fault(3, "good", "“x” is not a number. Empty the cell if it was not measured."),
        Fault(4, "week", "20 March 2028 has not come yet."),
        Fault(5, "good", "Give both the numerator and the denominator, or neither."),
        Fault(6, "", "Seen within four hours stands twice for this period; see row 5."),
    )


def test_long_rows_with_an_unknown_kpi() -> None:
    header = ("kpi", "period", "value", "numerator", "denominator", "note")
    rows = (
        ("regeneration_rate", "2026-W46", "0.28", "336", "1200", "share"),
        ("happiness", "2026-W46", "1", "", "", ""),
        ("Regeneration-Rate", "2026-W45", "", "", "", "nobody looked"),
    )
    table = Table(header, rows)
    reading = read(table, propose(table, [REGENERATION]), [REGENERATION], today=TODAY)
    day = dt.date(2026, 11, 9)
    assert reading.figures == (
        Figure(
            "regeneration_rate", "ratio", Grain.WEEK, day, {"num": 336, "den": 1200}, "share", 2
        ),
    )
    sentence = "“happiness” is not a KPI of this deployment. Say what it is, or correct the name."
    assert reading.faults == (Fault(3, "kpi", sentence),)
    assert reading.unknown == (("kpi", "happiness", ""),)
    assert reading.empty == ((4, "regeneration_rate"),)


def test_a_value_alone_is_kept_as_a_foreign_figure() -> None:
    table = Table(("week", "c"), (("1", "310"),))
    mapping = ColumnMapping({"week": "period", "c": "figure:cost:value"}, "2026-07-06")
    (figure,) = read(table, mapping, [COST], today=TODAY).figures
    assert (figure.kind, figure.parts) == ("opaque", {"value": "310"})
