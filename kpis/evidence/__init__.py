"""The evidence of a deployment, gathered from what is on record, in the format of method 5.8."""

from kpis.evidence.collect import collect, evidence_of

__all__ = ["collect", "evidence_of"]
