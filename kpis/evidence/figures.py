"""Rollups as the figures that the verdict reads."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from kpis.domain.aggregation import storage
from kpis.models import Rollup

AS_POINT = {
    "count",
    "money",
    "gauge",
    "distinct",
    "score",
    "confusion",
    "percentile",
    "opaque",
    "quotient",
}
Parts = dict[str, Any]


def parts_of(row: Rollup | None, unit: str) -> tuple[str, Parts | None]:
    """Kind and parts of a rollup as the verdict reads them; ("", None) where nothing is known."""
    if row is None:
        return "", None
    columns = row.stored
    kind, parts = storage.kind_of(columns), storage.to_parts(columns)
    if kind in {"mean", "duration"}:
        return kind, _moments(row, storage.scale(kind, unit))
    if kind == "rating":
        return kind, answers(parts)
    if kind in AS_POINT or kind not in {"ratio", "rate", "uptime"}:
        return "point", None if row.value is None else {"value": float(row.value)}
    if kind == "rate":
        return kind, {"num": int(parts["events"]), "exposure": float(parts["exposure"])}
    return kind, {key: int(value) for key, value in parts.items()}


def answers(parts: Mapping[str, Any]) -> Parts | None:
    """Top answers of all answers; None where nobody answered."""
    counts = {str(code): int(count) for code, count in dict(parts.get("counts") or {}).items()}
    total = sum(counts.values())
    if total == 0:
        return None
    return {"num": sum(counts.get(str(code), 0) for code in parts.get("top") or []), "den": total}


def lowest_answers(row: Rollup | None, boxes: int = 2) -> Parts | None:
    """The lowest answers of all answers of a rating: those who are afraid, do not trust."""
    if row is None or storage.kind_of(row.stored) != "rating":
        return None
    counts = {
        str(code): int(count) for code, count in storage.to_parts(row.stored)["counts"].items()
    }
    total = sum(counts.values())
    lowest = sorted(counts, key=_code)[:boxes]
    return {"num": sum(counts[code] for code in lowest), "den": total} if total else None


def _code(code: str) -> tuple[float, str]:
    return (float(code), code) if code.lstrip("-").isdigit() else (math.inf, code)


def _moments(row: Rollup, scale: int) -> Parts | None:
    if row.den is None or row.num is None or row.den == 0:
        return None
    n, mean = int(row.den), row.num / row.den
    spread = (row.squares or Decimal(0)) - row.den * mean * mean
    deviation = math.sqrt(max(0.0, float(spread)) / (n - 1)) if n > 1 and row.squares else None
    return {
        "n": n,
        "mean": float(mean) / scale,
        "sd": None if deviation is None else round(deviation / scale, 9),
    }


def share(row: Rollup | None) -> Parts | None:
    """Numerator and denominator of a ratio or a rating; None for anything else."""
    kind, parts = parts_of(row, "fraction")
    return parts if kind in {"ratio", "rating"} else None


def added(rows: Sequence[Rollup]) -> int | None:
    """The sum of counts, rounded down; None where nothing was counted."""
    known = [row.value for row in rows if row.value is not None]
    return int(sum(known)) if known else None
