"""Time that a busy machine does not change: CPU of this process and of its database session."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds():
    """CPU of this process and of its session; where the server is elsewhere, the wall clock."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not stat.exists():
        return time.perf_counter()
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / TICK


@contextmanager
def cpu(times):
    """Append the CPU seconds that the block took."""
    start = cpu_seconds()
    yield
    times.append(cpu_seconds() - start)
