"""The OpenAPI document and the page of examples: whole, true, and the same as the code."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from deployments.models import Deployment
from kpis.api import examples
from kpis.api.rows import Calendar, read_period
from kpis.models import GrainCode, Kpi, Measurement, Rollup
from portal.access import Access, Door
from portal.domain.calendar import period_of
from portal.tenancy.scope import acting_in
from tests import factories
from tests.api_client import DOCUMENT, Program
from tests.isolation.addresses import patterns
from tests.kpis.api.figures import ONE, PLACE

pytestmark = pytest.mark.usefixtures("tuesday")


def references(value):
    if isinstance(value, dict):
        yield from (
            one
            for name, member in value.items()
            for one in ([member] if name == "$ref" else references(member))
        )
    elif isinstance(value, list):
        yield from (one for item in value for one in references(item))


def test_every_address_of_the_api_is_in_the_document():
    there = {
        (name, method.lower())
        for name, pattern in patterns(get_resolver())
        if getattr(pattern.callback, "access", Access(Door.PUBLIC)).door is Door.API
        for method in pattern.callback.cls.methods()
    }
    declared = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item]
    assert len(declared) == len(there) == 26


def test_the_document_has_the_structure_of_openapi_3_1():
    assert set(DOCUMENT) == {"openapi", "info", "servers", "paths", "components"}
    assert re.fullmatch(r"3\.1\.\d", DOCUMENT["openapi"])
    assert {"title", "version"} <= set(DOCUMENT["info"])
    schemas = DOCUMENT["components"]["schemas"]
    for one in references(DOCUMENT):
        assert one.removeprefix("#/components/schemas/") in schemas
    named = []
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            named.append(operation["operationId"])
            parameters = operation.get("parameters", [])
            inside = {one["name"] for one in parameters if one["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path))
            assert all(one["schema"]["type"] for one in parameters)
            assert all(one["required"] for one in parameters if one["in"] == "path")
            assert ("requestBody" in operation) == (method in {"post", "patch"})
            assert {"token": []} in operation["security"]
            assert ({"session": []} in operation["security"]) == (method == "get")
            assert {"400", "401", "403", "404", "429"} < set(operation["responses"])
    assert len(set(named)) == len(named)


def test_the_direction_is_described_as_the_record_holds_it():
    described = DOCUMENT["components"]["schemas"]["Kpi"]["properties"]["direction"]
    assert described["enum"] == ["up", "down", "band", "context"]


def test_every_shape_says_what_its_members_are():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert schema["type"] == "object", name
        assert set(schema.get("required", [])) <= set(schema["properties"]), name
        for member in schema["properties"].values():
            assert {"type", "$ref", "enum", "allOf", "oneOf"} & set(member), (name, member)


def test_the_examples_of_the_page_work_as_they_stand(program, lexora, as_role):
    page = as_role(lexora, "manager").get("/o/lexora/api/")
    text = page.content.decode()
    assert "deployments/place-of-clauses-found/kpis/clauses-found/measurements/" in text
    assert "A program sends a figure with one request" in text
    assert program.post(ONE, page.context["json"]).status_code == 201
    again = program.csv(f"{PLACE}measurements/", page.context["csv"])
    assert again.json()["unchanged"] == 1


def test_the_page_of_an_organization_without_a_kpi_says_what_to_do_first(lexora, as_role):
    text = as_role(lexora, "manager").get("/o/lexora/api/").content.decode()
    assert "Choose the KPIs of a deployment first" in text


def grow(lexora, kpi, now, first, items):
    """Rows number `first` up to `items` of deployments, KPIs, figures and rollups."""
    with acting_in(lexora):
        place = kpi.deployment
        for number in range(first, items):
            cell = {
                "kpi_id": kpi.pk,
                "grain": GrainCode.WEEK,
                "num": 1,
                "den": 10,
                "more": {"kind": "ratio"},
                "day": factories.DAY - dt.timedelta(weeks=number),
            }
            Rollup.objects.create(facts=1, grade="measured", value="0.1", **cell)
            Measurement.objects.create(
                source="s", content_hash="h", recorded_by="x", recorded_at=now, **cell
            )
            if number:
                Deployment.objects.create(
                    slug=f"place-{number}",
                    name="Place",
                    use_case=place.use_case,
                    owner_name="o",
                    system="s",
                    created_at=now,
                )
                Kpi.objects.create(
                    deployment=place,
                    slug=f"kpi-{number}",
                    name="Kpi",
                    kind="ratio",
                    unit="fraction",
                    role="quality",
                    direction="down",
                    created_at=now,
                )


LISTS = ["deployments/", f"{PLACE}kpis/", ONE, f"{PLACE}kpis/clauses-found/series/"]


def statements(program, path):
    with CaptureQueriesContext(connection) as found:
        answer = program.get(path)
    said = answer.json()
    asked = [one["sql"] for one in found if "SAVEPOINT" not in one["sql"]]
    return len(asked), len(said.get("items") or said["points"])


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_the_same_of_the_database(lexora, now, kpi, path):
    """Among them: organization, binding, token, count of requests, unbinding."""
    program, found = Program(lexora, now), []
    for first, items in ((0, 1), (1, 5), (5, 50)):
        grow(lexora, kpi, now, first, items)
        found.append(statements(program, path))
    assert [rows for _, rows in found] == [1, 5, 50]
    assert len({count for count, _ in found}) == 1
    assert found[0][0] <= 8


@pytest.mark.parametrize(
    ("cadence", "today", "start", "sent"),
    [
        ("weekly", dt.date(2026, 11, 24), 1, "2026-W47"),
        ("weekly", dt.date(2027, 1, 5), 1, "2026-W53"),
        ("daily", dt.date(2026, 3, 1), 1, "2026-02-28"),
        ("monthly", dt.date(2026, 1, 31), 1, "2025-12"),
        ("quarterly", dt.date(2026, 2, 28), 1, "2025-Q4"),
        ("quarterly", dt.date(2026, 12, 31), 1, "2026-Q3"),
        ("yearly", dt.date(2026, 12, 31), 1, "2026-Q3"),
        ("quarterly", dt.date(2027, 2, 28), 11, "FY2027-Q1"),
        ("quarterly", dt.date(2026, 6, 30), 4, "FY2026-Q4"),
        ("weekly", dt.date(2026, 11, 24), 11, "2026-W47"),
    ],
)
def test_an_example_speaks_of_the_last_whole_period(cadence, today, start, sent):
    assert examples.period(cadence, today, start)[0] == sent
    grain, day = read_period(sent, Calendar(today, start))
    assert period_of(day, grain, start).code == sent
