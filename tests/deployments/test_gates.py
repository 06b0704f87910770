"""Gates: evidence before an answer counts, dates that end, nothing recorded is not met."""

import datetime as dt

import pytest

from deployments.actions import gates
from deployments.domain.gates import LABELS, state_on
from deployments.models import Gate
from portal.models import AuditEvent
from portal.tenancy.scope import acting_in

DAY = dt.date(2026, 11, 24)
PAGE = "/o/lexora/deployments/clause-summaries/gates/"


@pytest.mark.parametrize(
    ("state", "until", "expected"),
    [
        (None, None, "not_met"),
        ("met", None, "met"),
        ("met", DAY, "met"),
        ("met", DAY - dt.timedelta(days=1), "expired"),
        ("refused", DAY - dt.timedelta(days=1), "refused"),
        ("not_applicable", None, "not_applicable"),
    ],
)
def test_a_gate_holds_through_its_last_day(state, until, expected):
    assert state_on(state, until, DAY) == expected


def test_met_needs_evidence(lexora, register, now):
    made = register()
    with acting_in(lexora), pytest.raises(gates.CannotRecordGate, match="Say who confirmed"):
        gates.record(deployment=made, key="dpia", state="met", by="mara", at=now)
    with acting_in(lexora):
        assert Gate.objects.count() == 0


def test_the_same_answer_is_recorded_once_and_a_change_adds_a_row(lexora, register, now):
    made = register()
    later = now + dt.timedelta(hours=1)
    said = {"deployment": made, "key": "dpia", "evidence": "DPO, file 12", "by": "mara"}
    with acting_in(lexora):
        assert gates.record(**said, state="met", at=now) is not None
        assert gates.record(**said, state="met", at=later) is None
        gates.record(deployment=made, key="dpia", state="refused", by="mara", at=later)
        rows = list(Gate.objects.order_by("id").values_list("key", "state", "evidence"))
        event = AuditEvent.objects.order_by("-id").first()
    assert rows == [("dpia", "met", "DPO, file 12"), ("dpia", "refused", "")]
    assert (event.before, event.after) == (
        {LABELS["dpia"]: "Met"},
        {LABELS["dpia"]: "Refused", "evidence": ""},
    )


def test_the_page_saves_all_or_nothing_and_keeps_what_was_typed(lexora, register, client_of):
    register()
    mara = client_of("mara")
    typed = {"owner-state": "met", "owner-evidence": "Mara Okafor", "dpia-state": "met"}
    answer = mara.post(PAGE, typed)
    assert answer.status_code == 422
    assert "Say who confirmed this, or where it is written." in answer.content.decode()
    assert 'value="Mara Okafor"' in answer.content.decode()
    with acting_in(lexora):
        assert Gate.objects.count() == 0
    answer = mara.post(PAGE, typed | {"dpia-evidence": "DPO, 3 May", "dpia-until": "2027-05-03"})
    assert answer.status_code == 302
    with acting_in(lexora):
        rows = Gate.objects.order_by("key").values_list("key", "state", "valid_until")
        assert list(rows) == [("dpia", "met", dt.date(2027, 5, 3)), ("owner", "met", None)]
