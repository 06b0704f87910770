"""Use cases and deployments for programs: by the rules and sentences of the pages."""

import pytest
import time_machine

from deployments.forms.deployments import DeploymentForm
from deployments.models import Deployment, DeploymentChange, UseCase
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests.api_client import Program

NEW = {
    "name": "Brief drafts",
    "use_case": "contract-review",
    "owner_name": "Mara Okafor",
    "system": "Clausal",
    "approved_tasks": ["First drafts", "Summaries"],
}


@pytest.fixture(autouse=True)
def _tuesday(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def program(lexora, now):
    return Program(lexora, now)


def answered(response):
    return response.status_code, response.json()


def noted(lexora):
    with acting_in(lexora):
        rows = AuditEvent.objects.filter(actor="token Nightly export").order_by("id")
        return [(row.verb, row.subject, row.reason) for row in rows]


def count(lexora, model):
    with acting_in(lexora):
        return model.objects.count()


def test_a_deployment_is_registered_with_the_strictest_answers(program, lexora, use_case):
    status, registered = answered(program.post("deployments/", NEW))
    assert status == 201
    assert registered == {
        "slug": "brief-drafts",
        "name": "Brief drafts",
        "use_case": "contract-review",
        "unit": None,
        "owner_name": "Mara Okafor",
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
        "approved_tasks": ["First drafts", "Summaries"],
        "approved_groups": [],
        "approved_data": [],
        "expected_rhythm": "",
        "created_at": "2026-11-24T10:00:00+00:00",
    }
    assert answered(program.get("deployments/brief-drafts/")) == (200, registered)
    assert noted(lexora) == [("registered", "brief-drafts", "")]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": ""}, "name", "Enter a name for the deployment."),
        ({"use_case": "nothing"}, "use_case", "Choose a use case from the list."),
        ({"unit": "nothing"}, "unit", "Choose a unit from the list."),
        ({"model_changed_on": "2026-11-25"}, "model_changed_on", "This day has not come yet."),
        (
            {"started_on": "24.11.2026"},
            "started_on",
            "Enter a date such as 2026-08-14.",
        ),
        ({"name": 5}, "name", "This must be a text."),
        ({"approved_tasks": "all"}, "approved_tasks", "This must be a list of texts."),
        ({"approved_tasks": ["a\nb"]}, "approved_tasks", "Write each item on one line."),
        (
            {"approved_tasks": ["x"] * 51},
            "approved_tasks",
            "These are 51 items; 50 are possible.",
        ),
        (
            {"vendor": " " * 161},
            "vendor",
            "This text has 161 letters; 160 are possible.",
        ),
        ({"started_on": " 2026-11-01"}, "started_on", "Enter a date such as 2026-08-14."),
        ({"unit": ""}, "unit", "Choose a unit from the list."),
        ({"slug": "mine"}, "slug", None),
        ({"reason": "no change yet"}, "reason", None),
    ],
)
def test_what_the_form_refuses_is_refused_in_its_words(
    program, lexora, use_case, wrong, field, sentence
):
    status, problem = answered(program.post("deployments/", NEW | wrong))
    assert (status, problem["field"]) == (422, field)
    assert sentence in (None, problem["detail"])
    assert problem["errors"][0] == {"field": field, "message": problem["detail"]}
    assert count(lexora, Deployment) == 0


def test_every_fault_is_named_at_once(program, lexora):
    status, problem = answered(program.post("deployments/", {}))
    assert (status, problem["errors"]) == (
        422,
        [
            {"field": "name", "message": "Enter a name for the deployment."},
            {"field": "use_case", "message": "Choose the use case it serves."},
            {"field": "system", "message": "Enter the AI system, such as the product's name."},
            {"field": "owner_name", "message": "Enter who owns the deployment."},
        ],
    )


@pytest.mark.parametrize("body", [[], '"text"', 3, None])
def test_a_body_is_an_object(program, body):
    status, problem = answered(program.post("deployments/", body))
    assert (status, problem["detail"]) == (422, "This must be an object.")


def test_a_change_keeps_what_is_not_sent(program, lexora, register):
    register(vendor="Clausal Ltd", approved_tasks=["Summaries"])
    before = program.get("deployments/clause-summaries/").json()
    status, changed = answered(
        program.patch(
            "deployments/clause-summaries/",
            {"model_version": "clausal-5", "since": "2026-11-02", "reason": "New release"},
        )
    )
    assert (status, changed) == (
        200,
        before | {"model_version": "clausal-5", "model_changed_on": "2026-11-02"},
    )
    assert noted(lexora) == [("changed", "clause-summaries", "New release")]
    with acting_in(lexora):
        (row,) = DeploymentChange.objects.values("kind", "recorded_by")
    assert row == {"kind": "model", "recorded_by": "token Nightly export"}


def test_a_change_that_changes_nothing_writes_nothing(program, lexora, register):
    register()
    assert program.patch("deployments/clause-summaries/", {}).status_code == 200
    assert noted(lexora) == []


def test_a_lower_risk_needs_a_reason_as_on_the_page(program, lexora, register):
    register()
    status, problem = answered(
        program.patch("deployments/clause-summaries/", {"risk_class": "low"})
    )
    sentence = "Say why the risk is lower than it was recorded."
    assert (status, problem["field"], problem["detail"]) == (422, "reason", sentence)
    lower = {"risk_class": "low", "reason": "Drafts only"}
    assert program.patch("deployments/clause-summaries/", lower).json()["risk_class"] == "low"


def test_a_phase_is_not_entered_without_its_kpis(program, lexora, register):
    register()
    status, problem = answered(program.patch("deployments/clause-summaries/", {"phase": "scale"}))
    assert (status, problem["field"]) == (422, "phase")
    assert count(lexora, DeploymentChange) == 0


def test_somebody_elses_change_is_not_overwritten(program, lexora, register, change):
    deployment = register()
    path = "deployments/clause-summaries/"
    tag = program.get(path).headers["ETag"]
    assert program.patch(path, {"vendor": "A"}, {"If-Match": tag}).status_code == 200
    status, problem = answered(program.patch(path, {"vendor": "B"}, {"If-Match": tag}))
    assert (status, problem["detail"]) == (
        412,
        "Somebody changed this since you read it. Read it again.",
    )
    wrong = program.patch(path, {"phase": "dream"}, {"If-Match": tag})
    assert wrong.status_code == 422
    with acting_in(lexora):
        deployment.refresh_from_db()
    assert deployment.vendor == "A"
    assert program.patch(path, {"vendor": "B"}, {"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ({}, ["clause-summaries", "letters"]),
        ({"order": "-slug"}, ["letters", "clause-summaries"]),
        ({"phase": "beta"}, ["letters"]),
        ({"status": "active", "phase": "pre_launch"}, []),
        ({"use_case": "contract-review"}, ["clause-summaries", "letters"]),
        ({"unit": "nowhere"}, []),
    ],
)
def test_deployments_are_filtered_and_in_order(program, register, query, slugs):
    register()
    register(name="Letters", phase="beta")
    items = program.get("deployments/", fields="slug", **query).json()["items"]
    assert items == [{"slug": slug} for slug in slugs]


def test_the_document_describes_what_the_form_takes(program):
    schemas = program.get("openapi.json").json()["components"]["schemas"]
    described = schemas["DeploymentToChange"]["properties"]
    assert list(described) == list(DeploymentForm.base_fields)
    assert described["risk_class"]["enum"] == ["low", "limited", "high", "regulated"]
    assert schemas["DeploymentToRegister"]["required"] == [
        "name",
        "owner_name",
        "system",
        "use_case",
    ]


def test_a_use_case_is_described_once(program, lexora):
    work = {"name": "Contract review", "work": "Lawyers read contracts.", "owner_name": "Ines"}
    status, described = answered(program.post("use-cases/", work))
    assert (status, described["slug"], described["pain"]) == (201, "contract-review", "")
    status, problem = answered(program.post("use-cases/", work | {"name": "Contracts review"}))
    assert (status, problem["alike"]) == (409, ["contract-review"])
    assert count(lexora, UseCase) == 1
    again = program.post("use-cases/", work | {"name": "Contracts review", "anyway": True})
    assert again.status_code == 201
    wrong = program.post("use-cases/", work | {"anyway": "yes"})
    assert wrong.json()["detail"] == "This must be true or false."


def test_a_use_case_is_changed(program, lexora, use_case):
    status, changed = answered(program.patch("use-cases/contract-review/", {"pain": "Waiting"}))
    assert (status, changed["pain"], changed["name"]) == (200, "Waiting", "Contract review")
    assert noted(lexora) == [("changed", "contract-review", "")]
    refused = program.patch("use-cases/contract-review/", {"work": ""})
    assert answered(refused)[1]["detail"] == "Describe the work in a sentence or two."
