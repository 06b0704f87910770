"""Each action twice at the same time: the same effects as one after the other, and no broken row.

Both hold what they read before; neither has committed when the other reads, unless a lock makes it
wait. What comes of it is compared with the same two calls in turn, in another organization.
"""

import ast
import datetime as dt
import threading
from contextlib import suppress
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from kpis.actions import catalogue, kpi_sets
from kpis.actions.imports import runs
from kpis.actions.measurements.recording import Fact
from kpis.domain.imports.mapping import from_json
from kpis.models import CatalogueEntry
from portal.actions import people
from portal.domain.calendar import Grain, period_of
from portal.models import Job, Membership, Organization, User
from portal.models.owned import OrganizationOwned
from portal.tenancy.scope import acting_in
from reviews.actions import reviews
from tests import factories
from tests.architecture.sources import code, module_of, tree

# The first has read and written when the second begins, and waits so long with its commit.
OVERLAP_SECONDS = 0.4
NOW, DAY, LATER = factories.NOW, factories.DAY, factories.DAY + dt.timedelta(days=7)
WEEK = period_of(LATER, Grain.WEEK, 1)
CSV = b"Week,Letters\n2026-W30,5\n2026-W31,7\n"
WHY = {"reason": "because"}
# Called only by others, within a transaction that holds the lock of their row.
INNER = {
    "kpis.actions.imports.runs.write",
    "kpis.actions.imports.runs.take_back",
    "kpis.actions.verdicts.judge_sources",
}
REFUSALS = (ValueError, ValidationError, PermissionDenied)


class World:
    """An organization with a row of everything; each look at a row is a copy of its own."""

    def __init__(self, home):
        self.home, self.rows = home, factories.rows(home)
        user = User.objects.create_user(f"staff@{home.slug}.example", "Staff")
        with acting_in(home):
            self.rows["member"] = Membership.objects.create(
                organization=home, user=user, role="staff", created_at=NOW
            )
            self.rows["maker"] = factories.token_maker(home)

    def __getattr__(self, name):
        row = self.rows[name]
        return type(row).objects.get(pk=row.pk)

    def keep(self, name, row):
        self.rows[name] = row

    @property
    def organization(self):
        return Organization.objects.get(pk=self.home.pk)

    def fact(self, value=3):
        return Fact(self.kpi.pk, Grain.WEEK, LATER, "ratio", {"num": value, "den": 10})

    @property
    def entry(self):
        return CatalogueEntry.objects.get(pk="roi")

    @property
    def mapping(self):
        return from_json(self.run.mapping)


def loaded(world):
    catalogue.load()


def uploaded(world):
    kpi_sets.add_own(
        deployment=world.deployment,
        name="Letters",
        kind="count",
        role="adoption",
        direction="up",
        unit="count",
        by="x",
        at=NOW,
    )
    run = runs.upload(deployment=world.deployment, file_name="a.csv", content=CSV, by="x", at=NOW)
    world.keep("run", run)


def imported(world):
    uploaded(world)
    runs.confirm(
        run=world.run,
        mapping=world.mapping,
        grade="measured",
        reason="",
        by="x",
        at=NOW,
        today=LATER,
    )


def limited(world):
    kpi_sets.set_target(
        kpi=world.kpi, valid_from=LATER, by="x", at=NOW, target="0.1", warning="0.2", critical="0.3"
    )


def opened(world):
    world.keep("opened", reviews.open_review(day=dt.date(2026, 5, 5), by="x", at=NOW))
    kpi_sets.add_own(deployment=world.deployment, name="New", kind="count", by="x", at=NOW)


def departed(world):
    people.deactivate(membership=world.member, by="x", at=NOW)


# Action -> its arguments in a world; a second entry prepares the world.
ARGUMENTS = {
    "portal.actions.audit.record": lambda w: {
        "verb": "did",
        "subject": w.deployment,
        "reference": "d",
    },
    "portal.actions.tokens.issue": lambda w: {
        "name": "One",
        "scopes": ["read"],
        "expires_on": None,
        "maker": w.maker,
        "today": DAY,
    },
    "portal.actions.tokens.revoke": lambda w: {"token": w.apitoken, **WHY},
    "portal.actions.tokens.revoke_of": lambda w: {"maker": w.maker, **WHY},
    "portal.actions.organizations.create": lambda w: {
        "name": "New",
        "slug": f"new-{w.home.slug}",
        "time_zone": "UTC",
        "currency": "EUR",
        "locale": "en",
        "fiscal_year_start": 1,
        "profile": "small",
    },
    "portal.actions.organizations.change": lambda w: {
        "organization": w.organization,
        "name": "Other",
        "time_zone": "UTC",
        "currency": "CHF",
        "fiscal_year_start": 4,
        "profile": "small",
    },
    "portal.actions.units.create": lambda w: {"name": "Same", "parent": None, "on": DAY},
    "portal.actions.units.place": lambda w: {"unit": w.unit, "parent": None, "on": LATER},
    "portal.actions.units.rename": lambda w: {"unit": w.unit, "name": "Other"},
    "portal.actions.units.close": lambda w: {"unit": w.unit, "on": LATER},
    "portal.actions.invitations.invite": lambda w: {
        "address": "new@example.org",
        "name": "New",
        "role": "staff",
        "mail_to": "",
    },
    "portal.actions.invitations.renew": lambda w: {"invitation": w.invitation, "mail_to": ""},
    "portal.actions.invitations.withdraw": lambda w: {"invitation": w.invitation},
    "portal.actions.passwords.link_by_operator": lambda w: {
        "email": f"staff@{w.home.slug}.example"
    },
    "portal.actions.people.let_back_in": (
        lambda w: {"membership": w.member, "role": "manager"},
        departed,
    ),
    "portal.actions.people.change_role": lambda w: {"membership": w.member, "role": "manager"},
    "portal.actions.people.deactivate": lambda w: {"membership": w.member},
    "portal.actions.people.make_link": lambda w: {"membership": w.member},
    "deployments.actions.deployments.register": lambda w: {
        "name": "Same",
        "use_case": w.usecase,
        "owner_name": "o",
        "system": "s",
    },
    "deployments.actions.deployments.change": lambda w: {
        "deployment": w.deployment,
        "on": LATER,
        "name": "Other",
        "model_version": "2",
    },
    "deployments.actions.gates.record": lambda w: {
        "deployment": w.deployment,
        "key": "owner",
        "state": "met",
        "evidence": "a letter",
    },
    "deployments.actions.use_cases.create": lambda w: {
        "name": "Same",
        "work": "w",
        "owner_name": "o",
    },
    "deployments.actions.use_cases.change": lambda w: {"use_case": w.usecase, "name": "Other"},
    "kpis.actions.interviews.hold": lambda w: {
        "deployment": w.deployment,
        "held_on": DAY,
        "held_with": "Tom",
        "answers": ["so"] * 5,
    },
    "kpis.actions.verdicts.judge_deployment": lambda w: {"deployment": w.deployment, "as_of": DAY},
    "kpis.actions.entries.finish": lambda w: {
        "deployment": w.deployment,
        "period": WEEK,
        "facts": [(w.fact(), "")],
        "absences": [],
    },
    "kpis.actions.entries.excuse": lambda w: {"kpi": w.kpi, "period": WEEK, **WHY},
    "kpis.actions.kpi_sets.add_from_catalogue": (
        lambda w: {"deployment": w.deployment, "entry": w.entry},
        loaded,
    ),
    "kpis.actions.kpi_sets.add_own": lambda w: {
        "deployment": w.deployment,
        "name": "Same",
        "kind": "count",
    },
    "kpis.actions.kpi_sets.set_target": lambda w: {
        "kpi": w.kpi,
        "valid_from": LATER,
        "target": "0.1",
    },
    "kpis.actions.kpi_sets.record_baseline": lambda w: {
        "kpi": w.kpi,
        "starts_on": DAY,
        "ends_on": LATER,
        "parts": {"num": 1, "den": 10},
        "grade": "measured",
        "source": "s",
    },
    "kpis.actions.kpi_changes.add_many": (
        lambda w: {"deployment": w.deployment, "keys": ["roi"], "serves": "w"},
        loaded,
    ),
    "kpis.actions.kpi_changes.change": lambda w: {"kpi": w.kpi, "is_guardrail": True},
    "kpis.actions.kpi_changes.redefine": lambda w: {
        "kpi": w.kpi,
        "definition_text": "another",
        **WHY,
    },
    "kpis.actions.kpi_changes.retire": lambda w: {"kpi": w.kpi, "on": LATER, **WHY},
    "kpis.actions.kpi_changes.sign_baseline": lambda w: {"baseline": w.baseline},
    "kpis.actions.ledgers.enter": lambda w: {
        "deployment": w.deployment,
        "starts_on": LATER,
        "part": "licences",
        "amount": Decimal(5),
    },
    "kpis.actions.ledgers.set_basis": lambda w: {
        "deployment": w.deployment,
        "starts_on": LATER,
        "tasks": 10,
        "accepted": 9,
    },
    "kpis.actions.imports.runs.upload": (
        lambda w: {"deployment": w.deployment, "file_name": "a.csv", "content": CSV},
        uploaded,
    ),
    "kpis.actions.imports.runs.receive": (
        lambda w: {"deployment": w.deployment, "file_name": "a.csv", "content": CSV},
        uploaded,
    ),
    "kpis.actions.imports.runs.resend": (
        lambda w: {"run": w.run, "file_name": "b.csv", "content": CSV.replace(b"5", b"6")},
        uploaded,
    ),
    "kpis.actions.imports.runs.confirm": (
        lambda w: {
            "run": w.run,
            "mapping": w.mapping,
            "grade": "measured",
            "reason": "",
            "today": LATER,
        },
        uploaded,
    ),
    "kpis.actions.imports.runs.ask_to_write": (
        lambda w: {"run": w.run, "mapping": w.mapping, "grade": "measured", "reason": ""},
        uploaded,
    ),
    "kpis.actions.imports.runs.undo": (lambda w: {"run": w.run, **WHY}, imported),
    "kpis.actions.imports.runs.ask_to_undo": (lambda w: {"run": w.run, **WHY}, imported),
    "kpis.actions.readiness.answer": lambda w: {
        "deployment": w.deployment,
        "answers": {"has_baseline": "no"},
    },
    "kpis.actions.readiness.confirm": lambda w: {"deployment": w.deployment, "part": "kpi_set"},
    "kpis.actions.measurements.recording.record": lambda w: {"facts": [w.fact()], "source": "s"},
    "kpis.actions.deviations.accept": (
        lambda w: {
            "kpi": w.kpi,
            "limit": Decimal("0.4"),
            "approver": "Ines",
            "starts_on": LATER,
            "ends_on": LATER,
            **WHY,
        },
        limited,
    ),
    "kpis.actions.deviations.end": lambda w: {"deviation": w.deviation, "on": DAY},
    "reviews.actions.reviews.open_review": lambda w: {"day": dt.date(2026, 5, 5)},
    "reviews.actions.reviews.freeze": (lambda w: {"review": w.opened}, opened),
}
NO_HOME = {"portal.actions.organizations.create"}


def actions():
    """Every write that says by whom it is done, read from the source."""
    for path in code():
        if "actions" in path.parts:
            for node in tree(path).body:
                if is_action(node):
                    yield f"{module_of(path)}.{node.name}"


def is_action(node):
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
        return False
    return any(argument.arg == "by" for argument in node.args.kwonlyargs)


def test_every_action_is_tried():
    assert set(actions()) - INNER == set(ARGUMENTS)


def verb(name):
    module, function = name.rsplit(".", 1)
    return getattr(import_module(module), function)


def perform(name, arguments, turn, pause=lambda: None):
    """What came of the action: “done”, or the kind of refusal. Anything else is raised."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '20s'")
        at = NOW + dt.timedelta(hours=1, microseconds=turn)
        verb(name)(**arguments, by="mara@lexora.example", at=at)
        pause()
    except REFUSALS as refusal:
        return type(refusal).__name__
    return "done"


def within(world, name, act):
    if name in NO_HOME:
        return act()
    with acting_in(world.home):
        return act()


def in_turn(world, name, arguments):
    def act(turn):
        return within(world, name, lambda: perform(name, arguments(world), turn))

    return sorted(act(turn) for turn in range(2))


def at_once(world, name, arguments):
    """Both begin with what they read before, and commit late."""
    read = [within(world, name, lambda: arguments(world)) for _ in range(2)]
    ready, written = threading.Barrier(2), threading.Barrier(2)
    outcomes, broken = [], []

    def pause():
        with suppress(threading.BrokenBarrierError):
            written.wait(OVERLAP_SECONDS)

    def run(turn, given):
        try:

            def act():
                ready.wait(10)
                return perform(name, given, turn, pause)

            outcomes.append(within(world, name, act))
        except Exception as error:
            broken.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=turn) for turn in enumerate(read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broken == []
    return sorted(outcomes)


def counts(world):
    """Rows of every table of the organization, its jobs, and all organizations."""
    with acting_in(world.home):
        owned = {
            model.__name__: model.objects.count()
            for model in apps.get_models()
            if issubclass(model, OrganizationOwned)
        }
        people = Membership.objects.count()
        jobs = Job.objects.count()
    return owned | {"Membership": people, "Job": jobs, "Organization": Organization.objects.count()}


def effects(world, name, arguments, way):
    before = counts(world)
    outcomes = way(world, name, arguments)
    after = counts(world)
    return outcomes, {key: after[key] - before[key] for key in after if after[key] != before[key]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_twice_at_once_is_as_twice_in_turn(lexora, harbor, name):
    arguments, *prepare = (
        ARGUMENTS[name] if isinstance(ARGUMENTS[name], tuple) else (ARGUMENTS[name],)
    )
    worlds = [World(home) for home in (harbor, lexora)]
    for world in worlds:
        for step in prepare:
            with acting_in(world.home):
                step(world)

    turned = effects(worlds[0], name, arguments, in_turn)
    parallel = effects(worlds[1], name, arguments, at_once)

    assert parallel == turned


@pytest.mark.django_db(transaction=True)
def test_a_baseline_that_two_people_sign_at_once_is_signed_once(lexora):
    name = "kpis.actions.kpi_changes.sign_baseline"
    world = World(lexora)

    outcomes, changed = effects(world, name, ARGUMENTS[name], at_once)

    assert outcomes == ["done", "done"]
    assert changed == {"Baseline": 1, "AuditEvent": 1, "Job": 1}
