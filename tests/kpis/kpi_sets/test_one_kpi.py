"""One KPI of the set: its part, its range, its meaning, its end, and an own one."""

import re
from decimal import Decimal

import pytest

from kpis.models import (
    Kpi,
)
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA
from tests.kpis.kpi_sets.pages import CHOOSE, HERE, SET, keys_of, text_of


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
    "name": "Seen in time",
    "definition_text": "seen in time / all",
    "serves": "Reading",
    "kind": "ratio",
    "unit": "fraction",
    "role": "outcome",
    "direction": "up",
    "cadence": "weekly",
    "is_primary": "on",
}


def test_an_own_kpi_is_defined(lexora, deployment, add, mara):
    add("error_rate")

    page = mara.post(f"{HERE}add/", OWN | {"pair_with": ["error_rate"]})

    assert page["Location"] == SET
    with acting_in(lexora):
        kpi = Kpi.objects.get(slug="seen-in-time")
    assert (kpi.kind, kpi.unit, kpi.direction, kpi.is_primary, kpi.pair_with, kpi.serves) == (
        "ratio",
        "fraction",
        "up",
        True,
        ["error_rate"],
        "Reading",
    )


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
        (
            {"definition_text": ""},
            {"definition_text": ["Say what it counts, so that everybody counts the same."]},
        ),
        (
            {"serves": ""},
            {"serves": ["Name the work. A figure about AI in general shows no worth."]},
        ),
        ({"unit": "hours"}, {"unit": ["A share is in per cent."]}),
        ({"kind": "duration"}, {"unit": ["A time is in seconds, minutes, hours or days."]}),
        (
            {"direction": "band", "band_low": "20", "band_high": "many"},
            {"band_high": ["“many” is not a number."]},
        ),
        ({"direction": "band"}, {"band_low": ["Say from where to where it is best."]}),
        (
            {"role": "adoption"},
            {"is_primary": ["Seen in time cannot be the primary outcome: use is not a benefit."]},
        ),
        ({"kind": "hearsay"}, {"kind": ["Choose one from the list."]}),
    ],
)
def test_an_own_kpi_is_refused_beside_its_field(lexora, deployment, mara, given, errors):
    page = mara.post(f"{HERE}add/", OWN | {"cadence": "monthly"} | given)

    assert (page.status_code, page.context["form"].errors) == (422, errors)
    assert '<option value="monthly" selected>' in page.content.decode()
    assert keys_of(lexora) == []
