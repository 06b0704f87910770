"""The parts of a figure as columns, shared by measurement and rollup."""

from typing import Any

from django.db import models

from kpis.domain.aggregation import storage


def amount(**kwargs: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=30, decimal_places=6, null=True, **kwargs)


class Parts(models.Model):
    """Abstract: additive parts in columns, the parts of rarer kinds in `more`.

    Which column holds which part of a kind stands in `kpis.domain.aggregation.storage`.
    """

    num = amount()
    den = amount()
    squares = amount()
    low = amount()
    high = amount()
    more: Any = models.JSONField(null=True)

    class Meta:
        abstract = True

    @property
    def stored(self) -> dict[str, Any]:
        """The columns by name, as `kpis.domain.aggregation.storage` reads them."""
        return {name: getattr(self, name) for name in (*storage.NUMBERS, "more")}
