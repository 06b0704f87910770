"""Deployments: registered with the strictest answers, changed with a trace, seen by role."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from deployments.actions import use_cases
from deployments.models import Deployment, DeploymentChange
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests.deployments.pages import DEPLOYMENT, ENTERED, LIST
from tests.factories import flat


def log(lexora):
    """Kind, day and summary of every change, in the order of recording."""
    with acting_in(lexora):
        rows = DeploymentChange.objects.order_by("id")
        return [(row.kind, row.on.isoformat(), row.summary) for row in rows]


def last_event(lexora):
    with acting_in(lexora):
        return AuditEvent.objects.order_by("-id").first()


def test_what_is_not_answered_is_the_strictest(register):
    made = register()

    assert (made.phase, made.status, made.risk_class, made.effect_reach, made.human_review) == (
        "pre_launch",
        "proposed",
        "high",
        "decision_on_person",
        "unverified",
    )
    assert (made.approved_tasks, made.approved_groups, made.approved_data) == ([], [], [])


def test_registering_is_noted_in_words(lexora, register):
    register(phase="beta", approved_tasks=["Summarize", "Compare"])

    noted = last_event(lexora)
    assert (noted.verb, noted.subject_type, noted.subject, noted.subject_name) == (
        "registered",
        "deployment",
        "clause-summaries",
        "Clause summaries",
    )
    assert noted.after["phase"] == "Beta"
    assert noted.after["use case"] == "Contract review"
    assert noted.after["approved tasks"] == "Summarize, Compare"
    assert "vendor" not in noted.after


def test_slugs_are_numbered_and_never_an_address_word(register):
    assert [register(name).slug for name in ("Notes", "Notes", "New")] == [
        "notes",
        "notes-2",
        "new-2",
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("phase", "dream"), ("status", ""), ("name", "x" * 161), ("system", "")]
)
def test_a_value_outside_the_vocabulary_is_refused(register, field, value):
    with pytest.raises(ValidationError) as refused:
        register(**{"name": "Clause summaries"} | {field: value})

    assert list(refused.value.message_dict) == [field]


def test_a_use_case_of_another_organization_is_refused(harbor, register, now):
    with acting_in(harbor):
        theirs = use_cases.create(name="Ward", work="x", owner_name="Hugo", by="hugo", at=now)

    with pytest.raises(ValidationError) as refused:
        register(use_case=theirs)

    assert list(refused.value.message_dict) == ["use_case"]


@pytest.mark.parametrize(
    ("fields", "kind", "summary"),
    [
        ({"model_version": "2.3"}, "model", "Model version changed from 2.2 to 2.3."),
        ({"vendor": "LexFind"}, "vendor", "Vendor set to LexFind."),
        ({"phase": "pre_launch"}, "phase", "Phase changed from Beta to Pre-launch."),
        ({"status": "paused"}, "status", "Status changed from Proposed to Paused."),
        ({"approved_tasks": ["Compare"]}, "scope", "Approved tasks: added Compare."),
        ({"approved_data": ["Contracts"]}, "scope", "Approved data: added Contracts."),
        ({"approved_groups": ["Lawyers"]}, "user_group", "Approved groups: added Lawyers."),
        ({"risk_class": "low"}, "other", "Risk class changed from High to Low."),
    ],
)
def test_a_change_that_matters_is_logged_by_kind(lexora, register, change, fields, kind, summary):
    change(register(model_version="2.2", phase="beta"), **fields)

    assert log(lexora) == [(kind, "2026-11-02", summary)]


def test_a_new_owner_is_noted_but_not_logged(lexora, register, change):
    change(register(), owner_name="Tom Becker", reason="Mara is on leave.")

    assert log(lexora) == []
    noted = last_event(lexora)
    assert (noted.verb, noted.before, noted.after, noted.reason) == (
        "changed",
        {"owner": "Mara Okafor"},
        {"owner": "Tom Becker"},
        "Mara is on leave.",
    )


def test_several_kinds_at_once_are_several_rows_and_one_event(lexora, register, change):
    change(register(phase="scale"), status="active", phase="beta", approved_groups=["Lawyers"])

    assert [kind for kind, _, _ in log(lexora)] == ["phase", "user_group", "status"]
    assert last_event(lexora).after == {
        "phase": "Beta",
        "status": "In use",
        "approved groups": "Lawyers",
    }


def test_no_difference_writes_nothing(lexora, register, change):
    made = register(phase="beta")
    before = last_event(lexora).pk

    change(made, phase="beta", vendor="")

    assert (last_event(lexora).pk, log(lexora)) == (before, [])


def test_a_new_version_without_a_date_is_dated_on_the_day(register, change):
    made = register(model_version="2.2", model_changed_on=dt.date(2026, 6, 2))

    changed = change(made, model_version="2.3")

    assert changed.model_changed_on == dt.date(2026, 11, 2)


def test_a_version_that_came_earlier_is_logged_on_its_own_day(lexora, register, change):
    made = register(model_version="2.2", model_changed_on=dt.date(2026, 6, 2))

    change(made, model_version="2.3", model_changed_on=dt.date(2026, 10, 28))

    assert [(kind, on) for kind, on, _ in log(lexora)] == [("model", "2026-10-28")]


def test_registered_on_the_page_with_lists_line_by_line(lexora, use_case, as_role):
    page = as_role(lexora, "manager").post(f"{LIST}new/", ENTERED)

    assert page["Location"] == DEPLOYMENT
    with acting_in(lexora):
        made = Deployment.objects.get()
    assert made.approved_tasks == ["Summarize clauses", "Mark risks"]
    assert (made.approved_groups, made.approved_data) == (["Lawyers"], [])
    assert (made.model_changed_on, made.use_case_id) == (dt.date(2026, 8, 14), use_case.pk)


def test_errors_stand_beside_the_field_and_nothing_typed_is_lost(lexora, use_case, as_role):
    entered = ENTERED | {"system": "", "started_on": "soon", "use_case": "somebody-elses"}

    page = as_role(lexora, "manager").post(f"{LIST}new/", entered)

    assert page.context["form"].errors == {
        "use_case": ["Choose a use case from the list."],
        "system": ["Enter the AI system, such as the product's name."],
        "started_on": ["Enter a date such as 2026-08-14."],
    }
    text = page.content.decode()
    kept = ['value="Clause summaries"', 'value="soon"', "Mark risks", 'value="40 a week"']
    assert [piece for piece in kept if piece not in text] == []


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("\n".join(f"task {n}" for n in range(51)), "Enter at most 50 lines; there are 51."),
        ("x" * 201, f"Shorten the line that begins “{'x' * 40}…”."),
    ],
)
def test_a_list_that_is_too_long_is_explained(lexora, use_case, as_role, lines, sentence):
    page = as_role(lexora, "manager").post(f"{LIST}new/", ENTERED | {"approved_tasks": lines})

    assert page.context["form"].errors == {"approved_tasks": [sentence]}


def test_without_a_use_case_the_work_comes_first(lexora, as_role):
    page = as_role(lexora, "manager").get(f"{LIST}new/")

    assert page["Location"] == "/o/lexora/use-cases/new/"


def test_the_form_starts_with_the_strictest_answers(lexora, use_case, as_role):
    page = as_role(lexora, "manager").get(f"{LIST}new/?use_case=contract-review")

    form = page.context["form"]
    chosen = {name: form[name].value() for name in ("use_case", "risk_class", "effect_reach")}
    assert chosen == {
        "use_case": "contract-review",
        "risk_class": "high",
        "effect_reach": "decision_on_person",
    }
    assert "reason" not in form.fields


def test_edited_on_the_page_with_a_reason(lexora, register, as_role):
    register(phase="beta", approved_tasks=["Summarize clauses", "Mark risks"])
    client = as_role(lexora, "manager")
    shown = client.get(f"{DEPLOYMENT}edit/").content.decode()
    assert "Summarize clauses\nMark risks</textarea>" in shown

    client.post(f"{DEPLOYMENT}edit/", ENTERED | {"name": "Summaries", "reason": "Pilot is over."})

    with acting_in(lexora):
        changed = Deployment.objects.get()
    assert (changed.slug, changed.name, changed.status) == (
        "clause-summaries",
        "Summaries",
        "active",
    )
    assert last_event(lexora).reason == "Pilot is over."


def test_no_database_key_stands_in_a_form(lexora, register, as_role):
    made = register()

    page = as_role(lexora, "manager").get(f"{DEPLOYMENT}edit/")

    assert f'value="{made.use_case_id}"' not in page.content.decode()


@pytest.mark.parametrize(
    ("statuses", "headline"),
    [
        ([], "No AI deployment is in use"),
        (["proposed"], "No AI deployment is in use"),
        (["active"], "One AI deployment is in use"),
        (["active", "restricted", "paused", "active"], "Three AI deployments are in use"),
    ],
)
def test_the_headline_is_the_answer(lexora, register, as_role, statuses, headline):
    for number, status in enumerate(statuses):
        register(f"Deployment {number}", status=status)

    text = flat(as_role(lexora, "staff").get(LIST))

    assert f"<h1>{headline}</h1>" in text


def test_an_empty_register_teaches_and_offers_the_first_step(lexora, as_role):
    manager = as_role(lexora, "manager").get(LIST).content.decode()
    staff = as_role(lexora, "staff").get(LIST).content.decode()

    assert "Start with the work, not with the tool" in manager
    assert 'href="/o/lexora/use-cases/new/"' in manager
    assert "A manager or a steward registers them." in staff
    assert "use-cases/new" not in staff


def test_what_is_in_use_comes_first(lexora, register, as_role):
    for name, status in (("A", "stopped"), ("B", "proposed"), ("C", "restricted"), ("D", "active")):
        register(name, status=status)

    page = as_role(lexora, "staff").get(LIST)

    assert [one.name for one in page.context["deployments"]] == ["D", "C", "B", "A"]
    assert page.context["others"] == ["1 proposed", "1 stopped"]


def test_the_page_of_one_shows_scope_and_change_log(lexora, register, change, as_role):
    change(register(approved_tasks=["Summarize clauses"]), model_version="2.3")

    text = flat(as_role(lexora, "staff").get(DEPLOYMENT))

    expected = ["Summarize clauses", "Nobody is approved to use it.", "Model version set to 2.3."]
    assert [piece for piece in expected if piece not in text] == []
    assert "changed <b>2 Nov 2026</b>" in text


@pytest.mark.parametrize(("role", "sees"), [("staff", False), ("manager", True), ("auditor", True)])
def test_staff_see_no_kpis(lexora, register, as_role, role, sees):
    register()

    text = as_role(lexora, role).get(DEPLOYMENT).content.decode()

    assert ('hx-get="/o/lexora/deployments/clause-summaries/kpis/panel/"' in text) is sees
    assert ('href="/o/lexora/deployments/clause-summaries/kpis/"' in text) is sees


@pytest.mark.parametrize(
    "url", [DEPLOYMENT, f"{DEPLOYMENT}edit/", "/o/lexora/use-cases/contract-review/"]
)
def test_things_of_another_organization_are_not_found(lexora, harbor, register, as_role, url):
    register()
    client = as_role(harbor, "manager")

    ours = client.get(url.replace("lexora", "harbor"))
    theirs = client.get(url)

    assert (ours.status_code, theirs.status_code) == (404, 404)


@pytest.mark.parametrize("role", ["staff", "executive", "auditor", "administrator"])
def test_only_managers_and_stewards_change(lexora, register, as_role, role):
    register()
    client = as_role(lexora, role)

    answers = [client.post(f"{DEPLOYMENT}edit/", ENTERED), client.post(f"{LIST}new/", ENTERED)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert log(lexora) == []


@pytest.mark.parametrize("items", [1, 3])
def test_the_register_costs_the_same_for_any_number(
    lexora, register, describe, as_role, items, django_assert_num_queries
):
    client = as_role(lexora, "manager")
    client.get(LIST)
    for number in range(items):
        register(f"Deployment {number}", use_case=describe(f"Work {number}"))

    with django_assert_num_queries(9):
        page = client.get(LIST)

    assert len(page.context["deployments"]) == items


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_of_one_costs_the_same_for_any_number_of_changes(
    lexora, register, change, as_role, items, django_assert_num_queries
):
    made, client = register(), as_role(lexora, "manager")
    client.get(DEPLOYMENT)
    for number in range(items):
        change(made, model_version=f"2.{number}")

    with django_assert_num_queries(11):
        page = client.get(DEPLOYMENT)

    assert len(page.context["changes"]) == items
