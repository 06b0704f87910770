"""One use case and one deployment at Lexora, as the room's tests need them."""

import datetime as dt

import pytest

from deployments.actions import deployments, use_cases
from portal.tenancy.scope import acting_in
from tests.factories.people import MARA


@pytest.fixture
def describe(lexora, now):
    """Describe a use case of Lexora."""

    def described(name="Contract review", **fields):
        given = {"work": "Lawyers read supplier contracts.", "owner_name": "Ines Duarte"} | fields
        with acting_in(lexora):
            return use_cases.create(name=name, by=MARA, at=now, **given)

    return described


@pytest.fixture
def use_case(describe):
    return describe()


@pytest.fixture
def register(lexora, use_case, now):
    """Register a deployment of Lexora."""

    def registered(name="Clause summaries", **fields):
        given = {"use_case": use_case, "owner_name": "Mara Okafor", "system": "Clausal"} | fields
        with acting_in(lexora):
            return deployments.register(name=name, by=MARA, at=now, **given)

    return registered


@pytest.fixture
def change(lexora, now):
    """Change a deployment of Lexora on 2 November 2026."""

    def changed(deployment, on=dt.date(2026, 11, 2), **fields):
        with acting_in(lexora):
            return deployments.change(deployment=deployment, on=on, by=MARA, at=now, **fields)

    return changed
