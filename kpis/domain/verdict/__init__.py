"""From evidence to a verdict: the most severe rule that fires, with its reasons."""

from kpis.domain.verdict.evidence import BadEvidence
from kpis.domain.verdict.judge import RULES, digest, judge

__all__ = ["RULES", "BadEvidence", "digest", "judge"]
