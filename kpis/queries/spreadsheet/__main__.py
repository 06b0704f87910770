"""Read one XLSX within limits and print it as JSON: `python -m kpis.queries.spreadsheet`."""

import json
import resource
import sys
from dataclasses import asdict

# openpyxl would load them for charts and pictures, which takes longer than most files.
sys.modules.update(dict.fromkeys(("numpy", "PIL")))  # type: ignore[arg-type]

from kpis.domain.imports.table import UnreadableFile  # noqa: E402
from kpis.queries.spreadsheet import SECONDS  # noqa: E402
from kpis.queries.spreadsheet.workbook import open_book  # noqa: E402

MEMORY = 1024 * 1024 * 1024


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sheet = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        told = asdict(open_book(sys.stdin.buffer.read(), sheet))
    except UnreadableFile as error:
        told = {"refused": str(error)}
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
