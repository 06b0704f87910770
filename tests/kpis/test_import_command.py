"""The import from the command line: the same rules as on the page."""

import io

import pytest
from django.core.management import CommandError, call_command

from kpis.models import ImportRun, Measurement
from portal.tenancy.scope import acting_in
from reviews.demo.load import DATA
from tests import factories

NHS = DATA / "nhs_emergency_weekly.csv"


@pytest.fixture
def kpi(lexora):
    return factories.rows(lexora)["kpi"]


def run(file=NHS, **options):
    told = io.StringIO()
    given = {
        "organization": "lexora",
        "deployment": "deployment-lexora",
        "first_week": "2026-07-06",
        "column": [
            "seen_within_4_hours=figure:kpi-lexora:num",
            "attendances=figure:kpi-lexora:den",
        ],
    }
    call_command("import_figures", file, **given | options, stdout=told, stderr=told)
    return told.getvalue().strip()


def test_a_file_is_imported_in_its_own_shape(kpi):
    assert run(reason="From the trust.") == (
        "19 figures written, 1 corrected, 0 on record already."
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"organization": "nowhere"}, "There is no organization “nowhere”"),
        ({"deployment": "nothing"}, "There is no deployment “nothing”"),
        ({"first_week": ""}, "Mend the rows"),
        ({"column": []}, "at least one column"),
        ({"column": ["week=note"]}, "week, month or date"),
    ],
)
def test_what_cannot_be_imported_changes_nothing(kpi, lexora, options, sentence):
    with acting_in(lexora):
        before = (Measurement.objects.count(), ImportRun.objects.count())
    with pytest.raises(CommandError, match=sentence):
        run(**options)
    with acting_in(lexora):
        assert (Measurement.objects.count(), ImportRun.objects.count()) == before


def test_a_file_that_is_not_there_is_named(kpi, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "gone.csv")


def test_what_only_a_person_can_say_can_be_given(kpi, lexora, tmp_path):
    file = tmp_path / "odd.csv"
    file.write_text("date;kpi;value\n5/3/26;Error share;28%\n5/4/26;Error share;x\nTotal;;1\n")
    told = run(
        file,
        column=[],
        first_week="",
        dates="mdy",
        name=["kpi:Error share=kpi-lexora"],
        leave_out=[3],
    )
    assert told.splitlines() == [
        "row 3 left out: You left this row out.",
        "row 4 left out: “Total” adds up other rows.",
        "1 figures written, 0 corrected, 0 on record already.",
    ]
