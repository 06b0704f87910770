"""What a change sets off: the phase gate, a new day, a told way of working, a new verdict."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from deployments.actions import gates
from deployments.models import Deployment, DeploymentChange
from portal.models import AuditEvent, Job
from portal.tenancy.scope import acting_in
from tests.deployments.pages import DEPLOYMENT, ENTERED
from tests.factories.people import MARA

EDIT = f"{DEPLOYMENT}edit/"


def kinds(lexora):
    with acting_in(lexora):
        rows = DeploymentChange.objects.order_by("id")
        return [(row.kind, row.on.isoformat(), row.summary) for row in rows]


def waiting(lexora):
    """Kind and key of the work that waits."""
    with acting_in(lexora):
        return [(one.kind, one.key) for one in Job.objects.order_by("pk")]


def test_a_later_phase_without_its_kpis_is_refused_by_their_names(lexora, register, change):
    made = register(phase="pre_launch")

    with pytest.raises(ValidationError) as refused:
        change(made, phase="beta", vendor="Clausal GmbH")

    assert refused.value.message_dict == {
        "phase": [
            "Beta asks for Cost per query, Evaluation set accuracy, Hallucination rate, "
            "Latency (P50), Latency (P95), AI feature adoption rate, Task completion rate and "
            "Regeneration rate in the KPI set. Add them first; no figure is needed yet."
        ]
    }
    with acting_in(lexora):
        kept = Deployment.objects.get()
    assert (kept.phase, kept.vendor, kinds(lexora)) == ("pre_launch", "", [])


def test_the_way_back_is_always_open(register, change):
    assert change(register(phase="scale"), phase="beta").phase == "beta"


def test_a_small_organization_is_asked_for_its_six(harbor, now):
    from deployments.actions import deployments, use_cases

    with acting_in(harbor), pytest.raises(ValidationError) as refused:
        use = use_cases.create(name="Orders", work="w", owner_name="Hugo", by="hugo", at=now)
        made = deployments.register(
            name="Order mails", use_case=use, owner_name="Hugo", system="Mailer", by="hugo", at=now
        )
        deployments.change(deployment=made, on=now.date(), phase="beta", by="hugo", at=now)

    said = refused.value.message_dict["phase"][0]
    assert "Hours on the task per week, review included" in said
    assert "Hallucination" not in said


def test_a_told_way_of_working_is_a_row_of_its_own(lexora, register, change):
    change(register(), way_of_working=" A second reader signs off. ")

    assert kinds(lexora) == [
        ("workflow", "2026-11-02", "Way of working: A second reader signs off.")
    ]
    with acting_in(lexora):
        noted = AuditEvent.objects.order_by("-id").first()
    assert (noted.before, noted.after) == (
        {},
        {"way of working": "A second reader signs off."},
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"model_version": "9"},
        {"vendor": "LexFind"},
        {"approved_tasks": ["Compare"]},
        {"approved_groups": ["Lawyers"]},
        {"status": "paused"},
        {"risk_class": "low"},
        {"way_of_working": "A second reader signs off."},
    ],
)
def test_each_change_has_the_deployment_judged_anew(lexora, register, change, fields):
    made = register()
    assert waiting(lexora) == []

    change(made, **fields)

    assert waiting(lexora) == [("verdict", str(made.pk))]


def test_nothing_changed_wakes_nobody(lexora, register, change):
    change(register(), vendor="")

    assert waiting(lexora) == []


def test_a_gate_has_the_deployment_judged_anew(lexora, register, now):
    made = register()
    with acting_in(lexora):
        gates.record(deployment=made, key="owner", state="not_met", by=MARA, at=now)

    assert waiting(lexora) == [("verdict", str(made.pk))]


def post(as_role, lexora, **given):
    return as_role(lexora, "manager").post(EDIT, ENTERED | given)


@pytest.fixture
def recorded(register):
    """A deployment on record with what the form would send."""
    said = {
        name: ENTERED[name]
        for name in ("phase", "status", "risk_class", "effect_reach", "human_review")
    }
    return register(
        vendor="Clausal GmbH",
        model_version="2.3",
        model_changed_on=dt.date(2026, 8, 14),
        started_on=dt.date(2026, 9, 1),
        regulated_domain="legal",
        approved_groups=["Lawyers"],
        approved_tasks=["Summarize clauses", "Mark risks"],
        expected_rhythm="40 a week",
        **said,
    )


def test_the_page_tells_the_way_of_working_since_a_day(lexora, recorded, as_role):
    page = post(as_role, lexora, way_of_working="Two readers.", since="2026-10-05")

    assert page["Location"] == DEPLOYMENT
    assert kinds(lexora) == [("workflow", "2026-10-05", "Way of working: Two readers.")]


def test_saved_says_what_waits_to_be_confirmed(lexora, recorded, as_role):
    client = as_role(lexora, "manager")
    client.post(EDIT, ENTERED | {"model_version": "2.4"})
    text = client.get(DEPLOYMENT).content.decode()
    assert "KPI set, baselines and thresholds are to be confirmed now." in text

    client.post(EDIT, ENTERED | {"model_version": "2.4", "owner_name": "Tom"})
    text = client.get(DEPLOYMENT).content.decode()
    assert "The changes are saved." in text
    assert "to be confirmed now" not in text


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"phase": "scale"}, ["phase"]),
        ({"model_changed_on": "2999-01-01"}, ["model_changed_on"]),
        ({"since": "2999-01-01", "vendor": "x"}, ["since"]),
        ({"risk_class": "low"}, ["reason"]),
        ({"effect_reach": "internal_draft"}, ["reason"]),
        ({"way_of_working": "x" * 251}, ["way_of_working"]),
        ({"name": ""}, ["name"]),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_the_rest(
    lexora, recorded, as_role, given, errors
):
    page = post(as_role, lexora, owner_name="Typed Name", **given)

    assert (page.status_code, list(page.context["form"].errors)) == (422, errors)
    assert 'value="Typed Name"' in page.content.decode()
    assert kinds(lexora) == []


def test_a_refused_phase_leads_to_the_kpis_it_asks_for(lexora, recorded, as_role):
    text = post(as_role, lexora, phase="scale").content.decode()

    assert 'href="/o/lexora/deployments/clause-summaries/kpis/choose/?phase=scale"' in text
    assert 'id="id_phase_error"' in text


def test_a_lower_risk_with_its_reason_is_saved(lexora, recorded, as_role):
    page = post(as_role, lexora, risk_class="low", reason="Counsel looked at it.")

    assert page.status_code == 302
    assert kinds(lexora)[0][2] == "Risk class changed from Regulated to Low."
