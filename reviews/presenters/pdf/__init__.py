"""The PDF of a review: a function of its frozen document and of nothing else."""

import io
from collections.abc import Mapping
from typing import Any

import pikepdf
from django.conf import settings
from django.utils import translation

from reviews.presenters.pdf import fonts, page, tagging
from reviews.snapshot.document import canonical_json, digest, instant, plain, validate


def render(document: Mapping[str, Any]) -> bytes:
    """Tagged PDF of the document, which is attached to it as JSON.

    The same document gives the same bytes in every process, time zone and year, as long as
    pango, harfbuzz and the font are the same. Raises InvalidDocument.
    """
    validate(document)
    at = instant(document["frozen_at"])
    # The words of the document are those of the source; so is everything printed around them.
    with translation.override(settings.LANGUAGE_CODE):
        sheet = page.sheet(plain(document), digest(document))
    with fonts.pinned(at):
        # WeasyPrint loads pango when it is imported, so the libraries must be ready before.
        from reviews.presenters.pdf import write

        content = write.to_pdf(sheet, attachment=canonical_json(document), at=at)
    return tagging.mend(content, sheet.places)


def count_pages(content: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)
