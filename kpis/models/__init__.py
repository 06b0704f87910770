from kpis.models.catalogue import CatalogueEntry
from kpis.models.imports import ImportMapping, ImportRun
from kpis.models.kpi import Baseline, Kpi, KpiTarget
from kpis.models.measurement import DirtyCell, Grade, Grain, Measurement, Rollup
from kpis.models.verdict import Verdict

__all__ = [
    "Baseline",
    "CatalogueEntry",
    "DirtyCell",
    "Grade",
    "Grain",
    "ImportMapping",
    "ImportRun",
    "Kpi",
    "KpiTarget",
    "Measurement",
    "Rollup",
    "Verdict",
]
