"""Use cases: described, changed, and not described twice by accident."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from deployments.actions import use_cases
from deployments.models import UseCase
from portal.actions import units
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in
from tests.factories import flat

NEW = "/o/lexora/use-cases/new/"
ENTERED = {
    "name": "Contract reviews",
    "work": "Paralegals read contracts of suppliers.",
    "pain": "It takes three days.",
    "owner_name": "Ines Duarte",
}


def event():
    return AuditEvent.objects.order_by("-id").first()


def names():
    return sorted(UseCase.objects.values_list("name", flat=True))


def test_describing_is_noted_in_words(lexora, describe):
    describe(pain="Slow.")

    with acting_in(lexora):
        noted = event()
    assert (noted.actor, noted.verb, noted.subject_type, noted.subject) == (
        "mara@lexora.example",
        "described",
        "use case",
        "contract-review",
    )
    assert noted.after == {
        "name": "Contract review",
        "work": "Lawyers read supplier contracts.",
        "what is hard today": "Slow.",
        "owner": "Ines Duarte",
    }


@pytest.mark.parametrize(
    ("taken", "slugs"),
    [
        (["Review", "Review", "Review"], ["review", "review-2", "review-3"]),
        (["New"], ["new-2"]),
        (["契約"], ["use-case"]),
        (["x" * 160], ["x" * 74]),
    ],
)
def test_slugs_are_readable_and_unique(describe, taken, slugs):
    assert [describe(name).slug for name in taken] == slugs


def test_two_organizations_may_use_the_same_slug(describe, harbor, now):
    ours = describe()

    with acting_in(harbor):
        theirs = use_cases.create(
            name="Contract review", work="Ours.", owner_name="Hugo", by="hugo", at=now
        )

    assert ours.slug == theirs.slug == "contract-review"


def test_a_change_is_noted_with_before_and_after(lexora, use_case, now):
    with acting_in(lexora):
        use_cases.change(use_case=use_case, owner_name="Tom", by="mara", at=now, reason="Moved.")

        noted = event()
    assert (noted.verb, noted.before, noted.after, noted.reason) == (
        "changed",
        {"owner": "Ines Duarte"},
        {"owner": "Tom"},
        "Moved.",
    )


def test_no_difference_writes_nothing(lexora, use_case, now):
    with acting_in(lexora):
        count = AuditEvent.objects.count()

        use_cases.change(use_case=use_case, owner_name="Ines Duarte", by="mara", at=now)

        assert AuditEvent.objects.count() == count


def test_a_name_that_is_too_long_is_refused(describe):
    with pytest.raises(ValidationError) as refused:
        describe("x" * 161)

    assert list(refused.value.message_dict) == ["name"]


def test_a_look_alike_is_shown_before_anything_is_saved(lexora, use_case, as_role):
    page = as_role(lexora, "manager").post(NEW, ENTERED)

    text = page.content.decode()
    assert page.context["alike"] == [use_case]
    assert "This may already be here. Nothing is saved yet." in text
    assert 'value="Contract reviews"' in text
    assert "It takes three days." in text
    with acting_in(lexora):
        assert names() == ["Contract review"]


def test_saved_anyway(lexora, use_case, as_role):
    page = as_role(lexora, "manager").post(NEW, ENTERED | {"anyway": "yes"})

    assert page["Location"] == "/o/lexora/use-cases/contract-reviews/"
    with acting_in(lexora):
        assert names() == ["Contract review", "Contract reviews"]


def test_other_work_is_saved_at_once(lexora, use_case, as_role):
    entered = ENTERED | {"name": "Client intake", "work": "Reception sorts new enquiries."}

    page = as_role(lexora, "manager").post(NEW, entered, follow=True)

    assert "Client intake is described." in page.content.decode()


def test_use_cases_of_others_are_no_look_alikes(lexora, harbor, as_role, now):
    with acting_in(harbor):
        use_cases.create(name="Contract reviews", work="x", owner_name="Hugo", by="hugo", at=now)

    page = as_role(lexora, "manager").post(NEW, ENTERED)

    assert page.status_code == 302


def test_empty_answers_are_named_beside_their_fields(lexora, as_role):
    page = as_role(lexora, "manager").post(NEW, {"name": "", "work": " ", "owner_name": ""})

    assert page.context["form"].errors == {
        "name": ["Enter a name for the work."],
        "work": ["Describe the work in a sentence or two."],
        "owner_name": ["Enter who owns the work."],
    }


def test_a_unit_is_chosen_by_its_slug_and_from_ours_only(lexora, harbor, as_role, now):
    day = dt.date(2026, 1, 1)
    with acting_in(lexora):
        units.create(name="Contracts team", parent=None, on=day, by="ada", at=now)
    with acting_in(harbor):
        units.create(name="Harbor ward", parent=None, on=day, by="hugo", at=now)
    client = as_role(lexora, "manager")

    page = client.post(NEW, ENTERED | {"unit": "harbor-ward"})
    assert page.context["form"].errors == {"unit": ["Choose a unit from the list."]}
    assert "Harbor ward" not in page.content.decode()

    client.post(NEW, ENTERED | {"unit": "contracts-team"})
    with acting_in(lexora):
        assert UseCase.objects.get().unit.name == "Contracts team"


def test_edited_on_the_page(lexora, use_case, as_role):
    client, url = as_role(lexora, "steward"), "/o/lexora/use-cases/contract-review/edit/"
    assert "Lawyers read supplier contracts." in client.get(url).content.decode()

    client.post(url, ENTERED | {"name": "Reading of contracts"})

    with acting_in(lexora):
        changed = UseCase.objects.get()
    assert (changed.slug, changed.name) == ("contract-review", "Reading of contracts")


def test_the_page_shows_work_and_helpers(lexora, use_case, register, as_role):
    register()

    text = flat(as_role(lexora, "staff").get("/o/lexora/use-cases/contract-review/"))

    assert "Lawyers read supplier contracts." in text
    assert "One deployment for this work" in text
    assert "Change this use case" not in text
