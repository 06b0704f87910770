"""One font and one date for the time of rendering, the same on every machine."""

import atexit
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from portal.embedded import libraries


@contextmanager
def pinned(at: dt.datetime) -> Iterator[None]:
    """Make pango ready and let it see Inter alone; font tools take `at` for the present."""
    libraries.preload_pango()
    configuration = _folder(os.getpid()) / "fonts.conf"
    if not configuration.exists():
        libraries.fontconfig_file(configuration.parent)
    with _environment(
        FONTCONFIG_FILE=str(configuration), SOURCE_DATE_EPOCH=str(int(at.timestamp()))
    ):
        yield


@cache
def _folder(process: int) -> Path:
    """A private folder of this process; a forked worker makes its own."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-fonts-"))
    atexit.register(_remove, folder, process)
    return folder


def _remove(folder: Path, process: int) -> None:
    """At the end of the process that made the folder, not of one forked from it."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _environment(**wanted: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
