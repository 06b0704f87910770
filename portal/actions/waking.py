"""Telling workers that there is work. The job table is the queue: a message may be lost."""

import logging
import time
from threading import Lock
from typing import Any

from django.conf import settings
from kombu import Connection
from kombu.exceptions import KombuError
from kombu.pools import producers

from portal.celery import app

log = logging.getLogger("plumbline.jobs")

# A person waits for the write that wakes the worker; the sweep of the next minute does the rest.
PATIENCE_SECONDS = 0.2
QUIET_SECONDS = 15.0
_REDIS: dict[str, Any] = {
    "socket_connect_timeout": PATIENCE_SECONDS,
    "socket_timeout": PATIENCE_SECONDS,
    "retry_on_timeout": False,
    "health_check_interval": 0,
    "max_retries": 0,
}
_AMQP: dict[str, Any] = {"read_timeout": PATIENCE_SECONDS, "write_timeout": PATIENCE_SECONDS}
_BOUNDS = {"redis": _REDIS, "rediss": _REDIS, "amqp": _AMQP, "amqps": _AMQP}


class _Silence:
    """After a failure nobody asks the broker for a while, so that no write after it waits."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = Lock()

    def holds(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        with self._lock:
            self._until = time.monotonic() + QUIET_SECONDS

    def end(self) -> None:
        with self._lock:
            self._until = 0.0


silence = _Silence()


def wake(*, job_id: int, queue: str) -> bool:
    """Send a worker the key of a job; False when the broker did not take it in time."""
    return tell(task="portal.run_job", arguments=[job_id], queue=queue)


def tell(*, task: str, arguments: list[Any], queue: str) -> bool:
    """Send a worker a message; False when the broker did not take it in time."""
    if silence.holds():
        return False
    try:
        _send(task, arguments, queue)
    except (KombuError, OSError) as error:
        silence.begin()
        log.warning(
            "broker unreachable, %s %s waits for the sweep: %s", task, arguments, type(error)
        )
        return False
    return True


def _send(task: str, arguments: list[Any], queue: str) -> None:
    connection = Connection(
        settings.CELERY_BROKER_URL,
        connect_timeout=PATIENCE_SECONDS,
        transport_options=_BOUNDS.get(settings.CELERY_BROKER_URL.split(":")[0], {}),
    )
    with producers[connection].acquire(block=True, timeout=PATIENCE_SECONDS) as producer:
        app.send_task(task, args=arguments, queue=queue, producer=producer, retry=False)
