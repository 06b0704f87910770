"""From HTML to a tagged PDF. Import only after the libraries of pango are ready."""

import datetime as dt

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from reviews.presenters.pdf.fetcher import Shelf
from reviews.presenters.pdf.page import Sheet


def to_pdf(sheet: Sheet, *, attachment: bytes, at: dt.datetime) -> bytes:
    """PDF/UA-1 of the sheet with the document attached; every date in it is `at`."""
    shelf = Shelf(sheet.pictures)
    data = Attachment(
        string=attachment,
        name="review.json",
        description="The frozen document from which this file was made",
        created=at,
        modified=at,
        relationship="Data",
        url_fetcher=shelf,
    )
    config = FontConfiguration()
    html = HTML(string=sheet.html, url_fetcher=shelf)
    style = CSS(string=sheet.css, url_fetcher=shelf, font_config=config)
    content: bytes = html.write_pdf(
        stylesheets=[style],
        font_config=config,
        attachments=[data],
        pdf_variant="pdf/ua-1",
        cache={},
    )
    return content
