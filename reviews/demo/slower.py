"""Meeting minutes: the draft comes faster, the finished minutes slower (capability 4)."""

from reviews.demo.story import KpiStory, Story

MINUTES = Story(
    name="Meeting minutes",
    work="Team leads write down what a meeting decided, who does what, and until when.",
    pain="Minutes come days later, when half of it is forgotten.",
    unit="Customer service",
    owner="Tom Brandt",
    system="Protocol",
    vendor="Protocol AB",
    model_version="pr-7",
    weeks_live=18,
    facts={
        "phase": "general_availability",
        "status": "active",
        "risk_class": "low",
        "effect_reach": "internal_draft",
        "human_review": "effective",
        "regulated_domain": "",
    },
    tasks=["Draft of minutes from a recording"],
    kpis=[
        KpiStory(
            "final_completion_time",
            fields={"is_primary": True, "cadence": "weekly"},
            target={"mwb": "0.10", "target": "40"},
            baseline={"n": 160, "mean": 45.0, "sd": 13.0, "periods": 10},
            weekly=(45.0, 53.0, 30),
        ),
        KpiStory(
            "first_draft_time",
            fields={"cadence": "weekly"},
            baseline={"n": 160, "mean": 30.0, "sd": 9.0, "periods": 10},
            weekly=(30.0, 12.0, 30),
        ),
        KpiStory(
            "average_review_time",
            baseline={"n": 160, "mean": 6.0, "sd": 3.0, "periods": 10},
            weekly=(6.0, 23.0, 30),
        ),
        KpiStory(
            "correction_rate",
            fields={"is_guardrail": True},
            target={"warning": "0.45", "critical": "0.60"},
            weekly=(0.1, 0.34, 40),
        ),
        KpiStory(
            "ai_feature_adoption_rate", target={"expected_min": "0.50"}, weekly=(0.4, 0.92, 60)
        ),
    ],
)
