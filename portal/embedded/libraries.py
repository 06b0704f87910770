"""The system libraries and the font of the PDF, installed or unpacked beside the project."""

import ctypes
import ctypes.util
import os
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

PROJECT = Path(__file__).resolve().parents[2]
FACES = ("Regular", "Medium", "SemiBold", "Bold", "Italic")
# Debian 12's fonts-inter holds single faces here; newer releases may use the second folder.
FONT_FOLDERS = ("usr/share/fonts/opentype/inter", "usr/share/fonts/truetype/inter")
# libharfbuzz-subset makes the same bytes on each run; WeasyPrint's own fallback does not.
NEEDED = (
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)
ROUNDS = 3

FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <selectfont>
    <rejectfont><glob>*</glob></rejectfont>
    <acceptfont>{faces}</acceptfont>
  </selectfont>
  <match target="pattern">
    <edit name="family" mode="append_last" binding="weak"><string>Inter</string></edit>
  </match>
</fontconfig>
"""


class MissingFont(RuntimeError):
    """No Inter was found; the message says how to get it."""


def system_folder() -> Path:
    """The root of the unpacked packages, which need not exist."""
    return Path(os.environ.get("PLUMBLINE_SYSTEM") or PROJECT / ".plumbline" / "system")


def preload_pango() -> None:
    """Load the unpacked libraries so that WeasyPrint finds them; nothing when installed.

    Call before `import weasyprint`. Later look-ups by name find what is already loaded.
    """
    if all(_loads(name) for name in NEEDED):
        return
    waiting = sorted((system_folder() / "usr/lib").glob("*/*.so*"))
    waiting += sorted((system_folder() / "lib").glob("*/*.so*"))
    # A library loads only after those it needs, and the order is not known: three rounds do.
    for _ in range(ROUNDS):
        waiting = [path for path in waiting if not _loads(str(path))]


def font_files() -> list[Path]:
    """The faces of Inter, in the order of FACES. Raises MissingFont."""
    for root in (Path("/"), system_folder()):
        for folder in FONT_FOLDERS:
            files = [root / folder / f"Inter-{face}.otf" for face in FACES]
            if all(file.exists() for file in files):
                return files
    raise MissingFont("The font Inter is missing: run bin/setup, or apt-get install fonts-inter.")


def fontconfig_file(folder: Path) -> Path:
    """Write a configuration to `folder` that knows the faces of Inter and nothing else.

    Set FONTCONFIG_FILE to the path returned, before pango is loaded. Raises MissingFont.
    """
    files = font_files()
    faces = "".join(f"<glob>{escape(str(file))}</glob>" for file in files)
    fonts, cache = escape(str(files[0].parent)), escape(str(folder / "cache"))
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "fonts.conf"
    written.write_text(FONTCONFIG.format(fonts=fonts, cache=cache, faces=faces))
    return written


def _loads(library: str) -> bool:
    with suppress(OSError):
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
        return True
    return False
