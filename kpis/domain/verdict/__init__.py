"""From evidence to a verdict: the most severe rule that fires, with its reasons."""

from kpis.domain.verdict.digest import digest
from kpis.domain.verdict.errors import BadEvidence
from kpis.domain.verdict.inherit import resolve_all
from kpis.domain.verdict.judge import RULES, judge, spoken

__all__ = ["RULES", "BadEvidence", "digest", "judge", "resolve_all", "spoken"]
