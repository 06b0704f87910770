"""Configuration of gunicorn (`--config python:portal.gunicorn`), and its worker.

A thread serves one request at a time. So that clients which send slowly, or nothing, cannot hold
all of them, a connection gets a thread only once something has arrived, only some threads may wait
for the rest of a request, and a request has to arrive at some speed.
"""

import errno
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

workers = 2
threads = 8
worker_class = "portal.gunicorn.Worker"
keepalive = 5
graceful_timeout = 5
limit_request_fields = 60
loglevel = "warning"

# Threads of a worker that never wait for a client.
FREE_THREADS = 3
# Ended connections whose last answer may still be on its way; more of them are cut off.
LINGERING = 16
ARRIVAL_SECONDS = 15.0
SLOWEST_BYTES_A_SECOND = 16 * 1024
SEND_SECONDS = 60.0


class BoundedSocket:
    """A client's socket that waits only while a slot is free, and never beyond the deadline."""

    def __init__(self, client: socket.socket, slots: BoundedSemaphore) -> None:
        self._client, self._slots = client, slots
        self._is_abandoned = False
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    @property
    def is_abandoned(self) -> bool:
        """Whether we ended the connection because its client was too slow."""
        return self._is_abandoned

    def begin(self) -> None:
        """A new request: its time starts with the first look at what has arrived."""
        self._begun, self._received = 0.0, 0

    def recv(self, size: int) -> bytes:
        """What has arrived. Raises ConnectionResetError, which ends the connection quietly."""
        self._begun = self._begun or time.monotonic()
        before = self._client.gettimeout()
        # Not MSG_DONTWAIT: with a timeout set, Python waits before it even tries.
        self._client.setblocking(False)
        try:
            data = self._client.recv(size)
        except BlockingIOError:
            data = self._wait(size, before)
        finally:
            self._client.settimeout(before)
        self._received += len(data)
        return data

    def sendall(self, data: bytes) -> None:
        """Send within the time that a client has for taking in. Raises ConnectionResetError."""
        before = self._client.gettimeout()
        self._client.settimeout(SEND_SECONDS)
        try:
            self._client.sendall(data)
        except TimeoutError:
            raise self._too_slow() from None
        finally:
            self._client.settimeout(before)

    def _wait(self, size: int, most: float | None) -> bytes:
        allowed = ARRIVAL_SECONDS + self._received / SLOWEST_BYTES_A_SECOND
        left = self._begun + allowed - time.monotonic()
        if left <= 0 or not self._slots.acquire(blocking=False):
            raise self._too_slow()
        self._client.settimeout(left if most is None else min(left, most))
        try:
            return self._client.recv(size)
        except TimeoutError:
            raise self._too_slow() from None
        finally:
            self._slots.release()

    def _too_slow(self) -> ConnectionResetError:
        self._is_abandoned = True
        return ConnectionResetError(errno.ECONNRESET, "the client was too slow")


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads for requests; a connection on which nothing has arrived waits without one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.slots = BoundedSemaphore(max(1, self.cfg.threads - FREE_THREADS))
        self.lingering = BoundedSemaphore(LINGERING)
        self.closers = ThreadPoolExecutor(LINGERING)

    def enqueue_req(self, conn: TConn) -> None:
        if not isinstance(conn.sock, BoundedSocket):
            conn.sock = BoundedSocket(conn.sock, self.slots)
            conn.close = partial(self.close, conn)
        conn.sock.begin()
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        if not conn.initialized and not conn.wait_for_data(0):
            return _DEFER
        return super().handle(conn)

    def close(self, conn: TConn, graceful: bool = False) -> None:
        """End a connection; waiting for the client's own end never holds up the main loop."""
        if not graceful or conn.sock.is_abandoned or not self.lingering.acquire(blocking=False):
            TConn.close(conn)
            return

        def linger() -> None:
            try:
                TConn.close(conn, graceful=True)
            finally:
                self.lingering.release()

        self.closers.submit(linger)
