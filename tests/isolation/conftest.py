"""Two organizations with one row of everything each."""

import pytest

from tests import factories


@pytest.fixture
def worlds(lexora, harbor, as_role):
    rows_of = {}
    for organization in (lexora, harbor):
        as_role(organization, "manager")
        rows_of[organization.slug] = factories.rows(organization)
    return rows_of
