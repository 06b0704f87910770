"""One row of every table that an organization owns; a test fails for a model without a factory."""

import datetime as dt
import re
from typing import Any

from deployments.models import Deployment, DeploymentChange, Gate, UseCase
from kpis.models import (
    Absence,
    Baseline,
    BaselineInterview,
    Confirmation,
    CostEntry,
    Deviation,
    DirtyCell,
    EntryDraft,
    GrainCode,
    ImportMapping,
    ImportRun,
    Kpi,
    KpiTarget,
    LedgerBasis,
    Measurement,
    ReadinessAnswer,
    Reminder,
    Rollup,
    Verdict,
)
from portal.actions import invitations
from portal.domain import tokens
from portal.domain.invitations import Visitor
from portal.models import (
    ApiToken,
    AuditEvent,
    Invitation,
    KeptAnswer,
    Membership,
    Organization,
    Unit,
    UnitPlacement,
    User,
)
from portal.tenancy.scope import acting_in
from reviews.models import Edition, EditionPdf, Review

NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 16)
VERDICT = {"kpi": {}, "because": [], "watch_sentences": [], "counter_sentences": []}
DOCUMENT = {
    "headline": ["One deployment can continue."],
    "summary": "Little is known.",
    "deployments": [],
    "cannot_tell": [],
    "restated": [],
}


def flat(page: Any) -> str:
    """The source of a page on one line, as a browser takes it: white space runs are one space.

    There is none where an element begins or ends, and none inside its tag beside the brackets.
    """
    text = re.sub(r"\s+", " ", page.content.decode())
    return re.sub(r"(<\w[^>]*?) ?> ?| (?=</)", lambda tag: f"{tag[1]}>" if tag[1] else "", text)


def rows(organization: Organization) -> dict[str, Any]:
    """One row of every tenant model, by the lower-case name of the model."""
    mark = organization.slug
    with acting_in(organization):
        unit = Unit.objects.create(slug=f"unit-{mark}", name=f"Unit {mark}")
        place = UnitPlacement.objects.create(unit=unit, valid_from=DAY)
        use = UseCase.objects.create(
            slug=f"use-{mark}",
            name=f"Work {mark}",
            work="w",
            owner_name="o",
            unit=unit,
            created_at=NOW,
        )
        deployment = Deployment.objects.create(
            slug=f"deployment-{mark}",
            name=f"Deployment {mark}",
            use_case=use,
            unit=unit,
            owner_name="o",
            system="s",
            created_at=NOW,
        )
        change = DeploymentChange.objects.create(
            deployment=deployment,
            on=DAY,
            kind="model",
            summary="new model",
            recorded_by="x",
            recorded_at=NOW,
        )
        kpi = Kpi.objects.create(
            deployment=deployment,
            slug=f"kpi-{mark}",
            name=f"Kpi {mark}",
            kind="ratio",
            unit="fraction",
            role="quality",
            direction="down",
            created_at=NOW,
        )
        return {
            "unit": unit,
            "unitplacement": place,
            "usecase": use,
            "deployment": deployment,
            "deploymentchange": change,
            "kpi": kpi,
            **_figures(kpi),
            **_work(deployment, organization),
            **_set(deployment, kpi),
            **_review(mark),
        }


def _figures(kpi: Kpi) -> dict[str, Any]:
    at = {"recorded_by": "x", "recorded_at": NOW}
    cell = {"kpi_id": kpi.pk, "grain": GrainCode.WEEK, "day": DAY}
    more = {"num": 1, "den": 10, "more": {"kind": "ratio"}}
    return {
        "kpitarget": KpiTarget.objects.create(kpi=kpi, valid_from=DAY, **at),
        "baseline": Baseline.objects.create(
            kpi=kpi, starts_on=DAY, ends_on=DAY, parts={"num": 1, "den": 9}, source="s", **at
        ),
        "measurement": Measurement.objects.create(
            source="s", content_hash="h", **cell, **more, **at
        ),
        "dirtycell": DirtyCell.objects.create(marked_at=NOW, **cell),
        "rollup": Rollup.objects.create(facts=1, grade="measured", value="0.1", **cell, **more),
    }


def secret(mark: str) -> str:
    """The secret of the token of an organization's rows."""
    return tokens.digest(f"secret of {mark}")


def token_prefix(mark: str, number: int = 0) -> str:
    """Eight letters of which no other organization has the same."""
    letters, base = tokens.PREFIX_LETTERS, sum(map(ord, mark)) * 1000 + number
    return "".join(letters[base // len(letters) ** place % len(letters)] for place in range(8))


PASSWORD = "plumb line of 2026"


def bring_in(*, email: str, name: str, role: str, by: str, at: dt.datetime) -> Membership:
    """Somebody new of the bound organization, who was invited and accepted."""
    sent = invitations.invite(address=email, name=name, role=role, mail_to="", by=by, at=at)
    account = User.objects.filter(email=sent.invitation.address).first()
    accepted = invitations.accept(
        secret=sent.secret,
        visitor=Visitor.OWNER if account else Visitor.NOBODY,
        session_of=account,
        password=PASSWORD,
        at=at,
    )
    assert accepted.membership is not None, accepted
    return accepted.membership


def token_maker(organization: Organization) -> Membership:
    """Somebody of the bound organization who may issue tokens."""
    user, _ = User.objects.get_or_create(email=f"programs@{organization.slug}.example")
    membership, _ = Membership.objects.get_or_create(
        organization=organization, user=user, defaults={"role": "administrator", "created_at": NOW}
    )
    return membership


def _token(organization: Organization) -> ApiToken:
    mark = organization.slug
    return ApiToken.objects.create(
        name=f"Token {mark}",
        scopes=[scope.value for scope in tokens.Scope],
        prefix=token_prefix(mark),
        secret_hash=tokens.digest(secret(mark)),
        created_by="x",
        maker_id=token_maker(organization).user_id,
        created_at=NOW,
        expires_on=dt.date(2999, 1, 1),
    )


def _work(deployment: Deployment, organization: Organization) -> dict[str, Any]:
    mark = organization.slug
    number = sum(map(ord, mark))
    return {
        "importrun": ImportRun.objects.create(
            number=number,
            deployment=deployment,
            file_name="f.csv",
            content=b"week,a\n1,2\n",
            content_hash="h",
            uploaded_by="x",
            uploaded_at=NOW,
        ),
        "importmapping": ImportMapping.objects.create(
            deployment=deployment, header_hash="h", mapping={}, updated_at=NOW
        ),
        "verdict": Verdict.objects.create(
            deployment=deployment,
            as_of=DAY,
            decision="continue",
            certainty="low",
            evidence={},
            record=VERDICT,
            digest=mark,
            policy="rules 1",
            made_at=NOW,
        ),
        "apitoken": _token(organization),
        "keptanswer": KeptAnswer.objects.create(
            caller=token_prefix(mark), key=f"key {mark}", request_digest=mark, kept_at=NOW
        ),
        "invitation": Invitation.objects.create(
            address=f"newcomer@{mark}.example",
            name="N",
            role="staff",
            invited_by="x",
            invited_at=NOW,
            expires_at=NOW,
            secret_hash=tokens.digest(f"invitation to {mark}"),
        ),
        "auditevent": AuditEvent.objects.create(
            at=NOW, actor="x", verb="did", subject_type="thing", subject=f"secret {mark}"
        ),
    }


def _set(deployment: Deployment, kpi: Kpi) -> dict[str, Any]:
    """What a manager says about a set and its figures."""
    at = {"recorded_by": "x", "recorded_at": NOW}
    place = {"deployment": deployment}
    return {
        "gate": Gate.objects.create(key="owner", state="met", **place, **at),
        "readinessanswer": ReadinessAnswer.objects.create(
            question="has_baseline", answer="yes", answered_by="x", answered_at=NOW, **place
        ),
        "confirmation": Confirmation.objects.create(
            part="kpi_set", confirmed_by="x", confirmed_at=NOW, **place
        ),
        "deviation": Deviation.objects.create(
            kpi=kpi, limit=1, reason="r", approver="a", starts_on=DAY, ends_on=DAY, **at
        ),
        "entrydraft": EntryDraft.objects.create(
            person="x", grain=GrainCode.WEEK, day=DAY, saved_at=NOW, **place
        ),
        "absence": Absence.objects.create(kpi=kpi, grain=GrainCode.WEEK, day=DAY, reason="r", **at),
        "reminder": Reminder.objects.create(person="x", on=DAY, figures=1, sent_at=NOW),
        "costentry": CostEntry.objects.create(
            starts_on=DAY, part="licences", amount=1, **place, **at
        ),
        "ledgerbasis": LedgerBasis.objects.create(
            starts_on=DAY, tasks=10, accepted=9, **place, **at
        ),
        "baselineinterview": BaselineInterview.objects.create(
            held_on=DAY, held_with="a", **place, **at
        ),
    }


def _review(mark: str) -> dict[str, Any]:
    review = Review.objects.create(
        slug=f"review-{mark}",
        label="Q4 2026",
        starts_on=dt.date(2026, 10, 1),
        ends_on=dt.date(2026, 12, 31),
        opened_by="x",
        opened_at=NOW,
    )
    edition = Edition.objects.create(
        review=review,
        number=sum(map(ord, mark)),
        document=DOCUMENT,
        digest=mark,
        frozen_by="x",
        frozen_at=NOW,
    )
    pdf = EditionPdf.objects.create(
        edition=edition, content=b"%PDF-", content_hash="h", pages=1, rendered_at=NOW
    )
    return {"review": review, "edition": edition, "editionpdf": pdf}
