"""The catalogue this version of the product ships with, read once."""

import functools
from pathlib import Path

from kpis.domain.catalogue.contents import Catalogue
from kpis.domain.catalogue.loading import read

FOLDER = Path(__file__).resolve().parents[2] / "catalogue"


@functools.cache
def catalogue() -> Catalogue:
    """All KPIs, packs, questions and mistakes of the files in `kpis/catalogue/`."""
    return read(FOLDER)
