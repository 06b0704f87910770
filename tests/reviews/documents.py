"""Documents of a review as they are frozen, and the text of the file that is printed from one."""

from dataclasses import asdict

import pypdfium2

from kpis.domain.statistics.process_charts import xmr_chart
from reviews.snapshot.document import FORMAT

WEEKS = [f"2026-W{week}" for week in range(20, 38)]
MINUTES = [38, 39, 37, 38.5, 38, 37.5, 39, 38, 37, 38, 39, 36, 35, 34.5, 34, 33.6, 33.2, 33]


def kpi(key="review_time", name="Human review time", **other):
    return {
        "key": key,
        "name": name,
        "category": "review",
        "role": "review",
        "watch_out": "",
        "value": "11.4 min",
        "n": "n 1,180",
        "baseline": "8.2 min",
        "target": "≤ 8 min",
        "grade": "measured",
        "data": "measured",
        "level": "critical",
        "level_text": "Beyond critical",
        "change_text": "worse than tolerated",
        "pair_of": None,
        "chart": None,
    } | other


def chart():
    return {
        "title": "Time to finished review",
        "unit": "minutes",
        "direction": "down",
        "target": 30,
        "baseline": 41.0,
        "segments": [asdict(xmr_chart(WEEKS, MINUTES))],
    }


def kpis():
    return [
        kpi(
            "time",
            "Time to finished review",
            value="33 min",
            baseline="41 min",
            level="ok",
            level_text="Within limits",
            target="≤ 30 min",
            role="outcome",
            chart=chart(),
            watch_out="Faster drafts can hide longer human review.",
        ),
        kpi(pair_of="time"),
        kpi(
            "checks",
            "Source-check failures",
            value="not measured",
            n="",
            grade=None,
            baseline="—",
            data="not_measured",
            level="unknown",
            level_text="Not measured",
            change_text="not measured",
        ),
        kpi(
            "support",
            "Support escalations",
            value="5%",
            n="21 of 420",
            grade="sampled",
            baseline="—",
            data="stale",
            level="suspected_warning",
            level_text="Perhaps beyond warning",
            change_text="cannot tell better from worse",
        ),
    ]


def deployment(reference="summaries", name="Contract clause summaries", **other):
    return {
        "reference": reference,
        "name": name,
        "unit": "Legal operations",
        "owner": "Mara Okafor",
        "phase": "General availability",
        "risk_class": "Regulated",
        "model_version": "clausal-2.3",
        "decision": "improve",
        "because": "Wrong summaries not measured",
        "reasons": ["28% of summaries are regenerated; the target is under 15%."],
        "counter_evidence": ["Finished reviews are 20% faster than before."],
        "certainty": "very_low",
        "readiness": {"done": 5, "of": 8},
        "kpis": kpis(),
    } | other


def document(**other):
    """A whole document as reviews freeze it; every test takes its own."""
    return {
        "format": FORMAT,
        "organization": {
            "name": "Lexora Legal",
            "currency": "USD",
            "locale": "en-gb",
            "time_zone": "Europe/London",
        },
        "period": {"label": "Q3 2026", "start": "2026-07-01", "end": "2026-09-30"},
        "edition": 2,
        "supersedes": "ab" * 32,
        "restated": [
            {
                "kpi": "Contract clause summaries: Regeneration rate",
                "period": "Q2 2026",
                "old": "26.1%",
                "new": "28.4%",
            }
        ],
        "frozen_at": "2026-10-01T09:00:00+00:00",
        "as_of": "2026-09-30",
        "policy": "standard 3",
        "rule_version": "1",
        "headline": ["Two deployments earn more room.", "One should pause."],
        "summary": "AI-supported work saved 1,940 hours net of 610 hours of review.",
        "figures": [{"value": "1,940 h", "label": "net hours saved"}],
        "deployments": [
            deployment(),
            deployment("triage", "Claims triage", decision=None, readiness=None, kpis=[]),
        ],
        "cannot_tell": ["Baselines for 5 of 9 measures."],
        "sources": ["Figures in this review are measured, sampled."],
        "incidents_note": "34% of staff would hesitate to report.",
    } | other


def text_of(content):
    """All text without the blanks, because narrow cells break lines anywhere."""
    pages = pypdfium2.PdfDocument(content)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)
