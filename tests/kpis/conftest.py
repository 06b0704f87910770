"""One deployment at Lexora, as the room's tests need it."""

import pytest

from deployments.actions import deployments, use_cases
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA


@pytest.fixture
def deployment(lexora, now):
    """“Clause summaries” at Lexora, without any KPI."""
    with acting_in(lexora):
        use_case = use_cases.create(
            name="Contract review",
            work="Lawyers read contracts.",
            owner_name="Ines",
            by=MARA,
            at=now,
        )
        return deployments.register(
            name="Clause summaries",
            use_case=use_case,
            owner_name="Mara",
            system="Clausal",
            by=MARA,
            at=now,
        )
