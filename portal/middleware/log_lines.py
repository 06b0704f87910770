"""What the log says about a request: which view and which answer, never whose."""

import logging


class NoAddresses(logging.Filter):
    """Rewrites the lines about requests, whose addresses may hold names, mail addresses or tokens.

    A refusal is one line; only what broke on our side keeps its traceback.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", None)
        request = getattr(record, "request", None)
        if record.name.startswith("django.security"):
            # Such a line quotes the host or the file name that it complains about.
            record.msg, record.args = "a request was refused: %s", (record.name.split(".")[-1],)
            record.exc_info = record.exc_text = None
        elif status is not None or request is not None:
            match = getattr(request, "resolver_match", None)
            view = (match and match.view_name) or "no view"
            method = getattr(request, "method", "a request")
            record.msg, record.args = "%s %s answered %s", (method, view, status)
            if status is not None and status < 500:
                record.exc_info = record.exc_text = None
        return True
