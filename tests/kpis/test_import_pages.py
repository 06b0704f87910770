"""The import page: bad input gets a clear sentence, and nothing changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

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
    assert "This file has 29 MB; 10 MB are possible" in response.content.decode()
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
