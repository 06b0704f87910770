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
from kpis.actions import (
    catalogue,
    deviations,
    imports,
    interviews,
    kpi_sets,
    ledgers,
    measurements,
    readiness,
)
from kpis.domain.imports.mapping import ColumnMapping, from_json
from kpis.models import CatalogueEntry, Kpi
from portal.actions import invitations, organizations, units
from portal.domain.calendar import Grain, period_of
from portal.domain.invitations import Visitor
from portal.models import Organization, Unit
from portal.tenancy.scope import acting_in
from reviews.demo.figures import parts_of_week
from reviews.demo.stories import HARBOR, LEXORA, PEOPLE, UNITS
from reviews.demo.story import KpiStory, Story

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
        name="Lexora Group",
        slug="lexora",
        time_zone="America/New_York",
        currency="USD",
        locale="en",
        fiscal_year_start=1,
        profile="standard",
        by=BY,
        at=at,
    )
    harbor = organizations.create(
        name="Harbor Bakery",
        slug="harbor",
        time_zone="Europe/Berlin",
        currency="EUR",
        locale="en",
        fiscal_year_start=1,
        profile="small",
        by=BY,
        at=at,
    )
    for organization, stories, names in ((lexora, LEXORA, UNITS), (harbor, HARBOR, [])):
        with acting_in(organization):
            by = next(email for email, _, role in PEOPLE[organization.slug] if role == "manager")
            _people(organization, password, at)
            teams = _units(names, at)
            for story in stories:
                _deployment(story, teams, by, at)
                say(f"{organization.name}: {story.name}")


def _people(organization: Organization, password: str, at: dt.datetime) -> None:
    for email, name, role in PEOPLE[organization.slug]:
        sent = invitations.invite(address=email, name=name, role=role, mail_to="", by=BY, at=at)
        invitations.accept(
            secret=sent.secret,
            visitor=Visitor.NOBODY,
            session_of=None,
            password=password,
            at=at,
        )


def _units(names: list[str], at: dt.datetime) -> dict[str, Unit]:
    on = at.date() - dt.timedelta(days=800)
    return {name: units.create(name=name, parent=None, on=on, by=BY, at=at) for name in names}


def monday(day: dt.date, weeks_ago: int) -> dt.date:
    """Monday of the week that many weeks before the last complete one."""
    return day - dt.timedelta(days=day.weekday() + 7 * (weeks_ago + 1))


def _deployment(story: Story, teams: dict[str, Unit], by: str, at: dt.datetime) -> None:
    """One story from its first day to today, each step recorded on the day it was taken."""
    team, today = teams.get(story.unit), at.date()
    started, began = monday(today, story.weeks_live - 1), at - dt.timedelta(weeks=story.weeks_live)
    use_case = use_cases.create(
        name=f"{story.name}: the work",
        work=story.work,
        pain=story.pain,
        owner_name=story.owner,
        unit=team,
        by=by,
        at=began,
    )
    place = deployments.register(
        name=story.name,
        use_case=use_case,
        owner_name=story.owner,
        system=story.system,
        vendor=story.vendor,
        model_version=story.model_version,
        started_on=started,
        model_changed_on=started,
        unit=team,
        approved_tasks=story.tasks,
        approved_groups=[story.unit or "Everybody"],
        approved_data=story.data,
        expected_rhythm="Every working day",
        by=by,
        at=began,
        **story.facts,
    )
    for gate in LABELS:
        gates.record(
            deployment=place,
            key=gate,
            state=story.gates.get(gate, "met"),
            evidence=f"On file with {story.owner}",
            by=by,
            at=began,
        )
    if story.interview:
        held_with, answers = story.interview
        interviews.hold(
            deployment=place,
            held_on=began.date(),
            held_with=held_with,
            answers=answers,
            by=by,
            at=began,
        )
    chosen_at = at - dt.timedelta(weeks=min(story.weeks_live + 1, 24))
    kpis = {one.key: _kpi(place, one, started, by, chosen_at) for one in story.kpis}
    if story.file:
        _import(place, story, today, by, at)
    for one in story.kpis:
        if one.weekly is not None:
            _figures(kpis[one.key], one, story, by, at)
    _costs(place, story, today, by, at)
    _afterwards(place, story, kpis, by, at)


def _afterwards(
    place: Deployment, story: Story, kpis: dict[str, Kpi], by: str, at: dt.datetime
) -> None:
    """What came later: answers, a change of the model, an accepted breach, a file that waits."""
    today = at.date()
    if story.answers:
        answered = at - dt.timedelta(weeks=story.answered_weeks_ago)
        readiness.answer(deployment=place, answers=story.answers, by=by, at=answered)
    if story.changed_weeks_ago is not None:
        deployments.change(
            deployment=place,
            on=monday(today, story.changed_weeks_ago),
            model_version=f"{story.model_version}.1",
            by=by,
            at=at - dt.timedelta(weeks=story.changed_weeks_ago),
            reason="The vendor replaced the model.",
        )
    for one in story.kpis:
        if one.accepted:
            deviations.accept(
                kpi=kpis[one.key],
                limit=Decimal(one.accepted["limit"]),
                reason=one.accepted["reason"],
                approver=one.accepted["approver"],
                starts_on=today - dt.timedelta(days=7),
                ends_on=today + dt.timedelta(days=30),
                by=by,
                at=at,
            )
    if story.waiting_file:
        imports.upload(
            deployment=place,
            file_name=story.waiting_file,
            content=(DATA / story.waiting_file).read_bytes(),
            by=by,
            at=at,
        )


def _costs(place: Deployment, story: Story, today: dt.date, by: str, at: dt.datetime) -> None:
    quarter = period_of(today, Grain.QUARTER, 1).start
    where: dict[str, Any] = {"deployment": place, "starts_on": quarter, "by": by, "at": at}
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
                **where,
                part=part,
                amount=Decimal(amount) if amount else None,
                hours=Decimal(hours) if hours else None,
                grade=known,
            )
        else:
            ledgers.enter(**where, part=part, not_applicable_because=known)


def _kpi(place: Deployment, story: KpiStory, started: dt.date, by: str, at: dt.datetime) -> Kpi:
    fields = {"serves": place.use_case.pain.rstrip(".")[:200], "keeper": story.keeper}
    fields |= story.fields
    if "kind" in story.fields:
        kpi = kpi_sets.add_own(deployment=place, by=by, at=at, **fields)
    else:
        entry = CatalogueEntry.objects.get(pk=story.key)
        kpi = kpi_sets.add_from_catalogue(deployment=place, entry=entry, by=by, at=at, **fields)
    if story.earlier_target:
        kpi_sets.set_target(
            kpi=kpi,
            valid_from=started,
            by=by,
            at=at,
            reason="For the first weeks.",
            **story.earlier_target,
        )
    if story.target:
        later = started + dt.timedelta(weeks=12) if story.earlier_target else started
        kpi_sets.set_target(
            kpi=kpi, valid_from=later, by=by, at=at + dt.timedelta(minutes=1), **story.target
        )
    if story.baseline is not None:
        parts = {name: value for name, value in story.baseline.items() if name != "periods"}
        kpi_sets.record_baseline(
            kpi=kpi,
            starts_on=started - dt.timedelta(weeks=12),
            ends_on=started - dt.timedelta(days=1),
            parts=parts,
            grade="measured",
            periods=int(story.baseline["periods"]),
            source="Time sheets and samples before AI",
            signed_by=by,
            by=by,
            at=at,
        )
    return kpi


def _import(place: Deployment, story: Story, today: dt.date, by: str, at: dt.datetime) -> None:
    content = (DATA / story.file).read_bytes()
    run = imports.upload(deployment=place, file_name=story.file, content=content, by=by, at=at)
    proposed = from_json(run.mapping)
    mapping = ColumnMapping(proposed.columns, monday(today, story.weeks_live - 1).isoformat())
    imports.confirm(
        run=run, mapping=mapping, grade="measured", reason="", by=by, at=at, today=today
    )


def _figures(kpi: Kpi, story: KpiStory, place: Story, by: str, at: dt.datetime) -> None:
    """A year of figures, or as many weeks as the deployment runs; the same for the same seed."""
    chance = random.Random(f"{kpi.slug}/{story.name}")
    assert story.weekly is not None
    _, level, cases = story.weekly
    is_monthly = story.monthly or kpi.kind == "money"
    facts = []
    for ago in reversed(range(story.missing, min(place.weeks_live, 52))):
        day = monday(at.date(), ago)
        if is_monthly:
            # A month is told once it is over.
            if day.day > 7 or day.replace(day=1) == at.date().replace(day=1):
                continue
            day = day.replace(day=1)
        kind, parts = parts_of_week(kpi, level, cases, chance)
        grain = Grain.MONTH if is_monthly else Grain.WEEK
        facts.append(measurements.Fact(kpi.pk, grain, day, kind, parts, grade=story.grade))
    measurements.record(facts=facts, source="work records", by=by, at=at)
