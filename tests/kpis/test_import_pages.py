"""The import page: bad input gets a clear sentence, and nothing changes."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.imports import runs
from kpis.models import DirtyCell, ImportRun, Measurement
from portal.tenancy.scope import acting_in
from tests import factories

PAGE = "/o/lexora/deployments/deployment-lexora/import/"


@pytest.fixture
def manager(lexora, as_role):
    factories.rows(lexora)
    return as_role(lexora, "manager")


def send(client, content, name="figures.csv"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def counts(organization):
    with acting_in(organization):
        return Measurement.objects.count(), DirtyCell.objects.count(), ImportRun.objects.count()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"week,value\n", "no figures below it"),
        (b"only\n1\n", "Only one column was found"),
        (b"%PDF-1.7 something", "This is a PDF"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"week,a\n" + b"x" * (10 * 1024 * 1024), "10 MB are possible"),
    ],
)
def test_a_file_that_is_no_table(manager, lexora, content, sentence):
    before = counts(lexora)
    response = send(manager, content)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert counts(lexora) == before


def test_thirty_megabytes_are_refused(manager, lexora):
    before = counts(lexora)
    response = send(manager, b"week,a\n" + b"1,2\n" * 7_500_000)
    assert "Up to 10 MB can be sent to this page. Nothing was stored." in response.content.decode()
    assert counts(lexora) == before


@pytest.mark.parametrize(
    ("content", "columns", "sentence"),
    [
        (b"colour,mood\nred,good\n", {}, "Choose the column that holds the week, month or date"),
        (b"week,good,all\n2026-W46,x,9\n", {1: "num", 2: "den"}, "is not a number"),
        (b"week,good,all\n2026-W46,11,8\n", {1: "num", 2: "den"}, "Swap them?"),
        (b"kpi,period,value\nhappiness,2026-W46,1\n", {}, "is not a KPI of this deployment"),
        (b"week,good,all\n2027-W46,1,8\n", {1: "num", 2: "den"}, "has not come yet"),
    ],
)
def test_rows_that_cannot_be_used(manager, lexora, content, columns, sentence):
    asked = send(manager, content)
    before = counts(lexora)
    found = manager.get(asked.headers["Location"]).context["form"]
    chosen = {f"column-{i}": found[f"column-{i}"].initial for i in range(len(found.header))}
    chosen |= {f"column-{i}": f"figure:kpi-lexora:{part}" for i, part in columns.items()}
    answer = manager.post(
        asked.headers["Location"],
        chosen | {"grade": "measured", "reason": "typed before", "first_week": ""},
    )
    said = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in said
    assert "typed before" in said
    assert counts(lexora) == before


def test_the_grade_is_asked_for(manager, lexora):
    asked = send(manager, b"week,good,all\n2026-W46,1,8\n")
    answer = manager.post(asked.headers["Location"], {"column-0": "period"})
    assert "Say how these figures are known" in answer.content.decode()


def page_of(client, content, name="figures.csv"):
    return send(client, content, name).headers["Location"]


def fields(client, url):
    """What the form of an import holds, as a browser would send it back."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value or ""
        for name, value in values.items()
    }


LONG = b"week,kpi,numerator,denominator\n"


def test_a_changed_reading_is_shown_before_anything_is_written(manager, lexora):
    url = page_of(manager, b"week,good,all\n2026-W40,1,8\n")
    before = counts(lexora)
    chosen = fields(manager, url) | {
        "column-1": "figure:kpi-lexora:num",
        "column-2": "figure:kpi-lexora:den",
        "grade": "sampled",
        "reason": "counted",
    }
    shown = manager.post(url, chosen)
    assert shown.status_code == 422
    assert "You changed how the file is read" in shown.content.decode()
    assert counts(lexora) == before

    written = manager.post(url, fields(manager, url))
    assert (written.status_code, counts(lexora)[0]) == (302, before[0] + 1)
    with acting_in(lexora):
        assert Measurement.objects.order_by("-recorded_at").first().grade == "sampled"


def test_a_row_is_left_out_by_its_button_and_stays_so(manager, lexora):
    url = page_of(manager, LONG + b"2026-W40,Kpi lexora,1,8\n2026-W41,Kpi lexora,x,8\n")
    manager.post(url, fields(manager, url) | {"leave": "3"})
    shown = manager.get(url)
    assert shown.context["form"]["left_out"].value() == "3"
    assert shown.context["told"]["skipped"] == [[3, "You left this row out."]]


@pytest.mark.parametrize("typed", ["x", "1-", "5..7", "1-99999"])
def test_rows_to_leave_out_that_are_none(manager, typed):
    url = page_of(manager, LONG + b"2026-W40,Kpi lexora,1,8\n")
    shown = manager.post(url, fields(manager, url) | {"left_out": typed, "look": "1"})
    assert shown.status_code == 422
    assert shown.context["form"].errors.keys() == {"left_out"}


def test_a_mended_file_takes_the_place_of_the_one_that_waits(manager, lexora):
    url = page_of(manager, LONG + b"2026-W40,Kpi lexora,x,8\n")
    mended = SimpleUploadedFile("mended.csv", LONG + b"2026-W40,Kpi lexora,1,8\n")
    assert manager.post(f"{url}file/", {"file": mended}).status_code == 302
    shown = manager.get(url)
    assert "1 figure ready to be written" in " ".join(shown.content.decode().split())
    assert "mended.csv" in shown.content.decode()


def test_a_mended_file_that_is_none_leaves_the_one_that_waits(manager, lexora):
    url = page_of(manager, LONG + b"2026-W40,Kpi lexora,1,8\n")
    answer = manager.post(f"{url}file/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    said = answer.content.decode()
    assert (answer.status_code, "This is a PDF" in said, "figures.csv" in said) == (422, True, True)


def test_all_faults_leave_as_a_csv_that_runs_nothing(manager):
    rows = b"".join(b"\"=cmd|' /C calc'!A0\",Kpi lexora,%d,8\n" % n for n in range(300))
    url = page_of(manager, b"=week,kpi,numerator,denominator\n" + rows)
    chosen = fields(manager, url) | {"column-0": "period", "look": "1"}
    manager.post(url, chosen)
    answer = manager.get(f"{url}faults.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (answer.headers["Content-Type"], len(lines)) == ("text/csv; charset=utf-8", 301)
    assert lines[1].startswith(""""2","'=week","“=cmd|""")
    assert "The first 200 of 300 are shown" in manager.get(url).content.decode()


def test_progress_is_asked_for_ever_more_rarely(manager, lexora, monkeypatch):
    monkeypatch.setattr(runs, "LARGE", 10)
    url = page_of(manager, LONG + b"2026-W40,Kpi lexora,1,8\n")
    assert "This file is being read" in manager.get(url).content.decode()
    delays = []
    for turn in (0, 1, 2, 3, 4, 5, 6, 50):
        answer = manager.get(
            f"{url}progress/?turn={turn}&was=reading", headers={"HX-Request": "true"}
        )
        delays.append(int(re.search(r"delay:(\d+)s", answer.content.decode())[1]))
    assert delays == [1, 1, 2, 3, 5, 8, 12, 12]
    with acting_in(lexora):
        ImportRun.objects.filter(number=int(url.split("/")[-2])).update(state="uploaded", report={})
    answer = manager.get(f"{url}progress/?turn=1&was=reading", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == url


@pytest.mark.parametrize("turn", ["-1", "x", "9" * 30, "²"])
def test_progress_takes_any_turn(manager, lexora, turn):
    url = page_of(manager, LONG + b"2026-W40,Kpi lexora,1,8\n")
    assert manager.get(f"{url}progress/", {"turn": turn}).status_code == 200


def test_the_same_file_is_told_so(manager, lexora):
    content = LONG + b"2026-W40,Kpi lexora,1,8\n"
    url = page_of(manager, content)
    manager.post(url, fields(manager, url) | {"grade": "measured"})
    shown = factories.flat(manager.get(page_of(manager, content)))
    assert "This very file was imported before" in shown
    assert "This file would change nothing" in shown


def test_a_page_asks_the_same_number_of_statements_for_5_and_500_rows(
    manager, django_assert_num_queries
):
    def rows(count):
        return LONG + b"".join(
            b"%d-%02d-%02d,Kpi lexora,1,8\n" % (2024 + n // 300, n % 300 // 25 + 1, n % 25 + 1)
            for n in range(count)
        )

    few, many = page_of(manager, rows(5)), page_of(manager, rows(500))
    with CaptureQueriesContext(connection) as first:
        manager.get(few)
    with django_assert_num_queries(len(first)):
        manager.get(many)
