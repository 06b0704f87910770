"""Addresses and readers of the set-up pages."""

import re

from kpis.models import Kpi
from portal.tenancy.scope import acting_in
from tests.factories import flat

HERE = "/o/lexora/deployments/clause-summaries/kpis/"
CHOOSE, SET = f"{HERE}choose/", f"{HERE}set/"


def keys_of(organization):
    """Catalogue keys of what is measured, in the order of the set."""
    with acting_in(organization):
        rows = Kpi.objects.filter(retired_on=None).order_by("position")
        return list(rows.values_list("catalogue_key", flat=True))


def ticked(page):
    """Keys of the KPIs that a page shows ticked."""
    found = re.findall(r'name="kpi" value="(\w+)"( checked)?', flat(page))
    return [key for key, is_ticked in found if is_ticked]


def text_of(page):
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
