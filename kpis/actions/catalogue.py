"""Loading of the catalogue's data files into the global reference table."""

from pathlib import Path

from django.db import transaction

from kpis.domain.catalogue.contents import Catalogue, as_record
from kpis.domain.catalogue.loading import read
from kpis.models import CatalogueEntry

FOLDER = Path(__file__).resolve().parent.parent / "catalogue"


def load(*, folder: Path = FOLDER) -> Catalogue:
    """Bring the table in line with the files; running it again changes nothing.

    Entries that left the catalogue are removed: KPI sets keep a copy of what they use.
    """
    catalogue = read(folder)
    records = [as_record(kpi) for kpi in catalogue.kpis.values()]
    rows = [CatalogueEntry(**record, catalogue_version=catalogue.version) for record in records]
    names = [field.name for field in CatalogueEntry._meta.concrete_fields if not field.primary_key]
    with transaction.atomic():
        CatalogueEntry.objects.exclude(pk__in=[row.pk for row in rows]).delete()
        CatalogueEntry.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["key"], update_fields=names
        )
    return catalogue
