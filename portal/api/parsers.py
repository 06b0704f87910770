"""What a program sends: strict JSON, or the bytes of a CSV.

How large a body may be is decided before (`portal.middleware.bodies`).
"""

import hashlib
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from portal.api import strict
from portal.api.problems import Problem

JSON, CSV = "application/json", "text/csv"


class DigestingParser(BaseParser):
    """Reads a body and leaves its digest with the view."""

    def content(self, stream: IO[Any], context: Mapping[str, Any] | None) -> bytes:
        content = bytes(stream.read())
        if context is not None:
            context["view"].body_digest = hashlib.sha256(content).hexdigest()
        return content


class StrictJson(DigestingParser):
    """application/json without NaN and without a name twice; fractions as Decimal."""

    media_type = JSON

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return strict.read(self.content(stream, parser_context))
        except strict.NotJson as error:
            raise Problem(400, str(error)) from error


class CsvBytes(DigestingParser):
    """text/csv as its bytes; the reader of rows takes it apart."""

    media_type = CSV

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return self.content(stream, parser_context)
