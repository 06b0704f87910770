from kpis.models.catalogue import CatalogueEntry
from kpis.models.deviation import Deviation
from kpis.models.entry import Absence, EntryDraft, Reminder
from kpis.models.imports import ImportMapping, ImportRun
from kpis.models.interview import BaselineInterview
from kpis.models.kpi import Baseline, Kpi, KpiTarget
from kpis.models.ledger import CostEntry, LedgerBasis
from kpis.models.measurement import DirtyCell, Grade, GrainCode, Measurement, Rollup
from kpis.models.readiness import Confirmation, ReadinessAnswer
from kpis.models.verdict import Verdict

__all__ = [
    "Absence",
    "Baseline",
    "BaselineInterview",
    "CatalogueEntry",
    "Confirmation",
    "CostEntry",
    "Deviation",
    "DirtyCell",
    "EntryDraft",
    "Grade",
    "GrainCode",
    "ImportMapping",
    "ImportRun",
    "Kpi",
    "KpiTarget",
    "LedgerBasis",
    "Measurement",
    "ReadinessAnswer",
    "Reminder",
    "Rollup",
    "Verdict",
]
