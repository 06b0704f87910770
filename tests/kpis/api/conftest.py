"""A program with a token of all scopes, and one KPI."""

import pytest
import time_machine

from tests.api_client import Program
from tests.factories.figures import make_kpi


@pytest.fixture
def tuesday(now):
    """The clock stands on Tuesday, 24 November 2026."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def kpi(lexora, now):
    return make_kpi(lexora, now)


@pytest.fixture
def program(lexora, now, kpi):
    return Program(lexora, now)
