"""The KPI catalogue as global reference data, loaded from `kpis/catalogue/`."""

from typing import Any

from django.db import models


class CatalogueEntry(models.Model):
    """One KPI of the catalogue; `document` holds the whole entry of the data file."""

    key = models.SlugField(max_length=80, primary_key=True)
    name = models.CharField(max_length=160)
    category = models.CharField(max_length=60)
    role = models.CharField(max_length=16)
    layer = models.CharField(max_length=24, blank=True)
    indicator = models.CharField(max_length=16)
    direction = models.CharField(max_length=8)
    kind = models.CharField(max_length=12)
    unit = models.CharField(max_length=60)
    cadence = models.CharField(max_length=12)
    success_evidence = models.BooleanField()
    primary_candidate = models.BooleanField(default=False)
    document: Any = models.JSONField()
    catalogue_version = models.PositiveIntegerField()

    class Meta:
        ordering = ["category", "name"]

    def __str__(self) -> str:
        return self.name
