"""The set-up pages: what is offered and said, typed text kept, errors beside fields, rights."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from deployments.actions import deployments, use_cases
from kpis.actions import catalogue, kpi_changes, kpi_sets
from kpis.models import (
    Baseline,
    BaselineInterview,
    CatalogueEntry,
    Confirmation,
    Deviation,
    Kpi,
    KpiTarget,
)
from portal.tenancy.scope import acting_in
from tests.kpis.conftest import MARA

HERE = "/o/lexora/deployments/clause-summaries/kpis/"
CHOOSE, SET = f"{HERE}choose/", f"{HERE}set/"
PACK = [
    "response_time", "average_review_time", "correction_rate", "complaint_rate",
    "human_handoff_rate", "staff_confidence", "repeat_contacts", "error_rate",
    "reviewer_workload", "cost_per_resolution",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _catalogue(db):
    catalogue.load()


@pytest.fixture
def mara(client_of):
    return client_of("mara")


@pytest.fixture
def add(lexora, deployment, now):
    """KPIs of the catalogue in the set."""

    def added(*keys, **flags):
        with acting_in(lexora):
            return kpi_changes.add_many(
                deployment=deployment, keys=list(keys), serves="Contract review", by=MARA, at=now,
                flags=dict.fromkeys(keys, flags),
            )  # fmt: skip

    return added


def keys_of(lexora):
    with acting_in(lexora):
        rows = Kpi.objects.filter(retired_on=None).order_by("position")
        return list(rows.values_list("catalogue_key", flat=True))


def ticked(page):
    """Keys of the KPIs that a page shows ticked."""
    found = re.findall(r'name="kpi" value="(\w+)"( checked)?', page.content.decode())
    return [key for key, is_ticked in found if is_ticked]


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# Choosing


def test_the_start_offers_what_the_phase_asks_for(deployment, mara):
    page = mara.get(CHOOSE)

    assert set(ticked(page)) == {
        "cost_per_query", "eval_benchmark_score", "hallucination_rate", "latency_p50",
        "latency_p95",
    }  # fmt: skip
    assert "The phase “Pre-launch” asks for these." in text_of(page)


def test_each_offer_says_what_to_watch_and_what_stands_beside_it(deployment, mara):
    said = text_of(mara.get(f"{CHOOSE}?add=correction_rate"))

    for piece in (
        "Correction rate", "guardrail", "must be known", "leading",
        "Watch out: A rise warns before complaints do.",
        "Beside it: Rubber-stamp risk, Average review time",
        "Moves before: Customer or user complaint rate",
    ):  # fmt: skip
        assert piece in said


def test_a_pack_is_ticked_whole(deployment, mara):
    assert set(ticked(mara.get(f"{CHOOSE}?pack=customer_support"))) == set(PACK)


def test_leading_stands_before_lagging_in_each_category(deployment, mara):
    page = mara.get(f"{CHOOSE}?category=quality")
    for _, offers in page.context["groups"]:
        order = [["leading", "coincident", "lagging", "context"].index(one.kpi.indicator)
                 for one in offers]  # fmt: skip
        assert order == sorted(order)


def test_ticks_outlive_a_further_search(deployment, mara):
    page = mara.post(CHOOSE, {"step": "show", "q": "complaint", "kpi": ["error_rate"]})

    assert page.status_code == 200
    assert ticked(page) == ["error_rate"]
    assert "Ticked so far" in text_of(page)


def test_nothing_ticked_is_said_and_nothing_is_lost(deployment, mara):
    page = mara.post(CHOOSE, {"step": "check", "q": "complaint"})

    assert page.status_code == 422
    assert "Tick at least one measure." in text_of(page)
    assert 'value="complaint"' in page.content.decode()


def test_a_word_that_nothing_is_called_teaches(deployment, mara):
    assert "Nothing in the catalogue has this name" in text_of(mara.get(f"{CHOOSE}?q=zzzz"))


def check(mara, *keys, **given):
    return mara.post(CHOOSE, {"step": "check", "kpi": keys} | given)


def test_the_check_proposes_side_effects_primary_and_guardrails(deployment, mara):
    page = check(mara, "response_time")

    assert set(ticked(page)) == {
        "response_time",
        "repeat_contacts",
        "error_rate",
        "reviewer_workload",
    }
    assert page.context["primary"] == "response_time"
    assert page.context["guards"] == {"error_rate", "reviewer_workload"}
    assert [one.sentence for one in page.context["gaps"]] == ["No cost is measured."]


def test_usage_alone_is_a_mistake_before_anything_is_saved(lexora, deployment, mara):
    page = check(mara, "prompts_or_logins")

    said = text_of(page)
    assert "Use is taken as evidence of benefit." in said
    assert "No primary outcome is chosen." in said
    assert keys_of(lexora) == []


def test_what_is_ticked_is_added_as_said(lexora, deployment, mara):
    page = mara.post(CHOOSE, {
        "step": "add", "kpi": ["response_time", "error_rate", "reviewer_workload"],
        "guardrail": ["error_rate"], "primary": "response_time", "serves": "Contract review",
    })  # fmt: skip

    assert page["Location"] == SET
    with acting_in(lexora):
        rows = Kpi.objects.order_by("position")
        found = [(one.slug, one.is_primary, one.is_guardrail, one.serves) for one in rows]
    assert found == [
        ("response_time", True, False, "Contract review"),
        ("error_rate", False, True, "Contract review"),
        ("reviewer_workload", False, False, "Contract review"),
    ]


def test_an_unnamed_work_is_asked_for_and_every_tick_stays(lexora, deployment, mara):
    page = mara.post(CHOOSE, {
        "step": "add", "shown": ["response_time"], "kpi": ["response_time", "error_rate"],
        "guardrail": ["reviewer_workload"], "primary": "", "serves": " ",
    })  # fmt: skip

    assert page.status_code == 422
    assert 'id="serves-error"' in page.content.decode()
    # Repeat contacts and reviewer load were offered and not wanted: they stay unticked.
    assert ticked(page) == ["response_time", "error_rate"]
    assert page.context["guards"] == {"reviewer_workload"}
    assert keys_of(lexora) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kpi": []}, "Tick at least one measure."),
        ({"serves": "x" * 201}, "Say it in at most 200 characters; these are 201."),
        ({"primary": "active_users", "kpi": ["active_users"]}, "use is not a benefit"),
    ],
)
def test_what_cannot_be_added_is_said_beside_it(lexora, deployment, mara, given, sentence):
    said = {"step": "add", "shown": ["error_rate"], "kpi": ["error_rate"], "serves": "Reading"}
    page = mara.post(CHOOSE, said | given)

    assert (page.status_code, sentence in text_of(page), keys_of(lexora)) == (422, True, [])


def test_keys_that_nobody_has_are_left_out(lexora, deployment, mara):
    page = mara.post(CHOOSE, {"step": "check", "kpi": ["nonsense", "' OR 1=1"]})

    assert (page.status_code, keys_of(lexora)) == (422, [])


# The small organization


@pytest.fixture
def bakery(harbor, now):
    with acting_in(harbor):
        use = use_cases.create(name="Orders", work="w", owner_name="Hugo", by="hugo", at=now)
        return deployments.register(
            name="Order mails", use_case=use, owner_name="Hugo", system="Mailer", by="hugo", at=now
        )


SMALL = "/o/harbor/deployments/order-mails/kpis/"
SIX = [
    "hours_per_week_incl_review", "outputs_heavily_corrected", "customer_facing_errors",
    "hours_reviewing_per_week", "monthly_tool_cost", "tasks_no_longer_worth_ai",
]  # fmt: skip


def test_ten_people_choose_on_one_page_with_six_measures_and_five_signs(bakery, client_of):
    page = client_of("hugo").get(f"{SMALL}choose/")

    said = text_of(page)
    assert ticked(page) == SIX
    assert "Six measures are enough for ten people" in said
    assert "Cost rises without visible benefit" in said
    assert "Tasks no longer worth it" in said
    assert len(page.context["signs"]) == 5
    assert "small-organization measure" not in said


def test_the_six_make_a_complete_set_that_waits_for_figures(bakery, client_of):
    hugo = client_of("hugo")
    hugo.post(f"{SMALL}choose/", {
        "step": "add", "kpi": SIX, "primary": SIX[0], "serves": "Orders",
        "guardrail": ["outputs_heavily_corrected", "hours_reviewing_per_week"],
    })  # fmt: skip

    page = hugo.get(f"{SMALL}set/")

    assert [one.sentence for one in page.context["gaps"]] == []
    assert [one.sentence for one in page.context["lint"]] == [
        "A good average hides risky cases that go wrong.",
        "Nothing from before is there to compare with.",
    ]


# The set


def test_an_empty_set_teaches(deployment, mara, client_of):
    assert "Choose what tells whether the work got better" in text_of(mara.get(SET))
    assert "A manager chooses" in text_of(client_of("otto").get(SET))


def test_the_set_names_what_it_lacks_and_where_that_is_mended(deployment, add, mara):
    add("response_time", is_primary=True)

    page = mara.get(SET)

    assert [(one.sentence, one.place, list(one.add)) for one in page.context["gaps"]][:4] == [
        ("No guardrail of quality stands beside the outcome.", "choose", ["correction_rate"]),
        ("No guardrail of review burden stands beside the outcome.", "choose",
         ["average_review_time"]),
        ("No cost is measured.", "choose", ["cost_per_completed_task"]),
        ("Response time: the side effect Repeat contacts is not measured beside it.", "choose",
         ["repeat_contacts"]),
    ]  # fmt: skip
    assert 'choose/?add=correction_rate"' in page.content.decode()


def test_a_whole_set_makes_no_mistake_and_waits_for_its_figures(lexora, deployment, add, mara, now):
    add("response_time", is_primary=True)
    add("error_rate", "reviewer_workload", is_guardrail=True)
    add("repeat_contacts", "cost_per_resolution", "scope_drift", "shadow_ai_share",
        "staff_confidence", "cost_per_query", "eval_benchmark_score", "latency_p50",
        "latency_p95")  # fmt: skip
    add("hallucination_rate", is_safety_critical=True)
    with acting_in(lexora):
        kpi_sets.record_baseline(
            kpi=Kpi.objects.get(slug="response_time"), starts_on=dt.date(2026, 6, 1),
            ends_on=dt.date(2026, 8, 31), parts={"n": 90, "mean": 40.0, "sd": 9.0},
            grade="measured", source="tickets", periods=12, by=MARA, at=now,
        )  # fmt: skip

    page = mara.get(SET)

    assert [one.sentence for one in page.context["gaps"]] == []
    assert [one.sentence for one in page.context["lint"]] == []
    assert [one.mend for one in page.context["waiting"]] == [
        "Enter review and correction, help among colleagues and monitoring and governance in the "
        "cost ledger.",
        "Enter the first figures about use outside the scope and unapproved tools.",
        "Enter the first figures about what staff say and the load on them.",
    ]
    assert "13 measures are chosen; the first figures are due" in text_of(page)
    assert "None of the eight is made." in text_of(page)


# One KPI


def test_the_part_of_a_kpi_is_changed_and_a_refusal_keeps_what_was_typed(
    lexora, deployment, add, mara
):
    add("correction_rate")
    said = {"serves": "Typed work", "is_primary": "on", "cadence": "monthly", "keeper": MARA}

    refused = mara.post(f"{HERE}correction_rate/edit/", said)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {
        "is_primary": [
            "Correction rate cannot be the primary outcome: it is no outcome of the work."
        ]
    }
    assert 'value="Typed work"' in refused.content.decode()

    saved = mara.post(f"{HERE}correction_rate/edit/", said | {"is_primary": ""})
    assert saved["Location"] == SET
    with acting_in(lexora):
        kpi = Kpi.objects.get()
    assert (kpi.serves, kpi.cadence, kpi.keeper) == ("Typed work", "monthly", MARA)


def test_a_range_is_set_where_a_range_is_best(lexora, deployment, add, mara):
    add("average_review_time")
    said = {"serves": "Reading", "cadence": "weekly"}

    refused = mara.post(f"{HERE}average_review_time/edit/", said | {"band_low": "9"})
    assert refused.context["form"].errors == {"band_low": ["Say from where to where it is best."]}

    mara.post(f"{HERE}average_review_time/edit/", said | {"band_low": "4,5", "band_high": "12"})
    with acting_in(lexora):
        kpi = Kpi.objects.get()
    assert (kpi.band_low, kpi.band_high) == (Decimal("4.5"), Decimal(12))


@pytest.mark.parametrize(
    ("address", "given", "errors"),
    [
        ("meaning", {"definition_text": "", "reason": "r"}, {"definition_text"}),
        ("meaning", {"definition_text": "New", "reason": ""}, {"reason"}),
        ("end", {"reason": "  "}, {"reason"}),
    ],
)
def test_another_meaning_or_an_end_is_refused_on_the_page(
    lexora, deployment, add, mara, address, given, errors
):
    add("error_rate")

    page = mara.post(f"{HERE}error_rate/{address}/", given)

    assert (page.status_code, set(page.context["wrong"].errors)) == (422, errors)
    ids = re.findall(r' id="([^"]+)"', page.content.decode())
    assert sorted({one for one in ids if ids.count(one) > 1}) == []
    assert keys_of(lexora) == ["error_rate"]


def test_a_kpi_ends_and_leaves_the_set(lexora, deployment, add, mara):
    add("error_rate")

    page = mara.post(f"{HERE}error_rate/end/", {"reason": "Nobody counts it."})

    assert (page["Location"], keys_of(lexora)) == (SET, [])
    assert "in the set" not in text_of(mara.get(f"{CHOOSE}?add=error_rate"))


OWN = {
    "name": "Seen in time", "definition_text": "seen in time / all", "serves": "Reading",
    "kind": "ratio", "unit": "fraction", "role": "outcome", "direction": "up",
    "cadence": "weekly", "is_primary": "on",
}  # fmt: skip


def test_an_own_kpi_is_defined(lexora, deployment, add, mara):
    add("error_rate")

    page = mara.post(f"{HERE}add/", OWN | {"pair_with": ["error_rate"]})

    assert page["Location"] == SET
    with acting_in(lexora):
        kpi = Kpi.objects.get(slug="seen-in-time")
    assert (kpi.kind, kpi.unit, kpi.direction, kpi.is_primary, kpi.pair_with, kpi.serves) == (
        "ratio", "fraction", "up", True, ["error_rate"], "Reading",
    )  # fmt: skip


def test_an_own_range_is_typed_in_per_cent(lexora, deployment, mara):
    said = {"direction": "band", "is_primary": "", "band_low": "5%", "band_high": "12,5"}
    mara.post(f"{HERE}add/", OWN | said)

    with acting_in(lexora):
        kpi = Kpi.objects.get()
    assert (kpi.band_low, kpi.band_high) == (Decimal("0.05"), Decimal("0.125"))


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"name": ""}, {"name": ["Give it a name."]}),
        ({"definition_text": ""},
         {"definition_text": ["Say what it counts, so that everybody counts the same."]}),
        ({"serves": ""},
         {"serves": ["Name the work. A figure about AI in general shows no worth."]}),
        ({"unit": "hours"}, {"unit": ["A share is in per cent."]}),
        ({"kind": "duration"}, {"unit": ["A time is in seconds, minutes, hours or days."]}),
        ({"direction": "band", "band_low": "20", "band_high": "many"},
         {"band_high": ["“many” is not a number."]}),
        ({"direction": "band"}, {"band_low": ["Say from where to where it is best."]}),
        ({"role": "adoption"},
         {"is_primary": ["Seen in time cannot be the primary outcome: use is not a benefit."]}),
        ({"kind": "hearsay"}, {"kind": ["Choose one from the list."]}),
    ],
)  # fmt: skip
def test_an_own_kpi_is_refused_beside_its_field(lexora, deployment, mara, given, errors):
    page = mara.post(f"{HERE}add/", OWN | {"cadence": "monthly"} | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert '<option value="monthly" selected>' in page.content.decode()
    assert keys_of(lexora) == []


# Baseline and interview


BASE = {
    "value": "41,5", "n": "120", "sd": "12", "starts_on": "2026-06-01", "ends_on": "2026-08-31",
    "periods": "13", "source": "Time sheets", "grade": "measured",
}  # fmt: skip
MINUTES = f"{HERE}task_time/baseline/"


def test_a_baseline_is_recorded_and_signed(lexora, deployment, add, mara):
    add("task_time")

    page = mara.post(MINUTES, BASE | {"signed": "on"})

    assert page["Location"] == f"{HERE}task_time/"
    with acting_in(lexora):
        row = Baseline.objects.get()
    assert (row.parts, row.grade, row.periods, row.source, row.signed_by) == (
        {"n": 120, "mean": 41.5, "sd": 12.0}, "measured", 13, "Time sheets", MARA,
    )  # fmt: skip


def test_decimals_are_read_in_the_locale(lexora, deployment, add, mara):
    add("task_time")
    lexora.locale = "de"
    lexora.save()

    mara.post(MINUTES, BASE | {"value": "1.250", "sd": "1,5", "values": "1,5; 2,25", "periods": 2})

    with acting_in(lexora):
        row = Baseline.objects.get()
    assert (row.parts["mean"], row.parts["sd"], row.period_values) == (1250.0, 1.5, [1.5, 2.25])


def test_what_nobody_counted_is_kept_as_an_estimate(lexora, deployment, add, mara):
    add("error_rate")
    said = {name: BASE[name] for name in ("starts_on", "ends_on", "periods", "source")}
    address = f"{HERE}error_rate/baseline/?interview"

    page = mara.post(address, said | {"about": "8,5", "grade": "measured"})
    assert page.context["form"].errors == {
        "grade": ["What was not counted is estimated or assumed."]
    }

    page = mara.post(address, said | {"about": "8,5", "grade": "estimated"})
    assert page["Location"] == f"{HERE}interview/"
    with acting_in(lexora):
        row = Baseline.objects.get()
    assert (row.parts, row.grade) == ({"value": 0.085}, "estimated")


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"value": "", "n": "", "sd": ""}, {"value": ["Enter the figure from before AI."]}),
        ({"value": "fast"}, {"value": ["“fast” is not a number."]}),
        ({"n": ""}, {"n": ["Enter number of cases as well."]}),
        ({"about": "40"}, {"about": ["Give the counted figure or this one, not both."]}),
        ({"starts_on": "soon"}, {"starts_on": ["Enter a date such as 2026-08-14."]}),
        ({"ends_on": "2026-05-01"}, {"ends_on": ["The baseline ends before it begins."]}),
        ({"periods": "0"}, {"periods": ["Enter 1 or more."]}),
        ({"values": "50; 49"}, {"values": ["2 values are listed, but 13 periods."]}),
        ({"values": "50 then 49"},
         {"values": ["“50 then 49” is not a number. Separate the numbers by semicolons: "
                     "50; 49; 47."]}),
        ({"source": ""}, {"source": ["Say where the figure comes from."]}),
        ({"grade": "hoped"}, {"grade": ["Choose one from the list."]}),
    ],
)  # fmt: skip
def test_a_baseline_is_refused_beside_its_field_and_nothing_is_lost(
    lexora, deployment, add, mara, given, errors
):
    add("task_time")

    page = mara.post(MINUTES, BASE | {"source": "Typed source"} | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    if "source" not in given:
        assert 'value="Typed source"' in page.content.decode()
    with acting_in(lexora):
        assert Baseline.objects.count() == 0


def test_before_ai_ends_when_people_began_to_work_with_it(lexora, deployment, add, mara, now):
    add("task_time")
    with acting_in(lexora):
        deployments.change(
            deployment=deployment, on=dt.date(2026, 8, 1), started_on=dt.date(2026, 8, 1),
            by=MARA, at=now,
        )  # fmt: skip

    page = mara.post(MINUTES, BASE)
    assert page.context["form"].errors == {
        "ends_on": [
            "People have worked with it since 1 August 2026. End before that day, or say below "
            "that these worked without it."
        ]
    }

    assert mara.post(MINUTES, BASE | {"without_ai": "on"}).status_code == 302
    with acting_in(lexora):
        assert Baseline.objects.get().source == "Time sheets (without AI, at the same time)"


def test_the_interview_is_kept_and_goes_on(lexora, deployment, add, mara):
    add("error_rate")
    page = f"{HERE}interview/"
    said = {"held_on": "2026-11-20", "held_with": "two lawyers", "answer-0": "An hour"}

    assert mara.post(page, said)["Location"] == page
    shown = mara.get(page)
    assert "1 of 5 questions answered, 0 of 8 measures known from before AI" in text_of(shown)
    assert "An hour</textarea>" in shown.content.decode()
    assert "error_rate/baseline/?interview" in shown.content.decode()
    assert "Add the 7 that are not in the set" in text_of(shown)

    mara.post(page, said | {"answer-4": "The reading"})
    assert "2 of 5 questions answered" in text_of(mara.get(page))
    with acting_in(lexora):
        assert BaselineInterview.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"held_with": ""}, {"held_with": ["Say with whom you talked."]}),
        ({"held_on": "2999-01-01"}, {"held_on": ["This day has not come yet."]}),
        ({"answer-1": ""}, {"answer-0": ["Write down at least one answer."]}),
    ],
)
def test_an_interview_is_refused_beside_its_field(lexora, deployment, mara, given, errors):
    said = {"held_on": "2026-11-20", "held_with": "two lawyers", "answer-1": "Typed answer"}

    page = mara.post(f"{HERE}interview/", said | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    if "answer-1" not in given:
        assert "Typed answer</textarea>" in page.content.decode()


# Targets and deviations


def test_a_target_is_typed_in_per_cent_and_kept_as_a_share(lexora, deployment, add, mara):
    add("error_rate")

    page = mara.post(f"{HERE}error_rate/target/", {
        "valid_from": "2026-11-01", "requirement": "15", "target": "10 %", "ceiling": "5",
        "warning": "12,5", "critical": "20", "mwb": "2", "margin": "1", "condition": "chat",
    })  # fmt: skip

    assert page["Location"] == f"{HERE}error_rate/"
    with acting_in(lexora):
        row = KpiTarget.objects.get()
    found = [getattr(row, name) for name in kpi_sets.NUMBERS]
    assert found == [
        Decimal(one) if one else None
        for one in (".15", ".1", ".05", ".125", ".2", None, ".02", ".01")
    ]
    assert row.condition == "chat"


def test_a_requirement_met_before_ai_is_said(lexora, deployment, add, mara, now):
    (kpi,) = add("error_rate")
    with acting_in(lexora):
        kpi_sets.record_baseline(
            kpi=kpi, starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2026, 8, 31),
            parts={"num": 8, "den": 100}, grade="sampled", source="s", by=MARA, at=now,
        )  # fmt: skip

    page = mara.post(
        f"{HERE}error_rate/target/", {"valid_from": "2026-11-01", "requirement": "15"}, follow=True
    )

    assert "The requirement was met before AI; meeting it proves no benefit." in text_of(page)


def test_a_usual_range_fills_the_form_with_one_press_and_saves_nothing(
    lexora, deployment, add, mara
):
    add("hallucination_rate")
    address = f"{HERE}hallucination_rate/target/"
    assert 'href="?range=general#form"' in mara.get(address).content.decode()

    page = mara.get(f"{address}?range=regulated_domain")

    form = page.context["form"]
    shown = {name: form[name].value() for name in ("requirement", "warning", "critical")}
    assert shown == {"requirement": "1", "warning": "1", "critical": "3"}
    assert form["condition"].value() == "regulated_domain"
    with acting_in(lexora):
        assert KpiTarget.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"valid_from": ""}, {"valid_from": ["Enter a date."]}),
        ({"target": "4", "ceiling": "5"},
         {"target": ["The target lies beyond what is possible at best."]}),
        ({"requirement": "15", "target": "20"},
         {"target": ["The target asks for less than what is required."]}),
        ({"warning": "20", "critical": "15", "mwb": "0"},
         {"critical": ["Critical must be worse than warning, here higher."],
          "mwb": ["The smallest benefit worth having must be above zero."]}),
        ({"warning": "lots"}, {"warning": ["“lots” is not a number."]}),
        ({"warning": "150"}, {"warning": ["A share lies between 0% and 100%."]}),
        ({"warning": "0.00001"}, {"warning": ["That is finer than can be kept; round it."]}),
        ({"condition": "moonlight"}, {"condition": ["Choose one from the list."]}),
    ],
)  # fmt: skip
def test_a_target_is_refused_beside_its_field(lexora, deployment, add, mara, given, errors):
    add("error_rate")
    said = {"valid_from": "2026-11-01", "reason": "Typed reason"}

    page = mara.post(f"{HERE}error_rate/target/", said | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    text = page.content.decode()
    assert "Typed reason" in text
    assert [one for one in given.values() if one and f'value="{one}"' not in text] in (
        [], ["moonlight"],
    )  # fmt: skip
    with acting_in(lexora):
        assert KpiTarget.objects.count() == 0


def test_a_target_changed_for_days_that_have_passed_says_why(lexora, deployment, add, mara):
    add("error_rate")
    address = f"{HERE}error_rate/target/"
    mara.post(address, {"valid_from": "2020-01-01", "target": "10"})

    page = mara.post(address, {"valid_from": "2020-02-01", "target": "8"})
    assert page.context["form"].errors == {
        "reason": ["Say why it holds from a day that has passed."]
    }

    said = {"valid_from": "2020-02-01", "target": "8", "reason": "It was agreed then."}
    assert mara.post(address, said).status_code == 302


def test_what_is_never_judged_has_no_target(lexora, deployment, add, mara):
    add("engagement_depth")

    text = text_of(mara.get(f"{HERE}engagement_depth/target/"))

    assert "Engagement depth is shown, never judged" in text
    assert "Save the target" not in text


def test_use_has_an_expected_minimum(lexora, deployment, add, mara):
    add("ai_feature_adoption_rate")

    mara.post(
        f"{HERE}ai_feature_adoption_rate/target/",
        {"valid_from": "2026-11-01", "expected_min": "30"},
    )

    with acting_in(lexora):
        assert KpiTarget.objects.get().expected_min == Decimal("0.3")


@pytest.fixture
def breached(lexora, add, now):
    """Errors with a warning at 5% and critical at 10%."""
    (kpi,) = add("error_rate")
    with acting_in(lexora):
        kpi_sets.set_target(
            kpi=kpi, valid_from=dt.date(2026, 1, 1), warning=".05", critical=".1", by=MARA, at=now
        )
    return kpi


ACCEPTED = {
    "limit": "8", "reason": "Year end.", "approver": "Ines Duarte", "starts_on": "2026-11-20",
    "ends_on": "2999-12-31",
}  # fmt: skip


def test_a_deviation_is_accepted_and_ended(lexora, deployment, breached, mara):
    page = mara.post(f"{HERE}error_rate/deviation/", ACCEPTED)

    assert page["Location"] == f"{HERE}error_rate/"
    with acting_in(lexora):
        row = Deviation.objects.get()
    assert (row.limit, row.approver) == (Decimal("0.08"), "Ines Duarte")

    mara.post(f"{HERE}error_rate/deviation/end/", {"recorded_at": row.recorded_at.isoformat()})
    with acting_in(lexora):
        assert Deviation.objects.get().ended_early_on is not None


@pytest.mark.parametrize("at", ["", "yesterday", "2026-13-45T99:99", "2026-11-24T10:00:00"])
def test_a_moment_that_is_none_is_no_deviation(deployment, breached, mara, at):
    page = mara.post(f"{HERE}error_rate/deviation/end/", {"recorded_at": at})
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"limit": ""}, {"limit": ["Enter a number."]}),
        ({"limit": "4"},
         {"limit": ["This lies within the limits already; nothing would be accepted."]}),
        ({"reason": ""}, {"reason": ["Say why it is accepted."]}),
        ({"approver": ""}, {"approver": ["Name the person who answers for it."]}),
        ({"ends_on": "2020-01-01"},
         {"ends_on": ["This day has passed; nothing would be accepted."]}),
        ({"starts_on": "2999-12-31", "ends_on": "2999-12-30"},
         {"ends_on": ["The deviation ends before it begins."]}),
    ],
)  # fmt: skip
def test_a_deviation_is_refused_beside_its_field(lexora, deployment, breached, mara, given, errors):
    page = mara.post(f"{HERE}error_rate/deviation/", ACCEPTED | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    with acting_in(lexora):
        assert Deviation.objects.count() == 0


# Confirming


def test_after_a_change_the_parts_are_confirmed_with_a_note(lexora, deployment, add, mara, now):
    add("error_rate")
    with acting_in(lexora):
        deployments.change(
            deployment=deployment, on=now.date(), model_version="9", by=MARA,
            at=now + dt.timedelta(hours=1),
        )  # fmt: skip
    page = f"{HERE}confirm/"
    assert "3 parts of its evidence wait for you" in text_of(mara.get(page))

    refused = mara.post(page, {"note": "Typed note"})
    assert refused.status_code == 422
    assert 'value="Typed note"' in refused.content.decode()

    said = {"kpi_set": "yes", "baselines": "yes", "thresholds": "yes", "note": "Looked."}
    assert mara.post(page, said)["Location"] == SET
    assert "Nothing waits to be confirmed" in text_of(mara.get(page))
    with acting_in(lexora):
        assert set(Confirmation.objects.values_list("note", flat=True)) == {"Looked."}


def test_a_note_that_is_too_long_is_kept_and_said(deployment, add, mara):
    add("error_rate")

    page = mara.post(f"{HERE}confirm/", {"kpi_set": "yes", "note": "x" * 1001})

    assert page.status_code == 422
    assert "Shorten the note to 1,000 characters; it has 1,001." in text_of(page)
    assert 'id="kpi_set" name="kpi_set" value="yes" checked' in page.content.decode()


# The catalogue, and rights


def test_the_catalogue_is_found_by_every_name_and_by_category(mara, lexora):
    page = mara.get("/o/lexora/catalogue/?q=tickets&category=")
    assert page.context["page"].paginator.count >= 1

    page = mara.get("/o/lexora/catalogue/?category=review_burden")
    assert {row["category"] for row in page.context["page"]} == {"Review burden"}
    assert (
        CatalogueEntry.objects.count()
        == mara.get("/o/lexora/catalogue/").context["page"].paginator.count
    )


@pytest.mark.parametrize("who", ["tom", "ines", "otto", "ada"])
@pytest.mark.parametrize(
    "address",
    ["choose/", "add/", "confirm/", "interview/", "error_rate/edit/", "error_rate/meaning/",
     "error_rate/end/", "error_rate/baseline/", "error_rate/baseline/sign/",
     "error_rate/deviation/", "error_rate/deviation/end/", "error_rate/target/"],
)  # fmt: skip
def test_only_managers_and_stewards_change_the_set(deployment, add, client_of, who, address):
    add("error_rate")
    assert client_of(who).post(f"{HERE}{address}", {}).status_code == 403
