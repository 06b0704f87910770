"""Import a file of figures from the command line, as the web page does."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from deployments.models import Deployment
from kpis.actions import imports
from kpis.actions.imports import preview
from kpis.domain.imports.mapping import from_json
from kpis.domain.imports.table import UnreadableFile
from kpis.forms.imports import QUESTIONS
from kpis.models import Grade
from portal.domain.calendar import local_date
from portal.models import Organization
from portal.tenancy.scope import acting_in


class Command(BaseCommand):
    help = "Import a CSV or XLSX file into the KPIs of a deployment: all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organization", required=True, help="its short name in the address")
        parser.add_argument("--deployment", required=True, help="its short name in the address")
        parser.add_argument("--first-week", default="", help="day on which week 1 began")
        parser.add_argument("--grade", default="measured", choices=Grade.values)
        parser.add_argument("--reason", default="", help="why figures on record are corrected")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="NAME=MEANING",
            help="meaning of a column where the proposal is wrong, e.g. seen=figure:seen:num",
        )
        parser.add_argument("--sheet", default="", help="the sheet of a spreadsheet")
        for key, (label, _, choices) in QUESTIONS.items():
            parser.add_argument(
                f"--{key}", default="", choices=[one for one, _ in choices], help=label
            )
        parser.add_argument(
            "--name",
            action="append",
            default=[],
            metavar="KIND:TEXT=SLUG",
            help="what a name in the file means, e.g. kpi:Regen.=regeneration_rate, "
            "unit:All=ignore",
        )
        parser.add_argument(
            "--leave-out",
            type=int,
            action="append",
            default=[],
            metavar="ROW",
            help="a row that is not read; may be given several times",
        )
        parser.add_argument("--by", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        with acting_in(organization):
            place = Deployment.objects.filter(slug=options["deployment"]).first()
            if place is None:
                raise CommandError(f"There is no deployment “{options['deployment']}”.")
            try:
                self._import(organization, place, content, options)
            except (UnreadableFile, imports.CannotImport, ValueError) as error:
                raise CommandError(str(error)) from error

    def _import(
        self, organization: Organization, place: Deployment, content: bytes, options: dict[str, Any]
    ) -> None:
        now = timezone.now()
        today = local_date(now, organization.time_zone)
        run = imports.upload(
            deployment=place,
            file_name=options["file"].name,
            content=content,
            by=options["by"],
            at=now,
        )
        proposed = from_json(run.mapping)
        chosen = dict(one.split("=", 1) for one in options["column"])
        first = options["first_week"] and dt.date.fromisoformat(options["first_week"]).isoformat()
        names = dict(one.rsplit("=", 1) for one in options["name"])
        said = {key: options[key] or getattr(proposed, key) for key in (*QUESTIONS, "sheet")}
        mapping = replace(
            proposed,
            columns={**proposed.columns, **chosen},
            names={**proposed.names, **names},
            first_week=first or proposed.first_week,
            left_out=tuple(options["leave_out"]),
            **said,
        )
        found = preview.look(run, today=today, mapping=mapping, grade=options["grade"])
        for row, sentence in found.reading.skipped if found.reading else ():
            self.stderr.write(f"row {row} left out: {sentence}")
        for fault in found.faults:
            self.stderr.write(f"row {fault.row}, {fault.column}: {fault.sentence}")
        outcome = imports.confirm(
            run=run,
            mapping=mapping,
            grade=options["grade"],
            reason=options["reason"],
            by=options["by"],
            at=now,
            today=today,
        )
        self.stdout.write(
            f"{outcome.written} figures written, {outcome.revised} corrected, "
            f"{outcome.unchanged} on record already."
        )
