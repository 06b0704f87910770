"""Loading of the demonstration through the same actions that people use. Repeatable: the same
seed and the same day give the same figures, and a second run changes nothing."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from deployments.actions import deployments, gates, use_cases
from deployments.domain.gates import LABELS
from deployments.models import Deployment
from kpis.actions import catalogue, imports, kpi_sets, ledgers, measurements, readiness
from kpis.domain import monoids
from kpis.domain.imports.mapping import ColumnMapping
from kpis.models import CatalogueEntry, Kpi
from portal.actions import organizations, people, units
from portal.domain.calendar import Grain, period_of
from portal.models import Membership, Organization, Unit, User
from portal.tenancy.scope import acting_in
from reviews.demo.stories import HARBOR, LEXORA, PEOPLE, UNITS, KpiStory, Story

DATA = Path(__file__).resolve().parent / "data"
BY = "demonstration"
Say = Callable[[str], None]


def load(*, at: dt.datetime, password: str, say: Say) -> None:
    """Catalogue, two organizations, people, deployments and a year of figures."""
    say(f"catalogue: {len(catalogue.load().kpis)} KPIs")
    if Organization.objects.filter(slug="lexora").exists():
        say("the two organizations are there already")
        return
    lexora = organizations.create(
        name="Lexora Group", slug="lexora", time_zone="America/New_York", currency="USD",
        locale="en", fiscal_year_start=1, profile="standard", by=BY, at=at,
    )  # fmt: skip
    harbor = organizations.create(
        name="Harbor Bakery", slug="harbor", time_zone="Europe/Berlin", currency="EUR",
        locale="en", fiscal_year_start=1, profile="small", by=BY, at=at,
    )  # fmt: skip
    for organization, stories, names in ((lexora, LEXORA, UNITS), (harbor, HARBOR, [])):
        with acting_in(organization):
            teams = _units(names, at)
            for story in stories:
                _deployment(story, teams, at)
                say(f"{organization.name}: {story.name}")
            _people(organization, password, at)


def _people(organization: Organization, password: str, at: dt.datetime) -> None:
    for email, name, role in PEOPLE[organization.slug]:
        membership: Membership = people.add(email=email, name=name, role=role, by=BY, at=at)
        user: User = membership.user
        user.set_password(password)
        user.save(update_fields=["password"])


def _units(names: list[str], at: dt.datetime) -> dict[str, Unit]:
    on = at.date() - dt.timedelta(days=800)
    return {name: units.create(name=name, parent=None, on=on, by=BY, at=at) for name in names}


def monday(day: dt.date, weeks_ago: int) -> dt.date:
    """Monday of the week that many weeks before the last complete one."""
    return day - dt.timedelta(days=day.weekday() + 7 * (weeks_ago + 1))


def _deployment(story: Story, teams: dict[str, Unit], at: dt.datetime) -> None:
    team, today = teams.get(story.unit), at.date()
    use_case = use_cases.create(
        name=f"{story.name}: the work", work=story.work, pain=story.pain,
        owner_name=story.owner, unit=team, by=BY, at=at,
    )  # fmt: skip
    started = monday(today, story.weeks_live - 1)
    place = deployments.register(
        name=story.name, use_case=use_case, owner_name=story.owner, system=story.system,
        vendor=story.vendor, model_version=story.model_version, started_on=started,
        model_changed_on=started, unit=team, approved_tasks=story.tasks,
        approved_groups=[story.unit or "Everybody"], approved_data=story.data,
        expected_rhythm="Every working day", by=BY, at=at, **story.facts,
    )  # fmt: skip
    for gate in LABELS:
        gates.record(
            deployment=place, key=gate, state=story.gates.get(gate, "met"),
            evidence=f"On file with {story.owner}", by=BY, at=at,
        )  # fmt: skip
    chosen_at = at - dt.timedelta(weeks=min(story.weeks_live + 1, 24))
    kpis = {one.key: _kpi(place, one, started, chosen_at) for one in story.kpis}
    if story.file:
        _import(place, story, today, at)
    for one in story.kpis:
        if one.weekly is not None:
            _figures(kpis[one.key], one, story.weeks_live, today, at)
    _costs(place, story, today, at)
    if story.answers:
        # A little later than the set itself, as people do.
        readiness.answer(deployment=place, answers=story.answers, by=BY, at=at)
    if story.changed_weeks_ago is not None:
        deployments.change(
            deployment=place, on=monday(today, story.changed_weeks_ago),
            model_version=f"{story.model_version}.1", by=BY, at=at,
            reason="The vendor replaced the model.",
        )  # fmt: skip


def _costs(place: Deployment, story: Story, today: dt.date, at: dt.datetime) -> None:
    quarter = period_of(today, Grain.QUARTER, 1).start
    where: dict[str, Any] = {"deployment": place, "starts_on": quarter, "by": BY, "at": at}
    if story.basis:
        numbers: dict[str, Any] = {
            name: Decimal(value)
            if isinstance(value, str) and name.startswith(("minutes", "hourly", "rework"))
            else value
            for name, value in story.basis.items()
        }
        ledgers.set_basis(**where, **numbers)
    for part, (amount, hours, known) in story.costs.items():
        if amount or hours:
            ledgers.enter(
                **where, part=part, amount=Decimal(amount) if amount else None,
                hours=Decimal(hours) if hours else None, grade=known,
            )  # fmt: skip
        else:
            ledgers.enter(**where, part=part, not_applicable_because=known)


def _kpi(place: Deployment, story: KpiStory, started: dt.date, at: dt.datetime) -> Kpi:
    fields = {"serves": place.use_case.pain.rstrip(".")[:200]} | story.fields
    if "kind" in story.fields:
        kpi = kpi_sets.add_own(deployment=place, by=BY, at=at, **fields)
    else:
        entry = CatalogueEntry.objects.get(pk=story.key)
        kpi = kpi_sets.add_from_catalogue(
            deployment=place, entry=entry, by=BY, at=at, **fields
        )
    if story.target:
        kpi_sets.set_target(kpi=kpi, valid_from=started, by=BY, at=at, **story.target)
    if story.baseline is not None:
        parts = {name: value for name, value in story.baseline.items() if name != "periods"}
        kpi_sets.record_baseline(
            kpi=kpi, starts_on=started - dt.timedelta(weeks=12),
            ends_on=started - dt.timedelta(days=1), parts=parts, grade="measured",
            periods=int(story.baseline["periods"]), source="Time sheets and samples before AI",
            signed_by=BY, by=BY, at=at,
        )  # fmt: skip
    return kpi


def _import(place: Deployment, story: Story, today: dt.date, at: dt.datetime) -> None:
    content = (DATA / story.file).read_bytes()
    run = imports.upload(deployment=place, file_name=story.file, content=content, by=BY, at=at)
    proposed = imports.from_json(run.mapping)
    mapping = ColumnMapping(proposed.columns, monday(today, story.weeks_live - 1).isoformat())
    imports.confirm(
        run=run, mapping=mapping, grade="measured", reason="", by=BY, at=at, today=today
    )


def _figures(kpi: Kpi, story: KpiStory, weeks: int, today: dt.date, at: dt.datetime) -> None:
    chance = random.Random(f"{kpi.slug}/{story.name}")
    assert story.weekly is not None
    _, level, cases = story.weekly
    facts = []
    for ago in reversed(range(min(weeks, 52))):
        day = monday(today, ago)
        if kpi.kind == "money":
            if day.day > 7:
                continue
            day = day.replace(day=1)
        kind, parts = _week(kpi, level, cases, chance)
        grain = Grain.MONTH if kpi.kind == "money" else Grain.WEEK
        facts.append(measurements.Fact(kpi.pk, grain, day, kind, parts, grade=story.grade))
    measurements.record(facts=facts, source="made up for the demonstration", by=BY, at=at)


def _week(kpi: Kpi, level: float, cases: int, chance: random.Random) -> tuple[str, dict[str, Any]]:
    if kpi.kind == "money":
        return "money", {"minor": {kpi.currency: round(level * 100)}}
    if kpi.kind == "mean":
        value = Decimal(str(round(chance.gauss(level, level * 0.15), 2)))
        return "mean", {"n": 1, "sum": str(value), "sumsq": str(value * value)}
    if kpi.kind == "duration":
        times = [
            max(30_000, round(chance.lognormvariate(0, 0.4) * level * 60_000 / 1.083))
            for _ in range(cases)
        ]
        return "duration", monoids.to_parts("duration", monoids.of_durations(times))
    hits = sum(chance.random() < level for _ in range(cases))
    return "ratio", {"num": hits, "den": cases}
