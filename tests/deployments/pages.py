"""Addresses of the deployments of Lexora, and their form as it is filled in."""

LIST = "/o/lexora/deployments/"
DEPLOYMENT = "/o/lexora/deployments/clause-summaries/"
ENTERED = {
    "name": "Clause summaries",
    "use_case": "contract-review",
    "system": "Clausal",
    "vendor": "Clausal GmbH",
    "model_version": "2.3",
    "model_changed_on": "2026-08-14",
    "owner_name": "Mara Okafor",
    "phase": "beta",
    "status": "active",
    "started_on": "2026-09-01",
    "risk_class": "regulated",
    "effect_reach": "professional_user",
    "human_review": "effective",
    "regulated_domain": "legal",
    "approved_tasks": "Summarize clauses\n\n  Mark risks  \nSummarize clauses\n",
    "approved_groups": "Lawyers",
    "approved_data": "",
    "expected_rhythm": "40 a week",
}
