"""Reads of the "today" page: what waits for whom, in the same few statements for any number."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deployments.models import Deployment, DeploymentChange
from kpis.domain.entering.confirmation import PARTS, parts_to_confirm
from kpis.domain.entering.deviations import holds
from kpis.domain.entering.reminders import answers_for, by_name
from kpis.domain.readiness import PARTS as PART_WORDS
from kpis.domain.readiness import SHORT
from kpis.evidence.sources import SET_CHANGES
from kpis.models import Confirmation, Deviation, ImportRun, Kpi, Verdict
from kpis.presenters import entry
from kpis.presenters.verdicts import record_in_words
from kpis.queries.due import Waiting, waiting
from kpis.queries.verdicts import latest_verdicts
from portal.domain.messages import listed
from portal.domain.roles import Permission
from portal.models import Membership, Organization
from reviews.domain import headline
from reviews.domain.today import (
    ENDS_SOON,
    Figure,
    Line,
    Sheet,
    Task,
    ends_in,
    ordered,
    sheets,
)

OVER = ("stopped",)


@dataclass(frozen=True)
class Today:
    """The page: deployments worst first, grids to fill (the reader's first), what else waits."""

    lines: Sequence[Line]
    mine: Sequence[Sheet]
    others: Sequence[Sheet]
    tasks: Sequence[Task]


def today(organization: Organization, day: dt.date, reader: str) -> Today:
    """What waits at the bound organization on a day, for the reader (an address) and others."""
    places = list(Deployment.objects.exclude(status__in=OVER).order_by("name"))
    by_key = {place.pk: place for place in places}
    kpis = list(Kpi.objects.filter(deployment__in=by_key, retired_on=None).order_by("position"))
    waits = [
        one
        for one in waiting(
            [kpi for kpi in kpis if not kpi.derived_from],
            today=day,
            fiscal_start=organization.fiscal_year_start,
        )
        if one.is_open
    ]
    open_parts, judged = _to_confirm(kpis, by_key, day), latest_verdicts(places)
    grids = sheets(_figures(waits, by_key))
    return Today(
        lines=ordered([_line(place, judged.get(place.pk), open_parts, waits) for place in places]),
        mine=[one for one in grids if reader in one.persons],
        others=[one for one in grids if reader not in one.persons],
        tasks=[
            *_contradictions(places, judged),
            *_confirmations(places, open_parts),
            *_imports(by_key),
            *_ending(kpis, by_key, day),
        ],
    )


def _line(
    place: Deployment,
    verdict: Verdict | None,
    open_parts: Mapping[int, Sequence[str]],
    waits: Sequence[Waiting],
) -> Line:
    record = verdict.record if verdict else {}
    rows = ["some"] if record.get("kpi") else []
    here = [one for one in waits if one.kpi.deployment_id == place.pk]
    return Line(
        slug=place.slug,
        name=place.name,
        owner=place.owner_name,
        decision=verdict.decision if verdict and rows else None,
        because=headline.because(record_in_words(verdict) if verdict else {}, rows),
        to_confirm=len(open_parts.get(place.pk, ())),
        due=len(here),
        late=sum(one.is_late for one in here),
    )


def _figures(waits: Sequence[Waiting], places: Mapping[int, Deployment]) -> list[Figure]:
    people = Membership.objects.who_may(Permission.ENTER_FIGURES)
    known = by_name(people)
    found = []
    for one in waits:
        place = places[one.kpi.deployment_id]
        persons = answers_for(one.kpi.keeper, place.owner_name, people, known)
        found.append(
            Figure(
                kpi=one.kpi.name,
                deployment=place.slug,
                name=place.name,
                period=entry.name_of(one.due.period),
                period_words=one.due.period.in_sentence,
                state=one.due.state,
                persons=tuple(persons),
            )
        )
    return found


def _to_confirm(
    kpis: Sequence[Kpi], places: Mapping[int, Deployment], day: dt.date
) -> dict[int, tuple[str, ...]]:
    """The parts of each KPI set that nobody looked at since the deployment changed."""
    changed: dict[int, dt.datetime] = {}
    for change in DeploymentChange.objects.filter(
        deployment__in=places, kind__in=SET_CHANGES, on__lte=day
    ):
        known = changed.get(change.deployment_id, change.recorded_at)
        changed[change.deployment_id] = max(known, change.recorded_at)
    first: dict[int, dt.datetime] = {}
    for kpi in kpis:
        first[kpi.deployment_id] = min(first.get(kpi.deployment_id, kpi.created_at), kpi.created_at)
    seen = {key: dict.fromkeys(PARTS, at) for key, at in first.items()}
    for one in Confirmation.objects.filter(deployment__in=places):
        if one.deployment_id in seen:
            parts = seen[one.deployment_id]
            parts[one.part] = max(parts[one.part], one.confirmed_at)
    return {key: parts_to_confirm(changed.get(key), seen[key]) for key in seen}


def _confirmations(
    places: Sequence[Deployment], open_parts: Mapping[int, Sequence[str]]
) -> list[Task]:
    found = []
    for place in places:
        if parts := open_parts.get(place.pk):
            words = listed([f"the {PART_WORDS[one]}" for one in parts])
            said = f"The deployment changed. Confirm {words}, or mend what no longer holds."
            found.append(Task("confirm", place.slug, place.name, said))
    return found


def _contradictions(places: Sequence[Deployment], judged: Mapping[int, Verdict]) -> list[Task]:
    """Readiness answers against which the data of the newest verdict speaks."""
    found = []
    for place in places:
        verdict = judged.get(place.pk)
        answers = verdict.evidence.get("readiness", {}) if verdict else {}
        against = [SHORT[key] for key, one in answers.items() if one["state"] == "contradicted"]
        if against:
            said = headline.counted(len(against), "readiness answer")
            verb = "disagrees" if len(against) == 1 else "disagree"
            words = "; ".join(one.lower() for one in against)
            said = f"{said} {verb} with the data: {words}."
            found.append(Task("readiness", place.slug, place.name, said))
    return found


def _imports(places: Mapping[int, Deployment]) -> list[Task]:
    rows = ImportRun.objects.filter(state=ImportRun.State.UPLOADED, deployment__in=places)
    return [
        Task(
            "import",
            places[row.deployment_id].slug,
            places[row.deployment_id].name,
            f"The file {row.file_name} was sent and nothing of it is written yet.",
            str(row.number),
        )
        for row in rows.defer("content").order_by("number")
    ]


def _ending(kpis: Sequence[Kpi], places: Mapping[int, Deployment], day: dt.date) -> list[Task]:
    known = {kpi.pk: kpi for kpi in kpis}
    rows = Deviation.objects.filter(
        ends_on__gte=day, ends_on__lte=day + dt.timedelta(days=ENDS_SOON), kpi__in=known
    )
    return [
        Task(
            "deviation",
            place.slug,
            place.name,
            f"{known[row.kpi_id].name} is accepted beyond its limit through "
            f"{row.ends_on.day} {row.ends_on:%B}; that ends {ends_in(row.ends_on, day)}.",
            known[row.kpi_id].slug,
        )
        for row in rows.order_by("ends_on")
        if holds(row.starts_on, row.ends_on, row.ended_early_on, day)
        and (place := places[known[row.kpi_id].deployment_id])
    ]
