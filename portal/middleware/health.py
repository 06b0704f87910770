"""The address that monitors ask, answered before the host check and the way to https."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]
ADDRESS = "/healthz"
START_HEADER = "X-Plumbline-Start"


def health(get_response: Next) -> Next:
    """200 while this process answers and reaches the database, else 503; no data either way."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path != ADDRESS or request.method not in {"GET", "HEAD"}:
            return get_response(request)
        status, word = (200, "ok") if _database_answers() else (503, "database")
        response = HttpResponse(word, status=status, content_type="text/plain")
        response["Cache-Control"] = "no-store"
        if settings.START_TOKEN:
            response[START_HEADER] = settings.START_TOKEN
        return response

    return handle


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True
