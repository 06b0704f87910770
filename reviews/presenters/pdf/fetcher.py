"""The only files that a review can show: those made for it, held in memory."""

from collections.abc import Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse


class Refused(ValueError):
    """Something asked for a file that was not made for this review."""


class Shelf(URLFetcher):
    """Serves SVG pictures by their address; every other address ends the rendering."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._pictures = pictures

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url not in self._pictures:
            raise Refused(f"{url[:80]} is no part of this review.")
        content = self._pictures[url].encode()
        return URLFetcherResponse(url, content, {"Content-Type": "image/svg+xml"})
