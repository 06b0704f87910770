"""The policy: every default number of the method as data, with a version and a sentence each."""

import dataclasses
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kpis.domain.errors import MethodError

FILE = Path(__file__).resolve().parents[1] / "policy" / "policy.yaml"


class BadPolicy(MethodError):
    """The table of defaults contradicts itself; the message names the entry."""


@dataclass(frozen=True)
class Policy:
    """The numbers a verdict is made with. Days, shares (0 to 1), counts; see `entries()`."""

    version: str
    z_review: float
    z_between: float
    max_primaries: int
    floor_ratio: int
    floor_items: int
    floor_periods: int
    floor_rating: int
    floor_share: int
    floor_people: int
    floor_adoption: int
    baseline_periods: int
    coverage_min: float
    stale_after: float
    clear_periods: int
    cost_margin: float
    min_window_days: int
    trend_z: float
    srm_p: float
    repeat_days: int
    recent_days: int
    no_benefit_reviews: int
    out_of_scope_limit: float
    shadow_limit: float
    overload: float
    load_high: float
    blind_spot_days: int
    kpi_review_days: int
    fast_limit: float
    unedited_limit: float
    bursts_limit: float
    failing_signals: int
    required_catch: float
    seeds_to_fail: int
    seeds_to_pass: int
    words_per_minute: float
    burst_seconds: float
    participation_min: float
    afraid_limit: float
    report_yield: float
    underreporting_p: float
    suspect_flags: int
    start_randomised: int
    start_controlled: int
    start_before_after: int
    start_after_only: int
    strong_factor: float
    strong_points: int
    expand_certainty_low_risk: int
    expand_certainty: int
    valid_days: int
    valid_days_held: int
    xmr_factor: float
    range_factor: float
    run_points: int
    trial_points: int
    provisional_points: int
    frozen_points: int
    season_months: int
    rare_events: float
    power_factor: float
    clear_gap: float
    enter_breaches: int
    fresh_until: float
    lag_weeks: int
    budget_days: int
    budget_burn_3d: float
    budget_burn_7d: float
    budget_burn_30d: float
    budget_exhausted_days: int
    score_answers: int
    comment_answers: int
    enps_answers: int
    survey_conclusion: float
    experiment_weeks: int

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name == "version":
                if not isinstance(value, str) or not value:
                    raise BadPolicy("version: a policy needs the name of its version.")
            elif not _is_number(value, whole=field.type is int):
                raise BadPolicy(f"{field.name}: “{value}” is not a number of its kind.")
            elif field.name.startswith("floor_") and value < 1:
                raise BadPolicy(f"{field.name}: nothing can be judged from no cases at all.")

    def changed(self, version: str, **values: float) -> "Policy":
        """The policy with other numbers, as a version of its own. Raises BadPolicy."""
        if version == self.version:
            raise BadPolicy(f"version: other numbers need another version than {version}.")
        unknown = sorted(set(values) - {field.name for field in dataclasses.fields(self)})
        if unknown:
            raise BadPolicy(f"{unknown[0]}: there is no such entry.")
        return dataclasses.replace(self, version=version, **values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Entry:
    """One row of the table as a reader sees it."""

    name: str
    value: float
    section: str
    sentence: str


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return False
    return math.isfinite(value) and value >= 0


def read(text: str) -> tuple[Policy, tuple[Entry, ...]]:
    """The policy and its rows from the table's YAML. Raises BadPolicy naming the entry."""
    try:
        table = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadPolicy(f"This is not YAML ({error}).") from error
    if not isinstance(table, Mapping) or set(table) != {"version", "entries"}:
        raise BadPolicy("A policy holds a version and entries.")
    entries = tuple(_entry(row) for row in table["entries"])
    names = [entry.name for entry in entries]
    known = {field.name for field in dataclasses.fields(Policy)} - {"version"}
    for name in (*names, *sorted(known)):
        if name not in known or names.count(name) != 1:
            raise BadPolicy(f"{name}: every entry of the policy stands exactly once.")
    values: dict[str, Any] = {entry.name: entry.value for entry in entries}
    return Policy(version=table["version"], **values), entries


def _entry(row: Any) -> Entry:
    if not isinstance(row, Mapping) or set(row) != {"name", "value", "section", "sentence"}:
        raise BadPolicy(f"{row}: an entry has name, value, section and sentence.")
    return Entry(str(row["name"]), row["value"], str(row["section"]), str(row["sentence"]))


@functools.cache
def _shipped() -> tuple[Policy, tuple[Entry, ...]]:
    return read(FILE.read_text(encoding="utf-8"))


def current() -> Policy:
    """The policy this version of the product ships with."""
    return _shipped()[0]


def entries() -> tuple[Entry, ...]:
    """Its rows in reading order, each with its sentence."""
    return _shipped()[1]
