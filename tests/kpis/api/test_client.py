"""The client of docs/api.md, as it stands there, against a running server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kpis.models import Measurement, Verdict
from portal.tenancy.scope import acting_in
from tests import factories
from tests.api_client import Program
from tests.factories.figures import make_kpi

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "api.md"
CSV = """kpi,period,num,den
clauses-found,2026-W45,3,10
clauses-found,2026-W46,4,10
"""
RECORD = factories.VERDICT | {"because": ["Too little is known."], "watch_sentences": []}


def client():
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), flags=re.DOTALL)
    return code


def test_it_can_be_pasted():
    lines = [line for line in client().splitlines() if line.strip()]
    assert len(lines) <= 20


@pytest.mark.django_db(transaction=True)
def test_it_sends_a_week_of_figures_and_reads_a_recommendation(
    live_server, settings, lexora, now, tmp_path
):
    settings.ALLOWED_HOSTS = ["*"]
    kpi = make_kpi(lexora, now)
    with acting_in(lexora):
        Verdict.objects.create(
            deployment_id=kpi.deployment_id,
            as_of=now.date(),
            decision="improve",
            certainty="low",
            evidence={},
            record=RECORD,
            digest="d",
            policy="rules 1",
            made_at=now,
        )
    token = Program(lexora, now).headers["authorization"].removeprefix("Bearer ")
    (tmp_path / "week.csv").write_text(CSV)
    (tmp_path / "client.py").write_text(client())
    where = {"PLUMBLINE": f"{live_server.url}/o/lexora/api/v1", "PLUMBLINE_TOKEN": token}
    said = subprocess.run(
        [sys.executable, "client.py", "place-of-clauses-found", "week.csv"],
        cwd=tmp_path,
        env=os.environ | where,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (said.returncode, said.stdout) == (
        0,
        "2 written, 0 were on record\nImprove before you expand\nToo little is known.\n",
    ), said.stderr
    with acting_in(lexora):
        assert list(Measurement.objects.order_by("day").values_list("num", flat=True)) == [3, 4]
