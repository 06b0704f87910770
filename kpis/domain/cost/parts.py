"""The thirteen parts of the full cost: six that a bill shows, seven that hide in people's days."""

VISIBLE = {
    "licences": "licences",
    "usage": "usage charges",
    "setup": "setup",
    "training": "training",
    "support": "support contract",
    "integration": "integration",
}
HIDDEN = {
    "review_and_correction": "review and correction",
    "hidden_support": "help among colleagues",
    "prompt_upkeep": "upkeep of prompts and instructions",
    "monitoring_and_governance": "monitoring and governance",
    "rework": "rework",
    "vendor_management": "vendor management",
    "incidents": "handling of incidents",
}
PARTS = {**VISIBLE, **HIDDEN}
